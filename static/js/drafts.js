/* A textarea[data-keep="key"] keeps unsent words in this tab, also when the page is left; not
   those of who was logged in here before. */

const PREFIX = "draft:";
const OWNER = "draft-owner";

function forgetOthers() {
  const login = document.documentElement.dataset.login ?? "";
  if (sessionStorage.getItem(OWNER) === login) return;
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  }
  sessionStorage.setItem(OWNER, login);
}

function restore(area) {
  const kept = sessionStorage.getItem(PREFIX + area.dataset.keep);
  if (kept && !area.value) area.value = kept;
}

function keep(area) {
  sessionStorage.setItem(PREFIX + area.dataset.keep, area.value);
}

export function drafts(root) {
  const all = () => root.querySelectorAll("textarea[data-keep]");
  forgetOthers();
  all().forEach(restore);
  root.addEventListener("input", (event) => {
    if (event.target.dataset?.keep) keep(event.target);
  });
  root.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !navigator.onLine) return;
    for (const area of event.target.querySelectorAll("textarea[data-keep]")) {
      sessionStorage.removeItem(PREFIX + area.dataset.keep);
    }
  });
  // It was not sent after all.
  root.addEventListener("unsent", () => all().forEach(keep));
}
