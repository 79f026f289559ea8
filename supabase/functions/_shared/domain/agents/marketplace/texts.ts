import type { Texts } from "../../flows/answer.ts";
import { texts } from "../shared_texts.ts";

export const MARKETPLACE_TEXTS = {
  greeting: texts(
    "Marketplace: what would you like to do?",
    "Marché : que voulez-vous faire ?",
    "Soko: ungependa kufanya nini?",
    "Isoko: murifuza gukora iki?",
  ),
  search: texts("Buy or find", "Acheter, trouver", "Nunua au tafuta", "Gura cyangwa shaka"),
  sell: texts("Sell or offer", "Vendre, proposer", "Uza au toa", "Gurisha cyangwa tanga"),
  want: texts("Tell me when", "M'alerter", "Niambie ikipatikana", "Umbwire niboneka"),
  thing: texts("What", "Quoi", "Nini", "Iki"),
  ask_wanted: texts(
    "What are you looking for?",
    "Que cherchez-vous ?",
    "Unatafuta nini?",
    "Urashaka iki?",
  ),
  ask_sold: texts(
    "What do you sell or offer?",
    "Que vendez-vous ou proposez-vous ?",
    "Unauza au unatoa nini?",
    "Uragurisha cyangwa utanga iki?",
  ),
  error_thing: texts(
    "Please name it, such as a phone or a sofa.",
    "Nommez-le, par exemple un téléphone ou un canapé.",
    "Tafadhali taja, kama simu au kochi.",
    "Kivuge izina, nka telefoni cyangwa intebe.",
  ),
  confirm_want: texts(
    "Shall I tell you when somebody offers it?",
    "Vous prévenir quand quelqu'un le propose ?",
    "Nikuambie mtu akiitoa?",
    "Nkubwire nihagira ubitanga?",
  ),
  wanted: texts(
    "Noted. I'll tell you as soon as somebody offers it.",
    "C'est noté. Je vous préviens dès que quelqu'un le propose.",
    "Nimeandika. Nitakuambia mara mtu akiitoa.",
    "Ndabyanditse. Nzakubwira nihagira ubitanga.",
  ),
  search_triggers: texts(
    "buy,looking for,search,find,where can i buy,want to buy,need,anyone selling",
    "acheter,cherche,je cherche,trouver,veux acheter,voudrais acheter",
    "kununua,nataka kununua,natafuta,nunua,nahitaji",
    "kugura,ndashaka kugura,gura,ndashaka,nkeneye",
  ),
  sell_triggers: texts(
    "sell,selling,want to sell,for sale,i sell,list an item,offer my service,post an item",
    "vendre,je vends,a vendre,veux vendre,voudrais vendre,proposer",
    "kuuza,nauza,ninauza,nataka kuuza,uza",
    "kugurisha,ndagurisha,ngurisha,ndashaka kugurisha,gurisha",
  ),
  want_triggers: texts(
    "tell me when,notify me,alert me,let me know when",
    "previens moi,prevenez moi,alerte,alertez moi,m alerter",
    "niambie ikipatikana,nijulishe,niarifu",
    "umbwire niboneka,munmenyeshe,mumbwire,mumenyeshe",
  ),
} satisfies { [name: string]: Texts };
