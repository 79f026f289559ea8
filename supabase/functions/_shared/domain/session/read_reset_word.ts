import { foldText } from "../fold_text.ts";

/** English, French, Swahili and Kinyarwanda; folded. Each is a whole message, never part of one. */
export const RESET_WORDS: ReadonlySet<string> = new Set([
  ..."menu,main menu,home,cancel,back,go back,restart,reset,start over,exit,services".split(","),
  ..."accueil,annuler,annule,retour,recommencer,menu principal,quitter".split(","),
  ..."menyu,mwanzo,nyumbani,ghairi,rudi,rudi nyuma,futa,anza upya,huduma".split(","),
  ..."ahabanza,subira inyuma,subira,siba,guhagarika,tangira bundi bushya,serivisi".split(","),
]);

/** Whether a message asks to leave whatever is going on and begin at the menu. */
export function isResetWord(text: string): boolean {
  return RESET_WORDS.has(foldText(text));
}

const BACK = new Set([
  ..."back,go back,retour,rudi,rudi nyuma,subira inyuma,subira".split(","),
]);
const CANCEL = new Set(
  "cancel,exit,annuler,annule,quitter,ghairi,futa,siba,guhagarika".split(","),
);

/** Whether a reset word asks for what was before, where something was. */
export function isBackWord(text: string): boolean {
  return BACK.has(foldText(text));
}

export function isCancelWord(text: string): boolean {
  return CANCEL.has(foldText(text));
}
