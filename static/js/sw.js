/* Service worker: keeps our own static files, the offline page, and what a student saw last.

   A page is kept only when the server says so (Stage-Keep), in a cache that is named after the
   log-in (Stage-Login). The first answer of another log-in, or of none, empties it. */
const FILES = "stage-files-2";
const PAGES = "stage-pages-";
const OFFLINE = "/offline/";
const LEAVE = "/uitloggen/";
const STATIC = "/static/";
// A poster that is scanned without a network opens the page on which its code is typed.
const SCANNED = "/aanwezig/scan/";
const TYPED = "/aanwezig/code/";
const NOBODY = "-";
// Names with a hash never change; others are asked for anew when there is a network.
const HASHED = /\.[0-9a-f]{12}\.\w+$/;
const MOST_FILES = 90;
const HOUR = 3_600_000;
const OLDEST = 7 * 24 * HOUR;
// A network that takes longer gives nothing: then the copy is shown, where there is one.
const PATIENCE = 8_000;

// When the newest log-in was first seen, or somebody left: what was asked before is not kept.
let since = 0;

self.addEventListener("install", (event) => {
  event.waitUntil(keepOfflinePage().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOldFiles().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(request.method === "GET" ? page(event) : sent(event, url));
  } else if (request.method === "GET" && url.pathname.startsWith(STATIC)) {
    event.respondWith(staticFile(request, url));
  }
});

self.addEventListener("message", (event) => {
  if (event.data === "keep") event.waitUntil(look(event.source.url).catch(() => {}));
});

/* --- notices ------------------------------------------------------------------------------- */

