/* The 45 digits of the card on the phone, as patrons/phone_code.py reads them: version, handle, step, signature. */

export const STEP = 30; // seconds

export function stepOf(milliseconds) {
  return Math.floor(milliseconds / 1000 / STEP);
}

/* Return a key that signs and that no script can read out again. `secret`: 32 bytes in base64. */
export function keyOf(secret) {
  const bytes = Uint8Array.from(atob(secret), (sign) => sign.charCodeAt(0));
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

export async function makeCode(handle, key, step) {
  const signed = `1${handle}${String(step).padStart(8, "0")}`;
  const digest = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(signed));
  const signature = new DataView(digest).getBigUint64(0) % 10n ** 18n;
  return signed + String(signature).padStart(18, "0");
}
