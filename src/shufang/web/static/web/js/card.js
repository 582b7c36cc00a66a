/* The card on the phone: a new QR code every 30 seconds, made here, with or without a network. docs/phone_card.md */

import { dropCard, keepCard, keptCard } from "./card_key.js";
import { STEP, keyOf, makeCode, stepOf } from "./phone_code.js";
import { correction, generate } from "../vendor/lean-qr-2.7.4.min.js";

const page = document.querySelector("[data-card]");
const mark = document.querySelector('meta[name="shufang-app"]')?.content ?? "";
let shownStep = 0;

if (page) start();

async function start() {
  const canMakeCodes = mark && globalThis.crypto?.subtle && globalThis.indexedDB;
  if (canMakeCodes) {
    let card = await keptCard(mark).catch(() => undefined);
    if (card) showAlways(card);
    const fresh = await fetchCard();
    if (fresh === "over") return;
    if (fresh && !card) showAlways(fresh);
    if (fresh || card) return;
  }
  fetchAlways();
}

/* Make codes on this phone. */
async function showAlways(card) {
  tellClock(card.ahead);
  const show = async () => {
    if (document.hidden) return;
    const now = Date.now();
    const step = stepOf(now);
    if (step !== shownStep) {
      shownStep = step;
      draw(await makeCode(card.handle, card.key, step));
    }
    countDown(STEP - Math.floor(now / 1000) % STEP);
  };
  await show();
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

/* Ask for handle and secret, and measure how far this phone's clock is from the server's. */
async function fetchCard() {
  const body = new URLSearchParams({ csrfmiddlewaretoken: page.querySelector("[name=csrfmiddlewaretoken]").value });
  const asked = Date.now();
  const answer = await fetch(page.dataset.secret, { method: "POST", body, redirect: "manual" }).catch(() => undefined);
  if (!answer) return undefined; // no network
  if (!answer.ok) return over(answer);
  const { handle, secret, now } = await answer.json();
  const card = { handle, key: await keyOf(secret), ahead: (asked + Date.now()) / 2000 - now };
  tellClock(card.ahead);
  await keepCard(mark, card).catch(() => {});
  return card;
}

/* Signed out elsewhere (we are led to sign in), or the card lends no more (409): no code is shown that nobody takes. */
async function over(answer) {
  if (answer.type !== "opaqueredirect" && answer.status !== 409) return undefined;
  await dropCard(mark).catch(() => {});
  location.reload();
  return "over";
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
