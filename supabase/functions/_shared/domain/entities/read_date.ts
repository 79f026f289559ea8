import { foldText } from "../fold_text.ts";

const DAY = 86_400_000;

/** Days from today; folded. */
const RELATIVE: { [word: string]: number } = {
  "day after tomorrow": 2,
  "apres demain": 2,
  "kesho kutwa": 2,
  keshokutwa: 2,
  "ejo bundi": 2,
  today: 0,
  tonight: 0,
  "aujourd hui": 0,
  "ce soir": 0,
  leo: 0,
  "uyu munsi": 0,
  "none aha": 0,
  tomorrow: 1,
  demain: 1,
  kesho: 1,
  "ejo hazaza": 1,
  // Said of yesterday as well; nobody arranges anything for yesterday.
  ejo: 1,
  "next week": 7,
  "semaine prochaine": 7,
  "wiki ijayo": 7,
  "icyumweru gitaha": 7,
};

/** From Monday; folded. Swahili's week begins on Saturday, Kinyarwanda's on Monday. */
const WEEKDAYS: readonly string[][] = [
  ["monday", "mon", "lundi", "jumatatu", "ku wa mbere", "kuwa mbere"],
  ["tuesday", "tue", "mardi", "jumanne", "ku wa kabiri", "kuwa kabiri"],
  ["wednesday", "wed", "mercredi", "jumatano", "ku wa gatatu", "kuwa gatatu"],
  ["thursday", "thu", "jeudi", "alhamisi", "ku wa kane", "kuwa kane"],
  ["friday", "fri", "vendredi", "ijumaa", "ku wa gatanu", "kuwa gatanu"],
  ["saturday", "sat", "samedi", "jumamosi", "ku wa gatandatu", "kuwa gatandatu"],
  ["sunday", "sun", "dimanche", "jumapili", "ku cyumweru"],
];

const MONTHS: readonly string[][] = [
  ["january", "jan", "janvier", "januari", "mutarama"],
  ["february", "feb", "fevrier", "februari", "gashyantare"],
  ["march", "mar", "mars", "machi", "werurwe"],
  ["april", "apr", "avril", "aprili", "mata"],
  ["may", "mai", "mei", "gicurasi"],
  ["june", "jun", "juin", "juni", "kamena"],
  ["july", "jul", "juillet", "julai", "nyakanga"],
  ["august", "aug", "aout", "agosti", "kanama"],
  ["september", "sept", "sep", "septembre", "septemba", "nzeri"],
  ["october", "oct", "octobre", "oktoba", "ukwakira"],
  ["november", "nov", "novembre", "novemba", "ugushyingo"],
  ["december", "dec", "decembre", "desemba", "ukuboza"],
];

export type Here = { now: number; time_zone: string };

