import * as z from "zod";
import type { TwilioAccount } from "./create_twilio.ts";
import { numberResource } from "./resources.ts";

const pageSize = z.coerce.number().int().min(1).max(1000);

/**
 * A page of numbers. `PhoneNumber` matches any part of a number, `*` any one digit, so a caller has
 * to compare for itself; a `+` that was not percent-encoded arrives as a space and matches nothing.
 * Null when a parameter is out of range.
 */
export function listNumbers(account: TwilioAccount, url: URL) {
  const size = pageSize.safeParse(url.searchParams.get("PageSize") ?? "50");
  const page = z.coerce.number().int().min(0).safeParse(url.searchParams.get("Page") ?? "0");
  if (!size.success || !page.success) return null;
  const wanted = url.searchParams.get("PhoneNumber");
  const pattern = wanted === null ? null : toPattern(wanted);
  const all = account.numbers.filter((number) => pattern?.test(number.phone_number) ?? true);
  const start = page.data * size.data;
  const shown = all.slice(start, start + size.data);
  const uri = (index: number) => {
    const query = new URLSearchParams(url.searchParams);
    query.set("Page", String(index));
    query.set("PageSize", String(size.data));
    return `${url.pathname}?${query}`;
  };
  return {
    page: page.data,
    page_size: size.data,
    start,
    end: start + Math.max(shown.length - 1, 0),
    uri: uri(page.data),
    first_page_uri: uri(0),
    previous_page_uri: page.data === 0 ? null : uri(page.data - 1),
    next_page_uri: start + size.data < all.length ? uri(page.data + 1) : null,
    incoming_phone_numbers: shown.map((number) => numberResource(account, number)),
  };
}

function toPattern(wanted: string): RegExp {
  const escaped = wanted.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", "\\d");
  return new RegExp(escaped);
}
