// Asking the server. What did not arrive is asked again under the same key; what never arrives is `Unreachable`.

const PATIENCE = 6000;
const AGAIN_AFTER = 400;
const GONE = new Set([502, 503, 504]);

export class Unreachable extends Error {}
export class SignedOut extends Error {}

let token = "";

/** What the kiosk hears every few seconds. */
export async function pulse() {
  const told = await answerOf("pulse/", { method: "GET" });
  token = told.csrf;
  return told;
}

export const lastKnown = () => answerOf("last-known/", { method: "GET" }, 20_000);
export const lastKnownBooks = () => answerOf("last-known/books/", { method: "GET" }, 60_000);

/** Ask for something to be done. `values.request`, where it changes anything, makes that it is done once. */
export async function ask(what, values, { tries = 2, keepalive = false } = {}) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (!token) await pulse();
      return await answerOf(`${what}/`, {
        method: "POST",
        body: JSON.stringify(values),
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        keepalive,
      });
    } catch (error) {
      if (error instanceof SignedOut || attempt >= tries) throw error;
      if (error instanceof Stale) token = "";
      else await new Promise((done) => setTimeout(done, AGAIN_AFTER));
    }
  }
}

class Stale extends Error {}

async function answerOf(path, options, patience = PATIENCE) {
  let response;
  try {
    response = await fetch(`/kiosk/${path}`, { cache: "no-store", signal: AbortSignal.timeout(patience), ...options });
  } catch (error) {
    throw new Unreachable(path, { cause: error });
  }
  if (response.status === 401) throw new SignedOut(path);
  if (response.status === 403) throw new Stale(path);
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  if (GONE.has(response.status) || (response.ok && !isJson)) throw new Unreachable(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}
