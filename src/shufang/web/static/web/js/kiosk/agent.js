// The local program for pad and readers, on this machine (docs/kiosk.md has its messages). It may come and go.

const VERSION = 1;
const SOON = 500;
const LATE = 10_000;

/** Speak with the program at `address`. Calls `there([{tag, barcode}])` at the beginning, `laid({tag, barcode})`, `lifted(tag)`, `card(text)`, `unreadable()`, `outOfReach()`. */
export function speakTo(address, { there, laid, lifted, card, unreadable, outOfReach }) {
  let socket = null;
  let wait = SOON;

  function connect() {
    socket = new WebSocket(address);
    socket.addEventListener("open", () => {
      wait = SOON;
      send({ type: "hello", version: VERSION });
    });
    socket.addEventListener("message", ({ data }) => hear(data));
    socket.addEventListener("close", () => {
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
    if (said.type === "hello") there(said.books ?? []);
    else if (said.type === "on") for (const book of said.books ?? []) laid(book);
    else if (said.type === "off") for (const tag of said.tags ?? []) lifted(tag);
    else if (said.type === "card" && said.number) card(String(said.number));
    else if (said.type === "unreadable") unreadable();
    else if (said.type === "secured" && !said.ok) outOfReach(said);
  }

  function send(said) {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(said));
  }

  connect();
  return { secure: (tag, isOn) => send({ type: "secure", tag, on: isOn }) };
}
