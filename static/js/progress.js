/* [data-progress-url] asks how far long work is until it is done; then goes to data-done-url. */

const EVERY = 2000;
const SLOWEST = 30000;

function show(box, state) {
  const bar = box.querySelector("progress");
  bar.max = state.max || 1;
  bar.value = state.value;
  const text = box.querySelector("[data-progress-text]");
  if (text && state.text) text.textContent = state.text;
}

async function ask(box, wait = EVERY) {
  let next = EVERY;
  try {
    const answer = await fetch(box.dataset.progressUrl, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const state = await answer.json();
    show(box, state);
    if (state.done) {
      if (box.dataset.doneUrl) location.assign(box.dataset.doneUrl);
      return;
    }
  } catch {
    next = Math.min(wait * 2, SLOWEST);
  }
  if (box.isConnected) setTimeout(() => ask(box, next), next);
}

export function progress(root) {
  root.querySelectorAll("[data-progress-url]").forEach((box) => ask(box));
}
