import type { Texts } from "../../flows/answer.ts";
import { texts } from "../shared_texts.ts";

export const BROKER_TEXTS = {
  greeting: texts(
    "Businesses for sale: what would you like to do?",
    "Entreprises à vendre : que voulez-vous faire ?",
    "Biashara zinazouzwa: ungependa kufanya nini?",
    "Ubucuruzi bugurishwa: murifuza gukora iki?",
  ),
  search: texts("Find a business", "Trouver une entreprise", "Tafuta biashara", "Shaka ubucuruzi"),
  list: texts("Sell a business", "Vendre une entreprise", "Uza biashara", "Gurisha ubucuruzi"),
  introduce: texts("Introduce me", "Me présenter", "Nitambulishe", "Mpuza na we"),
  introductions: texts(
    "My introductions",
    "Mes présentations",
    "Utambulisho wangu",
    "Guhuzwa kwanjye",
  ),
  none_introductions: texts(
    "You haven't asked for an introduction yet.",
    "Vous n'avez pas encore demandé de présentation.",
    "Hujaomba kutambulishwa bado.",
    "Nturasaba guhuzwa n'umuntu.",
  ),
  ask_kind: texts(
    "What kind of business?",
    "Quel type d'entreprise ?",
    "Biashara ya aina gani?",
    "Ubucuruzi bw'ubuhe bwoko?",
  ),
  kind: texts("Business", "Entreprise", "Biashara", "Ubucuruzi"),
  error_kind: texts(
    "Please name a kind, such as a shop or a restaurant.",
    "Nommez un type, par exemple un magasin ou un restaurant.",
    "Tafadhali taja aina, kama duka au mgahawa.",
    "Vuga ubwoko, nk'iduka cyangwa resitora.",
  ),
  ask_revenue: texts(
    "What does it turn over in a month?",
    "Quel est son chiffre d'affaires par mois ?",
    "Mapato yake kwa mwezi ni kiasi gani?",
    "Yinjiza amafaranga angahe ku kwezi?",
  ),
  revenue: texts("Monthly revenue", "Chiffre par mois", "Mapato kwa mwezi", "Ayinjira ku kwezi"),
  confirm_introduce: texts(
    "Ask the seller for an introduction? Your number is shared only if the seller accepts, and so is theirs.",
    "Demander une présentation au vendeur ? Vos numéros ne sont échangés que s'il accepte.",
    "Nimwombe muuzaji utambulisho? Namba zenu zitabadilishwa tu akikubali.",
    "Nsabe ugurisha kubahuza? Nimero zanyu zizahanwa ari uko yemeye.",
  ),
  introduced: texts(
    "The seller is asked. You are introduced once the seller accepts.",
    "Le vendeur est prévenu. Vous serez mis en relation s'il accepte.",
    "Muuzaji ameulizwa. Mtatambulishwa akikubali.",
    "Ugurisha yabajijwe. Muzahuzwa niyemera.",
  ),
  confirm_answer: texts(
    "Send this answer? Accepting gives each of you the other's number.",
    "Envoyer cette réponse ? En acceptant, vous échangez vos numéros.",
    "Nitume jibu hili? Ukikubali mtapeana namba.",
    "Nohereze iki gisubizo? Niwemera murahana nimero.",
  ),
  search_triggers: texts(
    "buy a business,business for sale,businesses for sale,find a business,looking for a business,buy a shop,take over,invest in,buy a restaurant,buy a company",
    "acheter une entreprise,entreprise a vendre,reprendre,fonds de commerce,cherche une entreprise,acheter un commerce,acheter un restaurant,racheter",
    "kununua biashara,natafuta biashara,biashara inayouzwa,kununua duka,nataka kununua biashara",
    "kugura ubucuruzi,ndashaka kugura ubucuruzi,ubucuruzi bugurishwa,kugura iduka,ndashaka ubucuruzi,kugura kampani",
  ),
  list_triggers: texts(
    "sell my business,selling my business,sell a business,sell my shop,sell my restaurant,sell my company,list my business,sell business",
    "vendre mon entreprise,je vends mon entreprise,vendre mon commerce,ceder mon,vendre mon restaurant,vends mon restaurant,vendre mon magasin,cession",
    "kuuza biashara,nauza biashara,kuuza duka,nauza duka,nataka kuuza biashara,uza biashara",
    "kugurisha ubucuruzi,ndagurisha ubucuruzi,ndashaka kugurisha ubucuruzi,kugurisha iduka,ndagurisha iduka,kugurisha kampani",
  ),
  introductions_triggers: texts(
    "my introductions,introductions",
    "mes presentations,mes mises en relation",
    "utambulisho wangu",
    "guhuzwa kwanjye",
  ),
} satisfies { [name: string]: Texts };
