import type { Texts } from "../flows/answer.ts";
import type { Language } from "../session/service_menu.ts";
import { weekdayOf } from "../entities/read_date.ts";

const DAYS: { [L in Language]: readonly string[] } = {
  en: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
  fr: ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
  sw: ["Jumatatu", "Jumanne", "Jumatano", "Alhamisi", "Ijumaa", "Jumamosi", "Jumapili"],
  rw: [
    "ku wa mbere",
    "ku wa kabiri",
    "ku wa gatatu",
    "ku wa kane",
    "ku wa gatanu",
    "ku wa gatandatu",
    "ku cyumweru",
  ],
};

/**
 * "Tuesday 24/11", "Thursday 01/01/2027"; what isn't a date stays as it is.
 * @param today whose year is left out; without it any year is
 */
export function showDate(date: string, language: Language, today: string = date): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  if (match === null) return date;
  const year = today.startsWith(`${match[1]}-`) ? "" : `/${match[1]}`;
  return `${DAYS[language][weekdayOf(date)]} ${match[3]}/${match[2]}${year}`;
}

export function showMoment(
  { date, time }: { date: string; time: string },
  language: Language,
): string {
  return `${showDate(date, language)}, ${time}`;
}

/** For a row's title: "24/11, 10:00". */
export function showShortly({ date, time }: { date: string; time: string }): string {
  return `${date.slice(8)}/${date.slice(5, 7)}, ${time}`;
}

/** What is said two hours before. */
export const REMINDER: Texts = {
  en: "Reminder: you have a booking today at",
  fr: "Rappel : vous avez une réservation aujourd'hui à",
  sw: "Kumbusho: una nafasi uliyoweka leo saa",
  rw: "Kwibutsa: ufite umwanya wafashe uyu munsi saa",
};

export const ASK_BOOKING: Texts = {
  en: "Book this time?",
  fr: "Réserver cet horaire ?",
  sw: "Niweke nafasi hii?",
  rw: "Mfate uyu mwanya?",
};

/** From Monday. */
export function showWeekday(place: number, language: Language): string {
  return DAYS[language][place] ?? "";
}
