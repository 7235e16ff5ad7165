/* form[data-queue="what it is"]: without a network it waits on this phone and goes out later.
   [data-when-waiting="address"] shows while a press to that address waits; [data-queue-again] can happen more than once.

   What waits belongs to who pressed the button (data-owner): the next to log in on this phone
   neither sees nor sends it. The server counts the same nonce once, so sending twice does no harm. */
import { showQueue } from "./queue-bar.js";
import { last, sendWaiting } from "./queue-send.js";
import { add, all, forgetAll, forgetOld } from "./queue-store.js";
import { unsent } from "./submit-once.js";

const FIELD = "stage_nonce";
const EVERY = 20_000;
const { owner } = document.documentElement.dataset;

function newNonce() {
  return crypto.randomUUID();
}

function nonceOf(form, renew = false) {
  let field = form.querySelector(`input[name=${FIELD}]`);
  if (!field) {
    field = document.createElement("input");
    field.type = "hidden";
    field.name = FIELD;
    form.append(field);
  }
  if (renew || !field.value) field.value = newNonce();
  return field.value;
}

function fieldsOf(form, submitter) {
  const data = new FormData(form);
  if (submitter?.name) data.append(submitter.name, submitter.value);
  return [...data].filter(([name, value]) => {
    const isEmptyFile = value instanceof File && !value.size && !value.name;
    return !["csrfmiddlewaretoken", FIELD].includes(name) && !isEmptyFile;
  });
}

function addressOf(form, submitter) {
  // Where a page that is read without a network asks for something else than it does with one.
  const own = form.dataset.queueAction ?? submitter?.getAttribute("formaction") ?? form.getAttribute("action");
  return new URL(own || location.href, location.href).pathname;
}

function alike(one, two) {
  const text = (entry) => JSON.stringify(
    [entry.action, entry.fields.map(([name, value]) => [name, value instanceof Blob ? `${value.size} ${value.name}` : value])],
  );
  return text(one) === text(two);
}

function say(form, key) {
  form.querySelector("[data-unsent-note]")?.remove();
  const note = document.createElement("p");
  note.className = "notice good";
  note.setAttribute("role", "status");
  note.setAttribute("data-unsent-note", "");
  form.append(note);
  note.textContent = document.querySelector("[data-queue-bar]").dataset[key];
}

async function keep(form, submitter) {
  const entry = {
    owner,
    nonce: nonceOf(form),
    what: form.dataset.queue,
    action: addressOf(form, submitter),
    fields: fieldsOf(form, submitter),
    at: Date.now(),
    state: "waiting",
  };
  try {
    const waiting = (await all(owner)).filter((other) => other.state !== "refused");
    // Pressed twice is said once; what can happen again was pressed twice when nothing came between.
    const before = "queueAgain" in form.dataset ? waiting.slice(-1) : waiting;
    if (!before.some((other) => other.nonce === entry.nonce || alike(other, entry))) await add(entry);
  } catch {
    // No room, or a browser that keeps nothing: as if there were no queue.
    unsent(form);
    return;
  }
  nonceOf(form, true);
  say(form, "kept");
  form.dispatchEvent(new CustomEvent("queued", { bubbles: true }));
  await changed();
}

function noNetwork(event) {
  const form = event.target;
  if (!form.matches("[data-queue]")) return;
  event.preventDefault();
  if (form.reportValidity()) keep(form, event.detail.submitter);
}

let waits = 0;
let unsentYet = 0;
let timer;

async function changed() {
  const entries = await all(owner);
  waits = entries.length;
  unsentYet = entries.filter((entry) => entry.state === "waiting").length;
  showQueue(entries, { again: attempt, changed });
  // What comes after a press that still waits: the page does not know of it yet.
  for (const part of document.querySelectorAll("[data-when-waiting]")) {
    part.hidden = !entries.some((entry) => entry.state === "waiting" && entry.action === part.dataset.whenWaiting);
  }
  clearTimeout(timer);
  if (unsentYet) timer = setTimeout(attempt, EVERY);
}

async function attempt() {
  if (navigator.onLine) await sendWaiting(owner, changed);
  await changed();
  // The page shows how it was before; nobody is writing on it, and there is nothing else to read.
  const isWriting = document.querySelector("main form :is(textarea, input:not([type=hidden]), select)");
  if (last.sent && !waits && !last.clock && !isWriting) location.reload();
}

/* A press with a network has its nonce too, since its answer may be lost; behind what waits it waits
   its turn, or the older words would come last. */
function pressed(event) {
  const form = event.target;
  if (!form.matches("[data-queue]")) return;
  nonceOf(form);
  if (!unsentYet || !navigator.onLine || form.hasAttribute("data-preparing")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.reportValidity()) keep(form, event.submitter).then(attempt);
}

/* Whoever logs out leaves nothing behind; so what waits is lost, which is said first. */
function leaving(event) {
  const form = event.target;
  if (!form.matches("form[data-leave]") || !waits) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!confirm(document.querySelector("[data-queue-bar]").dataset.leaving)) return;
  forgetAll(owner).finally(() => {
    waits = 0;
    form.requestSubmit();
  });
}

export function queue(root) {
  root.addEventListener("no-network", noNetwork);
  root.addEventListener("submit", leaving, true);
  root.addEventListener("submit", pressed, true);
  addEventListener("pageshow", (event) => {
    // Back, changed and sent again is something new.
    if (event.persisted) root.querySelectorAll(`input[name=${FIELD}]`).forEach((field) => field.remove());
  });
  addEventListener("online", attempt);
  root.addEventListener("visibilitychange", () => {
    if (!root.hidden) attempt();
  });
  new BroadcastChannel("stage-queue").addEventListener("message", changed);
  const scanned = root.querySelector("form[data-queue-scanned]");
  if (scanned) fromPoster(scanned);
  forgetOld().then(attempt, () => {});
}

/* The worker shows this page for a poster that was scanned without a network. */
function fromPoster(form) {
  const [, code] = location.pathname.match(new RegExp(`^${form.dataset.queueScanned}([^/]+)/$`)) ?? [];
  if (!code) return;
  form.elements.code.value = decodeURIComponent(code);
  form.elements.method.value = "poster";
}
