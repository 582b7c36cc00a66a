// The books of one stay, newest first: each goes its way by itself, one after the other, and has its own answer.

import { SignedOut, Unreachable, ask } from "./server.js";
import { day, say, sayAll, spokenOf } from "./words.js";
import * as offline from "./offline.js";

/**
 * `line`: {isUp(), broke(), now()}. `changed()` is called when the pile looks different, `over()` when the visit has ended
 * on the server, `done(book)` for each book that was lent or taken back.
 */
export function newPile({ line, changed, over, done }) {
  const books = [];
  let work = Promise.resolve();

  /** Take a book that was scanned or laid down. What lies here and is done, or under way, is not done again. */
  function take({ barcode, tag = "", verb, visit }) {
    const known = books.findIndex((book) => isSame(book, barcode));
    const isSameAct = known >= 0 && (books[known].verb === verb || (books[known].verb === "renew" && verb === "checkout"));
    if (isSameAct && ["waiting", "done"].includes(books[known].state)) {
      const [book] = books.splice(known, 1);
      books.unshift(book);
      book.tag = tag;
      if (tag && book.state === "done") done(book); // it was taken away before the gate knew
      changed();
      return;
    }
    if (isSameAct) books.splice(known, 1);
    const book = { barcode, tag, verb, state: "waiting", request: newKey(), title: barcode, author: "" };
    books.unshift(book);
    changed();
    work = work.then(() => go(book, visit)).catch((error) => fail(book, error));
  }

  async function go(book, visit) {
    if (line.isUp()) {
      try {
        answer(book, await ask(book.verb === "checkin" ? "return" : "borrow", asked(book, visit)), visit);
        return;
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        line.broke();
      }
    }
    const { barcode, request, verb } = book;
    const now = line.now();
    answer(book, await (verb === "checkin" ? offline.takeBack(barcode, request, now) : offline.lend(visit, barcode, request, now)), visit);
  }

  /** Renew a book that lies here and is out to this reader already. */
  async function renew(book, visit) {
    if (book.state === "waiting") return;
    Object.assign(book, { state: "waiting", verb: "renew", request: newKey() });
    changed();
    try {
      answer(book, await ask("renew", asked(book, visit)), visit);
    } catch (error) {
      fail(book, error);
    }
  }

  function answer(book, told, visit) {
    if (told.refusal === "visit_over") {
      over();
      return;
    }
    const { ok, title, author, cover, language, due, words, then, look, refusal, may_renew: mayRenew } = told;
    Object.assign(book, {
      state: ok ? "done" : "refused",
      title: title || book.title,
      author: author || book.author,
      cover, language, due, words, then, refusal, mayRenew, look: Boolean(look),
      isOffline: Boolean(told.offline),
    });
    if (ok && book.verb === "checkout" && visit?.left) visit.left -= 1;
    if (ok) {
      for (const other of books) if (other !== book && isSame(other, book.barcode)) other.state = "past"; // borrowed, and back
      done(book);
    }
    changed();
  }

  function fail(book, error) {
    if (error instanceof SignedOut) over();
    if (error instanceof Unreachable) line.broke();
    Object.assign(book, { state: "refused", words: sayAll("again"), refusal: "failed" });
    changed();
  }

  const of = (...verbs) => books.filter((book) => book.state === "done" && verbs.includes(book.verb));
  return {
    books,
    take,
    renew,
    has: (barcode) => books.some((book) => isSame(book, barcode)),
    lent: () => of("checkout", "renew"),
    returned: () => of("checkin"),
    isBusy: () => books.some((book) => book.state === "waiting"),
    /** Of a book under way the tag is kept: that it is out of reach then tells that it was taken too fast. */
    lifted: (tag) => { for (const book of books) if (book.tag === tag && book.state !== "waiting") book.tag = ""; },
  };
}

const isSame = (book, barcode) => book.barcode.toUpperCase() === barcode.toUpperCase();

const asked = ({ barcode, request }, visit) => ({ barcode, request, visit: visit?.token ?? "" });

/** A key under which one thing is done once. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const [...bytes] = crypto.getRandomValues(new Uint8Array(16));
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

/** Fill a row of the pile (the template "laid"). */
export function showBook(row, book, { isNewest = false } = {}) {
  const place = (name) => row.querySelector(`[data-text="${name}"]`);
  row.classList.toggle("newest", isNewest);
  row.classList.toggle("slip", book.state === "refused");
  row.classList.toggle("wait", book.state === "waiting");
  place("title").textContent = book.title;
  place("author").textContent = book.state === "waiting" ? say("asking") : book.author;
  showCover(row, book);
  const isDone = book.state === "done";
  row.querySelector(".did").hidden = !isDone;
  row.querySelector(".why").hidden = book.state !== "refused";
  if (isDone) place("did").replaceChildren(...withBoldDay(spokenOf(book.words), book.due));
  if (book.state === "refused") {
    place("why").textContent = say({ checkin: "not_returned", renew: "not_renewed" }[book.verb] ?? "not_lent");
    place("author").hidden = true;
  }
  const then = book.state === "refused" ? book.words : book.then;
  place("then").textContent = spokenOf(then);
  place("then").hidden = !then || book.state === "waiting";
  const renewing = row.querySelector("[data-renew]");
  renewing.hidden = !(book.state === "refused" && book.mayRenew);
  renewing.textContent = say("renew");
  renewing.dataset.renew = book.barcode;
}

/** The words with the day in them in bold. */
function withBoldDay(words, due) {
  const [before, after] = due ? words.split(day(due)) : [words];
  if (after === undefined) return [words];
  return [before, Object.assign(document.createElement("b"), { textContent: day(due) }), after];
}

/** Show a drawn cover, from the answer itself; where there is none (the line is down), a plain one. */
export function showCover(place, { cover, title }) {
  const picture = place.querySelector(".cover");
  const plain = place.querySelector(".plain-cover");
  picture.hidden = !cover;
  plain.hidden = Boolean(cover);
  if (cover) picture.src = `data:image/svg+xml,${encodeURIComponent(cover)}`;
  else plain.textContent = [...title].slice(0, 1).join("");
}
