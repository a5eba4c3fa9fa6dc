// Shows HTML that Python built and escaped, and turns its links and forms into moves inside the app.
//
//   a[data-nav]       a plain click goes to the app (value of data-nav, or href); with a modifier key the browser acts
//   form[data-nav]    its fields become the query of its action, and the app goes there
//   form[data-entered] its fields are handed to the app, which stays where it is
//   [data-stay]       on a link or form: the page does not scroll
//   a[data-field]     leads to a field of the page and leaves the address as it is
//   [data-focus]      takes the focus when it appears, such as a summary of errors
//   details[data-wide] stands open on wide screens, closed on phones
//
// `data.slots` also fills elements outside the app's own root: the top bar and the footer of the page.

const PHONE = "(max-width: 47.99rem)";

function fill(element, html) {
  if (element.kbHtml === html) return false;
  if (element.matches(":active")) { // a button that is replaced while it is pressed is never clicked
    if (element.kbNext === undefined) {
      addEventListener("pointerup", () => setTimeout(() => {
        const next = element.kbNext;
        element.kbNext = undefined;
        fill(element, next);
      }), { once: true });
    }
    element.kbNext = html;
    return false;
  }
  const active = document.activeElement;
  const keep = active && element.contains(active) ? active.id : "";
  const open = new Set([...element.querySelectorAll("details[id][open]")].map((each) => each.id));
  element.innerHTML = html;
  element.kbHtml = html;
  for (const each of element.querySelectorAll("details[id]")) if (open.has(each.id)) each.open = true;
  for (const each of element.querySelectorAll("details[data-wide]")) each.open = !matchMedia(PHONE).matches;
  const wanted = element.querySelector("[data-focus]");
  if (wanted) wanted.focus();
  else if (keep) document.getElementById(keep)?.focus({ preventScroll: true });
  return true;
}

function say(words) {
  const region = document.getElementById("kb-said");
  if (!region) return;
  region.textContent = "";
  setTimeout(() => { region.textContent = words; }, 50);
}

function addressOf(form) {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (String(value).trim()) query.append(name, String(value).trim());
  return `${form.getAttribute("action")}?${query}`;
}

// The fields of the form that was sent, and those of the other forms beside it with the kind of the form in front:
// what was entered there but not sent is not lost.
function fieldsOf(sent, element) {
  const fields = Object.fromEntries(new FormData(sent));
  for (const form of element.querySelectorAll("form[data-entered]")) {
    if (form === sent) continue;
    for (const [name, value] of new FormData(form)) fields[`${form.elements.form.value}.${name}`] = value;
  }
  return fields;
}

function listen(element, go, hand) {
  element.onclick = (event) => {
    const field = event.target.closest("a[data-field]");
    if (field) {
      event.preventDefault();
      document.getElementById(field.getAttribute("href").slice(1))?.focus();
      return;
    }
    const link = event.target.closest("a[data-nav]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
    event.preventDefault();
    go(link.dataset.nav || link.getAttribute("href"), "stay" in link.dataset);
  };
  element.onsubmit = (event) => {
    const entered = event.target.closest("form[data-entered]");
    if (entered) {
      event.preventDefault();
      hand(fieldsOf(entered, element));
      return;
    }
    const form = event.target.closest("form[data-nav]");
    if (!form) return;
    event.preventDefault();
    go(addressOf(form), "stay" in form.dataset);
  };
}

// Moves: a link goes to the top of the next page, to its fragment, or (data-stay) nowhere but to
// results that are out of sight above; Back returns to where one was.

function leave(address, stay) {
  sessionStorage.setItem(`kb-scroll:${location.href}`, String(scrollY));
  window.kbMove = { fragment: address.split("#")[1] || "", stay, path: location.pathname };
}

function settle(element) {
  const move = window.kbMove && !window.kbMove.settled ? window.kbMove : null;
  const fragment = move ? move.fragment : location.hash.slice(1);
  const target = fragment && element.querySelector(`#${CSS.escape(decodeURIComponent(fragment))}`);
  if (fragment && !target) return;
  if (move) move.settled = true;
  if (target) {
    if (move) history.replaceState(history.state, "", `${location.pathname}${location.search}#${fragment}`);
    requestAnimationFrame(() => { target.scrollIntoView({ block: "start" }); });
  } else if (move && !move.stay) {
    scrollTo(0, 0);
    if (move.path !== location.pathname) document.getElementById("content")?.focus({ preventScroll: true });
  } else if (move) {
    const results = document.getElementById("results"); // whoever filters far down wants to see what was found
    if (results && results.getBoundingClientRect().top < 0) results.scrollIntoView({ block: "start" });
  } else if (window.kbBack && Date.now() < window.kbBack.until) {
    scrollTo(0, window.kbBack.y);
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const go = (address, stay) => {
    leave(address, stay);
    setTriggerValue("nav", address.split("#")[0]);
  };
  const root = parentElement.querySelector(".kb-markup");
  if (fill(root, data.html || "") && data.html) {
    settle(root);
    if (data.said) say(data.said);
  }
  const hand = (fields) => setTriggerValue("entered", fields);
  listen(root, go, hand);
  for (const [id, html] of Object.entries(data.slots || {})) {
    const slot = document.getElementById(id);
    if (!slot) continue;
    fill(slot, html);
    listen(slot, go, hand);
  }
  if (data.language) document.documentElement.lang = data.language;
  document.querySelector('[data-testid="stMain"]')?.removeAttribute("tabindex"); // it does not scroll: no stop for Tab
  if (data.description) document.querySelector('meta[name="description"]')?.setAttribute("content", data.description);
}
