/* Small helpers: [data-copy="text"], [data-print], [data-theme-set="light|dark|"], [data-read-aloud="id"]. */
import { toast } from "./toast.js";

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  toast("copied");
}

function readAloud(button) {
  const place = document.getElementById(button.dataset.readAloud);
  if (!("speechSynthesis" in window) || !place) return;
  const speaking = speechSynthesis.speaking;
  speechSynthesis.cancel();
  button.setAttribute("aria-pressed", String(!speaking));
  if (speaking) return;
  const words = new SpeechSynthesisUtterance(place.value ?? place.textContent);
  words.lang = document.documentElement.lang;
  words.addEventListener("end", () => button.setAttribute("aria-pressed", "false"));
  speechSynthesis.speak(words);
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
    if (button.hasAttribute("data-read-aloud")) readAloud(button);
    if (button.hasAttribute("data-theme-set")) setTheme(button.dataset.themeSet);
  });
}
