import type { TurnIntent } from "../intent/read_intent.ts";
import type { FlaggedAgent } from "../rollout/parse_flags.ts";
import type { Language } from "./service_menu.ts";

type Notes = {
  asked: (title: string) => string;
  place: string;
  unread: { [What in NonNullable<TurnIntent["unread"]>]: string };
};

const NOTES: { [L in Language]: Notes } = {
  en: {
    asked: (title) => `You asked about ${title}. Choose it to go on, or choose another service.`,
    place: "Thank you, I know where you are. What are you looking for? Choose a service.",
    unread: {
      voice: "I can't listen to voice notes yet, please write. You can also choose a service.",
      picture: "I can't look at pictures yet, please write. You can also choose a service.",
      file: "I can't read files yet, please write. You can also choose a service.",
    },
  },
  fr: {
    asked: (title) =>
      `Votre demande concerne : ${title}. Choisissez ce service pour continuer, ou un autre.`,
    place: "Merci, je sais où vous êtes. Que cherchez-vous ? Choisissez un service.",
    unread: {
      voice:
        "Je ne peux pas encore écouter les messages vocaux, écrivez-moi. Vous pouvez aussi choisir un service.",
      picture:
        "Je ne peux pas encore voir les images, écrivez-moi. Vous pouvez aussi choisir un service.",
      file:
        "Je ne peux pas encore lire les fichiers, écrivez-moi. Vous pouvez aussi choisir un service.",
    },
  },
  sw: {
    asked: (title) => `Umeuliza kuhusu ${title}. Chagua huduma hiyo kuendelea, au chagua nyingine.`,
    place: "Asante, najua ulipo. Unatafuta nini? Chagua huduma.",
    unread: {
      voice:
        "Bado siwezi kusikiliza ujumbe wa sauti, tafadhali andika. Unaweza pia kuchagua huduma.",
      picture: "Bado siwezi kuona picha, tafadhali andika. Unaweza pia kuchagua huduma.",
      file: "Bado siwezi kusoma mafaili, tafadhali andika. Unaweza pia kuchagua huduma.",
    },
  },
  rw: {
    asked: (title) =>
      `Wabajije ibijyanye na: ${title}. Hitamo iyo serivisi ukomeze, cyangwa uhitemo indi.`,
    place: "Murakoze, menye aho muri. Murashaka iki? Hitamo serivisi.",
    unread: {
      voice: "Sindabasha kumva ubutumwa bw'amajwi, mwandike. Mushobora no guhitamo serivisi.",
      picture: "Sindabasha kureba amafoto, mwandike. Mushobora no guhitamo serivisi.",
      file: "Sindabasha gusoma inyandiko zoherejwe, mwandike. Mushobora no guhitamo serivisi.",
    },
  },
};

/**
 * What a menu says in place of its welcome: what was understood, or honestly what wasn't. Null where
 * there is nothing to say, a service that is switched off included.
 */
export function writeMenuNote(
  language: Language,
  { agent, recorded, unread, place }: Omit<TurnIntent, "language">,
  titleOf: (agent: FlaggedAgent) => string | null,
): string | null {
  // Who has just chosen a service isn't told to choose it.
  const isAsked = agent !== null && recorded.intent_method === "lexicon";
  const title = isAsked ? titleOf(agent) : null;
  if (title !== null) return NOTES[language].asked(title);
  if (unread !== null) return NOTES[language].unread[unread];
  return place === null ? null : NOTES[language].place;
}
