// The hand at a simulated pad: lays books down and takes them off, holds cards up. Everything shown comes from the pad.

const AGAIN = 4000; // ms after which what is at hand is asked for anew: the kiosk lends meanwhile
const line = new WebSocket(`ws://${location.host}/hand`);
const part = (id) => document.getElementById(id);
let shown = { lying: [], books: [], cards: [] };

const say = (message) => line.send(JSON.stringify(message));
const lay = (barcodes) => say({ type: "lay", barcodes });

function show(pad) {
  if (JSON.stringify(pad) === JSON.stringify(shown)) return; // nothing moves under a finger
  shown = pad;
  part("lying").replaceChildren(...pad.lying.map((book) => row(book, "lift")));
  for (const state of ["here", "out"]) {
    part(state).replaceChildren(...pad.books.filter((book) => book.state === state).map((book) => row(book, "lay")));
  }
  part("cards").replaceChildren(...pad.cards.map((number) => button(number, { hold: number })));
}

function row({ barcode, title, passes }, act) {
  const place = document.createElement("li");
  const gate = document.createElement("small");
  gate.textContent = passes ? "可以过门 · may pass the gate" : "过门会响 · the gate rings";
  place.append(button(`${title}  ${barcode}`, { [act]: barcode }), gate);
  return place;
}

function button(text, data) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: text });
  Object.assign(made.dataset, data);
  return made;
}

line.addEventListener("message", ({ data }) => {
  const said = JSON.parse(data);
  if (said.type === "pad") show(said);
});
setInterval(() => { if (line.readyState === WebSocket.OPEN) say({ type: "look" }); }, AGAIN);

document.addEventListener("click", ({ target }) => {
  const { dataset } = target.closest("button") ?? document.body;
  if (dataset.lay) lay([dataset.lay]);
  else if (dataset.lift) say({ type: "lift", barcodes: [dataset.lift] });
  else if (dataset.hold) say({ type: "hold", number: dataset.hold });
  else if ("liftAll" in dataset) say({ type: "lift", barcodes: shown.lying.map(({ barcode }) => barcode) });
  else if ("spoil" in dataset) say({ type: "spoil" });
  else if ("three" in dataset) lay(shown.books.filter(({ state }) => state === "here").slice(0, 3).map(({ barcode }) => barcode));
});
for (const [form, name, act] of [["card", "number", (number) => say({ type: "hold", number })], ["book", "barcode", (barcode) => lay([barcode])]]) {
  part(form).addEventListener("submit", (event) => {
    event.preventDefault();
    const field = event.target.elements[name];
    if (field.value.trim()) act(field.value.trim());
    field.value = "";
  });
}
