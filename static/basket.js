// Collects passages without leaving the page. Forms marked data-basket work without this script as well: they are sent, and
// the server leads back. Here they are sent in the background, and every button and the counter say what is collected.
//
// The screens of the app are filled anew as one moves; what is filled knows nothing of this reader, so each change of the
// page is followed by the words for what is known here.

let collected = new Set();
let count = null;

function say(words) {
  const region = document.getElementById("kb-said");
  if (!region) return;
  region.textContent = "";
  setTimeout(() => { region.textContent = words; }, 50);
}

function show() {
  if (count === null) return;
  for (const form of document.querySelectorAll("form[data-basket]")) {
    const change = collected.has(form.dataset.basket) ? "remove" : "add";
    const action = form.getAttribute("action").replace(/\/(?:add|remove)(?=\?|$)/, `/${change}`);
    if (form.getAttribute("action") !== action) form.setAttribute("action", action);
    const words = change === "remove" ? form.dataset.added : form.dataset.add;
    const label = form.querySelector("[data-label]");
    if (label.textContent !== words) label.textContent = words;
  }
  for (const each of document.querySelectorAll("[data-basket-count]")) {
    const words = count ? each.dataset.template.replace("#", count) : "";
    if (each.textContent !== words) each.textContent = words;
  }
}

function know(state) {
  count = state.count;
  collected = new Set(state.passages);
  show();
}

async function learn() {
  const answer = await fetch("/basket/state", { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.ok) know(await answer.json());
}

function refuse(form, words) {
  let place = form.querySelector("[role=alert]");
  if (!place) {
    place = document.createElement("span");
    place.className = "kb-basket-problem";
    place.setAttribute("role", "alert");
    form.append(place);
  }
  place.textContent = words;
}

async function send(form) {
  const fields = new URLSearchParams(new FormData(form));
  const query = new URLSearchParams(location.search).get("q");
  const isAdded = /\/add(?=\?|$)/.test(form.getAttribute("action"));
  if (query && location.pathname === "/") fields.set("query", query);
  const answer = await fetch(form.getAttribute("action"), {
    method: "POST",
    headers: { Accept: "application/json" },
    body: fields,
  }).catch(() => null);
  const told = await answer?.json().catch(() => null);
  if (told?.problem) {
    refuse(form, told.problem);
  } else if (told) {
    form.querySelector("[role=alert]")?.remove();
    know(told);
    say(isAdded ? form.dataset.saidAdd : form.dataset.saidRemove);
  } else {
    form.submit(); // the browser then says what is wrong with the connection
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-basket]");
  if (!form) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "true";
  send(form).finally(() => { delete form.dataset.busy; });
});

new MutationObserver(show).observe(document.body, { childList: true, subtree: true });
addEventListener("pageshow", (event) => {
  isSending = false;
  if (event.persisted) learn();
});
document.addEventListener("visibilitychange", () => { if (!document.hidden && count !== null) learn(); });

// Notes on the page of evidence: saved as one leaves them or stops typing. Without this script they are sent with whatever
// is done on the page.

const NOTE_REST_MS = 1500;
const resting = new Map();

function tell(place, words) {
  const status = place.querySelector("[role=status]");
  if (status.textContent !== words) status.textContent = words;
}

function isUnsaved(place) {
  const box = place.querySelector("textarea");
  return box.value !== (place.dataset.sent ?? box.defaultValue);
}

async function saveNote(place) {
  clearTimeout(resting.get(place));
  if (!isUnsaved(place)) return;
  const { value, name } = place.querySelector("textarea");
  const before = place.dataset.sent;
  place.dataset.sent = value;
  const answer = await fetch(place.dataset.save, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams({ passage: place.dataset.note, [name]: value }),
    keepalive: true, // it arrives although the reader has gone on
  }).catch(() => null);
  const told = await answer?.json().catch(() => null);
  if (answer?.ok && told) {
    tell(place, isUnsaved(place) ? "" : place.dataset.saved);
    return;
  }
  if (before === undefined) delete place.dataset.sent;
  else place.dataset.sent = before;
  tell(place, told?.problem || place.dataset.unsaved);
}

document.addEventListener("input", (event) => {
  const place = event.target.closest("[data-note]");
  if (!place) return;
  tell(place, "");
  clearTimeout(resting.get(place));
  resting.set(place, setTimeout(saveNote, NOTE_REST_MS, place));
});
document.addEventListener("change", (event) => {
  const place = event.target.closest("[data-note]");
  if (place) saveNote(place);
});
document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-notes] a[download]");
  const unsaved = link ? [...document.querySelectorAll("[data-note]")].filter(isUnsaved) : [];
  if (!unsaved.length) return;
  event.preventDefault();
  await Promise.all(unsaved.map(saveNote));
  if (!unsaved.some(isUnsaved)) link.click();
});

let isSending = false; // with the form go all notes of the page
document.addEventListener("submit", (event) => { if (event.target.id === "evidence") isSending = true; });
addEventListener("beforeunload", (event) => {
  if (!isSending && [...document.querySelectorAll("[data-note]")].some(isUnsaved)) event.preventDefault();
});

const served = Number(document.querySelector("[data-basket-count]")?.dataset.basketCount || 0);
if (served) learn();
else know({ count: 0, passages: [] });
