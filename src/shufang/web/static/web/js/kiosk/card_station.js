// The kiosk's document reader and card printer: a program on this machine (docs/kiosk.md has its messages). It may come and go.

const VERSION = 1;
const SOON = 500;
const LATE = 10_000;
const PATIENCE = 4000;

/**
 * Speak with the program at `address`. Calls `there(printer)` and `printer(printer)` with "ready", "no_blanks", "jammed" or
 * "none"; `document(read)`, `unreadable()`; `printed(key)`, `notPrinted(key, reason)`; `silent()` when nobody answers.
 */
export function reach(address, { there, printer, document: laid, unreadable, printed, notPrinted, silent }) {
  let socket = null;
  let wait = SOON;
  let isOver = false;
  let patience = address ? setTimeout(() => silent?.(), PATIENCE) : 0;

  function connect() {
    socket = new WebSocket(address);
    socket.addEventListener("open", () => {
      wait = SOON;
      send({ type: "hello", version: VERSION });
    });
    socket.addEventListener("message", ({ data }) => hear(data));
    socket.addEventListener("close", () => {
      if (isOver) return;
      patience ||= setTimeout(() => silent?.(), PATIENCE);
      setTimeout(connect, wait);
      wait = Math.min(2 * wait, LATE);
    });
  }

  function hear(data) {
    let said;
    try {
      said = JSON.parse(data);
    } catch {
      return;
    }
    if (said.type === "hello") {
      clearTimeout(patience);
      patience = 0;
      there?.(said.printer ?? "none");
    } else if (said.type === "printer") printer?.(said.printer);
    else if (said.type === "document") laid?.(said);
    else if (said.type === "unreadable") unreadable?.();
    else if (said.type === "printed") printed?.(said.key);
    else if (said.type === "not_printed") notPrinted?.(said.key, said.reason);
  }

  function send(said) {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(said));
  }

  if (address) connect();
  else silent?.();
  return {
    read: (on) => send({ type: "read", on }),
    print: (key, number) => send({ type: "print", key, number }),
    over: () => {
      isOver = true;
      clearTimeout(patience);
      send({ type: "read", on: false });
      socket?.close();
    },
  };
}
