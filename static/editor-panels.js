// The panels beside the text of a playbook page that ask the server: evidence to cite, and images.

const text = document.querySelector("textarea[data-editor]");
const form = text.form;
const words = JSON.parse(text.dataset.texts);

async function part(address, parameters = {}) {
  const asked = new URL(address, location);
  for (const [name, value] of Object.entries({ ...parameters, part: "1" })) asked.searchParams.set(name, value);
  const answer = await fetch(asked).catch(() => null);
  return answer?.ok ? answer.text() : null;
}

// Fields of the panels are no fields of the form: Enter in one of them does what the panel is for.

function onEnter(field, act) {
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    act();
  });
}

// Evidence.

const query = document.getElementById("kb-find");
const found = form.querySelector("[data-found]");

async function find() {
  if (!query.value.trim()) return;
  found.setAttribute("aria-busy", "true");
  found.textContent = words.searching;
  const html = await part(text.dataset.find, { q: query.value });
  found.removeAttribute("aria-busy");
  if (html === null) found.textContent = words.failed;
  else found.innerHTML = html;
}

form.querySelector("[data-find-button]").addEventListener("click", find);
onEnter(query, find);

// Images.

const file = document.getElementById("kb-image");
const shows = document.getElementById("kb-image-words");
const problem = form.querySelector("[data-image-problem]");
const list = form.querySelector("[data-image-list]");
const add = form.querySelector("[data-image-button]");

async function listed() {
  const html = await part(text.dataset.images);
  if (html === null) list.textContent = words.failed;
  else list.innerHTML = html;
}

text.addEventListener("kb-opened", (event) => { if (event.detail === "images") listed(); });

async function upload() {
  problem.textContent = words.uploading;
  add.disabled = true;
  const body = new FormData();
  if (file.files[0]) body.append("file", file.files[0], file.files[0].name);
  body.set("words", shows.value);
  body.set("by", form.elements.by.value);
  const answer = await fetch(text.dataset.images, { method: "POST", headers: { Accept: "application/json" }, body }).catch(() => null);
  const told = await answer?.json().catch(() => null);
  add.disabled = false;
  if (!told?.mark) {
    problem.textContent = told?.problem || words.failed;
    if (told?.reason === "image-words") shows.focus();
    if (told?.reason === "playbook-name") form.elements.by.focus();
    return;
  }
  problem.textContent = "";
  file.value = "";
  shows.value = "";
  listed();
  text.dispatchEvent(new CustomEvent("kb-insert", { detail: { content: told.mark } }));
  document.getElementById("kb-said").textContent = words.uploaded;
}

add.addEventListener("click", upload);
onEnter(shows, upload);
