// Completion below the search box: a combobox with a list (ARIA Authoring Practices). site.js loads it at the first touch
// of the box. It only offers: what was typed is never changed, so no keyboard is disturbed in mid-word. When anything
// fails, the box is a box, and the same may be asked again.

const WAIT_MS = 200;
const SVG = "http://www.w3.org/2000/svg";

function element(name, attributes, ...children) {
  const made = name === "svg" || name === "path" ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export default function complete(form) {
  const box = form.elements.q;
  const list = element("ul", { id: "goi-y", role: "listbox", class: "goi-y", hidden: "" });
  let options = [];
  let active = -1;
  let asked = "";
  let timer, request;

  function show(isShown) {
    list.hidden = !isShown;
    box.setAttribute("aria-expanded", isShown);
    if (!isShown) choose(-1);
  }

  function choose(place) {
    options[active]?.setAttribute("aria-selected", false);
    active = place;
    box.removeAttribute("aria-activedescendant");
    if (place < 0) return;
    options[place].setAttribute("aria-selected", true);
    options[place].scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", options[place].id);
  }

  function option({ text, kind, url, image, icon, lang }, place, icons) {
    const picture = image
      ? element("img", { src: image, alt: "", width: 48, height: 48 })
      : element("svg", { class: "icon", viewBox: "0 0 24 24" }, element("path", { d: icons[icon] }));
    const words = element("span", lang ? { lang } : {}, text);
    const id = "goi-y-" + place;
    return element("li", { id, role: "option", "aria-selected": false, "data-url": url }, picture, words, element("small", {}, kind));
  }

  async function ask() {
    const typed = box.value.trim();
    if (typed === asked) return;
    asked = typed;
    request?.abort();
    request = new AbortController();
    try {
      if (typed.length < 2) throw 0;
      const answer = await fetch(form.action + "goi-y/?q=" + encodeURIComponent(box.value), { signal: request.signal });
      const { label, suggestions, icons } = await answer.json();
      if (typed !== box.value.trim()) return;
      show(false);
      options = suggestions.map((one, place) => option(one, place, icons));
      list.setAttribute("aria-label", label);
      list.replaceChildren(...options);
      show(options.length > 0 && document.activeElement === box);
    } catch (error) {
      if (error.name === "AbortError") return;
      show(false);
      options = [];
      asked = "";
    }
  }

  function pressed(event) {
    if (event.isComposing || !options.length) return; // the keys are the keyboard's
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      if (list.hidden) show(true);
      const count = options.length + 1; // one place is the box itself
      choose(((active + 1 + (key === "ArrowDown" ? 1 : -1) + count) % count) - 1);
    } else if (list.hidden) return;
    else if (key === "Escape") show(false);
    else if (key === "Enter" && active >= 0) location.assign(options[active].dataset.url);
    else return;
    event.preventDefault();
  }

  form.append(list);
  for (const [name, value] of Object.entries({
    role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-controls": "goi-y", "aria-expanded": false,
  })) box.setAttribute(name, value);
  // While a word is composed, too: phones compose every word, and half words are what this is for.
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  box.addEventListener("keydown", pressed);
  box.addEventListener("blur", () => show(false));
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", (event) => {
    const url = event.target.closest("li")?.dataset.url;
    if (url) location.assign(url);
  });
  if (box.value !== box.defaultValue) ask(); // typed while this was on its way
}
