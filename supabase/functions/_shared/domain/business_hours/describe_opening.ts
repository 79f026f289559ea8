import { type OpenRange, type Week, type Weekday, WEEKDAYS } from "./parse_business_hours.ts";

const DAY = 24 * 60;

export type Opening = {
  open: boolean;
  /** When that ends, as "17:00"; null while closed, or where it never ends. */
  open_until: string | null;
  /** When it opens next; null while open. */
  opens: { day: Weekday; time: string } | null;
  today: Weekday;
};

/** Whether it is open at a moment (milliseconds since 1970), by the clock on that wall. */
export function describeOpening(
  week: Week,
  { timeZone, at }: { timeZone: string; at: number },
): Opening {
  const { weekday, minute } = readLocalTime(at, timeZone);
  const today = WEEKDAYS[weekday]!;
  const now = weekday * DAY + minute;
  const spans = joinSpans(week);
  const current = spans.find(({ from, to }) => now >= from && now < to || now + 7 * DAY < to);
  if (current) {
    const endless = current.to - current.from >= 7 * DAY;
    return {
      open: true,
      open_until: endless ? null : formatTime(current.to % DAY),
      opens: null,
      today,
    };
  }
  const starts = spans.map(({ from }) => from % (7 * DAY)).sort((one, other) => one - other);
  const next = starts.find((from) => from > now) ?? starts[0]!;
  const day = WEEKDAYS[Math.floor(next / DAY)]!;
  return { open: false, open_until: null, opens: { day, time: formatTime(next % DAY) }, today };
}

/** Hours as people write them: "08:00-12:00, 13:00-17:00", or "closed". */
export function formatRanges(ranges: OpenRange[]): string {
  if (ranges.length === 0) return "closed";
  return ranges.map(({ from, to }) => `${formatTime(from)}-${formatTime(to)}`).join(", ");
}

/** Ranges on the week's minutes, those that touch made one: 18:00-24:00 and 00:00-02:00 are a night. */
function joinSpans(week: Week): OpenRange[] {
  const spans = week
    .flatMap((ranges, day) =>
      ranges.map(({ from, to }) => ({
        from: day * DAY + from,
        to: day * DAY + (to <= from ? to + DAY : to),
      }))
    )
    .sort((one, other) => one.from - other.from);
  const joined: OpenRange[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else joined.push({ ...span });
  }
  const first = joined[0];
  const last = joined.at(-1);
  // Sunday's night may go on into Monday.
  if (first && last && first !== last && last.to >= first.from + 7 * DAY) {
    last.to = Math.max(last.to, first.to + 7 * DAY);
  } else if (first && first === last && first.to >= first.from + 7 * DAY) {
    first.to = first.from + 7 * DAY;
  }
  return joined;
}

function readLocalTime(at: number, timeZone: string): { weekday: number; minute: number } {
  const parts = createFormat(timeZone).formatToParts(at);
  const read = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  const weekday = WEEKDAYS.findIndex((day) => day === read("weekday").toLowerCase());
  return { weekday, minute: Number(read("hour")) * 60 + Number(read("minute")) };
}

function createFormat(timeZone: string): Intl.DateTimeFormat {
  const options = {
    weekday: "long",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  } as const;
  try {
    return new Intl.DateTimeFormat("en", { ...options, timeZone });
  } catch {
    return new Intl.DateTimeFormat("en", { ...options, timeZone: "UTC" });
  }
}

function formatTime(minutes: number): string {
  const hour = Math.floor(minutes / 60);
  return `${String(hour).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}
