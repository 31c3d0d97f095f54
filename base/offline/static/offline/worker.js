// What the site does without a network. Pages: a saved one at once, the last one seen when the network does not answer
// in time, else a page that says so. Nothing of a person is kept but packs of her own desk, shown to her alone.
// /sw.js gives LANGSO (release, addresses, times) and loads store.js and send.js before this.
(() => {
  const { LANGSO, langso } = self;
  const STATIC = "tinh-" + LANGSO.release;
  const PAGES = "trang";
  const STATIC_PATH = LANGSO.static || "/static/";
  const MARK = ' data-sw="'; // of pages of ours: what stands in between answers with its own
  const behind = new Map(); // page being opened -> promise of what to tell it: "fresh", "kept", or nothing

  const isHtml = (answer) => /html/.test(answer.headers.get("Content-Type"));

  async function install() {
    const cache = await caches.open(STATIC);
    await Promise.all(
      LANGSO.precache.map(async (address) => {
        const isHashed = LANGSO.hashed && address.startsWith(STATIC_PATH);
        const answer = (isHashed && (await caches.match(address))) || (await fetch(address, { cache: "no-cache" }));
        const isForeign = isHtml(answer) && !(await answer.clone().text()).includes(MARK);
        if (!answer.ok || isForeign) throw new Error(address);
        await cache.put(address, answer);
      }),
    );
    await self.skipWaiting(); // pages that are open keep their scripts; the release before stays for what they load late
  }

  async function activate() {
    const releases = (await caches.keys()).filter((name) => name.startsWith("tinh-"));
    const old = releases.filter((name) => name !== STATIC).slice(0, -1);
    await Promise.all(old.map((name) => caches.delete(name)));
    if (self.registration.navigationPreload) await self.registration.navigationPreload.enable();
    await self.clients.claim();
  }

  // --- pages -----------------------------------------------------------------------------------------------------

  const isPublic = (answer) =>
    answer.status === 200 &&
    answer.type === "basic" &&
    !answer.redirected &&
    isHtml(answer) &&
    !/private|no-store/.test(answer.headers.get("Cache-Control"));

  async function fromNetwork(event, out) {
    if (out) await self.leave().catch(() => {}); // without a network the page fails, too
    return (!out && (await event.preloadResponse)) || fetch(event.request);
  }

  // Keeps a public page among the last seen; says whether it differs from the copy that is shown.
  async function keep(address, answer, shown) {
    const isGone = answer.status === 404 || answer.status === 410;
    if (!isGone && !isPublic(answer)) return false;
    const text = await answer.clone().text();
    if (!text.includes(MARK)) return false;
    const pages = await caches.open(PAGES);
    if (isGone) return void (await pages.delete(address));
    const isNew = shown ? (await shown.text()) !== text : false;
    await pages.delete(address); // the newest stands last
    await pages.put(address, answer);
    const all = await pages.keys();
    await Promise.all(all.slice(0, -LANGSO.pages).map((request) => pages.delete(request)));
    return isNew;
  }

  async function copyOf(address, pack) {
    const seen = await (await caches.open(PAGES)).match(address); // newer than the pack: a new pack throws it away
    return seen || (pack && (await (await caches.open(pack.cache)).match(address)));
  }

  const lastResort = async (address) => {
    const cache = await caches.open(STATIC);
    const own = await cache.match(address, { ignoreSearch: true });
    const page = LANGSO.offline[address.split("/")[1]] || LANGSO.offline[""];
    return own || (await cache.match(page)) || Response.error();
  };

  async function page(event) {
    const { pathname, search } = new URL(event.request.url);
    const address = pathname + search;
    const { author, out, packs, now } = await langso.state().catch(() => ({ packs: [] }));
    const pack = packs.find(
      (one) =>
        one.cache &&
        one.urls.includes(address) &&
        (!one.author || (one.author === author && !out)) &&
        !(one.expires && one.expires < now),
    );
    const copy = await copyOf(address, pack).catch(() => undefined);
    const network = fromNetwork(event, out);
    const client = event.resultingClientId;
    let shown; // the copy, when it is what the person sees
    const isNow = copy && pack && !pack.author;
    const answered = network.catch(() => null);
    const late = (resolve) => setTimeout(resolve, LANGSO.wait_ms);
    const first = isNow ? null : await (copy ? Promise.race([answered, new Promise(late)]) : answered);
    const isHere = first && !(copy && first.status >= 500);
    if (!isHere && copy) shown = copy.clone();
    const told = answered.then(async (answer) => {
      if (!answer || answer.status >= 500) return shown && "kept";
      // what is being shown is read by the browser, so this reads a copy of it
      const isNew = await keep(address, isHere ? second : answer, shown && shown.clone()).catch(() => false);
      return shown && isNew ? "fresh" : "";
    });
    const second = isHere ? first.clone() : null;
    if (behind.size > 20) behind.clear();
    if (client) behind.set(client, told);
    event.waitUntil(told);
    return isHere ? first : copy || lastResort(address);
  }

  // Signing out counts at once on this phone; without a network the server hears of it before anything else.
  async function leave({ request }) {
    await langso.note({ author: "", name: "", out: true, left: true }).catch(() => {});
    self.tell({ author: "", left: true });
    const answer = await fetch(request).catch(() => null);
    if (!answer) return Response.redirect("/", 303);
    if (answer.type === "opaqueredirect") await langso.note({ out: false });
    return answer;
  }

  async function file(request) {
    if (LANGSO.hashed) return (await caches.match(request)) || fetch(request);
    return fetch(request).catch(async () => (await caches.match(request)) || Response.error());
  }

  function fetched(event) {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    const isPhoto = (origin === location.origin || origin === LANGSO.media) && /^(image|audio)$/.test(request.destination);
    if (isPhoto && request.method === "GET" && !request.headers.has("range") && !pathname.startsWith(STATIC_PATH)) {
      event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
    }
    if (origin !== location.origin || pathname.startsWith("/quan-tri/")) return;
    const isPage = request.mode === "navigate";
    if (isPage && request.method === "POST") {
      if (LANGSO.sign_out.includes(pathname)) event.respondWith(leave(event));
      else event.waitUntil(langso.note({ unsure: true }).catch(() => {})); // perhaps she signs in: the page after it may not say
    }
    if (request.method !== "GET") return;
    if (isPage) event.respondWith(page(event));
    else if (pathname.startsWith(STATIC_PATH)) event.respondWith(file(request));
  }

  // --- what pages ask --------------------------------------------------------------------------------------------

  const later = () => self.registration.sync && self.registration.sync.register("gui").catch(() => {});

  async function send() {
    const isDone = await self.send();
    if (!isDone) await later();
    return isDone;
  }

  // A page says who is signed in, if it knows: that counts before anything is sent.
  async function mind({ author, name }, source) {
    const known = await langso.state();
    const isUnsure = known.unsure || known.author === undefined;
    if (author === undefined && isUnsure && !known.out) await self.who().catch(() => {});
    else if (author !== undefined && author !== known.author && !known.out) {
      await langso.note({ author, name, unsure: false, left: known.left && !author });
      await self.tell({ author });
    } else source.postMessage({ author: known.author, left: known.left });
  }

  async function tellOfCopy(source) {
    const copy = await behind.get(source.id);
    behind.delete(source.id);
    if (copy) source.postMessage({ copy });
  }

  // page: one was opened; send: something was stored; contact: /tai-ve/ asks
  async function asked({ data, source }) {
    if (data.page) await mind(data, source);
    const told = data.page && tellOfCopy(source);
    await send();
    await self.contact(data.contact).catch(() => {});
    await told;
  }

  self.addEventListener("install", (event) => event.waitUntil(install()));
  self.addEventListener("activate", (event) => event.waitUntil(activate()));
  self.addEventListener("fetch", fetched);
  self.addEventListener("message", (event) => event.waitUntil(asked(event)));
  self.addEventListener("sync", (event) =>
    event.waitUntil(
      send().then((isDone) => {
        if (!isDone) throw new Error("later"); // the browser tries again
      }),
    ),
  );
})();
