// The pages on which one gets a card: the document on the reader, the keypad, the printer, the wait for a deposit. What a
// page knows stands in it and goes with it; the server is told when somebody leaves.

import { liven } from "./keypad.js";
import { begin, leave } from "./page.js";
import { reach } from "./card_station.js";

const PAGE = "/kiosk/card/";
const FIRST = "/kiosk/";
const HANDED_OVER = "shufang-kiosk-visit";
const ASK_EVERY = 2000;
const WAIT_FOR_MONEY = 180_000;

const main = document.querySelector("main.card-page");
const part = (name) => main.querySelector(`[data-${name}]`);
const form = (name) => document.querySelector(`form[data-${name}]`);
const saying = (name) => document.querySelector(`[data-saying="${name}"]`)?.textContent.trim() ?? "";
const { touch } = begin();
let isForGood = false;
let isSent = false;

function tell(text) {
  const slip = part("slip");
  slip.hidden = !text;
  slip.querySelector("[data-says]").textContent = text;
}

function send(sent) {
  if (isSent) return;
  isSent = true; // one touch, one answer
  sent.submit();
}

async function post(sent, more = {}) {
  const body = new FormData(sent);
  for (const [name, value] of Object.entries(more)) body.set(name, value);
  return fetch(sent.action, { method: "POST", body, redirect: "manual", keepalive: true, cache: "no-store" });
}

/* ---- The station ---- */

const station = reach(main.dataset.station, {
  there: (state) => {
    page.there?.();
    page.printer?.(state);
  },
  printer: (state) => page.printer?.(state),
  document: (read) => page.document?.(read),
  unreadable: () => {
    tell(saying("unreadable"));
    station.read(true);
  },
  printed: () => page.printed?.(),
  notPrinted: (_key, reason) => page.notPrinted?.(reason),
  silent: () => page.silent?.(),
});

/** A document was read: it goes to the server, and nowhere else. */
function laid(read) {
  const sent = form("document");
  for (const name of ["kind", "number", "name", "birth_date", "valid_until"]) sent.elements[name].value = read[name] ?? "";
  tell(saying("reading"));
  send(sent);
}

const reading = { there: () => station.read(true), document: laid, silent: () => tell(saying("silent")) };

/* ---- Pages ---- */

const pages = {
  document: () => reading,
  guardian: () => ({ ...reading, silent: null }), // there is the card, too
  kind: () => ({ printer: offerPrint, silent: () => offerPrint("none") }),
  known: () => ({ printer: offerReplacement, silent: () => offerReplacement("none") }),
  deposit: waitForMoney,
  done: waitForPrint,
};
const page = pages[main.dataset.page.trim()]?.() ?? {};

function offerPrint(state) {
  const print = part("print-choice");
  const chosen = main.querySelector('[name="offer"]:checked');
  const isThere = state === "ready" && chosen?.dataset.canBePrinted !== "no";
  const wasThere = !print.disabled;
  print.disabled = !isThere;
  if (isThere && !wasThere) print.checked = true;
  if (!isThere) part("phone-choice").checked = true;
  tell(saying(state === "ready" || state === "none" ? "" : state));
  main.dataset.printer = state;
}

function offerReplacement(state) {
  for (const button of main.querySelectorAll("[data-needs-printer]")) button.disabled = state !== "ready";
  main.dataset.printer = state;
}

function waitForMoney() {
  const until = performance.now() + WAIT_FOR_MONEY;
  const timer = setInterval(async () => {
    if (performance.now() < until) touch(); // who pays looks at his phone
    try {
      const told = await (await fetch(`${PAGE}state/`, { cache: "no-store" })).json();
      if (told.is_paid || told.is_over) clearInterval(timer);
      if (told.is_paid) location.replace(PAGE);
      else if (told.is_over) leave();
    } catch {
      // the line is down for a moment: asked again
    }
  }, ASK_EVERY);
  return {};
}

function waitForPrint() {
  const { number, key, prints } = main.dataset;
  if (prints !== "yes") return {};
  const failed = (reason) => {
    isBusy(false);
    tell(`${saying(reason === "no_blanks" ? "not_printed_no_blanks" : "not_printed")} ${saying("come_back")}`);
  };
  tell(saying("printing"));
  const isBusy = (busy) => { part("borrow").disabled = busy; }; // the card comes out first
  isBusy(true);
  return {
    there: () => station.print(key, number),
    printed: () => {
      main.dataset.prints = "no";
      isBusy(false);
      tell(saying("printed"));
      post(form("printed"));
    },
    notPrinted: failed,
    silent: () => failed("silent"),
  };
}

/* ---- What is touched ---- */

const keyed = form("keyed");
if (keyed) liven(main, { entered, kept: {}, keep });

/** A PIN that is full leads on to the next field. */
function keep(name, value) {
  const fields = [...main.querySelectorAll(".entries input")];
  const at = fields.findIndex((field) => field.name === name);
  if (fields[at].type === "password" && value.length === fields[at].maxLength) setTimeout(() => fields[at + 1]?.focus());
}

function entered(values) {
  for (const [name, value] of Object.entries(values)) keyed.elements[name].value = value;
  send(keyed);
}

document.addEventListener("click", ({ target }) => {
  const { dataset } = target.closest("button") ?? document.body;
  if ("cancel" in dataset) {
    isForGood = true;
    leave();
  } else if ("borrow" in dataset) goAndBorrow(target.closest("button"));
  else if ("replace" in dataset) {
    const sent = form("known");
    for (const [name, value] of [["do", "replace"], ["print", dataset.replace]]) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      sent.append(field);
    }
    send(sent);
  } else if ("opens" in dataset) open(true);
  else if ("closes" in dataset) open(false);
});

main.addEventListener("change", ({ target }) => {
  if (target.name === "offer") offerPrint(main.dataset.printer ?? "none");
});
main.addEventListener("submit", (event) => {
  if (isSent) event.preventDefault();
  isSent = true;
});

function open(isOpen) {
  const opened = part("opened");
  opened.hidden = !isOpen;
  for (const choices of main.querySelectorAll(".choices")) if (choices !== opened) choices.hidden = isOpen;
  if (isOpen && main.dataset.printer && !["ready", "none"].includes(main.dataset.printer)) tell(saying(main.dataset.printer));
  else tell("");
}

/** The card is in hand: the kiosk's own page goes on with its visit. */
async function goAndBorrow(button) {
  if (isSent) return;
  isSent = true;
  button.setAttribute("aria-busy", "true");
  try {
    const body = new FormData(form("end"));
    const answer = await fetch(`${PAGE}borrow/`, { method: "POST", body, cache: "no-store" });
    const told = answer.redirected ? null : await answer.json();
    if (told?.ok) sessionStorage.setItem(HANDED_OVER, JSON.stringify(told));
    station.over();
    location.replace(FIRST);
  } catch {
    isSent = false;
    button.removeAttribute("aria-busy");
  }
}

document.addEventListener("kiosk:leave", ({ detail }) => {
  station.over();
  const ending = form("end");
  if (ending) detail.wait(post(ending, isForGood ? { for_good: "1" } : {}));
});

const { activeElement } = document;
if (activeElement === document.body) main.querySelector("h1").focus();
main.dataset.ready = "yes";
