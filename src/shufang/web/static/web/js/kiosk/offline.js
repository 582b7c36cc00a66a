// Lending without the server: by what the kiosk last saw of cards and books, into a queue that only the server can read.
// When the line is back the queue is played in its order; the server does each entry once, however often it is sent.

import { wallTime } from "./look.js";
import { canSeal, fromBase64, seal, toBase64 } from "./seal.js";
import { ask, lastKnown, lastKnownBooks } from "./server.js";
import * as store from "./store.js";
import { day, sayAll } from "./words.js";

const ROW = 10; // bytes of a card in the list: 8 of its hash, which code, how many it may borrow
const PORTION = 20;
const BOOKS_EVERY = 6 * 3600_000;
const PHONE_CODE = /^1\d{44}$/;
const PHONE_STEP = 30_000;
const encoder = new TextEncoder();

let known = null;
let books = null;

/** Take up what was kept before; return what the first screen showed last. */
export async function remember() {
  [known, books] = [await store.get("known", "cards"), await keptBooks()];
  return store.get("known", "told");
}

export const keepTold = ({ letter, terms }) => store.put("known", "told", { letter, terms });

async function keptBooks() {
  const kept = await store.get("known", "books");
  return kept && { as_of: kept.as_of, by: new Map(kept.books.map(([barcode, ...about]) => [barcode, about])) };
}

/** Ask the server anew what must be known, and keep it. */
export async function renewKnown() {
  const cards = await lastKnown();
  await store.put("known", "cards", cards);
  known = cards;
  if (books && cards.as_of - books.as_of < BOOKS_EVERY) return;
  await store.put("known", "books", await lastKnownBooks());
  books = await keptBooks();
}

export const isReady = () => Boolean(canSeal && known && books);

/** Why nothing can be lent here now, or "". Returning needs the key alone. */
export function whyNot(now) {
  if (!canSeal || !known?.lends || now - known.as_of > known.hours * 3600_000) return "offline_off";
  return "";
}

const asNumber = (text) => text.replace(/[a-z]/g, (letter) => letter.toUpperCase());
const no = (code, values) => ({ ok: false, refusal: code, words: sayAll(code, values) });

/** Who is it? As the server answers, as far as can be said without it. */
export async function begin(card, by, now) {
  const reason = whyNot(now);
  if (reason) return no(reason);
  if (by !== "scan") return no("offline_pin");
  if (PHONE_CODE.test(card)) return beginByPhone(card, now);
  const number = asNumber(card);
  if (books?.by.has(number)) return { ok: false, is_item: true };
  if (!known.shapes.includes(number.replace(/\d/g, "9"))) return no("card_unknown");
  const hashed = await hash(number);
  const { left, code } = limitOf(hashed);
  const lent = (await store.get("lent", hex(hashed))) ?? 0;
  if (!left) return no(code || "limit_reached");
  return { ok: true, card: number, hashed: hex(hashed), tail: number.slice(-4), left: Math.max(0, left - lent), notice: null };
}

async function beginByPhone(code, now) {
  const ahead = Number(code.slice(19, 27)) - Math.floor(now / PHONE_STEP);
  if (ahead < -1) return no("phone_code_old");
  if (ahead > 1) return no("phone_clock_ahead");
  const used = hex(await hash(code));
  if (await store.get("codes", used)) return no("phone_code_used");
  await store.put("codes", used, now);
  return { ok: true, card: code, hashed: used, tail: "", left: known.most, notice: null };
}

/** Lend a book; it is in the queue before this says yes. `visit` has a `token` when it was begun with the server. */
export async function lend(visit, barcode, request, now) {
  const reason = whyNot(now);
  if (reason) return no(reason);
  const [title, author, days, code] = books?.by.get(asNumber(barcode)) ?? ["", "", known.days, ""];
  const book = { title: title || barcode, author };
  if (code || !days) return { ...book, ...no(code || "no_policy") };
  if (visit.left !== null && visit.left <= 0) return { ...book, ...no("limit_reached") };
  const hashed = visit.hashed || hex(await hash(visit.card ? asNumber(visit.card) : visit.token));
  const lent = (await store.get("lent", hashed)) ?? 0;
  if (lent >= known.most) return { ...book, ...no("offline_most", () => ({ most: known.most })) };
  const due = dueDay(days, now);
  const who = visit.token ? { visit: visit.token } : { card: visit.card, stay: visit.stay };
  await enqueue({ verb: "checkout", barcode, at: now, due, ...who }, request, hashed, lent + 1);
  return { ok: true, ...book, due, words: sayAll("checked_out", (language) => ({ due: day(due, language) })), offline: true };
}

/** Take a book back. Where it goes nobody can say now. */
export async function takeBack(barcode, request, now) {
  if (!canSeal || !known) return no("offline_off");
  const [title, author] = books?.by.get(asNumber(barcode)) ?? ["", ""];
  await enqueue({ verb: "checkin", barcode, at: now }, request);
  return { ok: true, title: title || barcode, author, words: sayAll("returned"), then: sayAll("offline_back"), offline: true };
}

async function enqueue(said, id, hashed = "", lent = 0) {
  const sealed = await seal(JSON.stringify({ v: 1, id, ...said }), fromBase64(known.key), known.context);
  await store.enqueue({ id, sealed: toBase64(sealed), key_id: known.key_id, context: known.context }, hashed, lent);
}

/** Send the queue, oldest first, until it is empty. Throws what `ask` throws; what is not acknowledged stays. */
export async function playBack() {
  const play = async () => {
    for (;;) {
      const entries = (await store.oldest("queue", PORTION)).filter((entry) => entry.key_id === known?.key_id && entry.context === known.context);
      if (!entries.length) break;
      const { done } = await ask("happened", { entries: entries.map(({ id, sealed }) => ({ id, sealed })) });
      await store.forget(entries.filter(({ id }) => done.includes(id)).map(({ seq }) => seq));
    }
    await Promise.all([store.clear("lent"), store.clear("codes")]);
  };
  return navigator.locks ? navigator.locks.request("shufang-kiosk-queue", play) : play();
}

export const waiting = () => store.size("queue");

function dueDay(days, now) {
  const at = new Date(`${wallTime(now).date}T00:00:00Z`);
  const closed = new Set(known.closed);
  at.setUTCDate(at.getUTCDate() + days);
  while (closed.has(at.toISOString().slice(0, 10))) at.setUTCDate(at.getUTCDate() + 1);
  return at.toISOString().slice(0, 10);
}

function limitOf(hashed) {
  const rows = fromBase64(known.cards);
  let [low, high] = [0, rows.length / ROW];
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows.subarray(middle * ROW, middle * ROW + ROW);
    const order = compare(row, hashed);
    if (order === 0) return { code: known.codes[row[8]], left: Math.min(row[9], known.most) };
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return { code: "", left: known.most };
}

function compare(row, hashed) {
  for (let place = 0; place < hashed.length; place += 1) if (row[place] !== hashed[place]) return row[place] - hashed[place];
  return 0;
}

/** The first 8 bytes of the keyed hash of kernel/identifiers.py: HMAC-SHA-256 over the length and the text. */
async function hash(text) {
  const bytes = encoder.encode(text);
  const message = new Uint8Array(4 + bytes.length);
  new DataView(message.buffer).setUint32(0, bytes.length);
  message.set(bytes, 4);
  const key = await crypto.subtle.importKey("raw", fromBase64(known.hash_key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, message)).subarray(0, 8);
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
