/* The key of the card on this phone: kept in IndexedDB under the mark of the sign-in, so that no script can read it out.
   The service worker removes it when the reader signs out or another signs in. */

import { keyOf } from "./phone_code.js";

const DATABASE = "shufang-reader";
const STORE = "cards";

export async function keptCard(mark) {
  return inStore("readonly", (cards) => cards.get(mark));
}

export async function dropCard(mark) {
  return inStore("readwrite", (cards) => cards.delete(mark));
}

/* Ask the server for handle and secret, measure how far this phone's clock is from its, and keep all of it. Nothing:
   there is no network. "over": this sign-in has ended (we are led to sign in), or the card lends no more (409). */
export async function fetchCard(mark) {
  const app = document.querySelector('meta[name="shufang-app"]');
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  const body = new URLSearchParams({ csrfmiddlewaretoken: token });
  const asked = Date.now();
  const answer = await fetch(app.dataset.secret, { method: "POST", body, redirect: "manual" }).catch(() => undefined);
  if (!answer?.ok) return answer?.type === "opaqueredirect" || answer?.status === 409 ? "over" : undefined;
  const { handle, secret, now } = await answer.json();
  const card = { handle, key: await keyOf(secret), ahead: (asked + Date.now()) / 2000 - now };
  await inStore("readwrite", (cards) => cards.put(card, mark)).catch(() => {});
  return card;
}

async function inStore(mode, work) {
  const database = await answered(opening());
  try {
    return await answered(work(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

function opening() {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return request;
}

function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
