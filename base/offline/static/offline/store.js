// What this phone keeps in IndexedDB. The worker loads it by importScripts, pages import it: so it is self.langso.
(() => {
  const STORES = {
    entries: { keyPath: "order", autoIncrement: true }, // as they were made
    files: { keyPath: "sha256" }, // {sha256, blob, sent}
    packs: { keyPath: "name" }, // "khoa-hoc/12/vi"
    chunks: { keyPath: ["sha256", "offset"] }, // of packs that are not whole yet
    meta: {}, // author, name, unsure (of these), left (she signed out here), out (unheard by the server), contact, told (the time)
  };
  let opening;

  function open() {
    if (!opening) {
      opening = new Promise((resolve, reject) => {
        const request = indexedDB.open("langso", 1);
        request.onupgradeneeded = () => {
          for (const name in STORES) {
            const store = request.result.createObjectStore(name, STORES[name]);
            if (name === "entries") store.createIndex("id", "id", { unique: true });
          }
        };
        request.onerror = () => reject(request.error);
        request.onblocked = () => reject(new Error("blocked"));
        request.onsuccess = () => {
          const database = request.result;
          database.onclose = () => (opening = null);
          database.onversionchange = () => {
            database.close();
            opening = null;
          };
          resolve(database);
        };
      });
      opening.catch(() => (opening = null));
    }
    return opening;
  }

  function ask(request) {
    return new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  // Runs work(...stores) in one transaction: all of it is on the disk when this resolves, or nothing.
  async function run(names, mode, work) {
    const transaction = (await open()).transaction(names, mode, { durability: "strict" });
    const ended = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error || new Error("abort"));
    });
    ended.catch(() => {}); // told below
    try {
      const result = await work(...names.map((name) => transaction.objectStore(name)));
      await ended;
      return result;
    } catch (error) {
      try {
        transaction.abort();
      } catch {
        // it has ended
      }
      throw error;
    }
  }

  const read = (name, key) => run([name], "readonly", (store) => ask(key === undefined ? store.getAll() : store.get(key)));

  const write = (name, value, key) => run([name], "readwrite", (store) => ask(store.put(value, key)));

  // Meta, packs, and what time it is by what the server told last.
  const state = () =>
    run(["meta", "packs"], "readonly", async (meta, store) => {
      const [keys, values, packs] = await Promise.all([meta.getAllKeys(), meta.getAll(), store.getAll()].map(ask));
      const found = Object.assign({ packs }, ...keys.map((key, place) => ({ [key]: values[place] })));
      const { now, at } = found.told || { now: 0, at: 0 };
      return { ...found, now: Math.max(now, Date.now() + now - at) };
    });

  const note = (values) =>
    run(["meta"], "readwrite", (meta) => Promise.all(Object.keys(values).map((key) => ask(meta.put(values[key], key)))));

  const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  const digest = async (data) => hex(new Uint8Array(await crypto.subtle.digest("SHA-256", data)));

  self.langso = { ask, run, read, write, state, note, hex, digest };
})();
