// Saves a pack: fetches what is lacking, by hash, goes on where a line broke, and puts the whole in place at once. Half a
// pack is never opened, and the one before stays until the next is whole.
import "./store.js";

const { ask, run, read, write, digest } = self.langso;
const CHUNK = 65536;
const LINES = 3; // files at a time
const PAUSES_MS = [500, 1500, 4000, 8000]; // after a broken line that brought nothing
const SAFE = ["Content-Security-Policy", "Referrer-Policy", "Permissions-Policy", "X-Content-Type-Options", "Cross-Origin-Opener-Policy"];

const nameOf = ({ kind, id, language, author }) => `${kind}/${id}/${language}` + (author ? "/" + author : ""); // two may share a phone
const range = (sha256) => IDBKeyRange.bound([sha256, 0], [sha256, Infinity]);
const once = (files) => [...new Map(files.map((file) => [file.sha256, file])).values()];
const isAborted = (error) => error.name === "AbortError";

class Told extends Error {
  constructor(is) {
    super(is);
    this.is = is;
  }
}

async function here(sha256) {
  const parts = await run(["chunks"], "readonly", (chunks) => ask(chunks.getAll(range(sha256))));
  return parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

async function whole({ sha256, type }) {
  const parts = await run(["chunks"], "readonly", (chunks) => ask(chunks.getAll(range(sha256))));
  return new Blob(parts.map(({ bytes }) => bytes), { type });
}

export const drop = (sha256s) =>
  run(["chunks"], "readwrite", (chunks) => Promise.all(sha256s.map((sha256) => ask(chunks.delete(range(sha256))))));

async function fill(file, response, offset, arrived) {
  const reader = response.body.getReader();
  let parts = [];
  let length = 0;
  async function put() {
    if (!length) return;
    const bytes = new Uint8Array(length);
    let place = 0;
    for (const part of parts) {
      bytes.set(part, place);
      place += part.length;
    }
    await write("chunks", { sha256: file.sha256, offset, bytes });
    offset += length;
    arrived(length);
    [parts, length] = [[], 0];
  }
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      length += value.length;
      if (length >= CHUNK) await put();
    }
  } finally {
    await put();
  }
}

async function fetchFile(address, file, signal, arrived) {
  let failures = 0;
  for (;;) {
    const offset = await here(file.sha256);
    if (offset === file.bytes) {
      const blob = await whole(file);
      if ((await digest(await blob.arrayBuffer())) === file.sha256) return;
    }
    if (offset >= file.bytes) {
      await drop([file.sha256]); // not what was promised
      arrived(-offset);
      if (++failures > PAUSES_MS.length) throw new Told("paused");
      continue;
    }
    try {
      const headers = offset ? { Range: `bytes=${offset}-` } : {};
      const response = await fetch(address + file.sha256 + "/", { headers, signal, cache: "no-store" });
      if (response.status === 404) throw new Told("changed");
      if (response.status === 403) throw new Told("gone");
      if (!response.ok) throw new Error(response.status);
      if (offset && response.status !== 206) {
        await drop([file.sha256]);
        arrived(-offset);
      }
      await fill(file, response, response.status === 206 ? offset : 0, arrived);
    } catch (error) {
      if (error.is || isAborted(error) || error.name === "QuotaExceededError") throw error;
    }
    if ((await here(file.sha256)) > offset) failures = 0;
    else if (failures < PAUSES_MS.length) await new Promise((go) => setTimeout(go, PAUSES_MS[failures++]));
    else throw new Told("paused");
  }
}

async function hasRoom(bytes) {
  if (!navigator.storage || !navigator.storage.estimate) return true;
  const { quota, usage } = await navigator.storage.estimate();
  return quota - usage > bytes * 2.2 + 1e6; // twice for a moment
}

// The version before: address by hash.
async function installed(pack) {
  const had = new Map();
  if (!pack || !pack.cache || !(await caches.has(pack.cache))) return had;
  for (const { url, sha256 } of pack.files) had.set(sha256, url);
  return had;
}

async function bodyOf(file, had, pack) {
  if (!had.has(file.sha256)) return whole(file);
  const kept = await (await caches.open(pack.cache)).match(had.get(file.sha256));
  return kept ? kept.blob() : whole(file);
}

