// The pad below the screen: what lies on it, and what lay there before anybody came.

import { speakTo } from "./agent.js";

/**
 * `address`: of the local program, "" for none. `laid(book)`: one was laid down; `lifted(tag)`: one was taken off;
 * `card(text)`, `unreadable()`: as the program tells; `tooFast()`: a lent book was taken away before the gate knew.
 */
export function newPad(address, { laid, lifted, card, unreadable, tooFast }) {
  const lying = new Map();
  const leftBehind = new Set();
  const agent = address ? speakTo(address, { there, laid: laidDown, lifted: takenOff, card, unreadable, outOfReach: ({ on }) => { if (!on) tooFast(); } }) : null;

  /** What lay there before anybody came is nobody's: it counts once it has been lifted and laid down again. */
  function there(books) {
    leftBehind.clear();
    for (const { tag } of books) if (!lying.has(tag)) leftBehind.add(tag);
  }

  function laidDown({ tag, barcode }) {
    if (leftBehind.has(tag)) return;
    lying.set(tag, { tag, barcode });
    laid({ tag, barcode });
  }

  function takenOff(tag) {
    lying.delete(tag);
    leftBehind.delete(tag);
    lifted(tag);
  }

  return {
    lying: () => [...lying.values()],
    hasForgotten: () => leftBehind.size > 0,
    /** Somebody leaves: what still lies there is forgotten. */
    leave() {
      for (const tag of lying.keys()) leftBehind.add(tag);
      lying.clear();
    },
    /** Let the gate know: a lent book may pass, a returned one may not. */
    released({ tag, verb }) {
      if (tag && verb !== "renew") agent?.secure(tag, verb === "checkin");
    },
  };
}
