// The page of a draft that a kept form became, opened as <address>#<id of the entry>: what was wrong with it stands beside
// its fields again, with what was typed there, as when the server draws the page itself.
const id = location.hash.slice(1);
const form = document.querySelector("form[data-mistakes]");

async function show() {
  const { mistakes, mark } = await import("./mend.js");
  const { words, errors, typed } = (await mistakes(form, id)) || {};
  history.replaceState(null, "", location.pathname + location.search); // said once: asked for again, the page is as it is
  if (!errors) return;
  for (const name in typed) form.elements[name].value = typed[name];
  const note = document.createElement("p");
  note.className = "box note warning";
  note.setAttribute("role", "alert");
  note.textContent = words;
  document.querySelector("main").prepend(note);
  mark(form, errors);
}

if (form && id.length === 36) show();
