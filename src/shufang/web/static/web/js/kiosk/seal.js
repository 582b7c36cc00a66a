// Sealing to the server's public key, by what the browser can do itself. The rule stands in kernel/sealing.py, which opens:
// ECDH on P-256 with a key of this moment, HKDF-SHA-256, AES-256-GCM. Nobody on the kiosk can open it again.

const { subtle } = globalThis.crypto ?? {};
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const VERSION = new Uint8Array([1]);
const encoder = new TextEncoder();

/** Whether this page may seal: browsers allow it on HTTPS and on this machine alone. */
export const canSeal = Boolean(subtle);

export const fromBase64 = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
export const toBase64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  parts.reduce((place, part) => (whole.set(part, place), place + part.length), 0);
  return whole;
}

/** Return the sealed bytes of a text. `point`: the server's public key, 65 bytes. `context`: which kiosk. */
export async function seal(text, point, context) {
  const bound = encoder.encode(context);
  const own = await subtle.generateKey(CURVE, false, ["deriveBits"]);
  const ownPoint = new Uint8Array(await subtle.exportKey("raw", own.publicKey));
  const theirs = await subtle.importKey("raw", point, CURVE, false, []);
  const shared = await subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, 256);
  const base = await subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const rule = { name: "HKDF", hash: "SHA-256", salt: joined(ownPoint, point), info: joined(encoder.encode("shufang sealed 1"), bound) };
  const key = await subtle.deriveKey(rule, base, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const closed = await subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: bound }, key, encoder.encode(text));
  return joined(VERSION, ownPoint, nonce, new Uint8Array(closed));
}
