// Adding documents: what is chosen or dropped is listed, sent file by file with its progress, and sent again where the
// connection breaks off. Without this script the same form sends everything at once.
//
//   form[data-upload]  the form; data-max-bytes is the limit of a file, data-texts the words to fill in
//   form[data-send]    a form of one button: sent without leaving the page

const AT_ONCE = 2;
const TRIES = 5;
const SHOWN = 300;

const words = (form) => JSON.parse(form.dataset.texts);
const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name]);
const number = (n) => n.toLocaleString("en");
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

function sizeText(bytes) {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function say(text) {
  const region = document.getElementById("kb-said");
  if (region) region.textContent = text;
}

function element(tag, text, className = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}

// What was chosen: the files of the field, and those that were dropped before.

const chosen = new WeakMap();

function choose(form, files, { more }) {
  const kept = more ? chosen.get(form) || [] : [];
  const known = new Set(kept.map((file) => `${file.name}/${file.size}/${file.lastModified}`));
  chosen.set(form, [...kept, ...files.filter((file) => !known.has(`${file.name}/${file.size}/${file.lastModified}`))]);
  const all = chosen.get(form);
  form.querySelector("input[type=file]").required = all.length === 0;
  const texts = words(form);
  const facts = { n: number(all.length), size: sizeText(all.reduce((sum, file) => sum + file.size, 0)) };
  const sent = form.querySelector("[data-sent]");
  sent.replaceChildren();
  if (!all.length) return;
  const line = element("p", fill(all.length === 1 ? texts.chosen_one : texts.chosen, facts));
  const list = element("ul", "", "kb-sent-files");
  list.append(...all.slice(0, SHOWN).map((file) => element("li", `${file.name} (${sizeText(file.size)})`)));
  sent.append(line, list);
  say(line.textContent);
}

// A folder that is dropped gives the files in it, those of folders within it too.

async function inside(entry) {
  if (entry.isFile) return [await new Promise((resolve, reject) => { entry.file(resolve, reject); })];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
    if (!some.length) return found;
    for (const each of some) if (!each.name.startsWith(".")) found.push(...await inside(each));
  }
}

async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files];
  return (await Promise.all(entries.map(inside))).flat();
}

// Sending.

function post(form, file, batch, onProgress) {
  const body = new FormData();
  const fields = new FormData(form);
  const isAlone = chosen.get(form).length === 1;
  for (const [name, value] of fields) if (typeof value === "string" && (isAlone || name !== "title")) body.set(name, value);
  body.set("batch", batch);
  body.append("files", file, file.name);
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.onprogress = (event) => { if (event.lengthComputable) onProgress(event.loaded / event.total); };
    request.onload = () => resolve(request.status === 200 ? request.response : { problem: request.response?.problem, status: request.status });
    request.onerror = () => resolve(null);
    request.send(body);
  });
}

// Sent once more where the connection broke off or the server is being started again: the same file of the same batch is
// never taken in twice.
async function sendUntilReceived(form, file, batch, onProgress) {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (attempt) await pause(500 * 2 ** attempt);
    const answer = await post(form, file, batch, onProgress);
    if (answer?.files) return { problem: answer.files[0]?.problem || "" };
    if (answer?.problem && answer.status !== 400) return { problem: answer.problem };
  }
  return { problem: words(form).not_sent };
}

let sending = 0;
addEventListener("beforeunload", (event) => { if (sending) event.preventDefault(); });

async function send(form) {
  const files = chosen.get(form);
  const texts = words(form);
  const batch = crypto.randomUUID?.() || `${Date.now()}-${Math.random().toString(36).slice(2)}`;
  const most = Number(form.dataset.maxBytes);
  const button = form.querySelector("button[type=submit]");
  const sent = form.querySelector("[data-sent]");
  const line = element("p", "");
  const bar = document.createElement("progress");
  const problems = element("ul", "", "kb-sent-files");
  sent.replaceChildren(line, bar, problems);
  button.disabled = true;
  sending += 1;
  const total = files.reduce((sum, file) => sum + file.size, 0) || 1;
  const parts = new Map(files.map((file) => [file, 0]));
  let done = 0;
  let failed = 0;
  const show = () => {
    line.textContent = fill(texts.sending, { done: number(done), n: number(files.length) });
    bar.value = files.reduce((sum, file) => sum + parts.get(file) * file.size, 0) / total;
    bar.setAttribute("aria-label", line.textContent);
  };
  show();
  say(line.textContent);
  sent.scrollIntoView({ block: "center" });
  const queue = [...files];
  const one = async () => {
    for (let file = queue.shift(); file; file = queue.shift()) {
      const { problem } = file.size > most
        ? { problem: texts.too_large }
        : await sendUntilReceived(form, file, batch, (part) => { parts.set(file, part); show(); });
      parts.set(file, 1);
      if (problem) {
        failed += 1;
        const row = element("li", "");
        row.append(element("strong", file.name), ` ${problem}`);
        problems.append(row);
      } else {
        done += 1;
      }
      show();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  sending -= 1;
  bar.remove();
  line.textContent = failed ? fill(texts.failed, { done: number(done), n: number(files.length) }) : texts.leave;
  say(line.textContent);
  button.disabled = false;
  form.reset();
  chosen.delete(form);
  form.querySelector("input[type=file]").required = true;
  if (failed) {
    sent.scrollIntoView({ block: "center" });
  } else if (document.getElementById("root")) {
    form.querySelector("[data-after]").click(); // in the app: to the list, which shows the files at once
  } else {
    location.assign(form.querySelector("[data-after]").href);
    location.reload();
  }
}

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-upload]");
  if (form && event.target.type === "file") choose(form, [...event.target.files], { more: false });
});

for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, async (event) => {
    const drop = event.target.closest?.("form[data-upload] .kb-drop");
    if (!drop) return;
    event.preventDefault();
    drop.classList.toggle("kb-drop-over", kind === "dragenter" || kind === "dragover");
    if (kind === "drop") choose(drop.closest("form"), await dropped(event.dataTransfer), { more: true });
  });
}

document.addEventListener("submit", async (event) => {
  const upload = event.target.closest("form[data-upload]");
  if (upload && chosen.get(upload)?.length) {
    event.preventDefault();
    send(upload);
  }
  const small = event.target.closest("form[data-send]");
  if (small) {
    event.preventDefault();
    small.querySelector("button").disabled = true;
    await fetch(small.action, { method: "POST", headers: { Accept: "application/json" } });
    if (!document.getElementById("root")) location.reload();
  }
}, true);
