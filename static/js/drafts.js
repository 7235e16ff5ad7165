/* Long words that were typed and not sent stay in this tab, also when the page is left; not those
   of who was logged in here before.

   Every textarea of a form that posts is kept under its page and name; data-keep="key" gives a name
   that holds on several pages. What was sent is let go only once a page says that it arrived: a
   log-in that ran out meanwhile, a page that stood open too long or a step that somebody else took
   first lose nothing. */

const PREFIX = "draft:";
const SENT = "sent:";
const OWNER = "draft-owner";

function keys(prefix) {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(prefix));
}

function forgetOthers() {
  const { login } = document.documentElement.dataset;
  // On the page to log in again nobody is known yet: the words wait for their writer.
  if (!login || sessionStorage.getItem(OWNER) === login) return;
  for (const key of [...keys(PREFIX), ...keys(SENT)]) sessionStorage.removeItem(key);
  sessionStorage.setItem(OWNER, login);
}

function keyOf(area) {
  return area.dataset.keep ?? `${location.pathname}#${area.form.getAttribute("action") ?? ""}#${area.name}`;
}

function areas(part) {
  return [...part.querySelectorAll("textarea")].filter((area) => area.form?.method === "post");
}

// What the server had when the typing began; a form that comes back with an error repeats our words.
function baseOf(area) {
  const [page] = performance.getEntriesByType("navigation");
  return page?.responseStatus === 422 ? "" : area.defaultValue;
}

function keep(prefix, area) {
  sessionStorage.setItem(prefix + keyOf(area), JSON.stringify({ text: area.value, base: baseOf(area) }));
}

function settle(body) {
  const arrived = body.hasAttribute("data-known") && !body.querySelector("[data-refused]");
  for (const key of keys(SENT)) {
    if (!arrived) sessionStorage.setItem(PREFIX + key.slice(SENT.length), sessionStorage.getItem(key));
    sessionStorage.removeItem(key);
  }
}

// Over words that the server has by now nothing is put back, unless the page asks to be kept.
function restore(area) {
  const kept = sessionStorage.getItem(PREFIX + keyOf(area));
  if (!kept) return;
  const { text, base } = JSON.parse(kept);
  if (base === area.defaultValue && (base === "" || area.dataset.keep)) area.value = text;
}

export function drafts(root) {
  forgetOthers();
  settle(root.body);
  areas(root).forEach(restore);
  root.addEventListener("input", (event) => {
    const area = event.target;
    if (area.matches?.("textarea") && area.form?.method === "post") keep(PREFIX, area);
  });
  root.addEventListener("submit", (event) => {
    const form = event.target;
    // Whoever logs out leaves nothing behind for the next at this screen.
    if (form.hasAttribute("data-leave")) sessionStorage.clear();
    if (event.defaultPrevented || !navigator.onLine || form.method !== "post") return;
    for (const area of areas(form)) {
      sessionStorage.removeItem(PREFIX + keyOf(area));
      if (area.value !== area.defaultValue) keep(SENT, area);
    }
  });
  // It waits on this phone, with its words.
  root.addEventListener("queued", (event) => {
    for (const area of areas(event.target)) sessionStorage.removeItem(PREFIX + keyOf(area));
  });
  // It was not sent after all.
  root.addEventListener("unsent", () => areas(root).forEach((area) => keep(PREFIX, area)));
}
