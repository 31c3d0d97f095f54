// Forms that can wait for signal: <form data-queue="kind">. What was typed is stored, then sent; words about it stand in
// the element before the form. When storing fails, the form goes by itself.
import { all, keep, outcome } from "./queue.js";
import { kinds } from "./kinds.js";

const WAIT_MS = 8000;
const ALONE = "csrfmiddlewaretoken"; // an entry needs none
const { digest, state } = self.langso;
let isReady = false;
let tapped; // not every browser says which button sent a form

const mending = () => import("./mend.js");
const place = (form) => form.previousElementSibling;

function say(form, what, row = {}) {
  const words = place(form);
  for (const one of words.querySelectorAll("[data-say]")) one.hidden = one.dataset.say !== what;
  const shown = words.querySelector(`[data-say="${what}"]`);
  if (!shown) return;
  for (const text of shown.querySelectorAll("[data-words]")) text.textContent = row.words || text.textContent;
  for (const link of shown.querySelectorAll("[data-url]")) {
    link.hidden = !row.url;
    link.href = row.url || "";
  }
  shown.tabIndex = -1;
  shown.focus();
}

function fields(form, button) {
  const data = {};
  const files = {};
  for (const [name, value] of new FormData(form)) {
    if (name === ALONE) continue;
    if (typeof value === "string") data[name] = value;
    else if (value.size) files[name] = value;
  }
  if (button && button.name) data[button.name] = button.value;
  return { data, files };
}

async function entryOf(form, button) {
  const kind = form.dataset.queue;
  const { data, files } = fields(form, button);
  const blobs = {};
  const kept = {};
  for (const [name, chosen] of Object.entries(files)) {
    const blob = new Blob([await chosen.arrayBuffer()], { type: chosen.type });
    const sha256 = await digest(await blob.arrayBuffer());
    blobs[sha256] = blob;
    kept[name] = { sha256, bytes: blob.size, name: chosen.name };
  }
  const body = kinds[kind](data);
  if (!body) return {};
  const { author, name } = document.body.dataset;
  const person = author === undefined ? await state() : { author, name };
  const title = data[form.dataset.title] || document.querySelector("h1").textContent.trim();
  const page = location.pathname + location.search;
  const { lang: language } = document.documentElement;
  const whose = { author: person.author || "", name: person.name || "" };
  return { entry: { kind, ...whose, language, title, page, body, files: kept }, blobs };
}

async function store(form, button) {
  const { entry, blobs } = await entryOf(form, button);
  if (!entry) return null;
  if (!form.dataset.entry) return keep(entry, blobs);
  return keep(entry, blobs, (await mending()).instead(form.dataset.entry));
}

function go(address) {
  if (new URL(address, location).pathname !== location.pathname) return location.assign(address);
  history.replaceState(null, "", address); // a place of this page would not be asked for again
  location.reload();
}

async function finish(form, made, row, button) {
  form.removeAttribute("aria-busy");
  const said = row && row.said;
  if (said === "refused" || said === "conflict") {
    form.dataset.entry = made.id; // the next press mends it
    form.hidden = false;
    say(form, "refused", row);
    return (await mending()).mark(form, row.errors);
  }
  const onward = button && button.dataset.afterKeep;
  if (said === "taken" && row.url) {
    const hasQuestions = form.querySelector("input:not([type=hidden])");
    const isWrong = row.url.includes("#"); // mistakes.js says it
    sessionStorage.setItem("langso-said", hasQuestions && !isWrong ? row.words || "" : "");
    const part = button && button.closest("fieldset[id]");
    return go(onward && !hasQuestions ? onward : row.url + (part ? "#" + part.id : ""));
  }
  const words = said === "taken" ? "taken" : said === "other" ? "other" : "kept";
  if (onward && words !== "taken") {
    sessionStorage.setItem("langso", words + onward);
    return location.assign(onward);
  }
  if (form.dataset.afterwards === "hide") form.hidden = true;
  say(form, words, row || {});
  judge(form, button);
}

// Each choice is followed by its verdict: without signal the page itself says it.
function judge(form, button) {
  for (const told of form.querySelectorAll("[data-verdict]")) {
    told.hidden = !told.previousElementSibling.querySelector(":checked");
    if (told.hidden || !told.parentElement.contains(button)) continue;
    told.focus();
    told.scrollIntoView({ block: "center" });
  }
}

async function submitted(event) {
  const form = event.target;
  if (!form.dataset.queue || form.dataset.isAlone || !isReady || event.defaultPrevented) return;
  event.preventDefault();
  if (form.hasAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  const button = event.submitter || (tapped && tapped.form === form && tapped);
  let made;
  try {
    made = await store(form, button);
  } catch {
    form.removeAttribute("aria-busy");
    say(form, "full");
    // What was typed stays; the form of a desk's saved copy would not be taken.
    if (!navigator.onLine || (document.body.dataset.author && !form.elements[ALONE])) return;
    form.dataset.isAlone = "true";
    if (form.requestSubmit) form.requestSubmit(button || undefined);
    else if (button) button.click();
    return;
  }
  if (!made) {
    form.removeAttribute("aria-busy");
    return (await mending()).choose(form, button);
  }
  delete form.dataset.entry;
  form.dataset.last = made.id;
  say(form, "sending");
  const row = navigator.onLine ? await outcome(made.id, WAIT_MS) : null;
  finish(form, made, row, button);
  if (!row) outcome(made.id).then((late) => heardLate(form, made, late));
}

// The network came back while the page stood there: goes on only by a press.
function heardLate(form, made, row) {
  if (form.dataset.last !== made.id || place(form).querySelector("[data-say=kept]").hidden) return;
  if (row.said === "taken") say(form, "taken", row);
  else finish(form, made, row);
}

async function clicked({ target }) {
  tapped = target.closest("button");
  if (tapped && tapped.dataset.again !== undefined) (await mending()).again(say);
}

async function prepare(forms) {
  try {
    await all(); // a browser that stores nothing says so before typing
  } catch {
    for (const form of forms) say(form, "online-only");
    return;
  }
  document.addEventListener("submit", submitted);
  document.addEventListener("click", clicked, true);
  navigator.serviceWorker.ready.then(() => (isReady = true));
  const [words, path] = (sessionStorage.getItem("langso") || "").split(/(?=\/)(.*)/);
  sessionStorage.removeItem("langso");
  for (const form of forms) {
    if (path === location.pathname) say(form, words);
    await open(form);
  }
}

// Mending: /ban/hang/them/#<id of an entry>
async function open(form) {
  if (location.hash.length === 37) (await mending()).fill(form, location.hash.slice(1), say);
}

addEventListener("hashchange", () => document.querySelectorAll("form[data-queue]").forEach(open));
prepare([...document.querySelectorAll("form[data-queue]")]);
