// The form in which playbook pages are written: its toolbar, the preview beside the text, and the question before leaving.
// Without this script the same form works by its buttons.
//
//   textarea[data-editor]  the text; data-texts are the words to fill in, data-preview is where previews come from
//   [data-insert]          a button that puts something where the cursor is
//   [data-panel]           a button that shows what can stand beside the text
//
// Other scripts of the form ask for a change by the event "kb-insert" on the text, and for a panel by "kb-panel".

const text = document.querySelector("textarea[data-editor]");
const form = text.form;
const words = JSON.parse(text.dataset.texts);
const wide = matchMedia("(min-width: 64rem)");
const PREVIEW_AFTER_MS = 500;

function say(what) {
  const region = document.getElementById("kb-said");
  region.textContent = "";
  setTimeout(() => { region.textContent = what; }, 50);
}

// Changing the text. The command keeps what the browser can undo; it is the only way to.

function replace(start, end, by, select = [by.length, by.length]) {
  text.focus();
  text.setSelectionRange(start, end);
  if (!(by ? document.execCommand("insertText", false, by) : document.execCommand("delete"))) {
    text.setRangeText(by, start, end, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
  text.setSelectionRange(start + select[0], start + select[1]);
}

function around(before, after, empty) {
  const { selectionStart: start, selectionEnd: end } = text;
  const chosen = text.value.slice(start, end) || empty;
  replace(start, end, before + chosen + after, [before.length, before.length + chosen.length]);
}

function lineStart(at) {
  return text.value.lastIndexOf("\n", at - 1) + 1;
}

function onLines(mark, empty) {
  const start = lineStart(text.selectionStart);
  const ending = text.value.indexOf("\n", text.selectionEnd);
  const end = ending < 0 ? text.value.length : ending;
  const lines = text.value.slice(start, end) || empty;
  const changed = lines.split("\n").map((line) => (line.startsWith(mark) ? line : mark + line)).join("\n");
  replace(start, end, changed, [mark.length, changed.length]);
}

function block(content) {
  const at = text.selectionEnd;
  const before = text.value.slice(0, at);
  const gap = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  replace(at, at, `${gap}${content}\n\n`);
}

// An image is a paragraph of its own; everything else goes where the cursor is.
function put(content) {
  if (content.startsWith("![")) block(content);
  else replace(text.selectionStart, text.selectionEnd, content);
}

const TOOLS = {
  bold: () => around("**", "**", words.bold),
  heading: () => onLines("## ", words.heading),
  list: () => onLines("- ", words.item),
  table: () => block(words.table),
  link,
  cite: () => open("evidence", true),
  image: () => open("images", true),
  box: () => block(words.box),
};

function link() {
  const { selectionStart: start, selectionEnd: end } = text;
  const chosen = text.value.slice(start, end);
  if (/^https?:\/\/\S+$/.test(chosen)) {
    replace(start, end, `[${words.link}](${chosen})`, [1, 1 + words.link.length]);
    return;
  }
  replace(start, end, chosen ? `[[|${chosen}]]` : "[[]]", [2, 2]);
  text.dispatchEvent(new Event("kb-complete"));
}

const toolbar = form.querySelector(".kb-tools");
const tools = [...toolbar.querySelectorAll("button")];
toolbar.hidden = false;
tools.forEach((tool, number) => { tool.tabIndex = number ? -1 : 0; });

toolbar.addEventListener("click", (event) => {
  const tool = event.target.closest("[data-tool]");
  if (tool) TOOLS[tool.dataset.tool]();
});

toolbar.addEventListener("keydown", (event) => {
  const at = tools.indexOf(document.activeElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tools.length - 1 }[event.key];
  if (to === undefined || at < 0) return;
  event.preventDefault();
  const next = tools[(to + tools.length) % tools.length];
  tools.forEach((tool) => { tool.tabIndex = tool === next ? 0 : -1; });
  next.focus();
});

text.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.isComposing) return;
  const tool = { b: "bold", k: "link" }[event.key.toLowerCase()];
  if (!tool) return;
  event.preventDefault();
  TOOLS[tool]();
});

text.addEventListener("kb-insert", (event) => {
  const { content, start, end, select } = event.detail;
  if (start === undefined) put(content);
  else replace(start, end, content, select);
});

// What stands beside the text: one thing at a time.

const tabs = [...form.querySelectorAll("[data-panel]")];
form.querySelector(".kb-panels").hidden = false;
form.querySelector("[data-mono]").closest("label").hidden = false;
form.querySelectorAll(".kb-without-script").forEach((each) => { each.hidden = true; });

