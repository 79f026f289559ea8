import * as z from "zod";
import { defineTool } from "./tool.ts";

export const updateListing = defineTool({
  description: "Marks one of the person's own listings as sold or closed, or changes its price.",
  input: z.object({
    listing_id: z.uuid(),
    state: z.enum(["sold", "closed"]).optional(),
    price: z.number().min(0).max(1e12).optional(),
  }).refine(({ state, price }) => state !== undefined || price !== undefined, {
    message: "a state or a price is wanted",
  }),
  output: z.object({ message: z.string() }),
  confirm: ({ state, price }, language) => {
    const sold = {
      en: "Mark it as sold?",
      fr: "Marquer comme vendu ?",
      sw: "Niweke kuwa imeuzwa?",
      rw: "Mbyandike ko byagurishijwe?",
    };
    const closed = {
      en: "Close it?",
      fr: "Fermer l'annonce ?",
      sw: "Nifunge tangazo?",
      rw: "Mfunge itangazo?",
    };
    const changed = { en: "New price", fr: "Nouveau prix", sw: "Bei mpya", rw: "Igiciro gishya" };
    if (state === undefined) return `${changed[language]}: ${price?.toLocaleString("en-US")}?`;
    return state === "sold" ? sold[language] : closed[language];
  },
  act: ({ listing_id, state, price }) => ({
    output: { message: state === undefined ? "The price is changed." : `The listing is ${state}.` },
    effects: [{
      kind: "update_listing",
      listing_id,
      ...(state === undefined ? {} : { state }),
      ...(price === undefined ? {} : { price }),
    }],
  }),
});
