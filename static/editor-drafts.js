// Drafts of playbook pages: what is typed is kept every few seconds and on leaving, by the server, or by this browser where
// there is no connection. What only this browser has is offered when the form is opened again.

const text = document.querySelector("textarea[data-editor]");
const form = text.form;
const words = JSON.parse(text.dataset.texts);
const notice = document.querySelector("[data-draft]");
const status = form.querySelector("[data-status]");
const EVERY_MS = 4_000;
const here = `kb-draft:${text.dataset.draftKey}:${text.dataset.draftLanguage}`;

const time = (moment) => new Date(moment).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
const day = (moment) => new Date(moment).toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "long" });

function when(moment) {
  const isToday = new Date(moment).toDateString() === new Date().toDateString();
  return isToday ? time(moment) : `${day(moment)} ${time(moment)}`;
}

function fields() {
  const typed = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (name !== "do") typed.set(name, value);
  if (!typed.has("agrees")) typed.set("agrees", "");
  typed.set("key", text.dataset.draftKey);
  typed.set("language", text.dataset.draftLanguage);
  return typed;
}

function keepHere(typed, isSent = false) {
  try {
    localStorage.setItem(here, JSON.stringify({ typed: typed.toString(), at: new Date().toISOString(), isSent }));
    return true;
  } catch {
    return false; // the browser is full, or keeps nothing
  }
}

let kept = form.dataset.isUnsaved === undefined ? fields().toString() : "";
let isKeeping = false;
let isSending = false;

async function keep() {
  const typed = fields();
  if (isKeeping || isSending || typed.toString() === kept) return;
  isKeeping = true;
  status.textContent = words.saving;
  const answer = await fetch(text.dataset.drafts, { method: "POST", body: typed }).catch(() => null);
  isKeeping = false;
  if (answer?.ok) {
    const { saved_at: moment } = await answer.json();
    kept = typed.toString();
    localStorage.removeItem(here);
    status.textContent = words.saved.replace("{time}", time(moment));
  } else if (keepHere(typed)) {
    status.textContent = words.offline.replace("{time}", time(Date.now()));
  } else {
    status.textContent = words.gone;
  }
}

setInterval(keep, EVERY_MS);
form.addEventListener("input", (event) => {
  if (event.target.name && !isKeeping) status.textContent = words.unsaved;
});

addEventListener("pagehide", () => {
  const typed = fields();
  if (isSending || typed.toString() === kept) return;
  if (!navigator.sendBeacon(text.dataset.drafts, typed)) keepHere(typed); // more than a beacon can carry
});

// Until a form has arrived this browser has it too: it goes once a newer revision has been saved.
form.addEventListener("submit", () => {
  isSending = true;
  keepHere(fields(), true);
});
addEventListener("pageshow", () => { isSending = false; });

function take(typed) {
  for (const [name, value] of typed) {
    const field = form.elements[name];
    if (!field || name === "do") continue;
    if (field.type === "checkbox") field.checked = value !== "";
    else field.value = value;
  }
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

function offer() {
  let own = null;
  try {
    own = JSON.parse(localStorage.getItem(here));
  } catch {
    localStorage.removeItem(here);
  }
  if (!own) return;
  const typed = new URLSearchParams(own.typed);
  const isSaved = own.isSent && typed.get("based_on") !== form.elements.based_on.value;
  const served = notice.querySelector("time").dateTime;
  const isKnown = typed.get("body") === fields().get("body") && typed.get("title") === fields().get("title");
  if (isSaved || isKnown || (served && served > own.at)) {
    localStorage.removeItem(here);
    return;
  }
  notice.querySelector("time").dateTime = own.at;
  notice.hidden = false;
  notice.querySelector("[data-go-on]").addEventListener("click", (event) => {
    event.preventDefault();
    take(typed);
    notice.hidden = true;
    text.focus();
  });
}

notice.querySelector("form").addEventListener("submit", () => { localStorage.removeItem(here); });
offer();
for (const moment of document.querySelectorAll("[data-draft] time")) {
  if (moment.dateTime) moment.textContent = when(moment.dateTime);
}
