// My books: what is out, what is ready, renewing one or all, each with its own answer.

import { newKey } from "./pile.js";
import * as screens from "./screens.js";
import { SignedOut, Unreachable, ask } from "./server.js";

/** `here()`: the stay of whoever stands there. `isShown()`: the account is on the screen. `cannot()`: it cannot be had now. */
export function newAccount({ here, isShown, line, leave, signedOut, cannot }) {
  function show(stay) {
    if (stay === here() && isShown()) screens.showGlance(stay.glance, stay.renewals);
  }

  async function look() {
    const stay = here();
    try {
      const told = await ask("glance", { visit: stay.visit?.token ?? "" });
      if (stay !== here()) return;
      if (!told.ok) leave();
      else {
        stay.glance = told;
        show(stay);
      }
    } catch (error) {
      if (error instanceof SignedOut) signedOut();
      if (error instanceof Unreachable) line.broke();
      if (stay === here() && isShown()) cannot();
    }
  }

  async function renew(barcode) {
    const stay = here();
    if (stay.renewals.has(barcode)) return;
    stay.renewals.set(barcode, { isWaiting: true });
    show(stay);
    try {
      const told = await ask("renew", { visit: stay.visit.token, barcode, request: newKey() });
      if (stay === here() && told.refusal === "visit_over") leave();
      stay.renewals.set(barcode, told);
    } catch (error) {
      if (error instanceof SignedOut) signedOut();
      if (error instanceof Unreachable) line.broke();
      stay.renewals.delete(barcode);
    }
    show(stay);
  }

  async function renewAll() {
    const stay = here();
    for (const { barcode } of stay.glance.loans) {
      if (stay !== here() || !line.isUp()) return;
      await renew(barcode); // each has its own answer
    }
  }

  return { look, renew, renewAll };
}
