/* What works without a network: the card, my loans and the first page as they were last seen, on the reader's own phone.

   The server puts `const SITE = {…}` before this script (web/reader/service_worker.py). Everything is asked of the network
   first; copies are shown only where there is no answer. There are two kinds of copies:
   - the shell (style sheets, scripts, the pages that say "no network"), one cache a version;
   - the reader's pages, one cache a sign-in, named by its mark. A page is kept only when it says itself that it may be
     (header Shufang-Keep with that mark). Signing out, or another reader signing in, removes the cache and the keys of
     the card. Answers to forms are never kept, and of kiosk, desk and administration nothing. */

"use strict";

const SHELL = `shell-${SITE.version}`;
const PERSONAL = "personal-";
const PATIENCE = 3000; // milliseconds after which a kept copy is shown though the network may still answer
const FRESH = 10 * 60 * 1000; // milliseconds for which a kept copy is not fetched again in the background
const DATABASE = "shufang-reader";
const LANGUAGE = "/.language"; // no page: where the shell keeps what language was spoken last

let present; // the mark of whom this worker last heard; not known right after it has started

self.addEventListener("install", (event) => {
  event.waitUntil(keepShell().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

self.addEventListener("message", (event) => {
  if (event.data && typeof event.data.mark === "string") event.waitUntil(hear(event.data));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin || SITE.never.some((beginning) => url.pathname.startsWith(beginning))) return;
  if (request.method === "POST" && url.pathname === SITE.signOut) event.waitUntil(forget());
  if (request.mode === "navigate") {
    event.respondWith(request.method === "GET" ? page(event) : fetch(request).catch(noNetwork));
  } else if (request.method === "GET" && isPart(url)) {
    event.respondWith(part(event, url));
  }
});

/* Pages */

async function page(event) {
  const fromNetwork = fetch(event.request);
  event.waitUntil(fromNetwork.then((response) => keepPage(event.request.url, response.clone())).catch(() => {}));
  try {
    return await soonOr(fromNetwork, () => keptCopy(event.request.url));
  } catch {
    return (await keptCopy(event.request.url)) ?? noNetwork();
  }
}

/* What the network answers, or after a while what is kept; without a copy the network has all the time it wants. */
async function soonOr(fromNetwork, otherwise) {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, null));
  const first = await Promise.race([fromNetwork, late]);
  return first ?? (await otherwise()) ?? fromNetwork;
}

async function keepPage(address, response) {
  const mark = response.headers.get(SITE.header);
  if (!mark || !response.ok || response.redirected || !isPersonal(address)) return;
  await forget(mark);
  await keepCopy(mark, address, response);
}

async function keepCopy(mark, address, response) {
  const text = await response.clone().text();
  if (mark !== present) return; // signed out meanwhile
  const cache = await caches.open(PERSONAL + mark);
  await cache.put(plain(address), response);
  await keepParts(text, cache);
}

async function keptCopy(address) {
  const cache = await personalCache();
  const kept = cache && (await cache.match(plain(address)));
  if (!kept) return undefined;
  const text = (await kept.text()).replaceAll("data-kept hidden", "data-kept");
  const headers = new Headers(kept.headers);
  ["Content-Length", "Content-Encoding"].forEach((name) => headers.delete(name));
  return new Response(text, { headers });
}

async function noNetwork() {
  const cache = await caches.open(SHELL);
  const known = await cache.match(LANGUAGE);
  const language = known ? await known.text() : navigator.language.startsWith("en") ? "en" : "zh-hans";
  return (await cache.match(SITE.offline[language] ?? SITE.offline["zh-hans"])) ?? Response.error();
}

function isPersonal(address) {
  return SITE.personal.includes(new URL(address).pathname);
}

function plain(address) {
  const url = new URL(address, self.location.origin);
  return url.origin + url.pathname;
}

/* Style sheets, scripts, pictures */

function isPart(url) {
  return url.pathname.startsWith(SITE.static) || url.pathname.startsWith(SITE.covers);
}

