// Forms that can wait for signal: <form data-queue="kind">. What was typed is stored on the phone first, then sent; the
// words about it stand in the element before the form. When storing fails, the form goes by itself, as without scripts.
import { all, digest, keep, outcome } from "./queue.js";
import { kinds } from "./kinds.js";

const WAIT_MS = 8000;
const ALONE = "csrfmiddlewaretoken"; // the page's own; an entry needs none
let isReady = false;

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
    const sha256 = await digest(blob);
    blobs[sha256] = blob;
    kept[name] = { sha256, bytes: blob.size, name: chosen.name };
  }
  const body = kinds[kind](data);
  if (!body) return {};
  const { author, name } = document.body.dataset;
  const person = author === undefined ? await self.langso.state() : { author, name };
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
  const { instead } = await import("./mend.js");
  return keep(entry, blobs, instead(form.dataset.entry));
}

function go(address) {
  if (new URL(address, location).pathname !== location.pathname) return location.assign(address);
  history.replaceState(null, "", address); // only another place of this page: it would not be asked for again
  location.reload();
}

async function finish(form, made, row, button) {
  form.removeAttribute("aria-busy");
  const said = row && row.said;
  if (said === "refused" || said === "conflict") {
    form.dataset.entry = made.id; // the next press mends it
    say(form, "refused", row);
    return (await import("./mend.js")).mark(form, row.errors);
  }
  const onward = button && button.dataset.afterKeep;
  if (said === "taken" && row.url) {
    const words = [row.words, ...Object.values(row.errors || {}).flat()].filter(Boolean).join(" ");
    const hasQuestions = form.querySelector("input:not([type=hidden])");
    sessionStorage.setItem("langso-said", hasQuestions ? words : "");
    const part = button && button.closest("fieldset[id]");
    return go(onward && !hasQuestions ? onward : row.url + (part ? "#" + part.id : ""));
  }
  const words = said === "taken" ? "taken" : said === "other" ? "other" : "kept";
  if (onward && words !== "taken") {
    sessionStorage.setItem("langso", words);
    return location.assign(onward);
  }
  if (form.dataset.afterwards === "hide") form.hidden = true;
  say(form, words, row || {});
}

// Nothing was chosen: the browser says so in its own words.
function choose(form, button) {
  const input = ((button && button.closest("fieldset")) || form).querySelector("input[type=radio]");
  if (!input) return;
  input.required = true;
  input.reportValidity();
  input.required = false;
}

async function submitted(event) {
  const form = event.target;
  if (!form.dataset.queue || form.dataset.isAlone || !isReady || event.defaultPrevented) return;
  event.preventDefault();
  if (form.hasAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  const button = event.submitter || (document.activeElement.form === form && document.activeElement);
  let made;
  try {
    made = await store(form, button);
  } catch {
    form.removeAttribute("aria-busy");
    say(form, "full");
    if (!navigator.onLine) return; // what was typed stays where it is
    form.dataset.isAlone = "true";
    if (form.requestSubmit) form.requestSubmit(button || undefined);
    else if (button) button.click();
    return;
  }
  if (!made) {
    form.removeAttribute("aria-busy");
    return choose(form, button);
  }
  delete form.dataset.entry;
  say(form, "sending");
  const row = navigator.onLine ? await outcome(made.id, WAIT_MS) : null;
  finish(form, made, row, button);
  if (!row) outcome(made.id, 864e5).then((late) => late && heardLate(form, made, late));
}

// The network came back while the page stood there: it says so, and leads on only by a press.
function heardLate(form, made, row) {
  if (place(form).querySelector("[data-say=kept]").hidden) return;
  if (row.said === "taken") say(form, "taken", row);
  else finish(form, made, row);
}

function again(event) {
  const button = event.target.closest("[data-again]");
  if (!button) return;
  const form = document.querySelector("form[data-queue][hidden]");
  if (!form) return;
  form.reset();
  for (const canvas of form.querySelectorAll("canvas")) canvas.remove();
  form.hidden = false;
  say(form, "");
  history.replaceState(null, "", location.pathname + location.search);
}

async function prepare(forms) {
  try {
    await all(); // a browser that stores nothing says so before typing
  } catch {
    for (const form of forms) say(form, "online-only");
    return;
  }
  document.addEventListener("submit", submitted);
  document.addEventListener("click", again);
  navigator.serviceWorker.ready.then(() => (isReady = true));
  const words = sessionStorage.getItem("langso");
  sessionStorage.removeItem("langso");
  for (const form of forms) {
    if (words) say(form, words);
    await open(form);
  }
}

// Mending: /ban/hang/them/#<id of an entry>
async function open(form) {
  if (location.hash.length === 37) (await import("./mend.js")).fill(form, location.hash.slice(1), say);
}

addEventListener("hashchange", () => document.querySelectorAll("form[data-queue]").forEach(open));
prepare([...document.querySelectorAll("form[data-queue]")]);
