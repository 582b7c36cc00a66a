// Thirty seconds of silence, then fifteen that burn down in sight, then all is cleared. Deadlines, not counts: a machine
// that slept, or a page in the background, is not early and not late. It ends with its session: `stop` is for good.

export const QUIET = 30_000;
export const BURN = 15_000;
const TICK = 200;

/**
 * Watch for silence. `show(seconds, share)` is called while it burns down, `show(null)` when somebody stirs, `end()` once
 * at the end. `burns`: it burns down from the start, for a last page. Returns {touch, stop}.
 */
export function watchSilence({ show, end, burns = false }) {
  let last = performance.now() - (burns ? QUIET : 0);
  let shown = null;
  let timer = setInterval(tick, TICK);
  document.addEventListener("visibilitychange", tick);

  function tick() {
    if (timer === null) return;
    const left = last + QUIET + BURN - performance.now();
    if (left <= 0) {
      stop();
      end();
    } else if (left <= BURN) {
      shown = Math.ceil(left / 1000);
      show(shown, left / BURN);
    }
  }

  function touch() {
    if (timer === null) return;
    last = performance.now() - (burns ? QUIET : 0);
    if (shown !== null && !burns) {
      shown = null;
      show(null);
    }
  }

  function stop() {
    if (timer === null) return;
    clearInterval(timer);
    timer = null;
    document.removeEventListener("visibilitychange", tick);
    if (!burns) show(null);
  }

  tick();
  return { touch, stop };
}

/** The slip at the foot of each page: shows the countdown, and is asked to stay or to clear. */
export function countdownSlip() {
  const slip = document.querySelector("[data-countdown]");
  const seconds = slip?.querySelector("[data-seconds]");
  const burn = slip?.querySelector("[data-burn]");
  return {
    show(left, share) {
      if (!slip) return;
      slip.hidden = left === null;
      if (left === null) return;
      if (seconds.textContent !== String(left)) seconds.textContent = left;
      burn.setAttribute("width", String(100 * share));
    },
    onClear(act) {
      slip.querySelector("[data-clear]").addEventListener("click", act);
    },
  };
}
