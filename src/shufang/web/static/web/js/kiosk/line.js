// The line to the server: whether it is up, what it told last, and what follows when it breaks and comes back. It lives as
// long as the page and knows nothing of who stands before it.

import * as offline from "./offline.js";
import { SignedOut, pulse } from "./server.js";

const UP = 20_000;
const DOWN = 3000;
const KNOWN_EVERY = 10 * 60_000;
const PAGE = "/kiosk/";
const WORKER = `${PAGE}service-worker.js`;

/** `version`, `account`: of this page. `changed()`: it looks different now. `signedOut()`: this is no kiosk any more. */
export function newLine({ version, account, changed, signedOut }) {
  let isUp = true; // until the first try says otherwise
  let ahead = 0; // ms that the server's clock is ahead of this one
  let knownAt = 0;
  let timer = 0;
  let kept = "";
  const line = { told: {}, isUp: () => isUp, broke, now: () => Date.now() + ahead, begin };

  async function begin() {
    line.told = (await offline.remember().catch(() => null)) ?? {};
    changed();
    beat();
  }

  async function beat() {
    clearTimeout(timer);
    try {
      await hear(await pulse());
    } catch (error) {
      if (error instanceof SignedOut) {
        signedOut();
        return;
      }
      broke();
    }
    timer = setTimeout(beat, isUp ? Math.min(UP, untilNextCode()) : DOWN);
  }

  async function hear(told) {
    ahead = told.now - Date.now();
    line.told = told;
    if (told.account !== account) {
      await forgetPage();
      return;
    }
    await offline.playBack(); // before anything new is asked: what waited comes first
    set(true);
    if (line.now() - knownAt > KNOWN_EVERY) {
      await offline.renewKnown();
      await offline.keepTold(told);
      knownAt = line.now();
    }
    keepPage(told.version);
  }

  function untilNextCode() {
    const until = line.told.presence?.until;
    return until ? Math.max(1000, until - line.now() + 300) : UP;
  }

  function broke() {
    delete line.told.presence;
    set(false);
    clearTimeout(timer);
    timer = setTimeout(beat, DOWN);
  }

  function set(up) {
    isUp = up;
    changed();
  }

  /** Keep this page and all it needs, or the newer one that the server has; the next visit begins with it. */
  function keepPage(newest) {
    const { serviceWorker } = navigator;
    if (!serviceWorker) return;
    if (newest !== kept) serviceWorker.register(`${WORKER}?v=${newest}`, { scope: PAGE }).catch(() => { kept = ""; });
    kept = newest;
    serviceWorker.oncontrollerchange = isKept;
    isKept();
  }

  /** Say, for whoever sets the kiosk up, that it could go on without the server from here. */
  function isKept() {
    if (offline.isReady() && navigator.serviceWorker.controller && kept === version) document.documentElement.dataset.kept = "yes";
  }

  /** The browser has become another kiosk: this page is of the old one. */
  async function forgetPage() {
    const registrations = (await navigator.serviceWorker?.getRegistrations()) ?? [];
    await Promise.all(registrations.filter(({ scope }) => scope.endsWith(PAGE)).map((registration) => registration.unregister()));
    location.replace(PAGE);
  }

  return line;
}
