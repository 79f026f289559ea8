import { foldText } from "../fold_text.ts";

const words = (list: string): ReadonlySet<string> => new Set(list.split(","));

/** English, French, Swahili and Kinyarwanda; folded. Each is a whole message. */
const YES = words(
  "yes,y,yeah,yep,ok,okay,sure,confirm,correct,right,go ahead,please do,yes please,do it,oui,o,d accord,daccord,c est bon,vas y,allez y,confirmer,je confirme,bien sur," +
    "ndiyo,ndio,sawa,sawa sawa,haya,kabisa,thibitisha,nakubali,yego,yee,ego,ni byo,nibyo,ndabyemeye,ndemeye,emeza,sawa cyane,👍",
);
const NO = words(
  "no,n,nope,nah,no thanks,no thank you,not now,wrong,change,non,non merci,pas maintenant,faux,changer,modifier," +
    "hapana,la,sio,siyo,si sawa,badilisha,oya,oya murakoze,si byo,sibyo,hindura,ntabwo",
);
const SKIP = words(
  "skip,none,nothing,any,anything,anywhere,no preference,doesn t matter,i don t know,don t know,passer,aucun,aucune,n importe,peu importe,je ne sais pas," +
    "ruka,yoyote,popote,hakuna,sijui,simbuka,nta na kimwe,byose,aho ari ho hose,simbizi,ntacyo bitwaye",
);
const HELP = words(
  "help,help me,i need help,what,huh,i don t understand,aide,aidez moi,je ne comprends pas,comment,msaada,nisaidie,sielewi,ubufasha,mfasha,mumfashe,sinumva",
);
/** What a correction begins with: "no, 3 bedrooms". */
const CORRECTION =
  /^(no|nope|non|hapana|oya|sorry|pardon|samahani|imbabazi|mbabarira|actually|wait|i mean|i meant|en fait|plutot|make it|change|si|ahubwo)\s+\S/;

export type Reply = "yes" | "no" | "skip" | "help";

/** What a whole message answers to any question; null where it is an answer of its own. */
export function readReply(text: string): Reply | null {
  const folded = text.trim() === "👍" ? "👍" : foldText(text);
  if (YES.has(folded)) return "yes";
  if (NO.has(folded)) return "no";
  if (SKIP.has(folded)) return "skip";
  return HELP.has(folded) ? "help" : null;
}

/** Whether a message takes back something said before and says it anew. */
export function isCorrection(text: string): boolean {
  return CORRECTION.test(foldText(text));
}
