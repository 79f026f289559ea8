import { showMoment, showShortly } from "../booking/booking_words.ts";
import type { BookingReason } from "../booking/plan_booking.ts";
import type { Texts } from "../flows/answer.ts";
import type { OutboundContent } from "../outbox/outbound_content.ts";
import type { FlaggedAgent } from "../rollout/parse_flags.ts";
import type { Language } from "../session/service_menu.ts";
import { sayText, taskId } from "./say_listings.ts";

type Slot = { date: string; time: string };

const REASONS: { [Reason in Exclude<BookingReason, "booked">]: Texts } = {
  taken: {
    en: "Sorry, that time is taken.",
    fr: "Désolé, cet horaire est déjà pris.",
    sw: "Samahani, muda huo umechukuliwa.",
    rw: "Mutwihanganire, iyo saha yafashwe.",
  },
  closed: {
    en: "Sorry, it is closed at that time.",
    fr: "Désolé, c'est fermé à cette heure.",
    sw: "Samahani, tumefunga muda huo.",
    rw: "Mutwihanganire, iyo saha haba hafunze.",
  },
  past: {
    en: "That time has already passed.",
    fr: "Cette heure est déjà passée.",
    sw: "Muda huo umeshapita.",
    rw: "Iyo saha yararenze.",
  },
  too_far: {
    en: "That is too far ahead to book.",
    fr: "C'est trop loin pour réserver.",
    sw: "Ni mbali mno kuweka nafasi.",
    rw: "Ni kure cyane ku gufata umwanya.",
  },
  no_hours: {
    en: "Nothing can be booked here yet: the opening hours are not known.",
    fr: "Impossible de réserver : les horaires d'ouverture ne sont pas connus.",
    sw: "Haiwezekani kuweka nafasi bado: saa za kazi hazijulikani.",
    rw: "Nta mwanya ushobora gufatwa: amasaha y'akazi ntazwi.",
  },
  not_found: {
    en: "That isn't available any more.",
    fr: "Ce n'est plus disponible.",
    sw: "Haipatikani tena.",
    rw: "Ntibikiboneka.",
  },
};

const FREE: Texts = {
  en: "These times are free:",
  fr: "Ces horaires sont libres :",
  sw: "Nyakati hizi ziko wazi:",
  rw: "Ayo masaha ni yo aboneka:",
};
const CHOOSE: Texts = { en: "Times", fr: "Horaires", sw: "Nyakati", rw: "Amasaha" };

/** Why nothing was booked, with the next free times, each a row that asks for it again. */
export function saySlots(
  { reason, free }: { reason: BookingReason | null; free: readonly Slot[] },
  { agent, flow, known = {}, language, none }: {
    agent: FlaggedAgent;
    flow: string;
    known?: { [step: string]: string };
    language: Language;
    /** Said where no reason is given and nothing is free. */
    none?: Texts;
  },
): OutboundContent[] {
  const why = reason === null || reason === "booked" ? none : REASONS[reason];
  if (free.length === 0) return [sayText((why ?? REASONS.not_found)[language])];
  const rows = free.map((slot) => ({
    id: taskId(agent, flow, { ...known, date: slot.date, time: slot.time }),
    title: showShortly(slot),
    description: showMoment(slot, language),
  }));
  const said = [reason === null ? "" : why?.[language] ?? "", FREE[language]].filter(Boolean);
  return [{
    type: "list",
    content: { text: said.join("\n"), button: CHOOSE[language], sections: [{ rows }] },
  }];
}