/** The day a text names, `YYYY-MM-DD` as the calendar of the time zone has it; today or later. */
export function readDate(text: string, { now, time_zone }: Here): string | undefined {
  const folded = ` ${foldText(text)} `;
  const today = calendarDay(now, time_zone);
  const iso = /\b(\d{4})-(\d{2})-(\d{2})\b/.exec(text);
  if (iso) return validDate(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const slashed = /\b(\d{1,2})[/.](\d{1,2})(?:[/.](\d{2}|\d{4}))?\b(?!\s*(?:k|m|frw|rwf))/i.exec(
    text,
  );
  if (slashed) {
    const year = slashed[3] === undefined ? null : Number(slashed[3]) % 100 + 2000;
    return nextDate(today, Number(slashed[2]), Number(slashed[1]), year);
  }
  const inDays =
    / (?:in|dans|baada ya siku|mu minsi|nyuma y iminsi) (\d{1,3})(?: (?:days?|jours?))? /.exec(
      folded,
    );
  if (inDays && / (?:days?|jours?|siku|minsi|iminsi) /.test(folded)) {
    return shiftDay(today, Number(inDays[1]));
  }
  for (const [month, names] of MONTHS.entries()) {
    for (const name of names) {
      const match = new RegExp(
        ` (?:(\\d{1,2})(?: (?:st|nd|rd|th|er))? )?${name}(?: (\\d{1,2}))?(?: (\\d{4}))? `,
      )
        .exec(folded.replace(/(\d)(st|nd|rd|th|er)\b/g, "$1"));
      const day = match?.[1] ?? match?.[2];
      if (match && day !== undefined) {
        return nextDate(today, month + 1, Number(day), match[3] ? Number(match[3]) : null);
      }
    }
  }
  for (const [phrase, days] of Object.entries(RELATIVE)) {
    if (folded.includes(` ${phrase} `)) return shiftDay(today, days);
  }
  for (const [weekday, names] of WEEKDAYS.entries()) {
    if (names.some((name) => folded.includes(` ${name} `))) {
      const ahead = (weekday - weekdayOf(today) + 7) % 7;
      return shiftDay(today, ahead === 0 ? 7 : ahead);
    }
  }
  return undefined;
}

/**
 * The time of day a text names, `HH:MM`. Swahili's hours ("saa nne") begin at six in the morning; so
 * do Kinyarwanda's ("saa ine").
 */
export function readTime(text: string): string | undefined {
  const folded = ` ${foldText(text)} `;
  const clock = /\b([01]?\d|2[0-3])\s?[:h]\s?([0-5]\d)\b/i.exec(text) ??
    /\b([01]?\d|2[0-3])\s?h(?:eures?)?\b()/i.exec(text);
  const half = / (am|pm|a m|p m) /.exec(folded)?.[1]?.[0] ??
    /\d\s?(a|p)\.?m\b/i.exec(text)?.[1]?.toLowerCase();
  if (clock) return toTime(Number(clock[1]), Number(clock[2] || 0), half);
  const hour = /\b(1[0-2]|0?[1-9])\s?[ap]\.?m\b/i.exec(text);
  if (hour) return toTime(Number(hour[1]), 0, half);
  const said = / saa (?:z[aiu]\S* )?(?:y[aou]\S* )?(\S+)/.exec(folded);
  const number = said &&
    (SAID_HOURS[said[1]!] ?? (/^\d{1,2}$/.test(said[1]!) ? Number(said[1]) : undefined));
  if (number && number >= 1 && number <= 12) {
    const evening = / (usiku|jioni|nijoro|umugoroba|n ijoro|nimugoroba) /.test(folded);
    return toTime(
      (number + 6 + (evening ? 12 : 0)) % 24,
      / (nusu|n igice) /.test(folded) ? 30 : 0,
      undefined,
    );
  }
  if (/ (noon|midi|mchana|saa sita) /.test(folded)) return "12:00";
  return undefined;
}

const SAID_HOURS: { [word: string]: number } = {
  moja: 1,
  rimwe: 1,
  mbili: 2,
  mbiri: 2,
  tatu: 3,
  nne: 4,
  ine: 4,
  tano: 5,
  sita: 6,
  saba: 7,
  nane: 8,
  tisa: 9,
  cyenda: 9,
  kumi: 10,
  cumi: 10,
};

/** The moment of a day and time in a time zone, ISO. */
export function toMoment(date: string, time: string, timeZone: string): string {
  const wall = Date.parse(`${date}T${time}:00Z`);
  // Twice, since the offset is that of the moment which is looked for.
  let at = wall;
  for (let round = 0; round < 2; round += 1) at = wall - offsetOf(at, timeZone);
  return new Date(at).toISOString();
}

function offsetOf(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(at);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second")) -
    Math.floor(at / 1000) * 1000;
}

export function calendarDay(now: number, timeZone: string): string {
  return new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).format(now);
}

function toTime(hour: number, minute: number, half: string | undefined): string {
  const hours = half === "p" && hour < 12 ? hour + 12 : half === "a" && hour === 12 ? 0 : hour;
  return `${String(hours).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

function nextDate(
  today: string,
  month: number,
  day: number,
  year: number | null,
): string | undefined {
  const thisYear = Number(today.slice(0, 4));
  const date = validDate(year ?? thisYear, month, day);
  if (date === undefined || year !== null || date >= today) return date;
  return validDate(thisYear + 1, month, day);
}

function validDate(year: number, month: number, day: number): string | undefined {
  const at = new Date(Date.UTC(year, month - 1, day));
  const exists = at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return exists ? at.toISOString().slice(0, 10) : undefined;
}

export function shiftDay(date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);
}

/** From Monday. */
export function weekdayOf(date: string): number {
  return (new Date(Date.parse(date)).getUTCDay() + 6) % 7;
}
