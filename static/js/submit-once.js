/* A form is sent once: a second press does nothing until the page is back. Without a network it
   is not sent at all: the page stays as it is, with every word that was typed, and what may wait
   is handed to the queue. */
import { toast } from "./toast.js";

function release(form) {
  form.removeAttribute("data-sent");
  for (const button of form.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
}

function releaseAll(root) {
  root.querySelectorAll("form[data-sent]").forEach(release);
}

// Where the form is, since it stays until the next try. Its words stand in base.html.
export function unsent(form) {
  form.querySelector("[data-unsent-note]")?.remove();
  const note = document.createElement("p");
  note.className = "notice attention";
  note.setAttribute("role", "alert");
  note.setAttribute("data-unsent-note", "");
  form.append(note);
  note.textContent = document.querySelector("[data-toasts]").dataset.unsent;
}

// What can wait on this phone is kept there (queue.js); of all else it is said that it was not sent.
function noNetwork(form, submitter) {
  const asked = new CustomEvent("no-network", { bubbles: true, cancelable: true, detail: { submitter } });
  if (form.dispatchEvent(asked)) unsent(form);
}

let last = null;
let lastSubmitter = null;

/* A picture is still being made smaller: the press counts, and the form goes when that is done. */
const pressed = new WeakMap();

function waitForPicture(form, submitter) {
  pressed.set(form, submitter);
  submitter?.setAttribute("aria-busy", "true");
}

function prepared(event) {
  const form = event.target;
  if (!pressed.has(form)) return;
  const submitter = pressed.get(form);
  pressed.delete(form);
  submitter?.removeAttribute("aria-busy");
  form.requestSubmit(submitter);
}

function submitted(event) {
  const form = event.target;
  // Not form.method: the field of that name on the page of a poster would hide it.
  if (form.getAttribute("method")?.toLowerCase() !== "post") return;
  // Leaving is also possible without a network: the worker then forgets what it kept.
  const isPrepared = !form.hasAttribute("data-preparing");
  if (!navigator.onLine && !form.hasAttribute("data-leave") && isPrepared) {
    event.preventDefault();
    noNetwork(form, event.submitter);
    return;
  }
  last = form;
  lastSubmitter = event.submitter;
  if (form.hasAttribute("data-again")) return;
  if (form.hasAttribute("data-sent") || !isPrepared) {
    event.preventDefault();
    if (!isPrepared) waitForPicture(form, event.submitter);
    return;
  }
  form.setAttribute("data-sent", "");
  // aria-busy and not disabled: a disabled button's name and value would not be sent.
  event.submitter?.setAttribute("aria-busy", "true");
}

export function submitOnce(root) {
  root.addEventListener("submit", submitted);
  root.addEventListener("prepared", prepared);
  root.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    if (form) release(form);
  });
  addEventListener("offline", () => toast("offline"));
  // The service worker found no network: the browser stays on this page.
  navigator.serviceWorker?.addEventListener("message", (event) => {
    if (event.data !== "unsent" || !last) return;
    releaseAll(root);
    root.dispatchEvent(new CustomEvent("unsent"));
    noNetwork(last, lastSubmitter);
  });
  navigator.serviceWorker?.startMessages();
  // The back button shows the page as it was left, with its form still marked as sent.
  addEventListener("pageshow", (event) => {
    if (event.persisted) releaseAll(root);
  });
}
