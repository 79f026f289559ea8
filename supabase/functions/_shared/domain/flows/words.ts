import type { Language } from "../session/service_menu.ts";

/** What flows say of themselves, whatever they are about. */
export const FLOW_WORDS = {
  en: {
    yes: "Yes",
    no: "No, change it",
    cancel: "Cancel",
    skip: "Skip",
    person: "Talk to a person",
    choose: "Choose",
    may_skip: "Write SKIP if it doesn't matter.",
    noted: "Noted",
    which: "What should be changed?",
    stuck:
      "I still don't understand. You can answer in other words, cancel, or talk to a person. The question was:",
    nothing: "-",
    cancelled: "Cancelled. Nothing was sent.",
    missing: "Please tell me in a message:",
  },
  fr: {
    yes: "Oui",
    no: "Non, changer",
    cancel: "Annuler",
    skip: "Passer",
    person: "Parler à quelqu'un",
    choose: "Choisir",
    may_skip: "Écrivez PASSER si c'est égal.",
    noted: "C'est noté",
    which: "Que faut-il changer ?",
    stuck:
      "Je ne comprends toujours pas. Vous pouvez répondre autrement, annuler ou parler à quelqu'un. La question était :",
    nothing: "-",
    cancelled: "Annulé. Rien n'a été envoyé.",
    missing: "Dites-moi en un message :",
  },
  sw: {
    yes: "Ndiyo",
    no: "Hapana, badilisha",
    cancel: "Ghairi",
    skip: "Ruka",
    person: "Ongea na mtu",
    choose: "Chagua",
    may_skip: "Andika RUKA kama si muhimu.",
    noted: "Nimeandika",
    which: "Nini kibadilishwe?",
    stuck:
      "Bado sielewi. Unaweza kujibu kwa maneno mengine, kughairi, au kuzungumza na mtu. Swali lilikuwa:",
    nothing: "-",
    cancelled: "Imeghairiwa. Hakuna kilichotumwa.",
    missing: "Tafadhali niambie katika ujumbe:",
  },
  rw: {
    yes: "Yego",
    no: "Oya, hindura",
    cancel: "Siba",
    skip: "Simbuka",
    person: "Vugana n'umuntu",
    choose: "Hitamo",
    may_skip: "Andika SIMBUKA niba nta cyo bitwaye.",
    noted: "Ndabyanditse",
    which: "Ni iki gihinduka?",
    stuck:
      "Sindabyumva neza. Mushobora gusubiza mu yandi magambo, gusiba, cyangwa kuvugana n'umuntu. Ikibazo cyari:",
    nothing: "-",
    cancelled: "Byasibwe. Nta cyoherejwe.",
    missing: "Mbwira mu butumwa bumwe:",
  },
} satisfies { [L in Language]: { [key: string]: string } };
