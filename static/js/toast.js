/* A short remark at the foot of the page. Its words stand in base.html, so they are translated. */

const STAYS = 6000;

export function toast(key) {
  const place = document.querySelector("[data-toasts]");
  const words = place?.dataset[key];
  if (!words || [...place.children].some((item) => item.textContent === words)) return;
  const item = document.createElement("p");
  item.className = "toast";
  item.textContent = words;
  place.append(item);
  setTimeout(() => item.remove(), STAYS);
}
