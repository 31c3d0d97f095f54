// Entries as pages see them: stored first, then the worker is told, who sends.
import "./store.js";

const { ask, run, read, hex } = self.langso;

export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// Tells the worker; Background Sync remembers it, too, where there is such a thing.
export async function tell(words = { send: true }) {
  const registration = await navigator.serviceWorker.ready;
  registration.active.postMessage(words);
  if (words.send && registration.sync) registration.sync.register("gui").catch(() => {});
}

export const all = () => read("entries");

// Stores an entry with its files, all or nothing; `settle` (mend.js) may change it in the same transaction.
export async function keep(entry, blobs, settle) {
  const made = { id: uuid(), told: await read("meta", "told"), made_at: Date.now(), after: null, state: "waits", tries: 0, ...entry };
  await run(["entries", "files"], "readwrite", async (entries, files) => {
    if (settle) await settle(entries, made);
    for (const { sha256 } of Object.values(made.files)) {
      const known = await ask(files.get(sha256));
      if (!known && blobs[sha256]) await ask(files.put({ sha256, blob: blobs[sha256], sent: 0 }));
    }
    await ask(entries.add(made));
  });
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
  tell().catch(() => {}); // it is kept: the next visit sends it
  return made;
}

// The row of an entry as soon as the server has said what became of it. Given a time: null when that is up or the line down.
export function outcome(id, wait_ms) {
  return new Promise((resolve) => {
    const done = (row) => {
      navigator.serviceWorker.removeEventListener("message", hear);
      resolve(row);
    };
    const hear = ({ data }) => {
      const row = (data.entries || []).find((one) => one.id === id);
      if (row) done(row);
      else if (data.failed && wait_ms) done(null);
    };
    navigator.serviceWorker.addEventListener("message", hear);
    if (wait_ms) setTimeout(done, wait_ms, null);
  });
}
