// What every page of the kiosk does: shows the look and the time, helps, falls silent, and leaves nothing behind. A page
// with a state of its own on the server ends it on the event "kiosk:leave", which waits for `event.detail.wait(promise)`.

import { chooseLook, forgetLook, languageOfPage, look, readLook, showTime } from "./look.js";
import { countdownSlip, watchSilence } from "./silence.js";

const FIRST = "/kiosk/";
const PATIENCE = 1500;

/** Clear all: the page is replaced, so that neither history nor memory keeps anything of it. */
export async function leave() {
  const waited = [];
  document.dispatchEvent(new CustomEvent("kiosk:leave", { detail: { wait: (promise) => waited.push(promise) } }));
  forgetLook();
  document.body.replaceChildren();
  await Promise.race([Promise.allSettled(waited), new Promise((done) => setTimeout(done, PATIENCE))]);
  location.replace(FIRST);
}

function help(isOpen) {
  document.querySelector("[data-helping]").hidden = !isOpen;
  document.querySelector("main").hidden = isOpen;
  if (isOpen) document.querySelector("[data-helping] h1").focus();
}

// A page that the back button brings back from memory shows nothing of before.
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    document.body.replaceChildren();
    location.replace(FIRST);
  }
});

/** Begin; for pages that the server renders one by one. Returns {touch}: somebody is still there, whatever he does. */
export function begin() {
  readLook();
  showTime(Date.now());
  setInterval(() => showTime(Date.now()), 1000);
  const slip = countdownSlip();
  const silence = watchSilence({ show: slip.show, end: leave });
  for (const kind of ["pointerdown", "keydown"]) {
    // A slip that went under the finger would let the touch fall on what lies below it.
    addEventListener(kind, ({ target }) => { if (!target.closest?.("[data-countdown]")) silence.touch(); }, { capture: true, passive: true });
  }
  slip.onClear(() => {
    silence.stop();
    leave();
  });
  document.addEventListener("click", ({ target }) => {
    const { dataset } = target.closest("button, a") ?? document.body;
    if (dataset.language) {
      chooseLook({ language: dataset.language });
      location.reload();
    } else if (dataset.look) chooseLook({ [dataset.look]: !look[dataset.look], language: look.language || languageOfPage() });
    else if ("help" in dataset || "helpOver" in dataset) help("help" in dataset);
    else if ("stay" in dataset) silence.touch();
    else if ("leave" in dataset) leave();
  });
  return { touch: silence.touch };
}
