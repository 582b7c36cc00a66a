/* The key of the card on this phone: kept in IndexedDB under the mark of the sign-in, so that no script can read it out.
   The service worker removes it when the reader signs out or another signs in. */

const DATABASE = "shufang-reader";
const STORE = "cards";

export async function keptCard(mark) {
  return inStore("readonly", (cards) => cards.get(mark));
}

export async function keepCard(mark, card) {
  return inStore("readwrite", (cards) => cards.put(card, mark));
}

export async function dropCard(mark) {
  return inStore("readwrite", (cards) => cards.delete(mark));
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
