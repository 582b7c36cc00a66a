// The kiosk: who are you, lay the books down, done. One visit at a time; what belongs to it lives in `stay` and goes with it.

import { newAccount } from "./account.js";
import { liven } from "./keypad.js";
import { newLine } from "./line.js";
import { chooseLook, forgetLook, look, readLook, showTime, wallTime } from "./look.js";
import { newPad } from "./pad.js";
import { newKey, newPile } from "./pile.js";
import { takeAlong } from "./receipt.js";
import { listen } from "./scanner.js";
import * as screens from "./screens.js";
import { SignedOut, ask } from "./server.js";
import { countdownSlip, watchSilence } from "./silence.js";
import { heedTouches } from "./touches.js";
import { identify } from "./who.js";
import { say, sayAll, speak, spoken, spokenOf } from "./words.js";

const { dataset: about } = document.querySelector("[data-stage]");
const PAGE = "/kiosk/";
const SIGN_IN = "/kiosk/sign-in/";
const HEARD_EVERY = 20_000;
const HANDED_OVER = "shufang-kiosk-visit"; // by the pages on which one gets a card
const BACK_FROM = { number: "who", book: () => stay.place };

let screen = "idle";
let stay = newStay();
const line = newLine({ version: about.version, account: about.account, changed: lineChanged, signedOut });
const pad = newPad(about.agent, { laid, lifted: (tag) => stay.pile.lifted(tag), card: scannedCard, unreadable, tooFast });
const account = newAccount({ here: () => stay, isShown: () => screen === "glance", line, leave, signedOut, cannot: () => show("lay") });

function newStay() {
  const fresh = { visit: null, place: "lay", purpose: "lay", entry: {}, glance: null, renewals: new Map(), notice: null, pending: "", silence: null, heard: 0 };
  fresh.pile = newPile({ line: { isUp: () => line.isUp(), broke: () => line.broke(), now: () => line.now() }, changed: pileChanged, over: leave, done: (book) => pad.released(book) });
  return fresh;
}

/* ---- Screens ---- */

function show(name) {
  screen = name;
  if (name === "lay" || name === "back") stay.place = name;
  document.documentElement.lang = spoken() === "en" ? "en" : "zh-CN";
  screens.put(name);
  screens.showLine(line.isUp());
  showTime(line.now());
  if (stay.visit) screens.showStanding(stay.visit);
  fill[name]?.();
  watch();
  const isFree = document.activeElement === document.body; // a screen with fields has given one the focus
  if (name !== "idle" && isFree) document.querySelector("[data-stage] h1:not([hidden])")?.focus();
}

const fill = {
  idle: () => screens.showIdle(line.told, wallTime(line.now()).date),
  who: () => {
    document.querySelector("[data-purpose]").setAttribute("aria-pressed", String(stay.purpose === "glance"));
    screens.tell(spokenOf(stay.notice));
  },
  number: () => {
    const isKnown = Boolean(stay.entry.scanned);
    for (const place of document.querySelectorAll("[data-stage] [data-card-known]")) place.hidden = (place.dataset.cardKnown === "yes") !== isKnown;
    screens.tell(spokenOf(stay.notice));
    enter(({ card, pin }) => begin(stay.entry.scanned ?? card, isKnown ? "scan" : "number", pin));
  },
  book: () => enter(({ barcode }) => {
    stay.entry = {};
    show(stay.place);
    take(barcode);
  }),
  lay: () => {
    screens.showPile(stay.pile);
    screens.tell(spokenOf(stay.notice) || (pad.hasForgotten() ? say("left_behind") : ""));
  },
  back: () => {
    screens.showPile(stay.pile);
    screens.tell(pad.hasForgotten() ? say("left_behind") : "");
  },
  glance: () => (stay.glance ? screens.showGlance(stay.glance, stay.renewals) : account.look()),
  finished: () => screens.showFinished(stay.pile, line.told.terms),
};

function enter(entered) {
  const root = document.querySelector("main.number");
  liven(root, { entered, kept: stay.entry, keep: (name, value) => { stay.entry[name] = value; } });
}

function lineChanged() {
  screens.showLine(line.isUp());
  if (screen === "idle") fill.idle();
}

function pileChanged() {
  if (screen === stay.place) screens.showPile(stay.pile);
  if (stay.visit) screens.showStanding(stay.visit);
}

/* ---- Who are you ---- */

function scanned(text) {
  stir();
  if (screen === "lay" || screen === "back") take(text);
  else if (screen === "book") {
    show(stay.place);
    take(text);
  } else if (screen !== "finished" && screen !== "glance") begin(text, "scan");
}

function scannedCard(text) {
  stir();
  if (["idle", "who", "number"].includes(screen)) begin(text, "scan");
  else if (screen === "back") screens.tell(say("is_book_back"));
}

async function begin(card, by, pin = "") {
  const here = stay;
  if (here.isAsking) return;
  here.isAsking = true;
  try {
    answered(here, card, by, await identify(line, card, by, pin));
  } catch (error) {
    if (error instanceof SignedOut) signedOut();
    else if (here === stay) refuse(sayAll("failed"));
  } finally {
    here.isAsking = false;
  }
}

function answered(here, card, by, told) {
  if (here !== stay) return; // somebody else stands here by now
  if (told.ok) {
    const { token = "", tail, left, notice } = told;
    stay.visit = { token, card, hashed: told.hashed ?? "", tail, left, stay: newKey() };
    Object.assign(stay, { notice, entry: {} });
    show(stay.purpose === "glance" && line.isUp() ? "glance" : "lay");
    takeWhatLies();
  } else if (told.is_item) {
    stay.pending = card;
    refuse(sayAll("is_book"));
  } else if (told.needs === "pin") {
    stay.notice = told.words ?? null;
    stay.entry = by === "scan" ? { scanned: card } : { card };
    show("number");
  } else refuse(told.words);
}

