import * as z from "zod";
import type { Listing } from "../../ports_agents.ts";
import { type OrderLine, priceItems, readMenu } from "../orders/price_items.ts";
import { defineTool, pickResults } from "./tool.ts";

export const orderedItems = z.array(z.object({
  name: z.string().trim().min(1).max(80),
  quantity: z.int().min(1).max(100),
})).min(1).max(20).describe("Dishes as the menu names them");

export const orderOutput = {
  message: z.string(),
  /** `no_menu`: the restaurant takes no orders here. */
  reason: z.enum(["ok", "not_found", "no_menu", "unknown_items", "price_changed"]),
  restaurant: z.string().nullable(),
  lines: z.array(z.object({ name: z.string(), quantity: z.number(), price: z.number() })),
  unknown: z.array(z.string()),
  total: z.number(),
  currency: z.string(),
};

/** What an order comes to by the restaurant's menu, and whether it can be made. */
export function judgeOrder(
  listing: Listing | null,
  items: z.output<typeof orderedItems>,
): Omit<z.output<z.ZodObject<typeof orderOutput>>, "message"> {
  const currency = listing?.currency ?? "RWF";
  const none = { lines: [], unknown: [], total: 0, currency };
  if (listing === null || listing.domain !== "waiter" || listing.state !== "active") {
    return { ...none, reason: "not_found" as const, restaurant: null };
  }
  const restaurant = listing.title;
  const menu = readMenu(listing.attributes);
  if (menu.length === 0) return { ...none, reason: "no_menu" as const, restaurant };
  const { lines, unknown, total } = priceItems(menu, items);
  const reason = unknown.length > 0 || lines.length === 0 ? "unknown_items" : "ok";
  return { reason, restaurant, lines, unknown, total, currency };
}

export function writeLines(lines: readonly OrderLine[]): string {
  return lines.map(({ name, quantity }) => `${quantity} × ${name}`).join(", ");
}

export const priceOrder = defineTool({
  description: "Tells what dishes of a restaurant cost together. Nothing is ordered by it.",
  input: z.object({ listing_id: z.uuid(), items: orderedItems }),
  output: z.object(orderOutput),
  reads: ({ listing_id }) => [{ kind: "listing", id: listing_id }],
  act({ items }, _context, results) {
    const judged = judgeOrder(pickResults(results, "listing")[0]?.listing ?? null, items);
    const { reason, lines, unknown, total, currency } = judged;
    const message = reason === "ok"
      ? `${writeLines(lines)}: ${total} ${currency}. Have it confirmed, then use place_order.`
      : reason === "unknown_items"
      ? `Not on the menu: ${unknown.join(", ")}.`
      : "Nothing can be ordered there.";
    return { output: { ...judged, message }, effects: [] };
  },
});
