import { isCallDay } from "../../calling/call_window.ts";
import { showMoment, showShortly } from "../../booking/booking_words.ts";
import { readDate } from "../../entities/read_date.ts";
import { acceptBy, type Answer } from "../../flows/answer.ts";
import { textField } from "../../flows/fields.ts";
import { finishWith, type Flow, type Step } from "../../flows/flow.ts";
import { answerQuestion, questionFlow } from "../question_flow.ts";
import { sayText, taskId } from "../say_listings.ts";
import { saySlots } from "../say_slots.ts";
import { idStep } from "../shared_steps.ts";
import { dateStep, timeStep } from "../time_steps.ts";
import type { Language } from "../../session/service_menu.ts";
import { SALES_TEXTS as texts } from "./texts.ts";

const nothing = { en: "", fr: "", sw: "", rw: "" };
const unknown = {
  none: texts.unknown,
  actions: (language: Language) => [
    { id: taskId("sales", "call"), title: texts.call[language] },
    { id: taskId("sales", "lead"), title: texts.lead[language] },
  ],
};
const name = {
  ...textField({ min: 2, max: 100 }),
  optional: true as const,
  ask: texts.ask_name,
  label: texts.name,
  on_error: texts.error_text,
};
const reason = {
  ...textField({ min: 2, max: 500 }),
  ask: texts.ask_reason,
  label: texts.reason,
  on_error: texts.error_text,
};

/** A day that is too far away is no answer, before anything is confirmed. */
const callDay = (answer: Answer) => {
  const date = readDate(answer.text, answer);
  return date !== undefined && isCallDay(date, answer) ? date : undefined;
};
const callDayStep: Step = {
  ...dateStep,
  optional: true,
  on_error: texts.call_day,
  accept: acceptBy(callDay),
  find: callDay,
};

const CALL_ANSWERS = {
  requested: texts.called,
  moved: texts.moved,
  under_way: texts.under_way,
  too_far: texts.call_day,
  no_number: texts.no_number,
  opted_out: texts.opted_out,
  not_connected: texts.no_calls,
  switched_off: texts.no_calls,
  country_not_allowed: texts.other_country,
};
const CANCEL_ANSWERS = {
  cancelled: texts.call_cancelled,
  none_asked: texts.no_call,
  under_way: texts.under_way,
};

/** The answer to words that begin no task. */
export const SALES_OTHERWISE = answerQuestion(unknown);