function refuse(words) {
  stay.notice = words;
  if (screen !== "number") show("who");
  screens.tell(spokenOf(words));
}

/* ---- Lay the books down ---- */

function take(barcode, tag = "") {
  const verb = stay.place === "back" ? "checkin" : "checkout";
  if (verb === "checkout" && !stay.visit) return;
  stay.notice = null;
  screens.tell("");
  stay.pile.take({ barcode, tag, verb, visit: stay.visit });
}

/** Take what was laid or shown before it was said what for; not what was returned a moment ago and still lies there. */
function takeWhatLies() {
  const before = stay.pending ? [{ barcode: stay.pending }] : [];
  stay.pending = "";
  for (const { barcode, tag } of [...pad.lying(), ...before]) if (!stay.pile.has(barcode)) take(barcode, tag);
}

function laid({ tag, barcode }) {
  if (screen === "idle") return; // left behind, or about to be shown with a card
  stir();
  if (screen === "lay" || screen === "back") take(barcode, tag);
}

function tooFast() {
  if (screen === "lay") screens.tell(say("too_fast"));
}

function unreadable() {
  if (screen === "lay" || screen === "back") screens.tell(say("unreadable"));
}

/* ---- My books ---- */

function renew(barcode) {
  if (screen !== "lay") {
    account.renew(barcode);
    return;
  }
  const book = stay.pile.books.find((each) => each.barcode === barcode);
  if (book) stay.pile.renew(book, stay.visit);
}

/* ---- Done, and gone ---- */

function done() {
  if (stay.pile.isBusy()) return;
  if (stay.pile.lent().length + stay.pile.returned().length) show("finished");
  else leave();
}

/** Everything personal goes: from the server, the page, its memory and its history. Timers end with their stay. */
function leave() {
  const { visit, silence } = stay;
  silence?.stop();
  if (visit?.token && line.isUp()) ask("visits/end", { visit: visit.token }, { tries: 1, keepalive: true }).catch(() => {});
  forgetLook();
  stay = newStay();
  pad.leave();
  if (line.isUp() || navigator.serviceWorker?.controller) {
    document.querySelector("[data-stage]").replaceChildren();
    location.replace(PAGE);
  } else begun();
}

function signedOut() {
  location.replace(SIGN_IN);
}

function watch() {
  if (screen === "idle") {
    stay.silence?.stop();
    stay.silence = null;
    return;
  }
  const burns = screen === "finished";
  if (stay.silence && stay.silence.burns === burns) return;
  stay.silence?.stop();
  stay.silence = { ...watchSilence({ show: (left, share) => countdown(left, share), end: leave, burns }), burns };
}

function countdown(left, share) {
  if (screen === "finished" && left !== null) {
    screens.part("burn").setAttribute("width", String(100 * share));
    screens.part("seconds").textContent = left;
  } else countdownSlip().show(left, share);
}

function stir() {
  stay.silence?.touch();
  const token = stay.visit?.token;
  if (!token || !line.isUp() || line.now() - stay.heard < HEARD_EVERY) return;
  stay.heard = line.now();
  const here = stay;
  ask("visits/goes-on", { visit: token }, { tries: 1 }).then((told) => { if (!told.ok && here === stay) leave(); }).catch(() => {});
}

/* ---- What is touched ---- */

const acts = {
  go: (to) => {
    if (to === "who" && screen === "back") stay.purpose = "lay";
    if (to === "who" && stay.visit) show("lay");
    else show(to);
    if (to === "back") takeWhatLies();
  },
  purpose: (to) => {
    stay.purpose = to;
    stay.notice = sayAll("first_card");
    show("who");
  },
  stepBack: () => {
    const to = BACK_FROM[screen];
    stay.entry = {};
    stay.notice = null;
    show(typeof to === "function" ? to() : to);
  },
  renew,
  renewAll: account.renewAll,
  done,
  leave,
  clear: leave,
  stay: stir,
  print: () => takeAlong("paper", stay.pile, wallTime(line.now())),
  receipt: () => takeAlong("code", stay.pile, wallTime(line.now())),
  help: () => screens.showHelp(true),
  helpOver: () => screens.showHelp(false),
  language: (language) => {
    chooseLook({ language });
    speak(language);
    show(screen);
  },
  look: (which) => {
    chooseLook({ [which]: !look[which], language: spoken() });
  },
};

heedTouches(acts, stir);
listen({
  scanned,
  typed: (text) => {
    if (screen === "who" || screen === "idle") {
      stay.entry = { card: text };
      show("number");
    } else if (screen === "lay" || screen === "back") {
      stay.entry = { barcode: text };
      show("book");
    }
  },
});
addEventListener("pageshow", ({ persisted }) => { if (persisted) leave(); });

function begun() {
  readLook();
  speak(look.language || about.defaultLanguage);
  history.replaceState(null, "", PAGE);
  const handedOver = sessionStorage.getItem(HANDED_OVER);
  sessionStorage.removeItem(HANDED_OVER);
  if (handedOver) takeOver(JSON.parse(handedOver));
  else show("idle");
}

/** Who got a card a moment ago stands here with it. */
function takeOver(told) {
  screen = "who";
  answered(stay, told.card, "scan", { ...told, token: told.visit });
}

setInterval(() => showTime(line.now()), 1000);
begun();
line.begin();
