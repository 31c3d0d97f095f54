// Registers the worker, says what this page knows, and fetches the scripts of forms and packs where it has some. Without
// a worker the site is online-only, and forms say so.

const { body } = document;
const phone = navigator.serviceWorker;
const AGAIN_MS = 60_000;
let again;

function show(selector) {
  for (const element of document.querySelectorAll(selector)) element.hidden = false;
}

// Another person is here now, or she left: hides what is hers. A session that has merely ended hides no open form.
function mind({ author, left }) {
  const mine = body.dataset.author;
  if (mine) document.querySelector("main").hidden = author ? author !== mine : Boolean(left);
}

function hear({ data }) {
  if (data.copy === "fresh") {
    for (const link of document.querySelectorAll("[data-fresh] a")) link.href = location.href;
    show("[data-fresh]");
  } else if (data.copy === "kept") show("[data-kept-copy]");
  if (data.author !== undefined) mind(data);
  if (!data.failed) return;
  clearTimeout(again); // not every browser says when the line is back
  again = setTimeout(nudge, AGAIN_MS);
}

function repeat() {
  const words = sessionStorage.getItem("langso-said");
  if (!words) return;
  sessionStorage.removeItem("langso-said");
  const note = document.createElement("p");
  note.className = "box note success";
  note.setAttribute("role", "status");
  note.textContent = words;
  document.querySelector("main").prepend(note);
}

async function say(words) {
  (await phone.ready).active.postMessage(words);
}

function greet() {
  const { author, name } = body.dataset;
  return say({ page: true, author, name });
}

// Not a greeting: a page that stood open for long does not know who is signed in now.
const nudge = () => say({ page: true });

export const isPossible = Boolean(phone && self.indexedDB && self.caches && self.crypto && crypto.subtle);

if (isPossible) {
  repeat();
  phone.addEventListener("message", hear);
  phone.register(body.dataset.sw).then(greet, () => show("[data-say=online-only]"));
  addEventListener("online", nudge);
  addEventListener("pageshow", (event) => event.persisted && nudge());
  document.addEventListener("visibilitychange", () => document.hidden || nudge());
  if (document.querySelector("form[data-queue]")) import("./forms.js");
  if (document.querySelector("[data-pack]")) import("./pack_button.js");
} else show("[data-say=online-only]");
