// Completion of [[ with pages and headings. [[cite: opens the panel of evidence instead.

const text = document.querySelector("textarea[data-editor]");
const words = JSON.parse(text.dataset.texts);
const list = document.createElement("ul");
list.id = "kb-completion";
list.className = "kb-completion";
list.setAttribute("role", "listbox");
list.hidden = true;
text.after(list);
text.setAttribute("aria-autocomplete", "list");
text.setAttribute("aria-controls", list.id);

const AFTER_MS = 150;
let entries = [];
let chosen = 0;
let place = null; // where what is completed begins
let waiting = 0;
let asked = 0;

// What stands between [[ and the cursor, if the brackets are open.
function begun() {
  const before = text.value.slice(0, text.selectionStart);
  const found = /\[\[([^[\]|\n]*)$/.exec(before);
  return found ? { typed: found[1], start: text.selectionStart - found[1].length } : null;
}

function ownHeadings() {
  const found = [];
  for (const [, title, id] of text.value.matchAll(/^#{1,6}[ \t]+(.*?)[ \t]*\{#([a-z0-9][a-z0-9-]*)\}[ \t]*$/gm)) found.push({ id, title });
  return found;
}

async function suggestions(typed) {
  const [slug, heading] = typed.split("#", 2);
  const address = new URL(text.dataset.titles, location);
  address.searchParams.set("body", text.dataset.draftLanguage);
  if (heading === undefined) {
    address.searchParams.set("q", slug);
  } else {
    address.searchParams.set("page", slug);
  }
  let known;
  if (heading !== undefined && !slug) {
    known = { headings: ownHeadings() };
  } else {
    const answer = await fetch(address).catch(() => null);
    known = answer?.ok ? await answer.json() : {};
  }
  if (heading === undefined) {
    return (known.pages || []).map((each) => ({ words: each.title, detail: each.slug, language: each.language, content: each.slug }));
  }
  const wanted = heading.toLowerCase();
  const fits = (each) => each.id.includes(wanted) || each.title.toLowerCase().includes(wanted);
  return (known.headings || []).filter(fits).slice(0, 12)
    .map((each) => ({ words: each.title, detail: `#${each.id}`, content: `${slug}#${each.id}` }));
}

function close() {
  list.hidden = true;
  entries = [];
  text.removeAttribute("aria-activedescendant");
}

function choose(number) {
  chosen = (number + entries.length) % entries.length;
  [...list.children].forEach((item, i) => { item.setAttribute("aria-selected", String(i === chosen)); });
  text.setAttribute("aria-activedescendant", list.children[chosen].id);
  list.children[chosen].scrollIntoView({ block: "nearest" });
}

// The list stands below the line of the cursor: a copy of the text up to there says where that is.
function put() {
  const copy = document.createElement("div");
  const style = getComputedStyle(text);
  for (const name of ["font", "letterSpacing", "lineHeight", "padding", "border", "boxSizing", "width", "whiteSpace", "overflowWrap"]) copy.style[name] = style[name];
  copy.style.position = "absolute";
  copy.style.visibility = "hidden";
  copy.style.whiteSpace = "pre-wrap";
  copy.textContent = text.value.slice(0, place);
  const mark = document.createElement("span");
  mark.textContent = "[";
  copy.append(mark);
  text.parentElement.append(copy);
  const line = Number.parseFloat(style.lineHeight) || 24;
  const top = text.offsetTop + mark.offsetTop - text.scrollTop + line + 4;
  const isRoom = text.getBoundingClientRect().top + top - text.offsetTop + list.offsetHeight < innerHeight;
  list.style.top = `${isRoom ? Math.min(top, text.offsetTop + text.offsetHeight) : top - line - list.offsetHeight - 8}px`;
  list.style.left = `${Math.max(0, Math.min(mark.offsetLeft, text.offsetWidth - list.offsetWidth))}px`;
  copy.remove();
}

function show(found) {
  entries = found;
  list.replaceChildren(...found.map((each, number) => {
    const item = document.createElement("li");
    item.id = `kb-completion-${number}`;
    item.setAttribute("role", "option");
    const title = document.createElement("span");
    title.textContent = each.words;
    if (each.language) title.lang = each.language;
    const detail = document.createElement("span");
    detail.textContent = ` ${each.detail}`;
    detail.className = "kb-hint";
    item.append(title, detail);
    return item;
  }));
  list.hidden = false;
  put();
  choose(0);
  const region = document.getElementById("kb-said");
  region.textContent = words.completions.replace("{n}", found.length);
}

function take() {
  const { content } = entries[chosen];
  const isClosed = text.value.slice(text.selectionStart).startsWith("]]") || text.value.slice(text.selectionStart).startsWith("|");
  const detail = { content: isClosed ? content : `${content}]]`, start: place, end: text.selectionStart };
  if (isClosed && text.value.slice(text.selectionStart).startsWith("]]")) detail.select = [content.length + 2, content.length + 2];
  close();
  text.dispatchEvent(new CustomEvent("kb-insert", { detail }));
}

async function complete() {
  const found = begun();
  if (!found) {
    close();
    return;
  }
  const cite = /^cite:(.*)$/.exec(found.typed);
  if (cite) {
    close();
    if (!cite[1]) citing(found.start);
    return;
  }
  const number = asked += 1;
  const known = await suggestions(found.typed);
  if (number !== asked) return;
  const now = begun();
  if (!now || now.start !== found.start) {
    close();
    return;
  }
  place = found.start;
  if (known.length) show(known);
  else close();
}

// [[cite: gives way to the whole mark, which the panel puts in its place.
function citing(start) {
  const rest = text.value.slice(text.selectionStart).startsWith("]]") ? 2 : 0;
  const detail = { content: "", start: start - 2, end: text.selectionStart + rest };
  text.dispatchEvent(new CustomEvent("kb-insert", { detail }));
  text.dispatchEvent(new CustomEvent("kb-panel", { detail: "evidence" }));
}

text.addEventListener("input", (event) => {
  clearTimeout(waiting);
  if (!event.isComposing) waiting = setTimeout(complete, AFTER_MS);
});
text.addEventListener("compositionend", () => { waiting = setTimeout(complete, AFTER_MS); });
text.addEventListener("kb-complete", complete);
text.addEventListener("click", close);
text.addEventListener("blur", () => setTimeout(close, 150));
text.addEventListener("scroll", () => { if (!list.hidden) put(); });

text.addEventListener("keydown", (event) => {
  if (list.hidden || event.isComposing) return;
  const act = { ArrowDown: () => choose(chosen + 1), ArrowUp: () => choose(chosen - 1), Enter: take, Tab: take, Escape: close }[event.key];
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
});

list.addEventListener("mousedown", (event) => {
  event.preventDefault();
  const item = event.target.closest("[role=option]");
  if (!item) return;
  choose([...list.children].indexOf(item));
  take();
});
