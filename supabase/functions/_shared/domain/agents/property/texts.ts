import type { Texts } from "../../flows/answer.ts";
import { texts } from "../shared_texts.ts";

export const PROPERTY_TEXTS = {
  greeting: texts(
    "Property: what would you like to do?",
    "Immobilier : que voulez-vous faire ?",
    "Nyumba: ungependa kufanya nini?",
    "Inzu n'ubutaka: murifuza gukora iki?",
  ),
  search: texts("Find a home", "Trouver un logement", "Tafuta nyumba", "Shaka inzu"),
  list: texts("List a property", "Proposer un bien", "Tangaza nyumba", "Tangaza inzu"),
  viewing: texts("Arrange a viewing", "Visiter", "Panga kuiona", "Saba kuyisura"),
  ask_deal: texts(
    "Is it to rent or to buy?",
    "Est-ce pour louer ou acheter ?",
    "Ni ya kukodi au kununua?",
    "Ni iyo gukodesha cyangwa kugura?",
  ),
  ask_offered: texts(
    "Is it for rent or for sale?",
    "Est-ce à louer ou à vendre ?",
    "Ni ya kupangisha au kuuza?",
    "Ni iyo gukodesha cyangwa kugurisha?",
  ),
  deal: texts("Rent or sale", "Location ou vente", "Kodi au kuuza", "Gukodesha cyangwa kugurisha"),
  rent: texts("Rent", "Location", "Kukodi", "Gukodesha"),
  sale: texts("Sale", "Vente", "Kununua", "Kugura"),
  error_deal: texts(
    "Please choose rent or sale.",
    "Choisissez location ou vente.",
    "Tafadhali chagua kukodi au kununua.",
    "Hitamo gukodesha cyangwa kugura.",
  ),
  ask_bedrooms: texts(
    "How many bedrooms?",
    "Combien de chambres ?",
    "Vyumba vingapi vya kulala?",
    "Ibyumba bingahe byo kuraramo?",
  ),
  bedrooms: texts("Bedrooms", "Chambres", "Vyumba", "Ibyumba"),
  error_bedrooms: texts(
    "Please write a number, such as 3.",
    "Écrivez un nombre, par exemple 3.",
    "Tafadhali andika namba, kama 3.",
    "Andika umubare, nka 3.",
  ),
  ask_date: texts(
    "On which day would you like to see it?",
    "Quel jour voulez-vous le visiter ?",
    "Ungependa kuiona siku gani?",
    "Murifuza kuyisura ku wuhe munsi?",
  ),
  date: texts("Day", "Jour", "Siku", "Umunsi"),
  error_date: texts(
    "Please name a day, such as tomorrow, Friday or 12 May.",
    "Indiquez un jour : demain, vendredi ou 12 mai.",
    "Tafadhali taja siku, kama kesho, Ijumaa au 12 Mei.",
    "Vuga umunsi, nk'ejo, ku wa gatanu cyangwa 12 Gicurasi.",
  ),
  ask_time: texts("At what time?", "À quelle heure ?", "Saa ngapi?", "Ku yihe saha?"),
  time: texts("Time", "Heure", "Saa", "Isaha"),
  error_time: texts(
    "Please write a time, such as 10:00 or 3pm.",
    "Écrivez une heure, par exemple 10:00 ou 15h.",
    "Tafadhali andika saa, kama 10:00 au saa nne.",
    "Andika isaha, nka 10:00 cyangwa saa ine.",
  ),
  confirm_viewing: texts(
    "Ask the owner for this viewing?",
    "Demander cette visite au propriétaire ?",
    "Nimwombe mwenyewe muda huu?",
    "Nsabe nyirayo iki gihe?",
  ),
  viewing_sent: texts(
    "The owner is asked. I'll tell you as soon as it is accepted.",
    "La demande est envoyée. Je vous préviens dès qu'elle est acceptée.",
    "Mwenyewe ameulizwa. Nitakuambia akikubali.",
    "Nyirayo yabajijwe. Nzakubwira niyemera.",
  ),
  search_triggers: texts(
    "rent,looking for a house,looking for an apartment,find a house,house to rent,apartment,house in,need a house,buy a house,bedroom,bedrooms,to rent,for rent in",
    "louer,cherche une maison,cherche un appartement,appartement,maison a louer,chambres,acheter une maison,cherche un logement,logement",
    "natafuta nyumba,nyumba ya kukodi,nyumba ya kupanga,kukodi,nahitaji nyumba,vyumba,chumba,kununua nyumba",
    "ndashaka inzu,inzu yo gukodesha,nkeneye inzu,gukodesha,inzu y ibyumba,kugura inzu,icumbi,ndashaka gukodesha",
  ),
  list_triggers: texts(
    "list my house,list a house,list a property,list my property,sell my house,selling my house,rent out,house for sale,i have a house,my apartment for rent,renting out,plot for sale,sell land,sell my land",
    "vendre ma maison,je vends ma maison,mettre en location,je loue ma maison,ma maison a louer,proposer un bien,terrain a vendre,vends un terrain",
    "kupangisha,nauza nyumba,kuuza nyumba,napangisha,nyumba yangu,nina nyumba,tangaza nyumba,nauza kiwanja,kuuza kiwanja",
    "nkodesha inzu,ndagurisha inzu,kugurisha inzu,mfite inzu,inzu yanjye,tangaza inzu,ndagurisha ikibanza,kugurisha ikibanza,mfite ikibanza",
  ),
  per_bedroom: texts("bedrooms", "chambres", "vyumba", "ibyumba"),
} satisfies { [name: string]: Texts };
