/* [data-renew="id id"] asks its own page again every minute and takes over the parts with these ids.

   Only where somebody looks and nobody is busy: not in a tab that is hidden, nor while a field of it
   has the focus, a menu is open or words are selected. Who is no longer logged in keeps what there is;
   without a network the time in it tells how old it is. */

const EVERY = 60000;

function busy(parts) {
  const words = getSelection();
  return parts.some(
    (part) =>
      part.contains(document.activeElement) ||
      part.querySelector("details[open]") ||
      (!words.isCollapsed && part.contains(words.anchorNode)),
  );
}

async function renew(ids) {
  const parts = ids.map((id) => document.getElementById(id)).filter(Boolean);
  if (document.hidden || busy(parts)) return;
  const answer = await fetch(location.href, { headers: { "HX-Request": "true" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (busy(parts)) return; // meanwhile
  for (const part of parts) {
    const fresh = page.getElementById(part.id);
    if (fresh) part.replaceWith(fresh);
  }
}

export function renews(root) {
  const ids = root.querySelector("[data-renew]")?.dataset.renew.split(" ");
  if (!ids) return;
  let last = Date.now();
  const ask = () => {
    if (Date.now() - last < EVERY) return;
    last = Date.now();
    renew(ids).catch(() => {});
  };
  setInterval(ask, EVERY / 4);
  root.addEventListener("visibilitychange", ask);
}
