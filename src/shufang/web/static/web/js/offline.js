/* On each of the reader's pages: the service worker is told whose phone this is, the phone has the key of its card before
   the network is lost, and a lost network is said. */

import { fetchCard, keptCard } from "./card_key.js";

const app = document.querySelector('meta[name="shufang-app"]');
const worker = navigator.serviceWorker;

if (app && worker) {
  worker
    .register(app.dataset.worker, { updateViaCache: "none" })
    .then(() => worker.ready)
    .then(({ active }) => active.postMessage({ mark: app.content, language: app.dataset.language }))
    .catch(() => {}); // a browser that keeps nothing, or an address without https: the pages work all the same
}

const mark = app?.content;
if (mark && globalThis.crypto?.subtle && !document.querySelector("[data-card]")) {
  keptCard(mark)
    .then((card) => card ?? fetchCard(mark))
    .catch(() => {});
}

const kept = document.querySelector("[data-kept]");
if (kept?.hidden) {
  addEventListener("offline", () => (kept.hidden = false));
  addEventListener("online", () => (kept.hidden = true));
}
