/**
 * Days as a transcript writes them, told from the day on which it happens, since the product's clock is
 * the real one:
 * `<today+1>` 2026-11-21 · `<d/m+1>` 21/11 · `<weekday+1>` its name in the transcript's language ·
 * `<day+1>` its English name in lower case · `<today+1T14:30>` that moment, where the organization is
 */
export type Calendar = {
  /** `YYYY-MM-DD`, where the organization is. */
  today: string;
  /** East of UTC, the whole year round. */
  offsetMinutes: number;
  language: string;
};

const DAY = 86_400_000;
const MINUTE = 60_000;
/** Days after today, and as many before, whose names are known in what was told. */
const HORIZON = 60;

/** From Sunday on, as they stand before a date. */
const WEEKDAYS: { [language: string]: readonly string[] } = {
  en: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
  fr: ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"],
  sw: ["Jumapili", "Jumatatu", "Jumanne", "Jumatano", "Alhamisi", "Ijumaa", "Jumamosi"],
  rw: [
    "ku cyumweru",
    "ku wa mbere",
    "ku wa kabiri",
    "ku wa gatatu",
    "ku wa kane",
    "ku wa gatanu",
    "ku wa gatandatu",
  ],
};

const dateAfter = ({ today }: Calendar, days: number) =>
  new Date(Date.parse(today) + days * DAY).toISOString().slice(0, 10);
const dayAndMonth = (date: string) => `${date.slice(8)}/${date.slice(5, 7)}`;
const weekday = (date: string, language: string) =>
  WEEKDAYS[language]![new Date(date).getUTCDay()]!;

/** What is written with days from today, for the day on which it is told. */
export function resolveDays<Value>(value: Value, calendar: Calendar): Value {
  const resolved = JSON.stringify(value).replace(
    /<(today|d\/m|weekday|day)\+(\d+)(?:T(\d{2}:\d{2}))?>/g,
    (_, kind: string, days: string, time: string | undefined) => {
      const date = dateAfter(calendar, Number(days));
      if (time !== undefined) {
        const local = Date.parse(`${date}T${time}:00.000Z`);
        return new Date(local - calendar.offsetMinutes * MINUTE).toISOString();
      }
      if (kind === "d/m") return dayAndMonth(date);
      if (kind === "weekday") return weekday(date, calendar.language);
      return kind === "day" ? weekday(date, "en").toLowerCase() : date;
    },
  );
  return JSON.parse(resolved) as Value;
}

/**
 * The reverse, for what was told. A weekday counts only before its own date, and a year only behind a date
 * of another one than today's: else they stay, and show.
 */
export function tellDays<Value>(value: Value, calendar: Calendar): Value {
  const known = new Map<string, number>();
  for (let days = -HORIZON; days <= HORIZON; days += 1) {
    known.set(dayAndMonth(dateAfter(calendar, days)), days);
  }
  const told = JSON.stringify(value)
    .replace(/\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/g, (moment) => {
      const local = new Date(Date.parse(moment) + calendar.offsetMinutes * MINUTE).toISOString();
      return `<today+${daysUntil(calendar, local.slice(0, 10))}T${local.slice(11, 16)}>`;
    })
    .replace(/\b\d{4}-\d{2}-\d{2}\b/g, (date) => `<today+${daysUntil(calendar, date)}>`)
    .replace(/(?:([\p{L} ]+) )?\b(\d{2}\/\d{2})(?:\/(\d{4}))?\b/gu, (...found) => {
      const [all, before, date = "", year]: (string | undefined)[] = found;
      const days = known.get(date);
      if (days === undefined) return all!;
      const isOther = dateAfter(calendar, days).slice(0, 4) !== calendar.today.slice(0, 4);
      if (year !== undefined && (!isOther || year !== dateAfter(calendar, days).slice(0, 4))) {
        return all!;
      }
      if (before === undefined) return `<d/m+${days}>`;
      const name = weekday(dateAfter(calendar, days), calendar.language);
      const rest = before.endsWith(name)
        ? `${before.slice(0, -name.length)}<weekday+${days}>`
        : before;
      return `${rest} <d/m+${days}>`;
    });
  return JSON.parse(told) as Value;
}

function daysUntil({ today }: Calendar, date: string): number {
  return Math.round((Date.parse(date) - Date.parse(today)) / DAY);
}
