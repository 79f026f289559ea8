import * as z from "zod";
import { judgeOrder, orderedItems, orderOutput, writeLines } from "./price_order.ts";
import { defineTool, pickResults } from "./tool.ts";

export const placeOrder = defineTool({
  description:
    "Orders dishes of a restaurant for the person, at the total that price_order told and the person agreed to. The restaurant is told.",
  input: z.object({
    listing_id: z.uuid(),
    items: orderedItems,
    total: z.number().min(0).describe("What the person agreed to pay"),
    note: z.string().trim().max(300).nullish().describe("Where to bring it, or other wishes"),
  }),
  output: z.object({ ...orderOutput, order_id: z.string().nullable() }),
  confirm: ({ items, total }, language) => {
    const words = {
      en: "Order this?",
      fr: "Commander ceci ?",
      sw: "Niagize hivi?",
      rw: "Mbitumize?",
    };
    const facts = items.map(({ name, quantity }) => `${quantity} × ${name}`).join(", ");
    return `${facts}\n${total.toLocaleString("en-US")}\n\n${words[language]}`;
  },
  reads: ({ listing_id }) => [{ kind: "listing", id: listing_id }],
  act({ listing_id, items, total, note }, { person, newId }, results) {
    const judged = judgeOrder(pickResults(results, "listing")[0]?.listing ?? null, items);
    const refuse = (message: string, reason = judged.reason) => ({
      output: { ...judged, reason, message, order_id: null },
      effects: [],
    });
    if (judged.reason === "unknown_items") {
      return refuse(`Not on the menu: ${judged.unknown.join(", ")}.`);
    }
    if (judged.reason !== "ok") return refuse("Nothing can be ordered there.");
    if (judged.total !== total) {
      return refuse(
        `It costs ${judged.total} ${judged.currency}. Have that confirmed first.`,
        "price_changed",
      );
    }
    if (person.contactId === null) {
      return refuse("The caller's number is withheld, so nothing can be ordered.", "not_found");
    }
    const id = newId();
    const { lines, currency } = judged;
    const price = `${total.toLocaleString("en-US")} ${currency}`;
    const notice = [`${writeLines(lines)} = ${price}`, note ?? ""].filter(Boolean).join("\n");
    return {
      output: { ...judged, message: "The order is sent to the restaurant.", order_id: id },
      effects: [{
        kind: "apply",
        id,
        listing_id,
        application_kind: "order",
        details: { items: lines, total, currency, ...(note ? { note } : {}), notice },
      }],
    };
  },
});
