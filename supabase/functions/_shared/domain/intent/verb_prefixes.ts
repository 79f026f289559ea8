import type { Language } from "../session/service_menu.ts";

/**
 * What stands before the stem of a verb where people ask for something: the infinitive, and who does
 * it in the present, the past and the future. Object markers aren't here: those forms are listed.
 */
const VERB_PREFIXES: { [L in Language]?: readonly string[] } = {
  rw:
    ("ku,gu,ko,n,na,ni,nda,ndi,nza,mba,tu,twa,tura,tuza,u,wa,ura,uza,mu,mwa,mura,muza,a,ya,ara,aza,ba," +
      "bara,baza,nka").split(","),
  sw:
    (",ku,na,nina,nime,nili,nita,ni,una,ume,uta,u,ana,ame,ata,a,tuna,tume,tuta,tu,mna,mme,mta,m,wana," +
      "wame,wata,wa,ina,naku").split(","),
};

/**
 * All that a phrase stands for: "~uza duka" is "kuuza duka", "ninauza duka"…, and "(sell|buy) (shop|bar)"
 * is four phrases.
 */
export function spellOut(phrase: string, language: Language): string[] {
  const choice = /\(([^()]*)\)/.exec(phrase);
  if (choice !== null) {
    const { 0: whole, 1: choices = "", index } = choice;
    return choices.split("|").flatMap((chosen) =>
      spellOut(phrase.slice(0, index) + chosen + phrase.slice(index + whole.length), language)
    );
  }
  const at = phrase.indexOf("~");
  if (at === -1) return [phrase];
  const prefixes = VERB_PREFIXES[language] ?? [""];
  return prefixes.map((prefix) => `${phrase.slice(0, at)}${prefix}${phrase.slice(at + 1)}`);
}
