import { acceptBy } from "../flows/answer.ts";
import type { Step } from "../flows/flow.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

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
  accept: acceptBy(({ text }) => UUID.test(text.trim()) ? text.trim() : undefined),
  // Ids are nothing to read back.
  show: () => "",
  told: true,
};
