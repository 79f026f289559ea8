import * as z from "zod";
import { acceptBy } from "../flows/answer.ts";
import type { Step } from "../flows/flow.ts";

/** As the tools want it. */
const id = z.uuid();

/** What a row or a button names; nobody writes it, so it is never asked for in words that could be read. */
export const idStep: Step = {
  ask: {
    en: "Please choose from the list above, or write MENU.",
    fr: "Choisissez dans la liste ci-dessus, ou écrivez MENU.",
    sw: "Tafadhali chagua kwenye orodha iliyo juu, au andika MENYU.",
    rw: "Hitamo ku rutonde ruri hejuru, cyangwa wandike MENU.",
  },
  label: { en: "Choice", fr: "Choix", sw: "Chaguo", rw: "Ihitamo" },
  on_error: {
    en: "I need a choice from the list.",
    fr: "Il me faut un choix de la liste.",
    sw: "Nahitaji chaguo kutoka kwenye orodha.",
    rw: "Nkeneye ihitamo ryo ku rutonde.",
  },
  accept: acceptBy(({ text }) => id.safeParse(text.trim().toLowerCase()).data),
  // Ids are nothing to read back.
  show: () => "",
  told: true,
};
