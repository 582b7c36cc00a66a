// The hand at a simulated station: lays documents down, fills the printer. Everything shown comes from the station.

const EXTRA = { unreadable: "读不出 unreadable" };
const NOTES = { expired: "过期 expired", forged: "校验不对 wrong check digit", boy: "8", girl: "14–15" };
const line = new WebSocket(`ws://${location.host}/hand`);
const part = (id) => document.getElementById(id);
let jammed = false;
let blanks = 0;

function say(message) {
  line.send(JSON.stringify(message));
}

function show(station) {
  ({ blanks } = station);
  jammed = station.printer === "jammed";
  part("state").textContent = station.reading ? "等着读证件 · waiting for a document" : "现在不读证件 · nobody wants a document now";
  part("printer").textContent = `${station.printer} · ${station.blanks}`;
  const names = { ...station.documents, ...EXTRA };
  part("documents").replaceChildren(...Object.entries(names).map(([name, shown]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.document = name;
    button.textContent = NOTES[name] ? `${shown}（${NOTES[name]}）` : shown;
    button.disabled = !station.reading;
    return button;
  }));
  part("tray").replaceChildren(...station.printed.toReversed().map((number) => {
    const card = document.createElement("li");
    card.textContent = number;
    return card;
  }));
}

line.addEventListener("message", ({ data }) => {
  const said = JSON.parse(data);
  if (said.type === "station") show(said);
});
document.addEventListener("click", ({ target }) => {
  const { dataset } = target.closest("button") ?? document.body;
  if (dataset.document) say({ type: "lay", document: dataset.document });
  else if (dataset.blanks) say({ type: "stock", blanks: Number(dataset.blanks), jammed: false });
  else if ("jam" in dataset) say({ type: "stock", blanks, jammed: !jammed });
});
