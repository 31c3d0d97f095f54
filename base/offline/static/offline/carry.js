// Takes a pack in from a file that somebody carried: a ZIP that is not packed, with manifest.json, its Ed25519 signature,
// and tep/<sha256> for each file. Nothing of it is used before the signature and every hash are right.
import "./store.js";
import { verifyAsync } from "./vendor/noble-ed25519.js";
import { drop, install } from "./packs.js";

const LARGEST_LIST = 1 << 20;
const decode = (bytes) => new TextDecoder().decode(bytes);
const bytesOf = async (blob) => new Uint8Array(await blob.arrayBuffer());

// The files of a stored ZIP by name, as pieces of it (APPNOTE 4.3: end record, directory, local headers).
async function listed(zip) {
  const tail = await bytesOf(zip.slice(-65557));
  let end = tail.length - 22;
  while (end >= 0 && !(tail[end] === 80 && tail[end + 1] === 75 && tail[end + 2] === 5 && tail[end + 3] === 6)) end -= 1;
  const record = new DataView(tail.buffer, end);
  const count = record.getUint16(10, true);
  const start = record.getUint32(16, true);
  const directory = await bytesOf(zip.slice(start, start + Math.min(record.getUint32(12, true), LARGEST_LIST)));
  const view = new DataView(directory.buffer);
  const found = new Map();
  for (let place = 0, left = count; left; left -= 1) {
    const [length, extra, comment] = [28, 30, 32].map((at) => view.getUint16(place + at, true));
    const [size, offset] = [view.getUint32(place + 24, true), view.getUint32(place + 42, true)];
    if (view.getUint16(place + 10, true) !== 0) throw new Error("packed");
    const head = new DataView(await zip.slice(offset, offset + 30).arrayBuffer());
    const begin = offset + 30 + head.getUint16(26, true) + head.getUint16(28, true);
    found.set(decode(directory.slice(place + 46, place + 46 + length)), zip.slice(begin, begin + size));
    place += 46 + length + extra + comment;
  }
  return found;
}

async function take(files, manifest) {
  for (const { sha256, bytes } of manifest.files) {
    const blob = files.get("tep/" + sha256);
    const data = blob && (await bytesOf(blob));
    if (!data || data.length !== bytes || (await self.langso.digest(data)) !== sha256) throw new Error("damaged");
    await drop([sha256]); // of a download that was begun
    await self.langso.write("chunks", { sha256, offset: 0, bytes: data });
  }
}

// Returns {is: "imported" | "broken" | "unsigned" | "expired" | "full", title}.
export async function unpack(zip, key) {
  try {
    const files = await listed(zip);
    const list = await bytesOf(files.get("manifest.json"));
    const signature = await bytesOf(files.get("signature"));
    const publicKey = Uint8Array.from(atob(key), (char) => char.charCodeAt(0));
    if (!(await verifyAsync(signature, list, publicKey).catch(() => false))) return { is: "unsigned" };
    const manifest = JSON.parse(decode(list));
    if (manifest.format !== 1 || manifest.author) return { is: "broken" };
    if (manifest.expires && manifest.expires < (await self.langso.state()).now) return { is: "expired" };
    await take(files, manifest);
    const prefix = location.pathname.replace(/tai-ve\/.*/, "");
    await install(manifest, `${prefix}tai-ve/goi/${manifest.kind}/${manifest.id}/`);
    return { is: "imported", title: manifest.title };
  } catch (error) {
    return { is: error.name === "QuotaExceededError" ? "full" : "broken" };
  }
}
