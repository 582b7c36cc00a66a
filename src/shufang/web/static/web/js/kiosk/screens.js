// Putting a screen on the glass and filling it. Each screen stands in the page as a template, in both languages.

import { look } from "./look.js";
import { showBook, showCover } from "./pile.js";
import { codeOf } from "./receipt.js";
import { almanac, counted, day, dayInTheYear, say, spoken, spokenOf } from "./words.js";

const stage = document.querySelector("[data-stage]");
const MOST_COVERS = 4;

/** A copy of a template in the language that is spoken. */
export function copyOf(name) {
  const tag = spoken() === "en" ? "en" : "zh-CN";
  return document.querySelector(`template[data-template="${name}"][lang="${tag}"]`).content.cloneNode(true);
}

export function put(name) {
  const foot = document.createElement("div");
  foot.className = "foot-of-kiosk";
  foot.append(copyOf("foot"));
  stage.replaceChildren(copyOf(name), foot);
  for (const button of stage.querySelectorAll("[data-look]")) button.setAttribute("aria-pressed", String(look[button.dataset.look]));
  return stage;
}

export const part = (name) => stage.querySelector(`[data-${name}]`);

export function write(name, text) {
  for (const place of stage.querySelectorAll(`[data-text="${name}"]`)) place.textContent = text;
}

/** The slip under a heading; nothing hides it. */
export function tell(words) {
  const slip = part("slip");
  if (!slip) return;
  slip.hidden = !words;
  write("slip", words);
}

export function showLine(isUp) {
  const slip = part("line");
  if (slip) slip.hidden = isUp;
  for (const place of stage.querySelectorAll("[data-needs-line]")) place.hidden = !isUp;
}

/** Whose turn it is: the last four signs, and how many more books. */
export function showStanding({ tail, left }) {
  const place = part("standing");
  if (!place) return;
  const [before, after = ""] = say(left === null ? "standing_full" : "standing", { tail, left: "\n" }).split("\n");
  const number = document.createElement("b");
  number.className = "num";
  number.textContent = left ?? "";
  place.replaceChildren(before, ...(left === null ? [] : [number]), after);
}

export function showIdle({ letter, terms, presence }, today) {
  write("almanac", almanac(today, terms));
  showPresence(presence);
  const place = part("letter");
  const columns = letter?.[spoken()] ?? [];
  place.replaceChildren(place.firstElementChild, ...columns.map(column));
}

function column({ lines, when, book }) {
  const whole = document.createElement("p");
  if (when) {
    const above = document.createElement("span");
    above.className = "when";
    above.append(...[when, lines[0]].map((words) => Object.assign(document.createElement("span"), { textContent: words })));
    whole.append(above, Object.assign(document.createElement("b"), { textContent: book }));
  } else lines.forEach((line, place) => whole.append(...(place ? [document.createElement("br")] : []), line));
  return whole;
}

/** The code by which a phone shows that it is here. It changes; a dead line has none. */
export function showPresence(presence) {
  const place = part("presence");
  if (!place) return;
  place.hidden = !presence;
  if (!presence) return;
  write("presence", presence.typed);
  const holder = part("presence-code");
  if (holder.dataset.code !== presence.code) holder.replaceChildren(codeOf(presence.address, presence.typed));
  holder.dataset.code = presence.code;
}

export function showPile(pile) {
  const list = part("pile");
  if (!list) return;
  const hadFocus = list.contains(document.activeElement);
  const rows = pile.books.filter((book) => book.state !== "past").map((book, place) => {
    const row = copyOf("laid").firstElementChild;
    showBook(row, book, { isNewest: place === 0 });
    return row;
  });
  list.replaceChildren(...rows);
  list.scrollTop = 0;
  if (hadFocus) list.focus();
  list.hidden = !rows.length;
  part("empty").toggleAttribute("hidden", rows.length > 0);
  const count = pile.lent().length + pile.returned().length;
  const done = part("done");
  done.textContent = count ? say(count === 1 ? "done_one" : "done_many", { count: counted(count) }) : say("leave");
  done.classList.toggle("first", count > 0);
  done.setAttribute("aria-busy", String(pile.isBusy()));
}

