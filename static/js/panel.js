/* a[data-opens="code"] in a list opens the page behind it in #panel, beside the list. The address says
   which one is open (?open=code), so that reload and back do what they say. Escape closes and brings
   the focus back to the row; arrows up and down go to the next row. Where there is no room, and
   without htmx, it is the link it was. */

const ROOM = window.matchMedia("(width >= 62em)");
const PAUSE = 120;

const slot = () => document.getElementById("panel");
const links = () => [...document.querySelectorAll("a[data-opens]")];
const linkOf = (code) => links().find((link) => link.dataset.opens === code);
const openCode = () => new URL(location.href).searchParams.get("open");
const isOpen = () => slot()?.querySelector(".side-panel") !== null;

let timer;

function addressWith(code) {
  const url = new URL(location.href);
  if (code) url.searchParams.set("open", code);
  else url.searchParams.delete("open");
  return url;
}

function mark(link) {
  for (const other of links()) {
    const chosen = other === link;
    other.setAttribute("aria-expanded", String(chosen));
    const row = other.closest("tr");
    if (chosen) row?.setAttribute("aria-current", "true");
    else row?.removeAttribute("aria-current");
  }
}

function show(link, pause = 0) {
  mark(link);
  link.scrollIntoView({ block: "nearest" });
  clearTimeout(timer);
  // Who runs through the rows gets the last one.
  timer = setTimeout(() => {
    window.htmx.ajax("GET", link.href, { source: slot(), target: slot(), swap: "innerHTML" });
  }, pause);
}

function shut() {
  clearTimeout(timer);
  slot().replaceChildren();
  mark(null);
}

function open(link) {
  const state = { ...history.state, panel: true };
  const code = link.dataset.opens;
  if (openCode()) history.replaceState(state, "", addressWith(code));
  else history.pushState(state, "", addressWith(code));
  show(link);
}

function close() {
  const link = linkOf(openCode());
  history.replaceState(history.state, "", addressWith(null));
  shut();
  link?.focus();
}

function step(event) {
  const here = document.activeElement;
  const atRow = here === document.body || here.matches("a[data-opens], #panel-title");
  if (!atRow) return;
  const all = links();
  const at = all.findIndex((link) => link.dataset.opens === openCode());
  const next = all[at + (event.key === "ArrowDown" ? 1 : -1)];
  event.preventDefault();
  if (!next) return;
  history.replaceState(history.state, "", addressWith(next.dataset.opens));
  show(next, PAUSE);
}

/* After the list was narrowed: still open where the row is still there. */
function keep() {
  const code = slot()?.dataset.code;
  if (!isOpen() || !code) return;
  const link = linkOf(code);
  if (!link) {
    shut();
  } else {
    history.replaceState({ ...history.state, panel: true }, "", addressWith(code));
    mark(link);
  }
}

export function panel(root) {
  if (!slot() || !links().length) return;
  root.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-opens]");
    const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (link && !elsewhere && ROOM.matches && window.htmx) {
      event.preventDefault();
      open(link);
    } else if (event.target.closest("#panel [data-panel-close]")) {
      event.preventDefault();
      event.stopImmediatePropagation();
      close();
    }
  });
  root.addEventListener("keydown", (event) => {
    if (!isOpen() || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && !event.target.closest("details[open], [data-finder]")) close();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") step(event);
  });
  window.addEventListener("popstate", () => {
    const link = linkOf(openCode());
    if (link) show(link);
    else if (isOpen()) shut();
  });
  root.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id === "panel") slot().dataset.code = openCode() ?? "";
    else keep();
  });
  const link = linkOf(openCode());
  if (link && ROOM.matches && window.htmx) show(link);
}