async function headersOf(type) {
  const model = await caches.match("/ngoai-mang/"); // a page of ours, with the policies that ours have
  const headers = { "Content-Type": /^text\/html$/.test(type) ? type + "; charset=utf-8" : type };
  for (const name of SAFE) if (model && model.headers.has(name)) headers[name] = model.headers.get(name);
  return headers;
}

export async function install(manifest, address) {
  const name = nameOf(manifest);
  const pack = await read("packs", name);
  const had = await installed(pack);
  const cacheName = `goi-${name.replace(/\//g, "-")}-${manifest.version}`;
  const isHere = had.size && pack.cache === cacheName;
  if (!isHere) await caches.delete(cacheName); // a try that was cut off
  const cache = await caches.open(cacheName);
  for (const file of isHere ? [] : manifest.files) {
    const body = await bodyOf(file, had, pack);
    if (body.size !== file.bytes) throw new Told("paused");
    await cache.put(file.url, new Response(body, { headers: await headersOf(file.type) }));
  }
  const { kind, id, language, title, version, bytes, expires, author, files } = manifest;
  const urls = files.filter(({ type }) => type.startsWith("text/html")).map(({ url }) => url);
  await write("packs", {
    name, kind, id, language, title, version, bytes, expires, author, files, urls, address, cache: cacheName, saved_at: Date.now(),
  });
  await drop(files.map(({ sha256 }) => sha256));
  if (pack && pack.cache && pack.cache !== cacheName) await caches.delete(pack.cache);
  const seen = await caches.open("trang");
  await Promise.all(urls.map((url) => seen.delete(url))); // what was seen before is older than the pack
}

async function fetchAll(address, manifest, pack, { signal, progress }) {
  const had = await installed(pack);
  const lacking = once(manifest.files).filter(({ sha256 }) => !had.has(sha256));
  const bytes = lacking.reduce((sum, file) => sum + file.bytes, 0);
  let done = 0;
  for (const { sha256 } of lacking) done += await here(sha256);
  if (!(await hasRoom(bytes - done))) throw new Told("full");
  const note = () => write("packs", { ...(pack || manifest), name: nameOf(manifest), address, wanted: { done, bytes, version: manifest.version, files: manifest.files } });
  await note();
  progress({ done, bytes });
  const arrived = (length) => {
    done += length;
    progress({ done, bytes });
  };
  const left = lacking.slice();
  const line = async () => {
    for (let file = left.shift(); file; file = left.shift()) await fetchFile(address, file, signal, arrived);
  };
  const lines = Array.from({ length: LINES }, line);
  const ends = await Promise.all(lines.map((one) => one.then(() => null, (error) => error)));
  const error = ends.find(Boolean);
  if (error) {
    await note().catch(() => {});
    throw error;
  }
}

async function manifestOf(address, signal) {
  const answer = await fetch(address, { signal, cache: "no-cache" }).catch((error) => {
    throw isAborted(error) ? error : new Told("paused");
  });
  if (answer.status === 404 || answer.status === 403) throw new Told("gone");
  if (!answer.ok) throw new Told("paused");
  return answer.json();
}

// Returns "" when the pack is here, else what to say: "paused", "full", "gone".
export async function load(address, options) {
  try {
    if (navigator.storage && navigator.storage.persist) await navigator.storage.persist();
    for (let tries = 0; tries < 4; tries++) {
      const manifest = await manifestOf(address, options.signal);
      const pack = await read("packs", nameOf(manifest));
      try {
        await forget(pack, manifest);
        await fetchAll(address, manifest, pack, options);
        await install(manifest, address);
        return "";
      } catch (error) {
        if (error.is !== "changed") throw error; // a page of it was edited while it was being fetched
      }
    }
    return "paused";
  } catch (error) {
    if (error.name === "QuotaExceededError") return "full";
    return error.is || "";
  }
}

async function forget(pack, manifest) {
  if (!pack || !pack.wanted) return;
  const wanted = new Set(manifest.files.map(({ sha256 }) => sha256));
  await drop(pack.wanted.files.map(({ sha256 }) => sha256).filter((sha256) => !wanted.has(sha256)));
}
