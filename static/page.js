// Works on every page, in the app and on the server-rendered ones: copying links, remembering the language, keeping the
// place between languages and on the way back.

function say(words) {
  const region = document.getElementById("kb-said");
  if (!region) return;
  region.textContent = "";
  setTimeout(() => { region.textContent = words; }, 50);
}

async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without a secure connection browsers only copy what is selected.
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "kb-hidden";
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

async function copy(button) {
  const label = button.querySelector("[data-label]");
  const words = label.textContent;
  if (words === button.dataset.copied) return;
  await write(new URL(button.dataset.copy, document.baseURI).href);
  button.focus();
  label.textContent = button.dataset.copied;
  say(button.dataset.copied);
  setTimeout(() => { label.textContent = words; }, 2500);
}

function headingInView() {
  const passed = [...document.querySelectorAll(".kb-heading [id]")].filter((each) => each.getBoundingClientRect().top < 120);
  return passed.at(-1)?.id || (document.querySelector(".kb-heading") && location.hash.slice(1)) || "";
}

function keepHeading(link) {
  const fragment = headingInView();
  if (!fragment || link.dataset.nav?.includes("#")) return;
  if (link.dataset.nav) link.dataset.nav += `#${fragment}`;
  const address = new URL(link.href);
  address.searchParams.set("next", `${address.searchParams.get("next")}#${fragment}`);
  link.href = address.href;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-copy]");
  if (button) copy(button);
  const language = event.target.closest(".kb-language a");
  if (language) {
    document.cookie = `kb_lang=${language.lang}; path=/; max-age=31536000; SameSite=Lax`;
    keepHeading(language);
  }
}, true);

// Going to another screen, Streamlit makes two entries of history, the first of them with the old path and the new query:
// one step back would lead nowhere. Of each move only the first becomes an entry; the second replaces it.
const push = history.pushState.bind(history);
history.pushState = (...entry) => {
  if (window.kbMove?.pushed) {
    history.replaceState(...entry);
    return;
  }
  if (window.kbMove) window.kbMove.pushed = true;
  push(...entry);
};

addEventListener("popstate", () => {
  const y = Number(sessionStorage.getItem(`kb-scroll:${location.href}`) || 0);
  window.kbBack = { y, until: Date.now() + 3000 };
});