async function part(event, url) {
  try {
    return await soonOr(fetch(event.request), () => caches.match(plain(url)));
  } catch {
    return (await caches.match(plain(url))) ?? Response.error();
  }
}

/* Keep what a page is made of: scripts and styles with the shell, drawn covers with the reader's pages. */
async function keepParts(text, personal) {
  const shell = await caches.open(SHELL);
  const found = new Set(Array.from(text.matchAll(/(?:href|src)="([^"?#]+)/g), ([, address]) => address));
  await Promise.all(
    Array.from(found, async (address) => {
      const cache = address.startsWith(SITE.static) ? shell : address.startsWith(SITE.covers) ? personal : null;
      if (cache && !(await cache.match(plain(address)))) await put(cache, address);
    }),
  );
}

async function put(cache, address) {
  const response = await fetch(address, { cache: "no-cache" });
  if (response.ok) await cache.put(plain(address), response);
}

/* Whose phone it is */

async function hear({ mark, language }) {
  await forget(mark);
  const shell = await caches.open(SHELL);
  await shell.put(LANGUAGE, new Response(language));
  if (mark && (await keepPersonal(mark, FRESH))) await removeOldShells();
}

/* Fetch the reader's pages that are not kept yet, or not lately; say whether all are kept. */
async function keepPersonal(mark, lately) {
  const cache = await caches.open(PERSONAL + mark);
  try {
    for (const address of SITE.personal) {
      const kept = await cache.match(plain(address));
      if (kept && Date.now() - Date.parse(kept.headers.get("Date") ?? "") < lately) continue;
      const response = await fetch(address, { credentials: "same-origin", redirect: "manual" });
      if (response.ok && response.headers.get(SITE.header) === mark) await keepCopy(mark, address, response);
    }
    return true;
  } catch {
    return false; // the network has gone; what is kept stays
  }
}

/* Remove everything personal but what belongs to `mark`. */
async function forget(mark = "") {
  present = mark;
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(PERSONAL) && name !== PERSONAL + mark);
  await Promise.all(others.map((name) => caches.delete(name)));
  await forgetKeys(mark);
}

function forgetKeys(mark) {
  return new Promise((resolve) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("cards");
    opening.onerror = () => resolve();
    opening.onsuccess = () => {
      const database = opening.result;
      const change = database.transaction("cards", "readwrite");
      const cards = change.objectStore("cards");
      const reading = cards.getAllKeys();
      reading.onsuccess = () => reading.result.filter((key) => key !== mark).forEach((key) => cards.delete(key));
      change.oncomplete = change.onabort = () => {
        database.close();
        resolve();
      };
    };
  });
}

async function personalCache() {
  const name = (await caches.keys()).find((known) => known.startsWith(PERSONAL));
  return name && caches.open(name);
}

/* Versions */

async function keepShell() {
  const cache = await caches.open(SHELL);
  for (const address of Object.values(SITE.offline)) {
    await put(cache, address);
    const kept = await cache.match(plain(address));
    await keepParts(kept ? await kept.text() : "", cache);
  }
}

async function takeOver() {
  const old = await oldShells();
  const known = old.length ? await (await caches.open(old[0])).match(LANGUAGE) : undefined;
  if (known) await (await caches.open(SHELL)).put(LANGUAGE, known);
  await self.clients.claim();
  const personal = (await caches.keys()).find((name) => name.startsWith(PERSONAL));
  present ??= personal ? personal.slice(PERSONAL.length) : ""; // a page may have spoken already
  if (!present || (await keepPersonal(present, 0))) await removeOldShells();
}

async function oldShells() {
  return (await caches.keys()).filter((name) => name.startsWith("shell-") && name !== SHELL);
}

/* Only once the kept pages have their styles and scripts in the new shell. */
async function removeOldShells() {
  await Promise.all((await oldShells()).map((name) => caches.delete(name)));
}
