// /tai-ve/: what this phone has. Entries that wait, with what became of them; saved packs and what they cost.
import "./store.js";
import { tell } from "./queue.js";
import { refresh, size } from "./pack_button.js";
import { claim, discard } from "./mend.js";
import { changes } from "./kinds.js";

const { read, run, ask, state } = self.langso;
const section = document.querySelector("[data-phone]");
const one = (selector, place = section) => place.querySelector(selector);
const say = (name) => section.querySelectorAll("[data-told]").forEach((text) => (text.hidden = text.dataset.told !== name));
const DAY = { weekday: "long", day: "numeric", month: "long" };
const date = new Intl.DateTimeFormat(document.documentElement.lang, { ...DAY, hour: "numeric", minute: "2-digit" });
const day = new Intl.DateTimeFormat(document.documentElement.lang, DAY);

function row(kind, texts) {
  const made = one(`template[data-row=${kind}]`).content.cloneNode(true).firstElementChild;
  for (const name in texts) one(`[data-t=${name}]`, made).textContent = texts[name] || "";
  return made;
}

// Draws a list anew; what was unfolded under a thumb stays so.
function replace(list, rows) {
  const key = ({ dataset }) => dataset.id || dataset.name;
  const open = [...list.querySelectorAll("details[open]")].map((details) => key(details.closest("li")));
  for (const made of rows) if (open.includes(key(made))) one("details", made).open = true;
  list.replaceChildren(...rows);
}

// --- entries -----------------------------------------------------------------------------------------------------------

const labelOf = (kind) => {
  const label = document.querySelector(`[data-kind="${kind}"]`);
  return label ? label.textContent : "";
};

function stateOf(entry, author) {
  if (entry.author && entry.author !== author) return "other"; // whatever became of it
  if (entry.state === "waits" && !entry.author && author) return "nobody";
  return entry.state === "conflict" ? "refused" : entry.state;
}

function entryRow(entry, author) {
  const is = stateOf(entry, author);
  const isHers = is !== "other"; // what somebody else wrote is not shown, only that it is here
  const made = row("entry", {
    title: isHers ? entry.title : "",
    kind: labelOf(entry.kind),
    name: entry.name,
    when: date.format(entry.made_at),
    words: isHers ? entry.words : "",
  });
  made.dataset.id = entry.id;
  one(`[data-is=${is}]`, made).hidden = false;
  one("[data-act=sign-in]", made).hidden = isHers || Boolean(author);
  if (!isHers) return made;
  for (const words of Object.values(entry.errors || {})) {
    const item = document.createElement("li");
    item.textContent = words.join(" ");
    one("[data-errors]", made).append(item);
  }
  const mend = one("[data-act=mend]", made);
  mend.hidden = is === "taken" || is === "nobody" || !(entry.kind in changes);
  mend.href = entry.page + "#" + entry.id;
  const link = one("[data-act=url]", made);
  link.hidden = !entry.url;
  link.href = entry.url || "";
  one("[data-do=claim]", made).hidden = !(is === "nobody" && author);
  one("details", made).hidden = is === "taken";
  return made;
}

async function showEntries(author) {
  const isShown = (entry) => entry.state !== "taken" || stateOf(entry, author) === "taken";
  const entries = (await read("entries")).reverse().filter(isShown);
  const waiting = entries.filter(({ state: is }) => is !== "taken");
  const sorted = waiting.concat(entries.filter((entry) => !waiting.includes(entry)));
  replace(one("[data-list=entries]"), sorted.map((entry) => entryRow(entry, author)));
  one("[data-none=entries]").hidden = waiting.length > 0;
  one("[data-some=entries]").hidden = !waiting.some(({ state: is }) => is === "waits");
}

// --- packs -------------------------------------------------------------------------------------------------------------

async function packRow(pack) {
  const isHere = pack.cache && (await caches.has(pack.cache)); // the browser may have thrown it away
  const made = row("pack", { title: pack.title, until: pack.expires ? day.format(pack.expires) : "" });
  one("[data-until]", made).hidden = !pack.expires;
  made.dataset.name = pack.name;
  if (isHere) one("a", made).href = pack.urls[0];
  const box = one("[data-pack]", made);
  Object.assign(box.dataset, { pack: `${pack.kind}/${pack.id}`, address: pack.address, language: pack.language });
  if (!isHere && !pack.wanted) one("[data-is=saved]", box).remove();
  await refresh(box);
  if (!isHere && !pack.wanted) one("[data-is=none]", box).hidden = false;
  return made;
}

async function showPacks(packs, author) {
  if (one("[data-pack] [data-is=loading]:not([hidden])")) return; // its own button tells when it is done
  const shown = packs.filter((pack) => !pack.author || pack.author === author);
  replace(one("[data-list=packs]"), await Promise.all(shown.map(packRow)));
  one("[data-none=packs]").hidden = shown.length > 0;
  if (!navigator.storage || !navigator.storage.estimate) return;
  const { usage, quota } = await navigator.storage.estimate();
  one("[data-used]").textContent = size(usage);
  one("[data-quota]").textContent = size(quota);
  one("[data-room]").hidden = false;
}

async function remove(name) {
  const pack = await read("packs", name);
  if (!pack) return;
  await run(["packs"], "readwrite", (store) => ask(store.delete(name)));
  if (pack.cache) await caches.delete(pack.cache);
  await sweep();
}

// Chunks that no pack wants: of a download that was given up, or of a file that turned out to be damaged.
const sweep = () =>
  run(["packs", "chunks"], "readwrite", async (packs, chunks) => {
    const wanted = new Set();
    for (const pack of await ask(packs.getAll())) if (pack.wanted) for (const { sha256 } of pack.wanted.files) wanted.add(sha256);
    for (const key of await ask(chunks.getAllKeys())) if (!wanted.has(key[0])) await ask(chunks.delete(key));
  });

async function show() {
  const { author, packs } = await state();
  await showEntries(author || "");
  await showPacks(packs, author);
}

// --- what is pressed ---------------------------------------------------------------------------------------------------

async function press(event) {
  const button = event.target.closest("[data-do]");
  if (!button) return;
  const { id, name } = button.closest("li") ? button.closest("li").dataset : {};
  const { do: action } = button.dataset;
  if (action === "send") await tell();
  else if (action === "discard") await discard(id);
  else if (action === "remove") await remove(name);
  else if (action === "claim") {
    const known = await state();
    await claim(id, known.author, known.name);
    await tell();
  } else return;
  await show();
}

async function carry(event) {
  const [file] = event.target.files;
  if (!file) return;
  say("reading");
  const carrier = await import("./carry.js").catch(() => null); // an old browser, or no network and never loaded
  const { is, title } = carrier ? await carrier.unpack(file, section.dataset.key) : { is: "broken" };
  one("[data-told=imported] [data-title]").textContent = title || "";
  say(is);
  event.target.value = "";
  await show();
}

async function begin() {
  try {
    await show();
  } catch {
    one("[data-say=online-only]").hidden = false;
    return;
  }
  one("[data-can]").hidden = false;
  section.addEventListener("click", press);
  section.addEventListener("pack", show);
  one("input[type=file]").addEventListener("change", carry);
  if (!navigator.serviceWorker) return;
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (data.failed) say("failed");
    if (data.entries || data.packs || data.author !== undefined) show();
    if (data.entries && data.entries.some((entry) => entry.said !== "other")) say("");
  });
  await sweep();
  await tell({ contact: true });
}

if (self.indexedDB && self.caches) begin();
else one("[data-say=online-only]").hidden = false;
