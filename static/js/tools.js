/* Small helpers: [data-copy="text"], [data-print], [data-theme-set="light|dark|"]. */
import { toast } from "./toast.js";

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  toast("copied");
}

function setTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

export function tools(root) {
  root.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.hasAttribute("data-copy")) copy(button);
    if (button.hasAttribute("data-print")) print();
    if (button.hasAttribute("data-theme-set")) setTheme(button.dataset.themeSet);
  });
}
