// Texts with places, days and numbers, in the language that the screen speaks.

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const WEEKDAYS = {
  "zh-hans": ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"],
  en: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
};
const NUMBERS = { "zh-hans": [..."零一两三四五六七八九十"], en: ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"] };
const HANZI = [..."〇一二三四五六七八九"];

const texts = JSON.parse(document.getElementById("kiosk-texts").textContent);
let language = "zh-hans";

export const speak = (chosen) => { language = chosen; };
export const spoken = () => language;

/** A text of the page with its {places} filled, in the language of the screen. */
export function say(name, values = {}) {
  const words = fill(texts[language][name] ?? name, values);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The same in every language, for what is shown longer than a language may be. */
export function sayAll(name, values = () => ({})) {
  return Object.fromEntries(Object.keys(texts).map((each) => [each, fill(texts[each][name] ?? name, values(each))]));
}

/** What the server or `sayAll` says in each language, in that of the screen. */
export const spokenOf = (words) => words?.[language] ?? "";

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

/** 12月22日, 22 December. `iso` is a day, 2026-12-22. */
export function day(iso, inLanguage = language) {
  const [, month, date] = iso.split("-").map(Number);
  return inLanguage === "en" ? `${date} ${MONTHS[month - 1]}` : `${month}月${date}日`;
}

export function weekday(iso) {
  return WEEKDAYS[language][new Date(`${iso}T00:00:00Z`).getUTCDay()];
}

/** A number as it is said before books: 三, three; from eleven on in figures. */
export function counted(number) {
  return NUMBERS[language][number] ?? String(number);
}

function inHanzi(number) {
  if (number <= 10) return number === 10 ? "十" : HANZI[number];
  const [tens, ones] = [Math.floor(number / 10), number % 10];
  return `${tens === 1 ? "" : HANZI[tens]}十${ones ? HANZI[ones] : ""}`;
}

/** 十一月二十二日　星期日　今日小雪; Sunday 22 November, Lesser Snow. `terms`: day to its solar term in both languages. */
export function almanac(iso, terms) {
  const [, month, date] = iso.split("-").map(Number);
  const term = terms?.[iso]?.[language];
  if (language === "en") return `${weekday(iso)} ${day(iso)}${term ? `, ${term}` : ""}`;
  const today = `${inHanzi(month)}月${inHanzi(date)}日　${weekday(iso)}`;
  return term ? `${today}　今日${term}` : today;
}

/** 星期二，冬至; Tuesday, Winter Solstice. */
export function dayInTheYear(iso, terms) {
  const term = terms?.[iso]?.[language];
  return [weekday(iso), term].filter(Boolean).join(language === "en" ? ", " : "，");
}
