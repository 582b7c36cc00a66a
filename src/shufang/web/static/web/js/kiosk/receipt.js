// What one takes along: a slip of paper, or the same words in a QR code that is drawn here and stored nowhere. Neither
// names the reader.

import { correction, generate } from "../../vendor/lean-qr-2.7.4.min.js";
import { day, say, spokenOf } from "./words.js";

const LONGEST_TITLE = 24;
const SVG = "http://www.w3.org/2000/svg";

/** Let somebody take the list along, on "paper" or as a "code", at a wall's time (look.js). */
export function takeAlong(how, pile, wall) {
  const branch = document.querySelector(".kbar .name").textContent;
  const lines = linesOf([...pile.lent(), ...pile.returned()], branch, `${wall.date} ${wall.text}`);
  const part = (name) => document.querySelector(`[data-${name}]`);
  if (how === "paper") printOn(part("paper"), lines);
  else {
    part("code").replaceChildren(codeOf(lines.join("\n"), say("receipt_code")));
    part("receipt-code").hidden = false;
    part("shelf").hidden = true;
  }
}

/** The lines of a receipt: where and when, then each book with its day. */
function linesOf(books, branch, time) {
  const isReturn = books.every((book) => book.verb === "checkin");
  const title = ({ title: whole }) => ([...whole].length > LONGEST_TITLE ? `${[...whole].slice(0, LONGEST_TITLE).join("")}…` : whole);
  const line = (book) => (book.due ? `${title(book)}  ${say("due", { due: day(book.due) })}` : `${title(book)}  ${spokenOf(book.words)}`);
  return [say(isReturn ? "receipt_back" : "receipt_of", { branch, time }), ...books.map(line)];
}

/** A QR code as an SVG of one path; black on light by night too, since cameras want it so. */
export function codeOf(text, words) {
  const code = generate(text, { minCorrectionLevel: correction.L });
  let path = "";
  for (let y = 0; y < code.size; y += 1) for (let x = 0; x < code.size; x += 1) if (code.get(x, y)) path += `M${x} ${y}h1v1h-1z`;
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", `-4 -4 ${code.size + 8} ${code.size + 8}`);
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", words);
  picture.append(document.createElementNS(SVG, "path"));
  picture.firstChild.setAttribute("d", path);
  return picture;
}

/** Fill the paper that is printed and never shown. */
function printOn(paper, lines) {
  paper.replaceChildren(...lines.map((line, place) => {
    const row = document.createElement(place ? "p" : "h2");
    row.textContent = line;
    return row;
  }));
  print();
}
