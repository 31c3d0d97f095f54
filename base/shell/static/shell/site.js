// Small comforts on every page: how many things are in the basket, and no second sending by an impatient thumb.
// Everything works without this file.

const WAIT_MS = 20_000; // after this long a form may be sent again: the network may have eaten the first

async function showBasketCount(link) {
  try {
    const answer = await fetch(link.dataset.count, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { count } = await answer.json();
    const badge = link.querySelector("b");
    badge.textContent = count;
    badge.hidden = !count;
  } catch {
    // no network: the link says "Giỏ" without a number
  }
}

function sendOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sentAt && Date.now() - form.dataset.sentAt < WAIT_MS) {
    event.preventDefault();
    return;
  }
  form.dataset.sentAt = Date.now();
  // aria-disabled, not disabled: a disabled button would not send its own name and value
  event.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(() => release(form), WAIT_MS);
}

function release(form) {
  delete form.dataset.sentAt;
  for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
}

async function completeWords(event) {
  if (navigator.connection?.saveData) return;
  const form = event.currentTarget;
  try {
    (await import(form.dataset.suggest)).default(form);
  } catch {
    // an old browser, or no network: the box works as it is
  }
}

for (const link of document.querySelectorAll("[data-count]")) showBasketCount(link);
for (const form of document.querySelectorAll("[data-suggest]")) {
  form.addEventListener("focusin", completeWords, { once: true }); // loaded by who uses it
}
addEventListener("submit", sendOnce);
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.querySelectorAll("form[data-sent-at]").forEach(release); // back from the next page
  document.querySelectorAll("[data-count]").forEach(showBasketCount);
});
document.querySelector('.box.warn[role="alert"][tabindex]')?.focus(); // what is wrong with the form is read first
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false; // printing needs a script, so the button waits for one
  button.addEventListener("click", () => print());
}
// after all that the page itself needs
if (document.body.dataset.sw) addEventListener("load", () => import("../offline/start.js").catch(() => {}));
