import type { WaitingMessage } from "../../ports_messaging.ts";
import { foldText } from "../fold_text.ts";
import { readOptOutWord } from "../opt_out/read_opt_out_word.ts";
import { isResetWord } from "./read_reset_word.ts";

/** What questions begin with in English, French, Swahili and Kinyarwanda; folded. */
const QUESTION_WORDS = new Set([
  ..."what,when,where,who,whom,whose,which,why,how,do,does,did,is,are,can,could,may,will,would,should,have,has"
    .split(","),
  ..."que,quel,quelle,quels,quelles,quand,qui,quoi,pourquoi,comment,combien,est,peut,puis,pouvez,avez,faites"
    .split(","),
  ..."nini,lini,wapi,nani,gani,kwanini,vipi,je,ngapi,naweza,mnaweza,mna".split(","),
  ..."iki,ese,ryari,hehe,nde,kuki,gute,angahe,bangahe,ni,mufite,nshobora".split(","),
]);
/** "où" alone folds to the word for "or", which begins no question. */
const WHERE = /^\s*où\b/iu;
/** "How?" is no question that documents could answer. */
const FEWEST_WORDS = 2;
const LONGEST = 500;

/**
 * What somebody asks in the words that wait, the last ones first; null where nothing of it is a question,
 * or a word has a meaning of its own.
 */
export function findQuestion(messages: readonly WaitingMessage[]): string | null {
  const texts = messages.filter(({ type }) => type === "text")
    .flatMap(({ content: { text } }) => typeof text === "string" ? [text] : []);
  if (texts.some((text) => isResetWord(text) || readOptOutWord(text) !== null)) return null;
  const asked = texts.findLast(isQuestion);
  return asked === undefined ? null : asked.trim().slice(0, LONGEST).toWellFormed();
}

function isQuestion(text: string): boolean {
  const words = foldText(text).split(" ");
  if (words.length < FEWEST_WORDS) return false;
  return /[?？؟]/.test(text) || WHERE.test(text) || QUESTION_WORDS.has(words[0] ?? "");
}