self.addEventListener("push", (event) => {
  const { title = "Stage", body = "", url = "/", tag } = event.data?.json() ?? {};
  // What arrives again takes the place of itself.
  event.waitUntil(self.registration.showNotification(title, { body, tag, data: { url } }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(show(new URL(event.notification.data?.url ?? "/", location.origin)));
});

async function show(address) {
  const { href } = address.origin === location.origin ? address : new URL("/", location.origin);
  const [open] = await self.clients.matchAll({ type: "window" });
  if (!open) return void (await self.clients.openWindow(href));
  await open.focus();
  await open.navigate(href);
}

/* Nobody is logged in here any more: who comes next sees no notice of who left. */
async function silence() {
  const known = await self.registration.pushManager?.getSubscription();
  await known?.unsubscribe();
}

/* --- pages --------------------------------------------------------------------------------- */

async function page(event) {
  const { url } = event.request;
  const answered = ask(event);
  // Goes on while the copy is shown: what comes late is obeyed and kept all the same.
  event.waitUntil(answered.catch(() => {}));
  let timer;
  const copy = new Promise((show) => {
    timer = setTimeout(async () => {
      const kept = await lastSeen(url);
      if (kept) show(kept);
    }, PATIENCE);
  });
  try {
    return await Promise.race([answered, copy]);
  } catch {
    return (await lastSeen(url)) ?? offlinePage();
  } finally {
    clearTimeout(timer);
  }
}

async function ask(event) {
  const asked = Date.now();
  const answer = await fetch(event.request);
  await obey(event.request.url, answer, asked, (work) => event.waitUntil(work));
  return answer;
}

/* Something was sent, and however long that takes: it may have arrived. Without a network the browser stays where it is (204), with what was typed. */
async function sent(event, url) {
  const leaving = url.pathname === LEAVE;
  if (leaving) await forget(NOBODY, Date.now());
  try {
    const asked = Date.now();
    const answer = await fetch(event.request);
    await obey("", answer, asked);
    return answer;
  } catch {
    if (leaving) return offlinePage({ leaving });
    for (const client of await self.clients.matchAll({ type: "window" })) client.postMessage("unsent");
    return new Response(null, { status: 204 });
  }
}

/* Fetch a page in order to keep it. */
async function look(address) {
  const asked = Date.now();
  const answer = await fetch(address, { credentials: "same-origin", cache: "no-store" });
  if (answer.redirected) return;
  const works = [];
  await obey(address, answer, asked, (work) => works.push(work));
  await Promise.all(works);
}

/* Do as the headers of an answer say. `later` gets the work nobody has to wait for. */
async function obey(address, answer, asked, later = null) {
  const login = answer.headers.get("Stage-Login");
  if (login === null) return;
  if (login === NOBODY || !(await caches.has(PAGES + login))) await forget(login, asked);
  if (login === NOBODY) await silence().catch(() => {});
  if (login !== NOBODY && answer.ok && later && answer.headers.has("Stage-Keep")) {
    later(keep(address, answer.clone(), login, asked));
  }
}

/* Drop the pages of every log-in but this one. */
async function forget(login, asked) {
  since = Math.max(since, asked);
  const names = (await caches.keys()).filter((name) => name.startsWith(PAGES));
  const others = names.filter((name) => name !== PAGES + login);
  await Promise.all(others.map((name) => caches.delete(name)));
}

async function keep(address, answer, login, asked) {
  if (asked < since) return;
  const html = await answer.text();
  const headers = new Headers(answer.headers);
  // The text is unpacked already.
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  headers.set("Stage-Seen", String(asked));
  const cache = await caches.open(PAGES + login);
  await cache.put(address, new Response(html, { headers }));
  // Somebody left while this was being written.
  if (asked < since) return void (await caches.delete(PAGES + login));
  await keepFiles(html);
  const also = answer.headers.get("Stage-Also");
  const known = also && (await cache.match(also));
  if (also && !(known && ageOf(known) < HOUR)) await look(new URL(also, location.origin).href);
}

function ageOf(answer) {
  return Date.now() - Number(answer.headers.get("Stage-Seen"));
}

/* The copy of a page, with the remark on it that says how old it is. */
async function lastSeen(address) {
  const name = (await caches.keys()).find((found) => found.startsWith(PAGES));
  const kept = name && (await caches.open(name).then((cache) => match(cache, address)));
  if (!kept || ageOf(kept) > OLDEST) return null;
  const seen = new Date(Number(kept.headers.get("Stage-Seen")));
  let html = (await kept.text()).replace(/data-last-seen\s+hidden/, "data-last-seen");
  if (seen.toDateString() !== new Date().toDateString()) {
    html = html
      .replace("data-seen-today", "data-seen-today hidden")
      .replace(/data-seen-before\s+hidden/, "data-seen-before");
  }
  return new Response(html, { headers: kept.headers });
}

async function match(cache, address) {
  const found = await cache.match(address);
  if (found || !new URL(address).pathname.startsWith(SCANNED)) return found;
  return cache.match(TYPED);
}

async function offlinePage({ leaving = false } = {}) {
  const kept = await caches.match(OFFLINE);
  if (!kept || !leaving) return kept ?? Response.error();
  const html = (await kept.text())
    .replace("data-offline", "data-offline hidden")
    .replace(/data-leaving\s+hidden/, "data-leaving");
  return new Response(html, { headers: kept.headers });
}

/* --- files --------------------------------------------------------------------------------- */

async function keepOfflinePage() {
  const answer = await fetch(OFFLINE, { credentials: "omit", cache: "no-store" });
  if (!answer.ok) throw new Error("no offline page");
  const html = await answer.text();
  const headers = new Headers(answer.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  const cache = await caches.open(FILES);
  await cache.put(OFFLINE, new Response(html, { headers }));
  await keepFiles(html);
}

async function keepFiles(html) {
  const cache = await caches.open(FILES);
  const named = html.matchAll(/(?:href|src)="(\/static\/[^"#]+)[^"]*"/g);
  const files = new Set([...named].map((found) => found[1]).filter((file) => !file.endsWith(".png")));
  const known = await Promise.all([...files].map((file) => cache.match(file)));
  await cache.addAll([...files].filter((_file, number) => !known[number]));
}

/* Static files of older versions of this script; pages are kept, since they obey their log-in. */
async function dropOldFiles() {
  const names = await caches.keys();
  const old = names.filter((name) => name !== FILES && !name.startsWith(PAGES));
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function staticFile(request, url) {
  const cache = await caches.open(FILES);
  const kept = await cache.match(request);
  if (kept && HASHED.test(url.pathname)) return kept;
  try {
    const answer = await fetch(request);
    if (answer.ok) await put(cache, request, answer.clone());
    return answer;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

async function put(cache, request, answer) {
  await cache.put(request, answer);
  // Files of versions that are gone: begin anew.
  if ((await cache.keys()).length <= MOST_FILES) return;
  await caches.delete(FILES);
  await keepOfflinePage();
}
