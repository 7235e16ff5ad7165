/* The company's screen, and the code on a student's phone: when its code is over, [data-screen-next] asks for the next and
   [data-screen-code] shows it. Without network it says so, hides the code and goes on asking. */

const AGAIN = 5_000;
// The code and the one before it count: after this nothing on the screen does.
const COUNTS = 30_000;

const shown = document.querySelector("[data-screen-code]");
const old = document.querySelector("[data-screen-old]");
const form = document.querySelector("[data-screen-next]");
let ends = Date.now() + Number(shown.dataset.seconds) * 1000;

async function next() {
  try {
    const answer = await fetch(form.action, form.method === "post" ? { method: "POST", body: new FormData(form) } : {});
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-screen-code]");
    // Withdrawn: the page says where to pair it again.
    if (!fresh) return location.reload();
    shown.replaceChildren(...fresh.childNodes);
    ends = Date.now() + Number(fresh.dataset.seconds) * 1000;
    shown.hidden = false;
    old.hidden = true;
    setTimeout(next, ends - Date.now() + 200);
  } catch {
    shown.hidden = Date.now() > ends + COUNTS;
    old.hidden = !shown.hidden;
    setTimeout(next, AGAIN);
  }
}

setTimeout(next, ends - Date.now() + 200);
navigator.wakeLock?.request("screen").catch(() => {});
