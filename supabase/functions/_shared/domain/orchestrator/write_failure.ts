import type { QueuedReply } from "../../ports_messaging.ts";
import { chooseLanguage, type Language } from "../session/service_menu.ts";

const FAILED: { [L in Language]: string } = {
  en: "Sorry, something went wrong on our side. Please try again, or write MENU.",
  fr: "Désolé, un problème est survenu de notre côté. Réessayez ou écrivez MENU.",
  sw: "Samahani, kuna hitilafu upande wetu. Tafadhali jaribu tena, au andika MENYU.",
  rw: "Mutwihanganire, habaye ikibazo iwacu. Ongera ugerageze, cyangwa wandike MENU.",
};

/** What is said where a turn came to nothing; the first of the wishes that is a language of ours. */
export function writeFailure(...languages: unknown[]): QueuedReply {
  return { type: "text", content: { text: FAILED[chooseLanguage(...languages)] } };
}
