/* Sends what waits, in the order of the presses, one tab at a time. */
import { all, drop, get, put } from "./queue-store.js";

const KEY = "/wachtrij/";
const MOST_TRIES = 5;
const PATIENCE = 60_000;

export const last = { state: "", clock: 0, sent: 0 };

export async function sendWaiting(owner, changed) {
  const work = () => send(owner, changed);
  if (!navigator.locks) return work();
  return navigator.locks.request("stage-queue", { ifAvailable: true }, (lock) => (lock ? work() : null));
}

async function send(owner, changed) {
  const waiting = (await all(owner)).filter((entry) => entry.state === "waiting");
  if (!waiting.length) return;
  const key = await askKey();
  last.state = key.state ?? (key.owner === owner ? "" : "other");
  if (last.state) return;
  for (const { number } of waiting) {
    // Thrown away meanwhile, or sent by a tab of a browser without locks.
    const entry = await get(number);
    if (entry?.state !== "waiting") continue;
    const goesOn = await sendOne(entry, key.token);
    await changed();
    if (!goesOn) return;
  }
}

async function askKey() {
  try {
    const answer = await fetch(KEY, { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.type === "opaqueredirect" || answer.status === 403) return { state: "login" };
    return answer.ok ? await answer.json() : { state: "network" };
  } catch {
    return { state: "network" };
  }
}

/* Whether the next one can be tried. */
async function sendOne(entry, token) {
  const body = new FormData();
  body.append("csrfmiddlewaretoken", token);
  for (const [name, value] of entry.fields) body.append(name, value);
  let answer;
  try {
    answer = await fetch(entry.action, {
      method: "POST",
      body,
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
      headers: {
        "Stage-Nonce": entry.nonce,
        "Stage-Owner": entry.owner,
        "Stage-Device-At": String(entry.at),
        "Stage-Sent-At": String(Date.now()),
      },
    });
    return await settle(entry, answer);
  } catch {
    last.state = "network";
    return false;
  }
}

async function settle(entry, answer) {
  if (answer.type === "opaqueredirect") {
    last.state = "login";
    return false;
  }
  if (answer.headers.get("Content-Type")?.startsWith("application/json")) {
    const told = await answer.json();
    return obey(entry, told);
  }
  if (answer.status >= 500 || answer.status === 429 || answer.status === 403) {
    const tries = (entry.tries ?? 0) + 1;
    if (tries < MOST_TRIES) {
      await put({ ...entry, tries });
      last.state = answer.status === 403 ? "login" : "network";
      return false;
    }
  }
  await put({ ...entry, state: "refused", why: reasonOf(await answer.text()) });
  return true;
}

async function obey(entry, told) {
  if (told.state === "other") {
    last.state = "other";
    return false;
  }
  last.clock = told.clock;
  if (told.state === "taken") {
    await drop(entry.number);
    last.sent += 1;
  } else {
    await put({ ...entry, state: "refused", why: told.said });
  }
  return true;
}

/* What the page that came back says: the errors of its form, or its own words. */
function reasonOf(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const words = (part) => part.textContent.replace(/\s+/g, " ").trim();
  const errors = [...page.querySelectorAll(".error-summary li, .error-summary > p")].map(words);
  if (errors.length) return errors.join(" ");
  const parts = [page.querySelector("main .notice p"), page.querySelector("main .callout-body p"), page.querySelector("main h1"), page.querySelector("main p")];
  return words(parts.find(Boolean) ?? page.body).slice(0, 300);
}
