/* The card on the phone: a new QR code every 30 seconds, made here, with or without a network. docs/phone_card.md */

import { dropCard, fetchCard, keptCard } from "./card_key.js";
import { STEP, makeCode, stepOf } from "./phone_code.js";
import { correction, generate } from "../vendor/lean-qr-2.7.4.min.js";

const page = document.querySelector("[data-card]");
const mark = document.querySelector('meta[name="shufang-app"]')?.content ?? "";
const isKept = document.querySelector("[data-kept]")?.hidden === false; // a copy: the code on it ran out long ago
let card; // handle, key and how far the clock is ahead: as kept at first, then as the server has just said
let shownStep = 0;

if (page) start();

async function start() {
  const canMakeCodes = mark && globalThis.crypto?.subtle && globalThis.indexedDB;
  if (!canMakeCodes) return fetchAlways();
  card = await keptCard(mark).catch(() => undefined);
  if (card) showAlways();
  const fresh = await fetchCard(mark);
  if (fresh === "over") return over();
  if (!card && !fresh) return isKept ? veil() : fetchAlways();
  const isFirst = !card;
  card = fresh ?? card;
  tellClock(card.ahead);
  if (isFirst) showAlways();
  else if (fresh) shownStep = 0; // perhaps another card since: its code at once
}

/* Make codes on this phone. */
function showAlways() {
  const show = async () => {
    if (document.hidden) return;
    const now = Date.now();
    const step = stepOf(now);
    countDown(STEP - Math.floor(now / 1000) % STEP);
    if (step === shownStep) return;
    shownStep = step;
    draw(await makeCode(card.handle, card.key, step));
  };
  tellClock(card.ahead);
  show();
  setInterval(show, 500);
  document.addEventListener("visibilitychange", show);
  keepAwake();
}

/* Let the server draw: on a device that others use too nothing is kept, and without https a browser makes no codes. */
function fetchAlways() {
  let left = Number(page.dataset.left);
  setInterval(async () => {
    left -= 1;
    countDown(Math.max(left, 0));
    if (left > 0 || document.hidden) return;
    left = STEP;
    const answer = await fetch(location.href).catch(() => undefined);
    const next = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-card]");
    if (!next) return veil();
    page.querySelector("[data-code]").replaceWith(next.querySelector("[data-code]"));
    left = Number(next.dataset.left);
  }, 1000);
}

/* Signed out elsewhere, or the card lends no more: no code is shown that nobody takes. */
async function over() {
  await dropCard(mark).catch(() => {});
  location.reload();
}

function draw(text) {
  const code = generate(text, { minCorrectionLevel: correction.Q, maxCorrectionLevel: correction.Q });
  let path = "";
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) if (code.get(x, y)) path += `M${x} ${y}h1v1h-1z`;
  }
  const picture = page.querySelector("[data-code]");
  picture.setAttribute("viewBox", `-4 -4 ${code.size + 8} ${code.size + 8}`);
  picture.querySelector("path").setAttribute("d", path);
}

function countDown(seconds) {
  page.querySelector("[data-seconds]").textContent = seconds;
  page.querySelector("[data-burn]").setAttribute("width", (100 * seconds) / STEP);
}

/* The server's code has run out and no new one comes. */
function veil() {
  page.querySelector("[data-code] path").setAttribute("d", "");
  page.querySelector("[data-veiled]").hidden = false;
  countDown(0);
}

/* A clock that is wrong by a step or more (seconds, ahead of the server's) makes codes that machines refuse. */
function tellClock(ahead) {
  const minutes = Math.max(1, Math.round(Math.abs(ahead) / 60));
  for (const said of page.querySelectorAll("[data-clock]")) {
    said.hidden = Math.abs(ahead) < STEP || (said.dataset.clock === "ahead") !== ahead > 0;
    said.querySelector("[data-minutes]").textContent = minutes;
  }
}

async function keepAwake() {
  try {
    await navigator.wakeLock.request("screen");
    document.addEventListener("visibilitychange", () => document.hidden || navigator.wakeLock.request("screen").catch(() => {}));
  } catch {
    // The screen goes dark by itself, as on any page.
  }
}
