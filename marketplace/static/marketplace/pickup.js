// A pickup day on the phone: finds the order on this page by what was typed or scanned, and shows what this phone has
// noted already, also when the page is a saved one from before. Without this file the search asks the server.

const SCAN_MS = 200;
const SCAN_LIMIT_MS = 60_000; // a forgotten camera empties the battery
const SHORTEST = 3;

const form = document.querySelector("[data-pickup-find]");
const cards = [...document.querySelectorAll("[data-code]")];
const said = form.querySelector("[role=status]");
const all = form.querySelector("[data-all]");
const button = form.querySelector("[data-scan]");

/** What was typed as the server reads it: the code in an address, capitals and digits only. */
function cleaned(typed) {
  const path = typed.includes("://") ? typed.split(/[?#]/)[0].replace(/\/+$/, "") : typed;
  return path.split("/").pop().normalize("NFKC").toUpperCase().replace(/[^0-9A-Z]/g, "");
}

function isMeant(card, ending) {
  if (card.dataset.code.split(" ").some((code) => code.endsWith(ending))) return true;
  const digits = ending.length >= 10 ? ending.replace(/^(84|0)/, "") : ending;
  return /^\d+$/.test(ending) && card.dataset.phone.endsWith(digits);
}

function show(meant) {
  for (const card of cards) card.hidden = !meant.includes(card);
  for (const group of document.querySelectorAll("[data-group]")) {
    group.hidden = !group.querySelector("[data-code]:not([hidden])");
  }
  all.parentElement.hidden = meant.length === cards.length;
}

function say(words) {
  said.textContent = words;
  said.hidden = !words;
}

function find(event) {
  const ending = cleaned(form.q.value);
  const meant = ending.length < SHORTEST ? [] : cards.filter((card) => isMeant(card, ending));
  say("");
  if (meant.length) {
    event.preventDefault();
    show(meant);
    meant[0].focus();
    meant[0].scrollIntoView({ block: "start" });
  } else if (!navigator.onLine) {
    event.preventDefault();
    say(form.dataset.none);
  }
}

async function scan() {
  const open = form.querySelector("video");
  if (open) return void open.remove(); // pressed again: enough of it
  const video = Object.assign(document.createElement("video"), { className: "photo", muted: true, playsInline: true });
  button.parentElement.after(video);
  video.scrollIntoView({ block: "center" });
  say("");
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    await video.play();
    form.q.value = await firstCode(video);
    if (form.q.value) form.requestSubmit();
  } catch {
    say(form.dataset.blocked);
  } finally {
    for (const track of video.srcObject?.getTracks() ?? []) track.stop();
    video.remove();
  }
}

async function firstCode(video) {
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const end = Date.now() + SCAN_LIMIT_MS;
  while (video.isConnected && Date.now() < end) {
    const [seen] = await detector.detect(video);
    if (seen) return seen.rawValue;
    await new Promise((wake) => setTimeout(wake, SCAN_MS));
  }
  return "";
}

// --- what was noted on this phone -------------------------------------------------------------------------------------

/** Which button of a card made this note. */
function button_of({ is_handed_over, is_paid, is_missed }) {
  if (is_missed) return "missed";
  return [is_handed_over && "handed_over", is_paid && "paid"].filter(Boolean).join("_");
}

function remind(card, { body, state, words, said }) {
  const note = card.querySelector("form[data-queue]");
  const pressed = note?.querySelector(`[name=did][value=${button_of(body)}]`);
  if (!pressed) return; // the page is newer than the note
  const say = { waits: said === "other" ? said : "kept", taken: "taken" }[state] ?? "refused";
  for (const one of card.querySelectorAll("[data-say]")) one.hidden = true;
  const place = card.querySelector(`[data-say=${say}]`);
  place.hidden = false;
  fill(place, "[data-pressed]", `${pressed.textContent.trim()}.`);
  fill(place, "[data-words]", words);
  note.hidden = say !== "refused";
  card.querySelector("[data-more]").hidden = !note.hidden;
  if (note.hidden) showUncounted();
}

/** The sums of the page are those of its making. */
function showUncounted() {
  for (const words of document.querySelectorAll("[data-uncounted]")) words.hidden = false;
}

function fill(place, selector, words) {
  for (const element of place.querySelectorAll(selector)) element.textContent = words;
}

/** The notes of whoever is signed in, in the order in which they were made. */
async function notes() {
  const { all } = await import("../offline/queue.js");
  return (await all()).filter(({ kind, author }) => kind === "handover" && author === document.body.dataset.author);
}

/** The latest note about each order. Loaded only where notes can be kept at all. */
async function remindAll() {
  if (!navigator.serviceWorker?.controller || !cards.length) return;
  const latest = new Map((await notes()).map((entry) => [entry.body.order, entry]));
  for (const card of cards) if (latest.has(card.id)) remind(card, latest.get(card.id));
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    for (const entry of data.entries ?? []) {
      const isHers = entry.kind === "handover" && entry.author === document.body.dataset.author;
      const card = isHers && cards.find(({ id }) => id === entry.body.order);
      if (!card || (entry.said === "other" && card.querySelector("[data-say=kept]").hidden)) continue;
      remind(card, entry); // sent only now, from an earlier visit
    }
  });
}

let tapped; // not every browser says which button sent a form

function pressed(event) {
  const card = event.target.closest("[data-code]");
  if (!card) return;
  const did = event.submitter || tapped;
  fill(card, "[data-pressed]", did ? `${did.textContent.trim()}.` : "");
  card.querySelector("[data-more]").hidden = true;
  new MutationObserver((_, watch) => {
    card.querySelector("[data-more]").hidden = !event.target.hidden;
    if (event.target.hidden) showUncounted();
    watch.disconnect();
  }).observe(event.target, { attributeFilter: ["hidden"] });
}

/** A note that was never sent is replaced by the next one; one that may have been taken stays, and the page says so. */
async function more(event) {
  const asked = event.target.closest("[data-more]");
  if (!asked) return;
  const card = asked.closest("[data-code]");
  const form = card.querySelector("form[data-queue]");
  const { mayBeTaken } = await import("../offline/mend.js");
  const before = (await notes()).filter(({ body }) => body.order === card.id);
  const last = before.pop();
  delete form.dataset.entry;
  if (last && !mayBeTaken(last)) form.dataset.entry = last.id;
  for (const words of card.querySelectorAll("[data-say]")) words.hidden = true;
  card.querySelector("[data-say=tried]").hidden = !last || last.state !== "waits" || !mayBeTaken(last);
  asked.hidden = true;
  form.hidden = false;
}

async function offerScanning() {
  if (!navigator.mediaDevices || !self.BarcodeDetector) return;
  const formats = await BarcodeDetector.getSupportedFormats();
  button.parentElement.hidden = !formats.includes("qr_code");
}

addEventListener("click", (event) => (tapped = event.target.closest("button")), true);
addEventListener("submit", pressed);
addEventListener("click", more);
remindAll();
form.addEventListener("submit", find);
all.addEventListener("click", () => show(cards));
button.addEventListener("click", scan);
offerScanning();
