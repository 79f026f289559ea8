import type { Texts } from "../flows/answer.ts";

/** What is said around the agents' own words. */
export const TURN_WORDS = {
  failed: {
    en: "Sorry, something went wrong on our side. Please try again, or write MENU.",
    fr: "Désolé, un problème est survenu de notre côté. Réessayez ou écrivez MENU.",
    sw: "Samahani, kuna hitilafu upande wetu. Tafadhali jaribu tena, au andika MENYU.",
    rw: "Mutwihanganire, habaye ikibazo iwacu. Ongera ugerageze, cyangwa wandike MENU.",
  },
  cancelled: {
    en: "Cancelled, nothing was sent.",
    fr: "Annulé, rien n'a été envoyé.",
    sw: "Imeghairiwa, hakuna kilichotumwa.",
    rw: "Byasibwe, nta cyoherejwe.",
  },
  put_aside: {
    en: "Your unfinished task is kept. Write BACK to go on with it:",
    fr: "Votre demande en cours est gardée. Écrivez RETOUR pour la reprendre :",
    sw: "Kazi yako ambayo haijaisha imehifadhiwa. Andika RUDI kuendelea nayo:",
    rw: "Ibyo wari utangiye birabitswe. Andika SUBIRA INYUMA ubikomeze:",
  },
  resumed: {
    en: "Back to where we were.",
    fr: "Reprenons où nous en étions.",
    sw: "Turudi tulipokuwa.",
    rw: "Dusubiye aho twari tugeze.",
  },
  expired: {
    en: "Welcome back! What you had begun has expired, nothing was sent:",
    fr: "Ravi de vous revoir ! Ce que vous aviez commencé a expiré, rien n'a été envoyé :",
    sw: "Karibu tena! Ulichoanza kimeisha muda, hakuna kilichotumwa:",
    rw: "Murakaza neza nanone! Ibyo mwari mwatangiye byarangije igihe, nta cyoherejwe:",
  },
  voice: {
    en: "I can't listen to voice notes yet, please write.",
    fr: "Je ne peux pas encore écouter les messages vocaux, écrivez-moi s'il vous plaît.",
    sw: "Siwezi kusikiliza ujumbe wa sauti bado, tafadhali andika.",
    rw: "Sindabasha kumva ubutumwa bw'amajwi, mwandike.",
  },
  picture: {
    en: "I can't look at pictures yet, please describe it in words.",
    fr: "Je ne peux pas encore regarder les images, décrivez-la avec des mots.",
    sw: "Siwezi kuona picha bado, tafadhali eleza kwa maneno.",
    rw: "Sindabasha kureba amafoto, mubisobanure mu magambo.",
  },
  file: {
    en: "I can't read files here, please write what matters.",
    fr: "Je ne peux pas lire de fichiers ici, écrivez l'essentiel.",
    sw: "Siwezi kusoma faili hapa, tafadhali andika yaliyo muhimu.",
    rw: "Sinshobora gusoma dosiye hano, mwandike iby'ingenzi.",
  },
  reaction: {
    en: "I can't take a reaction as an answer, please write or tap one.",
    fr: "Je ne peux pas prendre une réaction comme réponse, écrivez ou choisissez-en une.",
    sw: "Siwezi kuchukua alama kama jibu, tafadhali andika au chagua jibu.",
    rw: "Sinshobora gufata akamenyetso nk'igisubizo, mwandike cyangwa muhitemo.",
  },
  unreadable: {
    en: "I can't read this kind of message, please write.",
    fr: "Je ne peux pas lire ce type de message, écrivez-moi s'il vous plaît.",
    sw: "Siwezi kusoma ujumbe wa aina hii, tafadhali andika.",
    rw: "Sinshobora gusoma ubu butumwa, mwandike.",
  },
  cart: {
    en: "I can't take a cart here. Please write what you would like to order.",
    fr: "Je ne peux pas prendre de panier ici. Écrivez ce que vous voulez commander.",
    sw: "Siwezi kupokea kikapu hapa. Tafadhali andika unachotaka kuagiza.",
    rw: "Sinshobora kwakira agatebo hano. Andika ibyo wifuza gutumiza.",
  },
  located: {
    en: "Thank you, I have your location.",
    fr: "Merci, j'ai votre position.",
    sw: "Asante, nimepata mahali ulipo.",
    rw: "Murakoze, nabonye aho muri.",
  },
  closed: {
    en: "That question is no longer open.",
    fr: "Cette question n'est plus ouverte.",
    sw: "Swali hilo halipo tena.",
    rw: "Icyo kibazo ntikikiriho.",
  },
  unavailable: {
    en: "This service isn't available at the moment.",
    fr: "Ce service n'est pas disponible pour le moment.",
    sw: "Huduma hii haipatikani kwa sasa.",
    rw: "Iyi serivisi ntiboneka ubu.",
  },
  elsewhere: {
    en: "I can't help with that here. Another service can:",
    fr: "Je ne peux pas vous aider pour cela ici. Un autre service le peut :",
    sw: "Siwezi kusaidia hilo hapa. Huduma nyingine inaweza:",
    rw: "Sinshobora kubafasha kuri ibyo hano. Indi serivisi yabishobora:",
  },
  unsure: {
    en: "I'm not sure what you need. Please choose a service.",
    fr: "Je ne suis pas sûr de comprendre. Choisissez un service.",
    sw: "Sina uhakika unahitaji nini. Tafadhali chagua huduma.",
    rw: "Sinumvise neza icyo mukeneye. Hitamo serivisi.",
  },
  tasks: { en: "Tasks", fr: "Choix", sw: "Chagua", rw: "Hitamo" },
  welcome_thanks: {
    en: "You're welcome! Write MENU whenever you need something.",
    fr: "Avec plaisir ! Écrivez MENU quand vous avez besoin de quelque chose.",
    sw: "Karibu! Andika MENYU wakati wowote ukihitaji kitu.",
    rw: "Murakaza neza! Andika MENU igihe cyose mukeneye ikintu.",
  },
  farewell: {
    en: "Goodbye! You can write at any time.",
    fr: "Au revoir ! Vous pouvez écrire à tout moment.",
    sw: "Kwaheri! Unaweza kuandika wakati wowote.",
    rw: "Murabeho! Mushobora kwandika igihe cyose.",
  },
  rate: {
    en: "Did we help you?",
    fr: "Avons-nous pu vous aider ?",
    sw: "Je, tumekusaidia?",
    rw: "Ese twabafashije?",
  },
  rate_up: { en: "👍 Yes", fr: "👍 Oui", sw: "👍 Ndiyo", rw: "👍 Yego" },
  rate_down: { en: "👎 No", fr: "👎 Non", sw: "👎 Hapana", rw: "👎 Oya" },
  rated: {
    en: "Thank you for telling us.",
    fr: "Merci de nous l'avoir dit.",
    sw: "Asante kwa kutuambia.",
    rw: "Murakoze kubitubwira.",
  },
  done: {
    en: "Done.",
    fr: "C'est fait.",
    sw: "Imefanyika.",
    rw: "Byakozwe.",
  },
  not_done: {
    en: "That can't be done as we agreed any more, nothing was sent. Please ask again.",
    fr: "Ce n'est plus possible tel que convenu, rien n'a été envoyé. Redemandez-moi.",
    sw: "Haiwezekani tena kama tulivyokubaliana, hakuna kilichotumwa. Tafadhali uliza tena.",
    rw: "Ntibigishobotse uko twabyumvikanye, nta cyoherejwe. Ongera ubaze.",
  },
  everywhere: {
    en: "This is what I found in all services.",
    fr: "Voici ce que j'ai trouvé dans tous les services.",
    sw: "Haya ndiyo niliyopata katika huduma zote.",
    rw: "Ibi ni byo nabonye muri serivisi zose.",
  },
  none_anywhere: {
    en: "Nothing fits at the moment.",
    fr: "Rien ne correspond pour le moment.",
    sw: "Hakuna kinachofaa kwa sasa.",
    rw: "Nta kibonetse ubu.",
  },
} satisfies { [name: string]: Texts };

