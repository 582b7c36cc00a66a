// Who is it? The server knows; while it cannot be reached, what the kiosk last saw of the cards must do.

import * as offline from "./offline.js";
import { Unreachable, ask } from "./server.js";

/** Ask once: a phone's code counts once, so that a second try would be refused. `by`: "scan" or "number". */
export async function identify(line, card, by, pin) {
  if (line.isUp()) {
    try {
      const told = await ask("visits", { card, by, pin }, { tries: 1 });
      return told.ok ? { ...told, token: told.visit } : told;
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      line.broke();
    }
  }
  return offline.begin(card, by, line.now());
}
