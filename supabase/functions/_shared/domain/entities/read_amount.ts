/** Money and numbers as people write them in English, French, Swahili and Kinyarwanda. */

export type Amount = { amount: number; currency: string | null };

const CURRENCIES: { [word: string]: string } = {
  rwf: "RWF",
  frw: "RWF",
  rwfs: "RWF",
  francs: "RWF",
  franc: "RWF",
  amafaranga: "RWF",
  faranga: "RWF",
  mafaranga: "RWF",
  frws: "RWF",
  usd: "USD",
  dollars: "USD",
  dollar: "USD",
  dola: "USD",
  $: "USD",
  eur: "EUR",
  euro: "EUR",
  euros: "EUR",
  "€": "EUR",
  kes: "KES",
  ksh: "KES",
  kshs: "KES",
  ugx: "UGX",
  ush: "UGX",
  tzs: "TZS",
  tsh: "TZS",
  shilingi: "TZS",
};

/** "200k", "1.5m", "2 millions". */
const SCALES: { [word: string]: number } = {
  k: 1e3,
  thousand: 1e3,
  mille: 1e3,
  elfu: 1e3,
  ibihumbi: 1e3,
  m: 1e6,
  million: 1e6,
  millions: 1e6,
  milioni: 1e6,
  miliyoni: 1e6,
  mln: 1e6,
};

const CURRENCY = Object.keys(CURRENCIES).map((word) => word.replace("$", "\\$")).join("|");
const SCALE = Object.keys(SCALES).join("|");
/** Groups of three, by comma, dot, space or apostrophe; or a plain number with decimals. */
const NUMBER = "\\d{1,3}(?:[ .,'\u00a0\u202f]\\d{3})+(?!\\d)|\\d+(?:[.,]\\d{1,2})?(?!\\d)";
/** "amafaranga 200", "ibihumbi 50", "elfu hamsini" isn't read: numbers in words are not. */
const BEFORE = new RegExp(
  `(?<![\\p{L}\\d])(?:(${CURRENCY})\\s*)?(?:(elfu|ibihumbi|milioni|miliyoni)\\s*)?(${NUMBER})\\s*(?:(${SCALE})(?![\\p{L}\\d]))?\\s*(?:ya\\s+|y'|za\\s+)?(?:(${CURRENCY})(?![\\p{L}\\d]))?`,
  "giu",
);

const MOST = 1e12;

type Found = Amount & { isMoney: boolean; at: number; length: number };

/** Every number with what it says of itself; "3 bedrooms" isn't money, "200k" and "300 frw" are. */
export function readAmounts(text: string): Found[] {
  return [...text.matchAll(BEFORE)].flatMap((match) => {
    const [whole, before, scaleBefore, digits = "", scaleAfter, after] = match;
    const scale = SCALES[(scaleBefore ?? scaleAfter ?? "").toLowerCase()] ?? 1;
    const amount = parseDigits(digits) * scale;
    if (!Number.isFinite(amount) || amount < 0 || amount > MOST) return [];
    const currency = CURRENCIES[(before ?? after ?? "").toLowerCase()] ?? null;
    return [{
      amount: Math.round(amount * 100) / 100,
      currency,
      isMoney: currency !== null || scale > 1,
      at: match.index,
      length: whole.length,
    }];
  });
}

/** The one amount of money that a text names, where it can be nothing else. */
export function readMoney(text: string): Amount | undefined {
  const [found] = readAmounts(text).filter(({ isMoney }) => isMoney);
  return found && { amount: found.amount, currency: found.currency };
}

/** The amount in the answer to a question for one: a bare number will do. */
export function readAnsweredAmount(text: string): Amount | undefined {
  const money = readMoney(text);
  if (money) return money;
  const [first] = readAmounts(text);
  return first && { amount: first.amount, currency: first.currency };
}

/** "1,500" and "1.500" are fifteen hundred, "1,5" and "1.5" one and a half. */
function parseDigits(digits: string): number {
  if (/^\d{1,3}(?:[ .,'\u00a0\u202f]\d{3})+$/.test(digits)) {
    return Number(digits.replace(/\D/g, ""));
  }
  return Number(digits.replace(",", "."));
}
