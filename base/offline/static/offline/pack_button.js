// The offer to save a pack: shows what is here of it, and fetches the scripts that save only when they are wanted.
import "./store.js";

const language = document.documentElement.lang;
const weight = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });

export const size = (bytes) => (bytes < 1e6 ? weight.format(Math.ceil(bytes / 1024)) + " KB" : weight.format(bytes / 1048576) + " MB");

export function show(box, is, { done, bytes } = {}) {
  for (const one of box.querySelectorAll("[data-is]")) one.hidden = one.dataset.is !== is;
  if (is === "full") box.querySelector("[data-is=paused]").hidden = false;
  if (bytes === undefined) return;
  for (const text of box.querySelectorAll("[data-size]")) text.textContent = `(${size(bytes)})`;
  for (const text of box.querySelectorAll("[data-done]")) text.textContent = `${size(done || 0)} / ${size(bytes)}`;
  for (const bar of box.querySelectorAll("progress")) bar.value = (100 * (done || 0)) / bytes;
}

export const stateOf = (pack) => (!pack ? "none" : pack.wanted ? "paused" : pack.is_old ? "old" : "saved");

export async function refresh(box) {
  const { author, packs } = await self.langso.state();
  const name = `${box.dataset.pack}/${box.dataset.language || language}`;
  const pack = packs.find((one) => one.name === name || (author && one.name === name + "/" + author));
  const whole = pack && (pack.wanted || pack);
  show(box, stateOf(pack), whole && { done: whole.done, bytes: whole.bytes });
  box.hidden = false;
  if (!pack && !box.querySelector("[data-size]").textContent) near.observe(box);
}

// What it costs is said before it is fetched: asked for when the offer comes into view.
const near = new IntersectionObserver(async (seen) => {
  const box = (seen.find((one) => one.isIntersecting) || {}).target;
  if (!box) return;
  near.unobserve(box);
  const answer = await fetch(box.dataset.address, { cache: "no-cache" }).catch(() => null);
  if (!answer || !answer.ok) return;
  const { bytes } = await answer.json();
  for (const text of box.querySelectorAll("[data-size]")) text.textContent = `(${size(bytes)})`;
});

const loads = new WeakMap(); // box -> how to stop

export async function pressed(event) {
  const button = event.target.closest("[data-do=save], [data-do=pause]");
  const box = button && button.closest("[data-pack]");
  if (!box) return;
  if (button.dataset.do === "pause") return loads.get(box) && loads.get(box).abort();
  const stop = new AbortController();
  loads.set(box, stop);
  show(box, "loading");
  const { load } = await import("./packs.js");
  const is = await load(box.dataset.address, { signal: stop.signal, progress: (so_far) => show(box, "loading", so_far) });
  if (is) show(box, is);
  else await refresh(box);
  box.dispatchEvent(new Event("pack", { bubbles: true }));
}

document.addEventListener("click", pressed);
for (const box of document.querySelectorAll("[data-pack]")) refresh(box).catch(() => {});
