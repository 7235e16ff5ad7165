/* A textarea[data-keep="key"] keeps unsent words in this tab, also when the page is left; not
   those of who was logged in here before.

   What was sent is let go only once a page says that it arrived: a log-in that ran out meanwhile,
   a page that stood open too long or a step that somebody else took first lose nothing. */

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

function settle(body) {
  const arrived = body.hasAttribute("data-known") && !body.querySelector("[data-refused]");
  for (const key of keys(SENT)) {
    if (!arrived) sessionStorage.setItem(PREFIX + key.slice(SENT.length), sessionStorage.getItem(key));
    sessionStorage.removeItem(key);
  }
}

// `base` is what the server had when the typing began: on newer words nothing is put back.
function keep(prefix, area) {
  const kept = JSON.stringify({ text: area.value, base: area.defaultValue });
  sessionStorage.setItem(prefix + area.dataset.keep, kept);
}

function restore(area) {
  const kept = sessionStorage.getItem(PREFIX + area.dataset.keep);
  if (!kept) return;
  const { text, base } = JSON.parse(kept);
  if (base === area.defaultValue) area.value = text;
}

export function drafts(root) {
  const all = () => root.querySelectorAll("textarea[data-keep]");
  forgetOthers();
  settle(root.body);
  all().forEach(restore);
  root.addEventListener("input", (event) => {
    if (event.target.dataset?.keep) keep(PREFIX, event.target);
  });
  root.addEventListener("submit", (event) => {
    const form = event.target;
    // Whoever logs out leaves nothing behind for the next at this screen.
    if (form.hasAttribute("data-leave")) sessionStorage.clear();
    if (event.defaultPrevented || !navigator.onLine) return;
    for (const area of form.querySelectorAll("textarea[data-keep]")) {
      sessionStorage.removeItem(PREFIX + area.dataset.keep);
      if (area.value !== area.defaultValue) keep(SENT, area);
    }
  });
  // It was not sent after all.
  root.addEventListener("unsent", () => all().forEach((area) => keep(PREFIX, area)));
}
