// Entries on this phone, as pages see them: stored first, then the worker is told. Only the worker sends.
import "./store.js";

const { ask, run, read } = self.langso;

export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export async function digest(blob) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Tells the worker; Background Sync remembers it, too, where there is such a thing.
export async function tell(words = { send: true }) {
  const registration = await navigator.serviceWorker.ready;
  registration.active.postMessage(words);
  if (words.send && registration.sync) registration.sync.register("gui").catch(() => {});
}

export const all = () => read("entries");

export const file = (sha256) => read("files", sha256);

const find = (entries, id) => ask(entries.index("id").get(id));

// The body of an entry with the changes that follow it, and the id of the last of them.
async function latest(entries, entry) {
  let { body, files, id } = entry;
  for (const one of await ask(entries.getAll())) {
    if (one.body.of !== entry.id) continue;
    id = one.id;
    files = { ...files, ...one.files };
    body = { ...body };
    for (const name in one.body.fields) body[name] = one.body.fields[name].now;
  }
  return { body, files, id };
}

export const opened = (id) =>
  run(["entries"], "readonly", async (entries) => {
    const entry = await find(entries, id);
    return entry && { ...entry, ...(await latest(entries, entry)), id };
  });

// Stores an entry with its files, all or nothing. With `instead` it is the mended form of that entry: what the server
// has refused or never heard of is replaced; what it may have heard of is followed by a change of kind `change`.
export async function keep(entry, blobs, instead, change) {
  const made = { id: uuid(), made_at: Date.now(), after: null, state: "waits", tries: 0, words: "", url: "", errors: {}, ...entry };
  await run(["entries", "files"], "readwrite", async (entries, files) => {
    const old = instead && (await find(entries, instead));
    if (old && change && old.tries && (old.state === "waits" || old.state === "taken")) await follow(entries, made, old, change);
    else if (old) await replace(entries, made, old);
    for (const { sha256 } of Object.values(made.files)) {
      const known = await ask(files.get(sha256));
      if (!known && blobs[sha256]) await ask(files.put({ sha256, blob: blobs[sha256], sent: 0 }));
    }
    delete made.order;
    await ask(entries.add(made));
  });
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
  await tell();
  return made;
}

async function follow(entries, made, old, change) {
  const before = await latest(entries, old);
  const fields = {};
  for (const name in made.body) {
    const was = before.body[name] || "";
    if (name !== "then" && made.body[name] !== was) fields[name] = { was, now: made.body[name] };
  }
  for (const name in made.files) {
    if (before.files[name] && before.files[name].sha256 === made.files[name].sha256) delete made.files[name];
  }
  made.body = { of: old.id, key: null, fields, then: made.body.then || "" };
  made.kind = change;
  made.after = before.id;
}

async function replace(entries, made, old) {
  await ask(entries.delete(old.order));
  for (const one of await ask(entries.getAll())) {
    if (one.after !== old.id) continue;
    const body = one.body.of === old.id ? { ...one.body, of: made.id } : one.body;
    await ask(entries.put({ ...one, after: made.id, body }));
  }
}

// Throws an entry away, and what only makes sense after it.
export const discard = (id) =>
  run(["entries"], "readwrite", async (entries) => {
    const gone = new Set([id]);
    for (const one of await ask(entries.getAll())) {
      if (!gone.has(one.id) && !(one.state !== "taken" && gone.has(one.after))) continue;
      gone.add(one.id);
      await ask(entries.delete(one.order));
    }
  });

// What was kept while nobody was signed in becomes hers.
export const claim = (id, author, name) =>
  run(["entries"], "readwrite", async (entries) => {
    const entry = await find(entries, id);
    if (entry && !entry.author) await ask(entries.put({ ...entry, author, name }));
  });

// What became of an entry: its row as soon as the server has said it, null when the line is down or time is up.
export function outcome(id, wait_ms) {
  return new Promise((resolve) => {
    const done = (row) => {
      navigator.serviceWorker.removeEventListener("message", hear);
      resolve(row);
    };
    const hear = ({ data }) => {
      const row = (data.entries || []).find((one) => one.id === id);
      if (row) done(row);
      else if (data.failed) done(null);
    };
    navigator.serviceWorker.addEventListener("message", hear);
    setTimeout(done, wait_ms, null);
  });
}
