// How the kiosk shows itself: language, large text, high contrast, day or night. A cookie of the kiosk's pages alone,
// which goes when the person leaves.

const COOKIE = "shufang_kiosk_look";
const HOURS_OF_DAY = [6, 19];
const page = document.documentElement;
const zone = page.dataset.zone || undefined;

export const look = { language: "", large: false, more: false };

export function languageOfPage() {
  return page.lang === "en" ? "en" : "zh-hans";
}

/** Take over what was chosen, and show it. The language is the page's own where nobody chose one. */
export function readLook() {
  const chosen = (document.cookie.split("; ").find((part) => part.startsWith(`${COOKIE}=`)) ?? "=").split("=")[1].split(".");
  look.language = ["zh-hans", "en"].find((language) => chosen.includes(language)) ?? "";
  look.large = chosen.includes("large");
  look.more = chosen.includes("more");
  showLook();
}

export function chooseLook(change) {
  Object.assign(look, change);
  const chosen = [look.language, look.large && "large", look.more && "more"].filter(Boolean).join(".");
  document.cookie = `${COOKIE}=${chosen}; path=/kiosk/; SameSite=Strict`;
  showLook();
}

export function forgetLook() {
  document.cookie = `${COOKIE}=; path=/kiosk/; SameSite=Strict; max-age=0`;
}

function showLook() {
  page.toggleAttribute("data-text", look.large);
  if (look.large) page.dataset.text = "large";
  page.toggleAttribute("data-contrast", look.more);
  if (look.more) page.dataset.contrast = "more";
  for (const button of document.querySelectorAll("[data-look]")) {
    button.setAttribute("aria-pressed", String(look[button.dataset.look]));
  }
}

/** The wall's time of a moment (ms): {date: "2026-11-22", hour, text: "23:47"}, in the network's zone. */
export function wallTime(moment) {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).formatToParts(moment);
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return { date: `${part.year}-${part.month}-${part.day}`, hour: Number(part.hour), text: `${part.hour}:${part.minute}` };
}

/** Show the time wherever a page has a clock, and light the lamps from 19 to 6 o'clock. */
export function showTime(moment) {
  const wall = wallTime(moment);
  for (const clock of document.querySelectorAll("[data-clock]")) {
    if (clock.textContent !== wall.text) clock.textContent = wall.text;
    clock.setAttribute("datetime", `${wall.date}T${wall.text}`);
  }
  page.dataset.light = wall.hour >= HOURS_OF_DAY[0] && wall.hour < HOURS_OF_DAY[1] ? "day" : "night";
}
