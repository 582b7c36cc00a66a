// A scanner types, faster than anybody can, and ends with Enter (or Tab). What it says lands wherever the focus is: the
// signs are taken out of the field in which they fell, and no button is pressed by its Enter.

const PAUSE = 90; // ms between two signs of a scan at most
const MEAN = 40; // ms between its signs on average at most; a fast typist needs 80
const LEAST = 4; // signs of the shortest number

/** Listen for the page's life. `scanned(text)`: a scan. `typed(text)`: somebody types, and no field has the focus. */
export function listen({ scanned, typed }) {
  let burst = null;
  let timer = 0;

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.key === "Shift") return;
    if (burst && event.timeStamp - burst.last > PAUSE) {
      tell(); // before this sign, which falls into the field that may open now
      burst = null;
    }
    const sign = signOf(event);
    if (sign) {
      burst ??= begun(event.timeStamp);
      burst.signs += sign;
      burst.last = event.timeStamp;
      clearTimeout(timer);
      timer = setTimeout(tell, 2 * PAUSE);
    } else if ((event.key === "Enter" || event.key === "Tab") && burst && isScan(burst)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      const { signs } = burst;
      restore(burst);
      burst = null;
      clearTimeout(timer);
      scanned(signs);
    } else burst = null;
  }, { capture: true });

  /** Nothing came for a while, as people type. It may still be a scan that a busy machine hears late: the burst goes on. */
  function tell() {
    if (burst && !burst.field && !burst.isTold) typed(burst.signs);
    if (burst) burst.isTold = true;
  }
}

function begun(at) {
  const focused = document.activeElement;
  const field = focused instanceof HTMLInputElement ? focused : null;
  return { signs: "", first: at, last: at, field, before: field?.value };
}

function isScan({ signs, first, last }) {
  return signs.length >= LEAST && (last - first) / (signs.length - 1) <= MEAN;
}

function restore({ field, before }) {
  if (field?.isConnected) field.value = before;
}

/** The sign of a key; also where an input method holds it back and says "Process". */
function signOf({ key, code, shiftKey }) {
  if (key.length === 1) return key === " " ? "" : key;
  if (key !== "Process" && key !== "Unidentified") return "";
  const [, letter, digit] = /^(?:Key([A-Z])|(?:Digit|Numpad)(\d))$/.exec(code) ?? [];
  if (letter) return shiftKey ? letter : letter.toLowerCase();
  return digit ?? "";
}
