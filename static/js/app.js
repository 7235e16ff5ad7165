/* What every page can do. Each behaviour is a small file that looks for its own data- hooks;
   most are fetched only where their hook stands, since a phone pays for every file. */
import { focus } from "./focus.js";
import { submitOnce } from "./submit-once.js";

// Dynamic, with whole names: the digest of each file is put into them.
const WHERE = [
  ["[data-drop]", () => import("./board.js"), "board"],
  ["[data-dialog], details[data-menu]", () => import("./dialogs.js"), "dialogs"],
  // Also where words turn out not to have arrived, and where somebody leaves.
  ["form[method=post] textarea, [data-refused], [data-leave], body:not([data-known])", () => import("./drafts.js"), "drafts"],
  ["a[data-fetch]", () => import("./fetches.js"), "fetches"],
  [".filter-bar, [data-autosubmit]", () => import("./filters.js"), "filters"],
  ["[data-search]", () => import("./finder.js"), "finder"],
  ["[data-inserts]", () => import("./inserts.js"), "inserts"],
  ["[data-opens]", () => import("./panel.js"), "panel"],
  ["[data-photo]", () => import("./photos.js"), "photos"],
  ["[data-progress-url]", () => import("./progress.js"), "progress"],
  ["[data-push]", () => import("./push.js"), "push"],
  ["[data-stepper]", () => import("./stepper.js"), "stepper"],
  ["[data-queue-bar]", () => import("./queue.js"), "queue"],
  ["[data-read-aloud]", () => import("./read-aloud.js"), "readsAloud"],
  ["[data-renew]", () => import("./renew.js"), "renews"],
  ["[data-row]", () => import("./tables.js"), "tables"],
  ["[data-copy], [data-print], [data-theme-set]", () => import("./tools.js"), "tools"],
  ["meta[name=htmx-config]", () => import("./swaps.js"), "swaps"],
];

document.documentElement.classList.add("js");
focus(document);
submitOnce(document);
// A form that came back with errors stands in the history as sent. By its address alone it is opened
// again by the back button, where the browser would ask to send the form once more.
if (document.querySelector(".error-summary, [data-refused]")) history.replaceState(history.state, "", location.href);
// A page that answers what was sent has an address of its own, for when it is opened again.
const answer = document.querySelector("[data-lives-at]");
if (answer) history.replaceState(history.state, "", answer.dataset.livesAt);
// After words were sent, the next page says whether they arrived.
const sent = Object.keys(sessionStorage).some((key) => key.startsWith("sent:"));
// A fragment that htmx brings may hold any hook, so such a page gets everything.
const changes = document.querySelector("meta[name=htmx-config]") !== null;
for (const [hook, load, start] of WHERE) {
  if (changes || (sent && start === "drafts") || document.querySelector(hook)) load().then((file) => file[start](document));
}
