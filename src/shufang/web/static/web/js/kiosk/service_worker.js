// Keeps the kiosk's page and what it is made of, whole and of one version, so that it opens without the server.
// KEPT = {version, page, files} stands before this. Nothing that a reader does goes through here.

const STORE = `shufang-kiosk-${KEPT.version}`;
const FILES = new Set(KEPT.files.map((file) => new URL(file, location.origin).href));

self.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOthers().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const isPage = request.mode === "navigate" && request.method === "GET" && url.pathname === KEPT.page && !url.search;
  if (isPage || (request.method === "GET" && FILES.has(url.href))) event.respondWith(answer(request, isPage));
  else if (request.mode === "navigate" && url.pathname.startsWith(`${KEPT.page}card/`)) event.respondWith(orBegin(request));
});

async function keep() {
  const store = await caches.open(STORE);
  await Promise.all([KEPT.page, ...KEPT.files].map(async (address) => {
    const found = await fetch(address, { cache: "no-store", credentials: "same-origin" });
    if (!found.ok || found.redirected) throw new Error(`${address} cannot be kept`);
    await store.put(address, found);
  }));
}

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("shufang-kiosk-") && name !== STORE).map((name) => caches.delete(name)));
}

/** A page of getting a card needs the server; without, the kiosk begins anew and says why. */
function orBegin(request) {
  return fetch(request).catch(() => Response.redirect(KEPT.page));
}

async function answer(request, isPage) {
  const store = await caches.open(STORE);
  return (await store.match(isPage ? KEPT.page : request.url)) ?? fetch(request);
}
