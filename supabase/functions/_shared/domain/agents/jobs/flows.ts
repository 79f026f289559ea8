import { acceptBy } from "../../flows/answer.ts";
import { findOption, placeField, textField } from "../../flows/fields.ts";
import { finishWith, type Flow } from "../../flows/flow.ts";
import { priceField, toPrice } from "../../flows/price_field.ts";
import { MATCH_FLOW } from "../match_flow.ts";
import { answerFlow, sayOwnApplications, sayReceived } from "../say_applications.ts";
import { isOpenOffer, sayListing, sayListings, sayText, taskId } from "../say_listings.ts";
import { idStep } from "../shared_steps.ts";
import { nearPlace, readPlace } from "../search_terms.ts";
import { JOB_TYPES } from "./job_types.ts";
import { JOBS_TEXTS as texts } from "./texts.ts";

const place = {
  ...placeField(),
  ask: texts.ask_where,
  label: texts.place,
  on_error: texts.error_place,
};

const typeName = (value: unknown, language: "en" | "fr" | "sw" | "rw") =>
  JOB_TYPES.find((type) => type.value === value)?.title[language] ?? String(value);

/** Search (type → location), post (title → description → location → salary), apply, and answers to both. */
export const JOBS_FLOWS: { [name: string]: Flow } = {
  search: {
    title: texts.search,
    triggers: {
      en:
        "need a job,find a job,find job,looking for a job,looking for work,find work,need work,want a job,jobs,job in,vacancies,vacancy,work as,hiring near,need a,i need",
      fr:
        "cherche un emploi,cherche du travail,trouver un emploi,cherche emploi,cherche un travail,besoin de travail,offres d emploi,emplois,boulot,cherche un poste",
      sw:
        "natafuta kazi,tafuta kazi,nahitaji kazi,nataka kazi,naomba kazi,nafasi za kazi,kazi ya,ajira",
      rw:
        "ndashaka akazi,nshaka akazi,gushaka akazi,nkeneye akazi,ndashakisha akazi,akazi ka,imyanya y akazi",
    },
    steps: {
      type: {
        accept: acceptBy(({ text, choice }) => {
          const known = JOB_TYPES.find(({ value }) => value === choice)?.value ??
            findOption(JOB_TYPES, text);
          if (known) return known;
          const written = text.trim();
          return choice === null && written.length >= 3 && written.length <= 60 &&
              !/[?]/.test(written)
            ? written.toWellFormed()
            : undefined;
        }),
        find: ({ text }) => findOption(JOB_TYPES, text),
        choices: JOB_TYPES.slice(0, 9).map(({ value, title }) => ({ value, title })),
        ask: texts.ask_type,
        label: texts.type,
        on_error: texts.error_type,
        show: typeName,
      },
      place: { ...place, optional: true },
    },
    confirm: null,
    finish: finishWith({
      tool: "search_listings",
      input: ({ type, place }) => ({
        domains: ["jobs" as const],
        ...(JOB_TYPES.some(({ value }) => value === type)
          ? { category: String(type) }
          : { words: String(type) }),
        ...nearPlace(place),
      }),
      say: ({ output, language }) =>
        sayListings(output.listings, { agent: "jobs", language, none: texts.none }),
    }),
  },
  post: {
    title: texts.post,
    triggers: {
      en:
        "post a job,post job,hire,hiring,looking for a worker,need a worker,need workers,employ,recruit,advertise a job,i want to hire",
      fr:
        "publier une offre,publier un emploi,recruter,je recrute,embaucher,cherche un employe,besoin d un employe,poster une offre",
      sw:
        "tangaza kazi,natafuta mfanyakazi,nahitaji mfanyakazi,kuajiri,nataka kuajiri,natafuta wafanyakazi",
      rw:
        "gutanga akazi,ntanga akazi,nkeneye umukozi,ndashaka umukozi,nkeneye abakozi,dushaka abakozi,tanga akazi",
    },
    steps: {
      title: {
        ...textField({ max: 100 }),
        ask: texts.ask_title,
        label: texts.title,
        on_error: texts.error_text,
      },
      description: {
        ...textField({ min: 5 }),
        ask: texts.ask_description,
        label: texts.description,
        on_error: texts.error_text,
      },
      place,
      salary: {
        ...priceField(),
        optional: true,
        ask: texts.ask_salary,
        label: texts.salary,
        on_error: texts.error_price,
      },
    },
    confirm: texts.confirm_post,
    finish: finishWith({
      tool: "create_listing",
      input: ({ title, description, place, salary }, { currency }) => ({
        domain: "jobs" as const,
        title: String(title),
        description: String(description),
        category: findOption(JOB_TYPES, String(title)) ?? null,
        ...toPrice(salary, currency),
        price_unit: "month",
        place: readPlace(place),
      }),
      say: ({ language }) => [sayText(texts.posted[language])],
    }),
  },
  applications: {
    title: texts.mine,
    triggers: {
      en: "my applications,my application,where i applied,what i applied",
      fr: "mes candidatures,ma candidature",
      sw: "maombi yangu,ombi langu",
      rw: "ubusabe bwanjye,aho nasabye,akazi nasabye",
    },
    steps: {},
    confirm: null,
    finish: finishWith({
      tool: "list_applications",
      input: () => ({ of: "mine" as const, domain: "jobs" as const }),
      say: ({ output, language }) =>
        sayOwnApplications(output.applications, { language, none: texts.no_applications }),
    }),
  },
  matches: MATCH_FLOW,
  applicants: {
    title: texts.applicants,
    triggers: {
      en: "my applicants,applicants,who applied,candidates",
      fr: "mes candidats,candidats,qui a postule",
      sw: "waombaji,waombaji wangu,nani ameomba",
      rw: "abasabye,abasabye akazi,ninde wasabye",
    },
    steps: {},
    confirm: null,
    finish: finishWith({
      tool: "list_applications",
      input: () => ({ of: "received" as const, domain: "jobs" as const }),
      say: ({ output, language }) =>
        sayReceived(output.applications, { agent: "jobs", language, none: texts.no_applicants }),
    }),
  },
  view: {
    title: texts.view,
    triggers: { en: "", fr: "", sw: "", rw: "" },
    steps: { listing_id: idStep },
    confirm: null,
    finish: finishWith({
      tool: "show_listing",
      input: ({ listing_id }) => ({ listing_id: String(listing_id) }),
      say: ({ output: { listing }, language }) =>
        sayListing(listing, {
          language,
          gone: texts.gone,
          actions: isOpenOffer(listing)
            ? [{
              id: taskId("jobs", "apply", { listing_id: listing.id }),
              title: texts.apply[language],
            }]
            : [],
        }),
    }),
  },
  apply: {
    title: texts.apply,
    triggers: { en: "", fr: "", sw: "", rw: "" },
    steps: {
      listing_id: idStep,
      note: {
        ...textField({ min: 2, max: 600 }),
        optional: true,
        ask: texts.ask_note,
        label: texts.note,
        on_error: texts.error_text,
      },
    },
    confirm: texts.confirm_apply,
    finish: finishWith({
      tool: "apply_to_listing",
      input: ({ listing_id, note }) => ({
        listing_id: String(listing_id),
        kind: "application" as const,
        note: typeof note === "string" ? note : null,
      }),
      say: ({ output: { application_id }, language }) => [
        sayText((application_id === null ? texts.gone : texts.applied)[language]),
      ],
    }),
  },
  answer: answerFlow({ title: texts.answer, confirm: texts.confirm_answer }),
};
