/* The student's pages as an app on a phone: the service worker, and the way onto the home screen. */

async function guard() {
  const guarded = navigator.serviceWorker.controller !== null;
  await navigator.serviceWorker.register("/sw.js");
  const { active } = await navigator.serviceWorker.ready;
  // This page was fetched before there was a worker: let it be kept like the ones that follow.
  if (!guarded) active.postMessage("keep");
}

if ("serviceWorker" in navigator) addEventListener("load", () => guard().catch(() => {}));

// An old copy makes place for the page itself as soon as there is a network. Browsers also say
// "online" when there is none, so something small is asked for first.
if (document.querySelector("[data-last-seen]:not([hidden])")) {
  addEventListener("online", async () => {
    const answer = await fetch("/offline/", { method: "HEAD", cache: "no-store" }).catch(() => null);
    if (answer?.ok) location.reload();
  });
}

addEventListener("beforeinstallprompt", (event) => {
  const button = document.querySelector("[data-install]");
  if (!button) return;
  event.preventDefault();
  button.hidden = false;
  button.addEventListener("click", async () => {
    event.prompt();
    const { outcome } = await event.userChoice;
    if (outcome === "accepted") button.closest("section").hidden = true;
  }, { once: true });
});
