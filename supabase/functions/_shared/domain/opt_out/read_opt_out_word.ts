import { foldText } from "../fold_text.ts";

/** English, French, Swahili and Kinyarwanda; folded. Each is a whole message, never part of one. */
const STOP = new Set([
  ..."stop,stop all,stopall,end,quit,unsubscribe,opt out,optout,remove me,stop messages".split(","),
  ..."arret,arreter,arretez,stopper,desabonner,me desabonner,se desabonner,desinscrire,desinscription"
    .split(","),
  ..."acha,achana nami,simama,sitisha,komesha,jiondoe,niondoe,usinitumie".split(","),
  ..."hagarika,reka,rekera aho,nkuramo,kuramo,mumvanemo,ntimwongere".split(","),
]);

const START = new Set([
  ..."start,unstop,subscribe,opt in,optin,resume".split(","),
  ..."commencer,demarrer,reprendre,abonner,m abonner,s abonner".split(","),
  ..."anza,anzisha,jiunge,niunge,endelea".split(","),
  ..."tangira,ongera utangire,komeza,nyandika".split(","),
]);

/**
 * Whether a message says to stop, or to start again, the messages that we begin.
 * "Reka" and the like are ordinary words in a sentence: only a message that is nothing else counts.
 */
export function readOptOutWord(text: string): "opted_out" | "opted_in" | null {
  const folded = foldText(text);
  if (STOP.has(folded)) return "opted_out";
  return START.has(folded) ? "opted_in" : null;
}