function open(name, isFocused = false) {
  for (const tab of tabs) {
    const is = tab.dataset.panel === name;
    tab.setAttribute("aria-expanded", String(is));
    document.getElementById(`kb-panel-${tab.dataset.panel}`).hidden = !is;
  }
  form.classList.toggle("kb-no-panel", !name);
  if (!name) return;
  if (name === "preview") preview();
  text.dispatchEvent(new CustomEvent("kb-opened", { detail: name }));
  const panel = document.getElementById(`kb-panel-${name}`);
  if (isFocused) (panel.querySelector("input") || panel).focus();
  if (isFocused && !wide.matches) panel.scrollIntoView({ block: "start" });
}

for (const tab of tabs) {
  tab.addEventListener("click", () => open(tab.getAttribute("aria-expanded") === "true" ? "" : tab.dataset.panel));
}
text.addEventListener("kb-panel", (event) => open(event.detail, true));
for (const button of form.querySelectorAll("button[name=do][value=preview]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    open("preview", true);
  });
}

// The preview follows what is typed, and stays where it was read.

let previewed = null;
let waiting = 0;
let asked = 0;

async function preview() {
  const place = form.querySelector("[data-preview-here]");
  if (place.closest(".kb-panel").hidden || previewed === text.value + form.elements.title.value) return;
  const state = text.value + form.elements.title.value;
  const number = asked += 1;
  const fields = { body: text.value, title: form.elements.title.value, language: text.dataset.draftLanguage };
  const answer = await fetch(text.dataset.preview, { method: "POST", body: new URLSearchParams(fields) }).catch(() => null);
  if (number !== asked) return; // something newer is on its way
  if (answer?.ok) {
    previewed = state;
    place.innerHTML = await answer.text();
  } else {
    place.textContent = words.failed;
  }
}

form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(preview, PREVIEW_AFTER_MS);
});

const first = tabs.find((tab) => tab.hasAttribute("data-first"));
open(first ? first.dataset.panel : wide.matches ? "preview" : "");

// Buttons that put something into the text.

const shown = (root) => root.querySelectorAll("button[hidden]").forEach((each) => { each.hidden = false; });
shown(document.querySelector(".kb-writing"));
new MutationObserver((changes) => {
  changes.forEach((change) => change.addedNodes.forEach((node) => { if (node.querySelectorAll) shown(node); }));
}).observe(form, { childList: true, subtree: true });

function select(start, end) {
  text.focus();
  text.setSelectionRange(start, end);
  const lines = text.value.slice(0, start).split("\n").length - 1;
  const height = text.scrollHeight / text.value.split("\n").length;
  text.scrollTop = Math.max(0, lines * height - text.clientHeight / 3);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.insert !== undefined) {
    put(button.dataset.insert);
    say(button.dataset.insert);
  } else if (button.dataset.heading !== undefined) {
    const at = text.value.indexOf(`{#${button.dataset.heading}}`);
    if (at < 0) say(words.place);
    else select(lineStart(at), at);
  } else if (button.dataset.keep !== undefined) {
    const at = text.value.indexOf(button.dataset.both);
    if (at < 0) say(words.place);
    else replace(at, at + button.dataset.both.length, button.dataset.keep, [0, button.dataset.keep.length]);
  }
});

// An address is proposed from the title until somebody types one.

const { slug, title } = form.elements;
if (slug && form.dataset.isNew !== undefined) {
  let isOwn = slug.value !== "";
  slug.addEventListener("input", () => { isOwn = slug.value !== ""; });
  title.addEventListener("input", () => {
    if (isOwn) return;
    const plain = title.value.normalize("NFKD").replace(/[^\x00-\x7f]/g, "").toLowerCase();
    slug.value = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60).replace(/-+$/, "");
  });
}

// Letters of equal width are remembered by the browser.

const mono = form.querySelector("[data-mono]");
mono.checked = localStorage.getItem("kb-mono") === "1";
const setMono = () => {
  text.classList.toggle("kb-mono", mono.checked);
  localStorage.setItem("kb-mono", mono.checked ? "1" : "");
};
mono.addEventListener("change", setMono);
setMono();

// Whoever leaves with something unsaved is asked.

const typed = () => JSON.stringify([...new FormData(form)]);
const served = form.dataset.isUnsaved === undefined ? typed() : "";
let isSent = false;
form.addEventListener("submit", () => { isSent = true; });
addEventListener("pageshow", () => { isSent = false; });
addEventListener("beforeunload", (event) => { if (!isSent && typed() !== served) event.preventDefault(); });
