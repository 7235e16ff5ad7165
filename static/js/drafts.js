/* A textarea[data-keep="key"] keeps unsent words in this tab, also when the page is left. */

const PREFIX = "draft:";

function restore(area) {
  const kept = sessionStorage.getItem(PREFIX + area.dataset.keep);
  if (kept && !area.value) area.value = kept;
}

export function drafts(root) {
  root.querySelectorAll("textarea[data-keep]").forEach(restore);
  root.addEventListener("input", (event) => {
    const key = event.target.dataset?.keep;
    if (key) sessionStorage.setItem(PREFIX + key, event.target.value);
  });
  root.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !navigator.onLine) return;
    for (const area of event.target.querySelectorAll("textarea[data-keep]")) {
      sessionStorage.removeItem(PREFIX + area.dataset.keep);
    }
  });
}
