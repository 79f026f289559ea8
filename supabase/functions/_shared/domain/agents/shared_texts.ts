import type { Texts } from "../flows/answer.ts";

/** A sentence in English, French, Swahili and Kinyarwanda. */
export function texts(en: string, fr: string, sw: string, rw: string): Texts {
  return { en, fr, sw, rw };
}

/** What agents with listings ask and say alike. */
export const LISTING_TEXTS = {
  ask_place: texts(
    "Where? Share a location or write a place.",
    "Où ? Partagez une position ou écrivez un lieu.",
    "Wapi? Tuma mahali ulipo au andika jina la mahali.",
    "Hehe? Ohereza aho uri cyangwa wandike izina ry'ahantu.",
  ),
  place: texts("Place", "Lieu", "Mahali", "Ahantu"),
  error_place: texts(
    "I need a place, such as Kigali or Musanze.",
    "Il me faut un lieu, par exemple Kigali ou Musanze.",
    "Nahitaji jina la mahali, kama Kigali au Musanze.",
    "Nkeneye izina ry'ahantu, nka Kigali cyangwa Musanze.",
  ),
  ask_price: texts(
    "What is the price?",
    "Quel est le prix ?",
    "Bei ni kiasi gani?",
    "Igiciro ni angahe?",
  ),
  price: texts("Price", "Prix", "Bei", "Igiciro"),
  error_price: texts(
    "Please write an amount, such as 200k or 150,000 RWF.",
    "Écrivez un montant, par exemple 200k ou 150 000 RWF.",
    "Tafadhali andika kiasi, kama 200k au 150,000 RWF.",
    "Andika umubare w'amafaranga, nka 200k cyangwa 150.000 RWF.",
  ),
  ask_budget: texts(
    "What is the most you would pay?",
    "Quel est votre budget maximum ?",
    "Unaweza kulipa hadi kiasi gani?",
    "Wakwishyura amafaranga menshi angahe?",
  ),
  budget: texts("Budget", "Budget", "Bajeti", "Ingengo y'imari"),
  ask_description: texts(
    "Describe it: condition, size, what matters.",
    "Décrivez-le : état, taille, l'essentiel.",
    "Eleza: hali, ukubwa, yaliyo muhimu.",
    "Bisobanure: uko bimeze, ingano, iby'ingenzi.",
  ),
  description: texts("Description", "Description", "Maelezo", "Ibisobanuro"),
  error_text: texts(
    "Please write it in a few words.",
    "Écrivez-le en quelques mots.",
    "Tafadhali andika kwa maneno machache.",
    "Mwandike mu magambo make.",
  ),
  ask_note: texts(
    "What would you like to say to the owner?",
    "Que voulez-vous dire au propriétaire ?",
    "Ungependa kumwambia nini mwenyewe?",
    "Urashaka kubwira iki nyirabyo?",
  ),
  note: texts("Message", "Message", "Ujumbe", "Ubutumwa"),
  confirm_publish: texts(
    "Publish this?",
    "Publier ceci ?",
    "Nitangaze hii?",
    "Mbitangaze?",
  ),
  published: texts(
    "It is published. I'll tell you when somebody is interested.",
    "C'est publié. Je vous préviens dès que quelqu'un est intéressé.",
    "Imetangazwa. Nitakuambia mtu akivutiwa.",
    "Byatangajwe. Nzakubwira nihagira ubishaka.",
  ),
  confirm_send: texts(
    "Send this to the owner?",
    "Envoyer ceci au propriétaire ?",
    "Nimtumie mwenyewe?",
    "Mbyohereze nyirabyo?",
  ),
  sent: texts(
    "Sent. I'll tell you what the owner answers.",
    "Envoyé. Je vous transmettrai la réponse.",
    "Imetumwa. Nitakuambia mwenyewe akijibu.",
    "Byoherejwe. Nzakubwira icyo nyirabyo asubiza.",
  ),
  contact: texts("Ask the owner", "Contacter", "Muulize mwenyewe", "Baza nyirabyo"),
  view: texts("See it", "Voir", "Ona", "Reba"),
  sold: texts("Mark as sold", "Marquer vendu", "Imeuzwa", "Byagurishijwe"),
  confirm_sold: texts(
    "Mark it as sold? Nobody will find it any more.",
    "Marquer comme vendu ? Plus personne ne le trouvera.",
    "Niweke kuwa imeuzwa? Hakuna atakayeipata tena.",
    "Mbyandike ko byagurishijwe? Nta wuzongera kubibona.",
  ),
  is_sold: texts(
    "It is marked as sold.",
    "C'est marqué comme vendu.",
    "Imewekwa kuwa imeuzwa.",
    "Byanditswe ko byagurishijwe.",
  ),
  mine: texts("My listings", "Mes annonces", "Matangazo yangu", "Amatangazo yanjye"),
  none_mine: texts(
    "You haven't listed anything here yet.",
    "Vous n'avez encore rien publié ici.",
    "Hujatangaza chochote hapa bado.",
    "Nta cyo uratangaza hano.",
  ),
  received: texts("My inquiries", "Mes demandes", "Maulizo yangu", "Ibibazo byanjye"),
  none_received: texts(
    "Nobody has asked yet.",
    "Personne n'a encore écrit.",
    "Hakuna aliyeuliza bado.",
    "Nta wurabaza.",
  ),
  answer: texts("Answer", "Répondre", "Jibu", "Subiza"),
  confirm_answer: texts(
    "Send this answer?",
    "Envoyer cette réponse ?",
    "Nitume jibu hili?",
    "Nohereze iki gisubizo?",
  ),
  gone: texts(
    "This is no longer listed.",
    "Cette annonce n'existe plus.",
    "Tangazo hili halipo tena.",
    "Iri tangazo ntirikiriho.",
  ),
  none: texts(
    "Nothing fits at the moment. Try other words, a higher price or another place.",
    "Rien ne correspond pour le moment. Essayez d'autres mots, un prix plus élevé ou un autre lieu.",
    "Hakuna kinachofaa kwa sasa. Jaribu maneno mengine, bei ya juu au mahali pengine.",
    "Nta kibonetse ubu. Gerageza andi magambo, igiciro kiri hejuru cyangwa ahandi hantu.",
  ),
} satisfies { [name: string]: Texts };

/** The words for a person's own listings and for what others sent, in any agent. */
export const LISTING_TRIGGERS = {
  mine: texts(
    "my listings,my listing,my ads,what i listed",
    "mes annonces,mon annonce",
    "matangazo yangu,tangazo langu",
    "amatangazo yanjye,itangazo ryanjye",
  ),
  sold: texts(
    "mark as sold,mark sold,i sold it,it is sold,sold it",
    "marquer vendu,marquer comme vendu,c est vendu,je l ai vendu",
    "imeuzwa,nimeuza,weka imeuzwa",
    "byagurishijwe,narabigurishije,yagurishijwe",
  ),
  received: texts(
    "my inquiries,my requests,who asked,who is interested,my enquiries",
    "mes demandes,qui a demande,qui est interesse",
    "maulizo yangu,nani ameuliza,nani anataka",
    "ibibazo byanjye,abambajije,ni nde wabajije",
  ),
  none: texts("", "", "", ""),
} satisfies { [name: string]: Texts };
