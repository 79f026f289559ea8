import type { Json } from "../../ports.ts";
import { showDate } from "../booking/booking_words.ts";
import { readDate, readTime } from "../entities/read_date.ts";
import { acceptBy, type Answer } from "../flows/answer.ts";
import type { Step } from "../flows/flow.ts";

/** A button brings a day as it was offered. */
const day = (answer: Answer) => readDate(answer.text, answer);
const hour = ({ text }: Answer) => readTime(text);

export const dateStep: Step = {
  ask: {
    en: "On which day?",
    fr: "Quel jour ?",
    sw: "Siku gani?",
    rw: "Ku wuhe munsi?",
  },
  label: { en: "Day", fr: "Jour", sw: "Siku", rw: "Umunsi" },
  on_error: {
    en: "I need a day, such as tomorrow, Friday or 24/12.",
    fr: "Il me faut un jour, par exemple demain, vendredi ou 24/12.",
    sw: "Nahitaji siku, kama kesho, Ijumaa au 24/12.",
    rw: "Nkeneye umunsi, nk'ejo, ku wa gatanu cyangwa 24/12.",
  },
  accept: acceptBy(day),
  find: day,
  show: (value: Json, language, today) => showDate(String(value), language, today),
};

export const timeStep: Step = {
  ask: {
    en: "At what time?",
    fr: "À quelle heure ?",
    sw: "Saa ngapi?",
    rw: "Ku isaha yihe?",
  },
  label: { en: "Time", fr: "Heure", sw: "Saa", rw: "Isaha" },
  on_error: {
    en: "I need a time, such as 14:30 or 7 pm.",
    fr: "Il me faut une heure, par exemple 14h30 ou 19h.",
    sw: "Nahitaji saa, kama 14:30 au saa nne.",
    rw: "Nkeneye isaha, nka 14:30 cyangwa saa ine.",
  },
  accept: acceptBy(hour),
  find: hour,
};
