// What the kiosk keeps on its disk: what it last saw (`known`), its sealed queue, and how much was lent meanwhile. The
// browser is asked to have it on the disk before it says done.

const NAME = "shufang-kiosk";
const STORES = { known: {}, queue: { keyPath: "seq", autoIncrement: true }, lent: {}, codes: {} };
let opening = null;

function open() {
  opening ??= new Promise((done, failed) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const [store, options] of Object.entries(STORES)) request.result.createObjectStore(store, options);
    };
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  return opening;
}

async function within(stores, mode, work) {
  const database = await open();
  return new Promise((done, failed) => {
    const transaction = database.transaction(stores, mode, { durability: "strict" });
    let result;
    transaction.oncomplete = () => done(result);
    transaction.onerror = transaction.onabort = () => failed(transaction.error);
    const told = work(...[stores].flat().map((name) => transaction.objectStore(name)));
    if (told instanceof IDBRequest) told.onsuccess = () => { result = told.result; };
  });
}

export const get = (store, key) => within(store, "readonly", (rows) => rows.get(key));
export const put = (store, key, value) => within(store, "readwrite", (rows) => rows.put(value, key));
export const clear = (store) => within(store, "readwrite", (rows) => rows.clear());
export const size = (store) => within(store, "readonly", (rows) => rows.count());
export const oldest = (store, most) => within(store, "readonly", (rows) => rows.getAll(null, most));

/** Put an entry at the end of the queue and, where it is a loan, count it for its card, both or neither. */
export const enqueue = (entry, hashed, count) => within(["queue", "lent"], "readwrite", (queue, lent) => {
  if (hashed) lent.put(count, hashed);
  return queue.add(entry);
});

export const forget = (sequences) => within("queue", "readwrite", (rows) => {
  for (const sequence of sequences) rows.delete(sequence);
});
