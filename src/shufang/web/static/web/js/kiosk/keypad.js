// The keypad on the screen: it writes into the field that has, or last had, the focus. A real keyboard does as ever.

/** Bring a screen's keypad and fields to life. `entered(values)`: the last field was filled; `kept`: what they held before. */
export function liven(root, { entered, kept, keep }) {
  const form = root.querySelector("form");
  const fields = [...form.querySelectorAll("input")].filter((field) => !field.closest("[hidden]"));
  let current = fields[0];
  for (const field of fields) {
    field.value = kept[field.name] ?? "";
    field.addEventListener("focus", () => { current = field; });
    field.addEventListener("input", () => keep(field.name, field.value));
  }

  function press(key) {
    const at = current.selectionStart ?? current.value.length;
    if (key === "erase") current.value = current.value.slice(0, Math.max(0, at - 1)) + current.value.slice(at);
    else if (current.maxLength < 0 || current.value.length < current.maxLength) current.value = current.value.slice(0, at) + key + current.value.slice(at);
    keep(current.name, current.value);
    current.focus();
    const next = key === "erase" ? Math.max(0, at - 1) : at + 1;
    current.setSelectionRange(next, next);
  }

  function change(to) {
    for (const pad of root.querySelectorAll("[data-keypad]")) pad.hidden = pad.dataset.keypad !== to;
    root.querySelector(`[data-keypad="${to}"] .button`).focus();
  }

  function goOn() {
    const empty = fields.find((field) => !field.value.trim());
    if (empty) empty.focus();
    else entered(Object.fromEntries(fields.map((field) => [field.name, field.value.trim()])));
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // a form without a button of its own would not be sent
    goOn();
  });
  root.addEventListener("click", ({ target }) => {
    const { dataset } = target.closest("button") ?? root;
    if (dataset.key) press(dataset.key);
    else if (dataset.keys) change(dataset.keys);
    else if ("submit" in dataset) goOn();
  });
  (fields.find((field) => !field.value) ?? fields[0]).focus();
}
