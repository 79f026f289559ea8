import type { Json, JsonObject } from "../../ports.ts";

/** Reading JSON that may have any shape: what isn't as expected is null, never an exception. */

export function readObject(value: unknown): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as JsonObject
    : null;
}

export function readList(value: unknown): Json[] {
  return Array.isArray(value) ? value : [];
}

/** Ids also come as numbers. Longer texts than `longest` are no ids: null. */
export function readId(value: unknown, longest = 200): string | null {
  const text = typeof value === "number" && Number.isFinite(value) ? String(value) : value;
  return typeof text === "string" && text !== "" && text.length <= longest ? text : null;
}

export function readText(value: unknown, longest = 65_536): string | null {
  return typeof value === "string" ? value.slice(0, longest).toWellFormed() : null;
}

export function readNumber(value: unknown): number | null {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
}

/** Error codes: what a 32-bit integer holds. */
export function readCode(value: unknown): number | null {
  const number = readNumber(value);
  return number !== null && Number.isInteger(number) &&
      Math.abs(number) < 2 ** 31
    ? number
    : null;
}

/** Digits of a number however it is written; null for what isn't one. As SQL's `phone_digits`. */
export function readPhone(value: unknown): string | null {
  const text = readId(value);
  if (text === null) return null;
  const digits = text.replace(/[^0-9]/g, "").replace(/^0+/, "");
  return digits.length >= 5 && digits.length <= 15 ? digits : null;
}

/** Seconds since 1970, as text or number, to ISO; null for what is no time of this century. */
export function readMoment(value: unknown): string | null {
  const seconds = readNumber(value);
  if (seconds === null || seconds < 946_684_800 || seconds > 4_102_444_800) {
    return null;
  }
  return new Date(Math.floor(seconds) * 1000).toISOString();
}

/** The members that have a value. */
export function compact(
  members: { [name: string]: Json | undefined },
): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, Json] =>
      entry[1] !== null && entry[1] !== undefined
    ),
  );
}
