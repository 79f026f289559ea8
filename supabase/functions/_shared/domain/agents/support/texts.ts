import type { Texts } from "../../flows/answer.ts";

/** Everything the support agent says of its own, in the order of its tasks. */
export const SUPPORT_TEXTS = {
  greeting: {
    en: "Help: what would you like to do? Write MENU for all services.",
    fr: "Aide : que voulez-vous faire ? Écrivez MENU pour tous les services.",
    sw: "Msaada: ungependa kufanya nini? Andika MENYU kwa huduma zote.",
    rw: "Ubufasha: murifuza gukora iki? Andika MENU ubone serivisi zose.",
  },
  services: {
    en: "All services",
    fr: "Tous les services",
    sw: "Huduma zote",
    rw: "Serivisi zose",
  },
  question: {
    en: "Ask a question",
    fr: "Poser une question",
    sw: "Uliza swali",
    rw: "Baza ikibazo",
  },
  unknown: {
    en: "I found nothing about that in our documents.",
    fr: "Je n'ai rien trouvé à ce sujet dans nos documents.",
    sw: "Sijapata chochote kuhusu hilo katika nyaraka zetu.",
    rw: "Nta cyo nabonye kuri ibyo mu nyandiko zacu.",
  },
  ticket: {
    en: "Report a problem",
    fr: "Signaler un problème",
    sw: "Ripoti tatizo",
    rw: "Menyesha ikibazo",
  },
  ask_problem: {
    en: "What is the problem? Describe it in a message.",
    fr: "Quel est le problème ? Décrivez-le en un message.",
    sw: "Tatizo ni nini? Lieleze katika ujumbe.",
    rw: "Ikibazo ni ikihe? Gisobanure mu butumwa.",
  },
  problem: { en: "Problem", fr: "Problème", sw: "Tatizo", rw: "Ikibazo" },
  error_problem: {
    en: "Please describe it in a few words.",
    fr: "Décrivez-le en quelques mots.",
    sw: "Tafadhali lieleze kwa maneno machache.",
    rw: "Gisobanure mu magambo make.",
  },
  confirm_ticket: {
    en: "Open a ticket about this?",
    fr: "Ouvrir un ticket à ce sujet ?",
    sw: "Nifungue tiketi kuhusu hili?",
    rw: "Nfungure tike kuri ibi?",
  },
  opened: {
    en: "Your ticket is opened. Its number:",
    fr: "Votre ticket est ouvert. Son numéro :",
    sw: "Tiketi yako imefunguliwa. Namba yake:",
    rw: "Tike yawe yafunguwe. Nimero yayo:",
  },
  tickets: { en: "My tickets", fr: "Mes tickets", sw: "Tiketi zangu", rw: "Tike zanjye" },
  no_tickets: {
    en: "You have no tickets.",
    fr: "Vous n'avez aucun ticket.",
    sw: "Huna tiketi yoyote.",
    rw: "Nta tike ufite.",
  },
  state_opened: { en: "open", fr: "ouvert", sw: "imefunguliwa", rw: "irafunguye" },
  state_resolved: { en: "resolved", fr: "résolu", sw: "imetatuliwa", rw: "byakemutse" },
  hours: {
    en: "Opening hours",
    fr: "Heures d'ouverture",
    sw: "Saa za kazi",
    rw: "Amasaha y'akazi",
  },
  no_hours: {
    en: "Our opening hours are not known here.",
    fr: "Nos horaires ne sont pas connus ici.",
    sw: "Saa zetu za kazi hazijulikani hapa.",
    rw: "Amasaha yacu y'akazi ntazwi hano.",
  },
  open_now: {
    en: "Open now.",
    fr: "Ouvert maintenant.",
    sw: "Pamefunguliwa sasa.",
    rw: "Ubu hafunguye.",
  },
  closed_now: {
    en: "Closed now.",
    fr: "Fermé maintenant.",
    sw: "Pamefungwa sasa.",
    rw: "Ubu hafunze.",
  },
  person: {
    en: "Talk to a person",
    fr: "Parler à quelqu'un",
    sw: "Ongea na mtu",
    rw: "Vugana n'umuntu",
  },
  ask_reason: {
    en: "What is it about?",
    fr: "De quoi s'agit-il ?",
    sw: "Ni kuhusu nini?",
    rw: "Ni ku biki?",
  },
  reason: { en: "About", fr: "Sujet", sw: "Kuhusu", rw: "Ibyerekeye" },
  confirm_person: {
    en: "Shall I call a person? Until they are done I won't answer here.",
    fr: "J'appelle quelqu'un ? Je ne répondrai plus ici jusqu'à la fin de l'échange.",
    sw: "Nimwite mtu? Sitajibu hapa mpaka amalize.",
    rw: "Mpamagare umuntu? Sinzasubiza hano kugeza arangije.",
  },
  handed_over: {
    en: "A person has been called and will answer here.",
    fr: "Quelqu'un est prévenu et vous répondra ici.",
    sw: "Mtu ameitwa na atakujibu hapa.",
    rw: "Umuntu yahamagawe, agiye kugusubiza hano.",
  },
  no_person: {
    en: "Nobody can be called from here. You can report a problem instead.",
    fr: "Personne ne peut être appelé d'ici. Vous pouvez signaler un problème.",
    sw: "Hakuna anayeweza kuitwa hapa. Unaweza kuripoti tatizo.",
    rw: "Nta muntu washobora guhamagarwa hano. Mushobora kumenyesha ikibazo.",
  },
} satisfies { [name: string]: Texts };
