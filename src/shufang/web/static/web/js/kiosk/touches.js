// What is touched says what it does: `data-go="who"` calls `acts.go("who")`, `data-step-back` calls `acts.stepBack("")`.

const attribute = (name) => `data-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Heed touches and clicks for the page's life; `stirred()` is called for whatever is touched or pressed. */
export function heedTouches(acts, stirred) {
  const names = Object.keys(acts);
  const any = names.map((name) => `[${attribute(name)}]`).join();
  document.addEventListener("click", ({ target }) => {
    const touched = target.closest(any);
    const name = touched && names.find((each) => each in touched.dataset);
    if (name) acts[name](touched.dataset[name]);
  });
  for (const kind of ["pointerdown", "keydown"]) {
    // A slip that went under the finger would let the touch fall on what lies below it.
    addEventListener(kind, ({ target }) => { if (!target.closest?.("[data-countdown]")) stirred(); }, { capture: true, passive: true });
  }
}
