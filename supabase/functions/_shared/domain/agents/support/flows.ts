import { WEEKDAYS } from "../../business_hours/parse_business_hours.ts";
import { showWeekday } from "../../booking/booking_words.ts";
import { textField } from "../../flows/fields.ts";
import { finishWith, type Flow } from "../../flows/flow.ts";
import { questionFlow } from "../question_flow.ts";
import { sayText, taskId } from "../say_listings.ts";
import { SUPPORT_TEXTS as texts } from "./texts.ts";

/** Answers from the documents, tickets, a person; and all services as a list. */
export const SUPPORT_FLOWS: { [name: string]: Flow } = {
  question: questionFlow({
    title: texts.question,
    triggers: {
      en: "ask a question,i have a question,question,ask you something",
      fr: "poser une question,j ai une question,question",
      sw: "uliza swali,nina swali,swali",
      rw: "baza ikibazo,mfite ikibazo cyo kubaza,kubaza",
    },
    none: texts.unknown,
    actions: (language) => [
      { id: taskId("support", "ticket"), title: texts.ticket[language] },
      { id: taskId("support", "person"), title: texts.person[language] },
    ],
  }),
  ticket: {
    title: texts.ticket,
    triggers: {
      en:
        "open a ticket,ticket,report a problem,complaint,complain,problem with,not working,doesn t work",
      fr:
        "ouvrir un ticket,ticket,signaler un probleme,reclamation,plainte,probleme avec,ne marche pas,ne fonctionne pas",
      sw: "fungua tiketi,tiketi,ripoti tatizo,malalamiko,lalamika,tatizo,haifanyi kazi",
      rw: "fungura tike,tike,menyesha ikibazo,ikirego,kurega,ntibikora,ntikora,mfite ikibazo",
    },
    steps: {
      problem: {
        ...textField({ min: 5, max: 3000 }),
        ask: texts.ask_problem,
        label: texts.problem,
        on_error: texts.error_problem,
      },
    },
    confirm: texts.confirm_ticket,
    finish: finishWith({
      tool: "open_ticket",
      input: ({ problem }) => ({ problem: String(problem) }),
      say: ({ output: { number }, language }) => [
        sayText(`${texts.opened[language]} *${number}*`),
      ],
    }),
  },
  tickets: {
    title: texts.tickets,
    triggers: {
      en: "my tickets,my ticket,status of my ticket",
      fr: "mes tickets,mon ticket",
      sw: "tiketi zangu,tiketi yangu",
      rw: "tike zanjye,tike yanjye",
    },
    steps: {},
    confirm: null,
    finish: finishWith({
      tool: "list_tickets",
      input: () => ({}),
      say: ({ output: { tickets }, language }) => [sayText(
        tickets.map(({ number, subject, state }) => {
          const told = state === "resolved" ? texts.state_resolved : texts.state_opened;
          return `• ${number}: ${subject} (${told[language]})`;
        }).join("\n") || texts.no_tickets[language],
      )],
    }),
  },
  hours: {
    title: texts.hours,
    triggers: {
      en: "opening hours,business hours,when are you open,are you open,what time do you open",
      fr: "heures d ouverture,horaires,quand ouvrez vous,etes vous ouverts",
      sw: "saa za kazi,mnafungua saa ngapi,mmefungua",
      rw: "amasaha y akazi,mufungura ryari,murafunguye",
    },
    steps: {},
    confirm: null,
    finish: finishWith({
      tool: "get_business_hours",
      input: () => ({}),
      say({ output: { week, open_now }, language }) {
        if (week === null) return [sayText(texts.no_hours[language])];
        const days = WEEKDAYS.flatMap((day, place) =>
          week[day] === undefined || week[day] === "closed"
            ? []
            : [`${showWeekday(place, language)}: ${week[day]}`]
        );
        const now = open_now ? texts.open_now : texts.closed_now;
        return [sayText([now[language], ...days].join("\n"))];
      },
    }),
  },
  person: {
    title: texts.person,
    triggers: {
      en:
        "talk to a person,talk to a human,speak to a human,speak to someone,talk to someone,speak to a person,human,agent,real person,customer care,customer service",
      fr:
        "parler a quelqu un,parler a un humain,parler a une personne,conseiller,service client,un humain",
      sw: "ongea na mtu,zungumza na mtu,nataka kuongea na mtu,huduma kwa wateja,mhudumu",
      rw: "vugana n umuntu,kuvugana n umuntu,ndashaka umuntu,umuntu nyawe,umukozi wanyu",
    },
    steps: {
      reason: {
        ...textField({ min: 2, max: 500 }),
        optional: true,
        ask: texts.ask_reason,
        label: texts.reason,
        on_error: texts.error_problem,
      },
    },
    confirm: texts.confirm_person,
    finish: finishWith({
      tool: "hand_over",
      input: ({ reason }) => ({ reason: typeof reason === "string" ? reason : null }),
      say: ({ output: { handed_over }, language }) => [
        sayText((handed_over ? texts.handed_over : texts.no_person)[language]),
      ],
    }),
  },
  services: {
    title: texts.services,
    triggers: {
      en: "all services,your services,what can you do,list of services",
      fr: "tous les services,vos services,que pouvez vous faire",
      sw: "huduma zote,huduma zenu,unaweza kufanya nini",
      rw: "serivisi zose,serivisi zanyu,mukora iki",
    },
    steps: {},
    confirm: null,
    finish: finishWith({
      // Its answer isn't needed: every outcome knows the menu.
      tool: "get_business_hours",
      input: () => ({}),
      say: ({ menu }) => [menu],
    }),
  },
};