/** Questions from the documents, leads, calls back, appointments. */
export const SALES_FLOWS: { [name: string]: Flow } = {
  question: questionFlow({
    title: texts.question,
    triggers: {
      en:
        "ask about a product,question about,do you sell,do you have,how much is,what is the price",
      fr: "question produit,vendez vous,avez vous,quel est le prix,combien coute",
      sw: "uliza kuhusu bidhaa,mnauza,mna,bei ya,ni kiasi gani",
      rw: "baza ku gicuruzwa,mucuruza,mufite,igiciro cya,igura angahe",
    },
    ...unknown,
  }),
  lead: {
    title: texts.lead,
    triggers: {
      en: "i m interested,i am interested,interested in,want to buy from you,bulk order,wholesale",
      fr: "je suis interesse,interesse par,interessee,commande en gros,acheter en gros",
      sw: "ninavutiwa,navutiwa,nataka kununua kwenu,jumla",
      rw: "ndabishaka,nifuza kugura,kurangura,ndashaka kubagurira",
    },
    steps: {
      interest: {
        ...textField({ min: 2 }),
        ask: texts.ask_interest,
        label: texts.interest,
        on_error: texts.error_text,
      },
      name,
    },
    confirm: texts.confirm_lead,
    finish: finishWith({
      tool: "capture_lead",
      input: ({ interest, name }) => ({
        interest: String(interest),
        name: typeof name === "string" ? name : null,
      }),
      say: ({ language }) => [sayText(texts.captured[language])],
    }),
  },
  call: {
    title: texts.call,
    triggers: {
      en: "call me back,call me,callback,call back,phone me,give me a call",
      fr: "me rappeler,rappelez moi,appelez moi,rappel,etre rappele",
      sw: "nipigie simu,nipigie,mnipigie,nipigieni",
      rw: "mumpamagare,mpamagara,nyampamagarira,muntelefone,bampamagare",
    },
    steps: {
      reason,
      date: callDayStep,
      time: { ...timeStep, optional: true },
    },
    confirm: texts.confirm_call,
    finish: finishWith({
      tool: "request_call",
      input: ({ reason, date, time }) => ({
        reason: String(reason),
        date: typeof date === "string" ? date : null,
        time: typeof time === "string" ? time : null,
      }),
      say: ({ output: { reason }, language }) => [sayText(CALL_ANSWERS[reason][language])],
    }),
  },
  cancel_call: {
    title: texts.cancel_call,
    triggers: {
      en:
        "cancel my call,cancel the call,cancel my call back,cancel my callback,cancel the call back,do not call me back,don t call me back,do not call me,don t call me,no need to call me,stop the call",
      fr:
        "annuler mon appel,annulez mon appel,annuler l appel,annulez l appel,annuler le rappel,annulez le rappel,ne me rappelez pas,ne m appelez pas,plus besoin de me rappeler",
      sw:
        "ghairi simu,ghairi simu yangu,ghairi kupigiwa simu,usinipigie simu,usinipigie,msinipigie simu,msinipigie",
      rw:
        "hagarika guhamagarwa,guhagarika guhamagarwa,ntimumpamagare,ntimukimpamagare,ntumpamagare,mureke kumpamagara",
    },
    steps: {},
    confirm: texts.confirm_cancel_call,
    finish: finishWith({
      tool: "cancel_call",
      input: () => ({}),
      say: ({ output: { reason }, language }) => [sayText(CANCEL_ANSWERS[reason][language])],
    }),
  },
  book: {
    title: texts.book,
    triggers: {
      en: "book an appointment,appointment,make an appointment,schedule a meeting,meet,a meeting",
      fr: "prendre rendez vous,rendez vous,fixer un rendez vous,une rencontre",
      sw: "weka miadi,miadi,kuweka miadi,kukutana,mkutano",
      rw: "fata gahunda,gufata gahunda,gahunda,rendezvous,guhura",
    },
    steps: { date: dateStep, time: timeStep },
    confirm: texts.confirm_book,
    finish: finishWith({
      tool: "book_appointment",
      input: ({ date, time }) => ({ date: String(date), time: String(time) }),
      say({ output: { reason, free, booking_id }, language }) {
        if (booking_id === null) {
          return saySlots({ reason, free }, { agent: "sales", flow: "book", language });
        }
        return [{
          type: "buttons",
          content: {
            text: texts.booked[language],
            buttons: [{
              id: taskId("sales", "cancel", { booking_id }),
              title: texts.cancel[language],
            }],
          },
        }];
      },
    }),
  },
  slots: {
    title: texts.slots,
    triggers: {
      en: "free times,free slots,when are you free,available times,availability",
      fr: "horaires libres,disponibilites,quand etes vous libre,creneaux",
      sw: "nyakati wazi,lini mna nafasi,muda ulio wazi",
      rw: "amasaha aboneka,ryari mwaboneka,igihe mwaboneka",
    },
    steps: {},
    confirm: null,
    finish: finishWith({
      tool: "find_free_slots",
      input: () => ({}),
      say: ({ output: { free }, language }) =>
        saySlots({ reason: null, free }, {
          agent: "sales",
          flow: "book",
          language,
          none: texts.no_slots,
        }),
    }),
  },
  appointments: {
    title: texts.appointments,
    triggers: {
      en: "my appointments,my appointment,cancel my appointment",
      fr: "mes rendez vous,mon rendez vous,annuler mon rendez vous",
      sw: "miadi yangu,ghairi miadi yangu",
      rw: "gahunda zanjye,gahunda yanjye,guhagarika gahunda",
    },
    steps: {},
    confirm: null,
    finish: finishWith({
      tool: "list_appointments",
      input: () => ({}),
      say({ output: { appointments }, language }) {
        if (appointments.length === 0) return [sayText(texts.no_appointments[language])];
        const rows = appointments.map(({ id, ...slot }) => ({
          id: taskId("sales", "cancel", { booking_id: id }),
          title: showShortly(slot),
          description: showMoment(slot, language),
        }));
        return [{
          type: "list",
          content: {
            text: texts.choose_appointment[language],
            button: texts.appointments[language],
            sections: [{ rows }],
          },
        }];
      },
    }),
  },
  cancel: {
    title: texts.cancel,
    triggers: nothing,
    steps: { booking_id: idStep },
    confirm: texts.confirm_cancel,
    finish: finishWith({
      tool: "cancel_booking",
      input: ({ booking_id }) => ({ booking_id: String(booking_id) }),
      say: ({ language }) => [sayText(texts.cancelled[language])],
    }),
  },
};