export function showGlance(told, renewals) {
  const place = part("glance");
  place.setAttribute("aria-busy", "false");
  write("heading", told.loans.length ? say(told.loans.length === 1 ? "glance_one" : "glance_many", { count: counted(told.loans.length) }) : say("glance_none"));
  const loans = told.loans.map((loan) => loanRow(loan, renewals.get(loan.barcode)));
  const ready = told.holds.map(holdRow);
  if (ready.length) ready.unshift(Object.assign(document.createElement("h2"), { textContent: say("ready") }));
  place.replaceChildren(...ready, ...loans);
  part("renew-all").hidden = told.loans.length < 1 || told.loans.every((loan) => renewals.has(loan.barcode));
  tell(Number(told.owed) ? say("owed", { owed: told.owed }) : "");
}

function loanRow(loan, renewal) {
  const row = bookRow(loan);
  const did = row.querySelector(".did");
  did.hidden = false;
  const isLate = loan.overdue && !renewal?.ok;
  did.className = isLate ? "did cinnabar" : renewal?.ok ? "did jade" : "did";
  did.querySelector("svg").remove();
  did.firstElementChild.textContent = renewal?.ok ? spokenOf(renewal.words) : say(isLate ? "overdue" : "due", { due: day(loan.due) });
  const then = row.querySelector('[data-text="then"]');
  then.hidden = !renewal || renewal.ok || renewal.isWaiting;
  then.textContent = spokenOf(renewal?.words);
  const renewing = row.querySelector("[data-renew]");
  renewing.hidden = Boolean(renewal);
  renewing.textContent = say("renew");
  renewing.dataset.renew = loan.barcode;
  renewing.setAttribute("aria-label", `${say("renew")} ${loan.title}`);
  return row;
}

function holdRow(hold) {
  const row = bookRow(hold);
  const then = row.querySelector('[data-text="then"]');
  then.hidden = false;
  then.textContent = say(hold.here ? "ready_here" : "ready_there", { branch: spokenOf(hold.branch), until: day(hold.until) });
  return row;
}

function bookRow(book) {
  const row = document.createElement("div");
  row.className = "laid";
  row.append(...copyOf("laid").firstElementChild.children);
  row.querySelector('[data-text="title"]').textContent = book.title;
  row.querySelector('[data-text="author"]').textContent = book.author;
  showCover(row, book);
  return row;
}

/** The last screen: what was lent and until when, or what was taken back. */
export function showFinished(pile, terms) {
  const [lent, returned] = [pile.lent(), pile.returned()];
  const days = lent.map((book) => book.due).filter(Boolean).sort();
  const count = counted(lent.length || returned.length);
  const isOneDay = new Set(days).size === 1;
  if (days.length) {
    write("stamp", say("stamp_lent"));
    write("lead", say(lent.length === 1 ? "lent_one" : isOneDay ? "lent_many" : "lent_days", { count }));
    showDue(days[0]);
    write("after", dayInTheYear(days[0], terms));
  } else {
    write("stamp", say("stamp_returned"));
    write("lead", say(returned.length === 1 ? "returned_one" : "returned_many", { count }));
    write("due", say("thanks"));
  }
  const shown = [...lent, ...returned];
  part("shelf").replaceChildren(...shown.slice(0, MOST_COVERS).map((book) => standing(book, isOneDay)));
  return shown;
}

function showDue(iso) {
  const place = stage.querySelector(".due");
  place.replaceChildren(...day(iso).split(/(\d+)/).filter(Boolean).map((piece) => (/\d/.test(piece)
    ? Object.assign(document.createElement("b"), { className: "num", textContent: piece }) : piece)));
}

function standing(book, isOneDay) {
  const place = document.createElement("li");
  const cover = copyOf("laid");
  place.append(cover.querySelector(".cover"), cover.querySelector(".plain-cover"));
  showCover(place, book);
  const under = document.createElement("p");
  under.className = "under";
  under.append(Object.assign(document.createElement("b"), { className: "title", textContent: book.title }));
  const words = book.due ? (isOneDay ? "" : say("due", { due: day(book.due) })) : spokenOf(book.words);
  under.append(words);
  place.append(under);
  return place;
}

/** Help stands in the place of the screen, which comes back as it was. */
export function showHelp(isOpen) {
  part("helping").hidden = !isOpen;
  stage.querySelector("main").hidden = isOpen;
  (isOpen ? part("helping").querySelector("h1") : part("help")).focus();
}
