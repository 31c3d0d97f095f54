// Changing what is kept: back into its form, thrown away, or claimed. Loaded only by who does it.
import { changes } from "./kinds.js";
import "./store.js";

const { ask, run, read } = self.langso;

const find = (entries, id) => ask(entries.index("id").get(id));

// The body of an entry with the changes that follow it, and the id of the last of them.
async function latest(entries, entry) {
  let { body, files, id } = entry;
  for (const one of await ask(entries.getAll())) {
    if (one.body.of !== entry.id || !(one.state === "waits" || one.state === "taken")) continue;
    id = one.id;
    files = { ...files, ...one.files };
    body = { ...body };
    for (const name in one.body.fields) body[name] = one.body.fields[name].now;
  }
  return { body, files, id };
}

const opened = (id) =>
  run(["entries"], "readonly", async (entries) => {
    const entry = await find(entries, id);
    return entry && { ...entry, ...(await latest(entries, entry)), id };
  });

// For keep(): the mended form of entry `id`. What the server has refused or never heard of is replaced; what it may have
// taken is followed by a change where its kind knows changes, and else stays beside the new one.
export const instead = (id) => async (entries, made) => {
  const old = await find(entries, id);
  if (!old) return;
  const changed = old.body.of && (await find(entries, old.body.of));
  if (changed) {
    await drop(entries, old); // a refused change is made anew, of the same goods
    return follow(entries, made, changed);
  }
  if (!mayBeTaken(old)) await replace(entries, made, old);
  else if (changes[old.kind]) await follow(entries, made, old);
};

export const mayBeTaken = ({ state, tries }) => tries > 0 && (state === "waits" || state === "taken");

async function follow(entries, made, old) {
  const before = await latest(entries, old);
  const fields = {};
  for (const name of changes[old.kind].fields) {
    const was = before.body[name] || "";
    const now = made.body[name] || "";
    if (now !== was) fields[name] = { was, now };
  }
  const files = { ...made.files };
  for (const name in files) if (before.files[name] && before.files[name].sha256 === files[name].sha256) delete files[name];
  const body = { of: old.id, key: null, fields };
  if (made.body.then) body.then = made.body.then;
  Object.assign(made, { kind: changes[old.kind].kind, body, files, after: before.id });
}

// Takes a change out; what came after it comes after what was before it.
async function drop(entries, { id, order, after }) {
  await ask(entries.delete(order));
  for (const one of await ask(entries.getAll())) if (one.after === id) await ask(entries.put({ ...one, after }));
}

async function replace(entries, made, old) {
  await ask(entries.delete(old.order));
  made.after = old.after;
  for (const one of await ask(entries.getAll())) {
    if (one.after !== old.id && one.body.of !== old.id) continue; // the second change follows the first, and is of this
    const body = one.body.of === old.id ? { ...one.body, of: made.id } : one.body;
    await ask(entries.put({ ...one, after: one.after === old.id ? made.id : one.after, body }));
  }
}

// Throws an entry away, and what only makes sense after it.
export const discard = (id) =>
  run(["entries"], "readwrite", async (entries) => {
    const gone = new Set([id]);
    for (const one of await ask(entries.getAll())) {
      if (!gone.has(one.id) && !(one.state !== "taken" && gone.has(one.after))) continue;
      gone.add(one.id);
      await ask(entries.delete(one.order));
    }
  });

// What was kept while nobody was signed in becomes hers.
export const claim = (id, author, name) =>
  run(["entries"], "readwrite", async (entries) => {
    const entry = await find(entries, id);
    if (entry && !entry.author) await ask(entries.put({ ...entry, author, name }));
  });

// Beside each field what is wrong with it, as the server's own page would say it.
export function mark(form, errors) {
  for (const old of form.querySelectorAll("[data-told]")) old.remove();
  for (const old of form.querySelectorAll(".bad")) old.classList.remove("bad");
  for (const [name, words] of Object.entries(errors || {})) {
    const input = form.elements[name] && (form.elements[name][0] || form.elements[name]);
    const text = document.createElement("p");
    text.className = "err";
    text.dataset.told = "";
    text.textContent = words.join(" ");
    if (input && input.matches && input.matches(".field")) input.classList.add("bad");
    if (input && input.closest) (input.closest("fieldset, label, .unit") || input).before(text);
    else form.prepend(text);
  }
}

// What was wrong with an entry that was taken, if it still is: nothing of it for what was put right on the page since.
export async function mistakes(form, id) {
  const [entry] = (await read("entries")).filter((one) => one.id === id);
  if (!entry || !entry.errors || entry.author !== document.body.dataset.author) return null;
  const { fields } = entry.body;
  const errors = {};
  const typed = {};
  for (const [name, words] of Object.entries(entry.errors)) {
    const control = form.elements[name];
    const { was, now } = fields ? fields[name] || {} : { was: "", now: entry.body[name] };
    const isFile = control && control.type === "file";
    const isSame = !control || (isFile ? !form.querySelector("[data-photo-now]") : control.value === (was || ""));
    if (!isSame && !fields) continue;
    errors[name] = words;
    if (isSame && control && !isFile && now) typed[name] = now;
  }
  return Object.keys(errors).length ? { words: entry.words, errors, typed } : null;
}

// The same form once more, empty: for the next goods.
export function again(say) {
  const form = document.querySelector("form[data-queue][hidden]");
  if (!form) return;
  form.reset();
  for (const canvas of form.querySelectorAll("canvas")) canvas.remove();
  form.hidden = false;
  say(form, "");
  history.replaceState(null, "", location.pathname + location.search);
}

// Nothing was chosen: the browser says so in its own words.
export function choose(form, button) {
  const input = ((button && button.closest("fieldset")) || form).querySelector("input[type=radio]");
  if (!input) return;
  input.required = true;
  input.reportValidity();
  input.required = false;
}

export async function fill(form, id, say) {
  const entry = await opened(id);
  if (!entry || entry.kind !== form.dataset.queue || entry.author !== (document.body.dataset.author || "")) return;
  for (const [name, value] of Object.entries(entry.body)) {
    const control = form.elements[name];
    if (!control || name === "then") continue;
    if (control instanceof RadioNodeList || control.type !== "file") control.value = value;
  }
  for (const [name, { sha256, name: filename }] of Object.entries(entry.files)) {
    const input = form.elements[name];
    const kept = await read("files", sha256);
    if (!input || !kept) continue;
    const files = new DataTransfer();
    files.items.add(new File([kept.blob], filename, { type: kept.blob.type }));
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
  mark(form, entry.errors);
  form.dataset.entry = entry.id;
  form.hidden = false;
  say(form, entry.state === "refused" ? "refused" : "mend", entry);
}

