// The one sender of this phone: takes what waits in IndexedDB to /gui/ in order, photos in chunks first. Nothing is
// forgotten before the server has said what became of it. Pages only store, and say "send".
(() => {
  const { ask, run, read, write, state, note } = self.langso;
  const CHUNK = 65536;
  const MOST = 20; // entries of a request
  const SLOW_MS = 45000;
  const PAUSES_MS = self.LANGSO.pauses_ms || [1000, 3000, 9000]; // after a broken line; then the next visit or Background Sync
  const KEPT_TAKEN = 20;
  const MOST_PACKS = 100; // of one question
  let running, again, wake; // wake: ends the pause after a broken line, for whoever knows that it is whole again

  class Later extends Error {} // the line broke, or the server asks for a pause

  self.send = () => {
    again = true;
    if (wake) wake();
    if (!running) running = alone().finally(() => (running = null));
    return running;
  };

  // Two workers may live for a moment: only one of them sends.
  const alone = () => (navigator.locks ? navigator.locks.request("gui", repeat) : repeat());

  async function repeat() {
    let failures = 0;
    let isDone = false;
    while (again) {
      again = false;
      try {
        isDone = await everything();
      } catch (error) {
        isDone = false;
        tell({ failed: true });
        if (failures >= PAUSES_MS.length) break;
        await new Promise((go) => {
          if (!error.pause_ms) wake = go; // what the server asks for is waited out
          setTimeout(go, error.pause_ms || PAUSES_MS[failures]);
        });
        wake = null;
        failures += 1;
        again = true;
      }
    }
    return isDone;
  }

  async function call(address, options) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), SLOW_MS);
    let answer;
    try {
      answer = await fetch(address, { cache: "no-store", redirect: "manual", signal: stop.signal, ...options });
      answer.said = await answer.json().catch(() => null);
      const { now } = answer.said || {};
      if (now) await note({ told: { now, at: Date.now() } }).catch(() => {});
    } catch {
      throw new Later();
    } finally {
      clearTimeout(timer);
    }
    if (answer.status === 429 || answer.status >= 500 || !answer.status) {
      const error = new Later();
      error.pause_ms = Math.min(30, +answer.headers.get("Retry-After") || 0) * 1000;
      throw error;
    }
    return answer;
  }

  // A sign-out that was pressed without a network comes before everything else.
  self.leave = async () => {
    const { said } = await call("/gui/ra/", { method: "POST" });
    if (!said || said.author !== "") throw new Later(); // not of ours
    await note({ author: "", name: "", out: false });
  };

  self.who = async () => {
    const { said } = await call("/gui/toi/", {});
    if (!said || said.author === undefined) throw new Later();
    const { author, name } = said;
    await note(author ? { author, name, unsure: false, left: false } : { author, name: "", unsure: false });
    tell({ author: said.author });
    return said;
  };

  async function everything() {
    let { author, out } = await state();
    let former = []; // her keys before the server's secret changed
    if (out) {
      await self.leave();
      author = "";
    }
    let asked = false;
    let most = MOST;
    const waiting = new Set(); // told to wait in this run
    for (;;) {
      const all = (await read("entries")).filter((entry) => entry.state === "waits" && !waiting.has(entry.id));
      // before a first try, too: without a line it stays untried, and may be replaced
      if (all.some((entry) => entry.author !== author || (author && !entry.tries)) && !asked) {
        asked = true;
        ({ author, formerly: former = [] } = await self.who());
      }
      const mine = all.filter((entry) => entry.author === author || former.includes(entry.author)).slice(0, most);
      if (!mine.length) {
        tell({ entries: all.map((entry) => ({ ...entry, said: "other" })) }); // they wait for their authors
        break;
      }
      const batch = await ready(mine, waiting);
      if (!batch.length) continue;
      const answer = await post(batch);
      if (answer.said && answer.said.results) {
        if (answer.said.author !== undefined) ({ author } = answer.said);
        await settle(batch, answer.said, waiting);
        most = MOST;
      } else if (batch.length > 1) {
        most = 1; // one of them is at fault: find it
      } else if ((answer.status === 400 || answer.status === 413) && answer.said && answer.said.words) {
        await refuse(batch[0], answer.said);
      } else throw new Later();
    }
    await tidy();
    return !waiting.size;
  }

  // The next entries whose files are there.
  async function ready(entries, waiting) {
    const batch = [];
    for (const entry of entries) {
      for (const { sha256 } of Object.values(entry.files)) {
        const file = await read("files", sha256);
        if (!file || file.sent >= file.blob.size) continue;
        if (batch.length) return batch;
        const refused = await upload(file).catch((error) => {
          if (error instanceof Later) throw error;
          waiting.add(entry.id); // the phone itself cannot read the photo now; the others go on
          return {};
        });
        if (refused && !refused.said) return batch;
        if (refused) {
          await refuse(entry, refused.said);
          return batch;
        }
      }
      batch.push(entry);
    }
    return batch;
  }

  // How far it is stands in the store once it stops: written for each piece, the phone would copy the photo each time.
  // Killed meanwhile, the first answer (409) tells.
  const upload = (file) => pieces(file).finally(() => write("files", file));

  async function pieces(file) {
    const total = file.blob.size;
    let failures = 0;
    while (file.sent < total) {
      const part = await file.blob.slice(file.sent, file.sent + CHUNK).arrayBuffer();
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", part));
      const answer = await call("/gui/tep/" + file.sha256 + "/", {
        method: "PUT",
        body: part,
        headers: {
          "Content-Type": "application/octet-stream",
          "Content-Range": `bytes ${file.sent}-${file.sent + part.byteLength - 1}/${total}`,
          "Content-Digest": `sha-256=:${btoa(String.fromCharCode(...digest))}:`,
        },
      });
      const offset = answer.headers.get("Upload-Offset");
      if (answer.status === 413 && answer.said) return answer; // of ours, not of a proxy on the way
      if (answer.status === 401) {
        await self.who(); // the session has ended: what is hers is held from now on
        throw new Later();
      }
      if (!answer.ok || +offset <= file.sent) failures += 1;
      if (failures > 5) throw new Later();
      if (answer.status === 422) file.sent = 0; // the whole was not what it should be
      else if (offset !== null) file.sent = +offset; // also 409: the server has more, or less, than we thought
    }
  }

  async function post(batch) {
    // Marked before it goes: what may have been heard once is never replaced on the phone, only followed by a change.
    const rows = await run(["entries"], "readwrite", async (store) => {
      const still = await Promise.all(batch.map(({ order }) => ask(store.get(order))));
      const there = still.filter(Boolean); // not thrown away or replaced meanwhile
      for (const entry of there) await ask(store.put({ ...entry, tries: entry.tries + 1 }));
      return there;
    });
    if (!rows.length) return { said: { results: [] } };
    const entries = rows.map(({ id, kind, author, made_at, after, body, files }) => {
      const sent = {};
      for (const name in files) sent[name] = { sha256: files[name].sha256, bytes: files[name].bytes };
      return { id, kind, author, made_at, after, body, files: sent };
    });
    return call("/gui/", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ sent_at: Date.now(), language: rows[0].language, told: rows.map(({ told }) => told), entries }),
    });
  }

  async function settle(batch, { author, results }, waiting) {
    const told = await run(["entries", "files", "meta"], "readwrite", async (entries, files, meta) => {
      if (author !== undefined && author !== (await ask(meta.get("author")))) {
        await Promise.all([meta.put(author, "author"), meta.put("", "name")].map(ask));
      }
      const rows = [];
      for (const { id, state: said, words, url, errors, missing } of results) {
        const entry = await ask(entries.index("id").get(id));
        if (!entry || entry.state !== "waits") continue;
        const ended = said === "taken" || said === "conflict" || said === "refused";
        if (ended && said !== "taken" && entry.body.of) {
          // a change that was refused holds up none that was made after it
          for (const one of await ask(entries.getAll())) if (one.after === id) await ask(entries.put({ ...one, after: entry.after }));
        }
        Object.assign(entry, { state: ended ? said : "waits", words, url, errors, told_at: Date.now() });
        await ask(entries.put(entry));
        if (said === "waits" || said === "other") {
          for (const sha256 of missing || []) {
            const file = await ask(files.get(sha256));
            if (file) await ask(files.put({ ...file, sent: 0 }));
          }
          if (!(missing || []).length || entry.tries > 9) waiting.add(id);
        }
        rows.push({ ...entry, said });
      }
      return rows;
    });
    for (const { id } of results.length ? batch : []) if (!results.some((one) => one.id === id)) waiting.add(id);
    tell({ entries: told });
  }

  async function refuse(entry, said) {
    const told = { state: "refused", words: (said && said.words) || "", errors: {}, told_at: Date.now() };
    const row = await run(["entries"], "readwrite", async (entries) => {
      const still = await ask(entries.index("id").get(entry.id));
      if (!still || still.state !== "waits") return null; // thrown away or replaced meanwhile
      await ask(entries.put({ ...still, ...told }));
      return { ...still, ...told, said: "refused" };
    });
    if (row) tell({ entries: [row] });
  }

  // Forgets files that no entry needs, and all but the last entries that were taken.
  const tidy = () =>
    run(["entries", "files"], "readwrite", async (entries, files) => {
      const all = await ask(entries.getAll());
      const taken = all.filter((entry) => entry.state === "taken");
      for (const { order } of taken.slice(0, -KEPT_TAKEN)) await ask(entries.delete(order));
      const needed = new Set();
      for (const entry of all) {
        if (entry.state !== "taken") for (const { sha256 } of Object.values(entry.files)) needed.add(sha256);
      }
      for (const sha256 of await ask(files.getAllKeys())) if (!needed.has(sha256)) await ask(files.delete(sha256));
    });

  // Asks the time, and whether saved packs are still given out; withdrawn and expired ones go.
  self.contact = async (isNow) => {
    const { packs, contact, out } = await state();
    if (out || (!isNow && Math.abs(Date.now() - contact) < self.LANGSO.contact_ms)) return;
    const { author } = await self.who();
    if (!packs.length) return note({ contact: Date.now() });
    const asked = packs.filter((pack) => !pack.author || pack.author === author).slice(0, MOST_PACKS);
    const answer = await call("/tai-ve/goi/", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        packs: asked.map(({ kind, id, version, language }) => ({ kind, id, version: version || "", language })),
      }),
    });
    if (!answer.ok || !answer.said) return;
    const { packs: said, author: heardBy, now } = answer.said; // somebody else may have signed in since
    const gone = packs
      .filter(({ expires }) => expires && expires < now)
      .concat(asked.filter((pack, place) => said[place].state === "gone" && (!pack.author || pack.author === heardBy)));
    await run(["packs", "meta"], "readwrite", async (store, meta) => {
      for (const { name } of gone) await ask(store.delete(name));
      for (const [place, { name }] of asked.entries()) {
        const pack = await ask(store.get(name));
        if (pack) await ask(store.put({ ...pack, is_old: said[place].state === "changed" }));
      }
      await ask(meta.put(Date.now(), "contact"));
    });
    const pages = await caches.open("trang");
    for (const pack of gone) {
      await caches.delete(pack.cache || "");
      for (const url of pack.urls || []) await pages.delete(url);
    }
    tell({ packs: true });
  };

  async function tell(words) {
    for (const client of await self.clients.matchAll({ includeUncontrolled: true })) client.postMessage(words);
  }
  self.tell = tell;
})();
