import type { Json, JsonObject } from "../../ports.ts";
import { type Amount, readAnsweredAmount, readMoney } from "../entities/read_amount.ts";
import { acceptBy, type Answer } from "./answer.ts";
import { type Field, formatNumber } from "./fields.ts";

/** Money as a flow keeps it: what was said, in the currency of the same words; ISO 4217. */
export type Price = JsonObject & Amount & { currency: string };

/** An amount of money; without a currency it is in the person's, and read back with it. */
export function priceField({ find = true }: { find?: boolean } = {}): Field & { money: true } {
  const inCurrency = (said: Amount | undefined, { currency }: Answer): Price | undefined =>
    said && { amount: said.amount, currency: said.currency ?? currency };
  return {
    accept: acceptBy((answer) => inCurrency(readAnsweredAmount(answer.text), answer)),
    ...(find ? { find: (answer: Answer) => inCurrency(readMoney(answer.text), answer) } : {}),
    show: showPrice,
    money: true,
  };
}

/** What a flow keeps as a price; null for anything else, such as an answer that was skipped. */
export function readPrice(value: Json | undefined): Price | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const { amount, currency } = value;
  return typeof amount === "number" && typeof currency === "string" ? { amount, currency } : null;
}

/** "150,000 RWF" */
export function showPrice(value: Json): string {
  const price = readPrice(value);
  return price === null ? String(value) : `${formatNumber(price.amount)} ${price.currency}`;
}

/** A price as a listing has it; `otherwise`: the currency of a listing that has none. */
export function toPrice(
  value: Json | undefined,
  otherwise: string,
): { price: number | null; currency: string } {
  const { amount, currency } = readPrice(value) ?? { amount: null, currency: otherwise };
  return { price: amount, currency };
}