/** Why nothing was written, by the code of what refused it. */
export const REFUSAL_WORDS: { [code: string]: Texts } = {
  not_found: {
    en: "That isn't there any more. Nothing was sent.",
    fr: "Cela n'existe plus. Rien n'a été envoyé.",
    sw: "Hicho hakipo tena. Hakuna kilichotumwa.",
    rw: "Ibyo ntibikiriho. Nta cyoherejwe.",
  },
  not_yours: {
    en: "Only its owner can do that. Nothing was changed.",
    fr: "Seul son propriétaire peut le faire. Rien n'a changé.",
    sw: "Mwenyewe tu anaweza kufanya hivyo. Hakuna kilichobadilika.",
    rw: "Nyirabyo wenyine ni we wabikora. Nta cyahindutse.",
  },
  own_listing: {
    en: "This is your own listing, you can't answer it yourself.",
    fr: "C'est votre propre annonce, vous ne pouvez pas y répondre.",
    sw: "Hili ni tangazo lako mwenyewe, huwezi kulijibu.",
    rw: "Iri ni itangazo ryawe, ntushobora kurisubiza.",
  },
  already_done: {
    en: "You have already done that. It isn't sent twice.",
    fr: "Vous l'avez déjà fait. Ce n'est pas envoyé deux fois.",
    sw: "Umeshafanya hivyo. Haitumwi mara mbili.",
    rw: "Warangije kubikora. Ntibyoherezwa kabiri.",
  },
  taken: {
    en: "Sorry, that has just been taken. Please choose another.",
    fr: "Désolé, cela vient d'être pris. Choisissez-en un autre.",
    sw: "Samahani, imechukuliwa sasa hivi. Tafadhali chagua nyingine.",
    rw: "Mutwihanganire, bimaze gufatwa. Hitamo ikindi.",
  },
  not_active: {
    en: "This is no longer available.",
    fr: "Ce n'est plus disponible.",
    sw: "Hii haipatikani tena.",
    rw: "Ibi ntibikiboneka.",
  },
  limit: {
    en: "You have reached the limit for today. Please try again tomorrow.",
    fr: "Vous avez atteint la limite du jour. Réessayez demain.",
    sw: "Umefikia kikomo cha leo. Tafadhali jaribu tena kesho.",
    rw: "Mwageze ku rugero rw'uyu munsi. Mwongere mugerageze ejo.",
  },
};
