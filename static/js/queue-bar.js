/* The bar that says what waits for a network, and the list under it. Its words stand in web/_queue.html. */
import { last } from "./queue-send.js";
import { drop } from "./queue-store.js";

const WEEKDAY = { weekday: "long", hour: "2-digit", minute: "2-digit" };
const CLOCK = { hour: "2-digit", minute: "2-digit" };

function whenOf(entry) {
  const at = new Date(entry.at);
  const isToday = at.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(document.documentElement.lang, isToday ? CLOCK : WEEKDAY).format(at);
}

function count(words, one, many, number) {
  return number === 1 ? words[one] : words[many].replace("%s", number);
}

function headline(words, waiting, refused) {
  const parts = [];
  if (refused) parts.push(count(words, "refusedOne", "refusedMany", refused));
  if (waiting) parts.push(count(words, "one", "many", waiting));
  if (!parts.length) parts.push(words.sent);
  return parts.join(" ");
}

function itemOf(bar, entry, { changed }) {
  const item = bar.querySelector("template").content.firstElementChild.cloneNode(true);
  const isRefused = entry.state === "refused";
  item.querySelector("[data-what]").textContent = entry.what;
  item.querySelector("[data-when]").textContent = whenOf(entry);
  const why = item.querySelector("[data-why]");
  why.textContent = isRefused ? `${bar.dataset.notTaken} ${entry.why}` : "";
  why.hidden = !isRefused;
  const button = item.querySelector("button");
  button.querySelector("[data-label]").textContent = isRefused ? bar.dataset.seen : bar.dataset.throw;
  button.addEventListener("click", async () => {
    if (!isRefused && !confirm(bar.dataset.sure)) return;
    await drop(entry.number);
    await changed();
  });
  return item;
}

function remark(words) {
  if (last.state === "login" || last.state === "other") return words.login;
  if (!last.clock) return "";
  const minutes = Math.round(Math.abs(last.clock) / 60);
  return words[last.clock > 0 ? "ahead" : "behind"].replace("%s", minutes);
}

export function showQueue(entries, does) {
  const bar = document.querySelector("[data-queue-bar]");
  if (!bar) return;
  const refused = entries.filter((entry) => entry.state === "refused").length;
  const waiting = entries.length - refused;
  const words = bar.dataset;
  bar.hidden = !entries.length && !last.sent;
  bar.classList.toggle("good", !entries.length);
  bar.classList.toggle("attention", entries.length > 0);
  const head = bar.querySelector("[data-queue-head]");
  const text = headline(words, waiting, refused);
  if (head.textContent !== text) head.textContent = text;
  const note = remark(words);
  const place = bar.querySelector("[data-queue-note]");
  place.textContent = note;
  place.hidden = !note;
  bar.querySelector("[data-queue-login]").hidden = last.state !== "login" || !waiting;
  bar.querySelector("[data-queue-fresh]").hidden = !last.sent || waiting > 0;
  const again = bar.querySelector("[data-queue-again]");
  again.hidden = !waiting;
  again.onclick = does.again;
  bar.querySelector("details").hidden = !entries.length;
  // A refusal is read at once.
  if (refused) bar.querySelector("details").open = true;
  bar.querySelector("[data-queue-list]").replaceChildren(...entries.map((entry) => itemOf(bar, entry, does)));
}
