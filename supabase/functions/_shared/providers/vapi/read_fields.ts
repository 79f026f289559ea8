import type { Json, JsonObject } from "../../ports.ts";

/**
 * Readers of payloads that may hold anything: what isn't as expected is null, nothing throws.
 * Text that `jsonb` refuses (null characters, lone surrogates) is replaced.
 */

export function readObject(value: unknown): { [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as { [key: string]: unknown }
    : {};
}

export function readList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Cut to `maximum` UTF-16 units; null for what is empty or not text. */
export function readText(value: unknown, maximum: number): string | null {
  if (typeof value !== "string") return null;
  const text = cleanText(value.length > maximum ? value.slice(0, maximum) : value);
  return text.trim() === "" ? null : text;
}

/** As it is, or not at all: an id that was cut or cleaned would be another's. */
export function readId(value: unknown, maximum = 256): string | null {
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
  if (typeof value !== "string" || value.length > maximum || value.trim() === "") return null;
  return cleanText(value) === value ? value : null;
}

export function readNumber(value: unknown): number | null {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
}

/** ISO, or null for what is no time between 2015 and 2100. Seconds and milliseconds are told apart. */
export function readTime(value: unknown): string | null {
  const milliseconds = typeof value === "number"
    ? (value < 1e11 ? value * 1000 : value)
    : typeof value === "string"
    ? parseTime(value)
    : Number.NaN;
  return milliseconds >= Date.UTC(2015, 0) && milliseconds < Date.UTC(2100, 0)
    ? new Date(milliseconds).toISOString()
    : null;
}

function parseTime(text: string): number {
  if (text.length > 64) return Number.NaN;
  if (!/^\d{9,13}(?:\.\d+)?$/.test(text)) return Date.parse(text);
  const number = Number(text);
  return number < 1e11 ? number * 1000 : number;
}

/** A copy that `jsonb` takes; null where it is no object or longer than `maximum` as text. */
export function readJsonObject(value: unknown, maximum: number): JsonObject | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  return copyJson(value, maximum) as JsonObject | null;
}

/** PostgreSQL refuses JSON that is nested a few thousand deep; nothing that is meant comes near it. */
const DEEPEST = 100;

/** A copy of whatever it is that `jsonb` takes, or null. */
export function copyJson(value: unknown, maximum: number): Json {
  if (!isShallow(value, DEEPEST)) return null;
  const text = JSON.stringify(value);
  if (text === undefined || text.length > maximum) return null;
  return JSON.parse(cleanEscapes(text));
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((part) => isShallow(part, levels - 1));
}

/** Only what can't stand as itself is written as an escape, so these are all there is to clean. */
function cleanEscapes(text: string): string {
  return text.replace(
    /\\(u0000|ud[89a-f][0-9a-f]{2}|.)/gi,
    (found, escaped: string) => escaped.length === 1 ? found : "\ufffd",
  );
}

function cleanText(text: string): string {
  return text.toWellFormed().replaceAll("\u0000", "\ufffd");
}
