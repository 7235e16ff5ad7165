/* Notices on this device: asked for when the button is pressed, and only then. */
export function push(root) {
  for (const form of root.querySelectorAll("form[data-push]")) {
    if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) continue;
    const card = form.parentElement;
    form.hidden = false;
    card.querySelector("[data-push-cannot]").hidden = true;
    form.querySelector("button").addEventListener("click", () => switchOn(form, card));
  }
}

async function switchOn(form, card) {
  const refused = card.querySelector("[data-push-refused]");
  refused.hidden = true;
  try {
    if ((await Notification.requestPermission()) !== "granted") throw new Error("refused");
    const known = await subscription(form.dataset.push);
    const { endpoint, keys } = known.toJSON();
    form.elements.endpoint.value = endpoint;
    form.elements.p256dh.value = keys.p256dh;
    form.elements.auth.value = keys.auth;
    form.requestSubmit();
  } catch {
    refused.hidden = false;
  }
}

/* A new one each time, so that what another log-in left in this browser is over. */
async function subscription(key) {
  await navigator.serviceWorker.register("/sw.js");
  const { pushManager } = await navigator.serviceWorker.ready;
  await (await pushManager.getSubscription())?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}
