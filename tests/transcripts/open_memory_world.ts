import { createAgentData } from "../in_memory/create_agent_data.ts";
import {
  choose,
  createConversation,
  createId,
  write,
  type Written,
} from "../in_memory/create_conversation.ts";
import {
  APPOINTMENT_MINUTES,
  APPOINTMENTS,
} from "../../supabase/functions/_shared/domain/tools/book_appointment.ts";
import type { JsonObject } from "../../supabase/functions/_shared/ports.ts";
import type { QueuedReply } from "../../supabase/functions/_shared/ports_messaging.ts";
import type { ApplicationKind } from "../../supabase/functions/_shared/ports_agents.ts";
import type { LanguageModel } from "../../supabase/functions/_shared/ports_model.ts";
import {
  findChoice,
  type Said,
  show,
  type Transcript,
  type World,
  type Worlds,
} from "./transcript.ts";

/** What is ordered is more than a note. */
const WITH_DETAILS: ApplicationKind[] = ["order", "reservation", "ride_request"];

function withoutIds(row: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(row).filter(([name]) =>
      !["id", "booking_id", "session_id", "number"].includes(name)
    ),
  );
}

/** Any day is as good: it is a Friday, where everything takes place. */
const CALENDAR = { today: "2026-11-20", offsetMinutes: 120 };

/** The real decisions over data in memory, with a model of each transcript's own where one is given. */
export function createMemoryWorlds(
  model: { open(): LanguageModel; timeoutSeconds: number } | null = null,
): Worlds {
  return {
    calendar: CALENDAR,
    open: (transcript) =>
      openMemoryWorld(
        transcript,
        model === null ? {} : { model: model.open(), timeoutSeconds: model.timeoutSeconds },
      ),
  };
}

function openMemoryWorld(
  transcript: Transcript,
  thinking: { model?: LanguageModel; timeoutSeconds?: number },
): Promise<World> {
  const data = createAgentData();
  const conversation = createConversation({
    data,
    ...thinking,
    ...(transcript.features ? { features: transcript.features } : {}),
    ...(transcript.hours ? { hours: transcript.hours } : {}),
    ...(transcript.documents ? { documents: transcript.documents, hasKnowledge: true } : {}),
  });
  for (const { starts_at, meanwhile } of transcript.taken ?? []) {
    (meanwhile ? data.meanwhile : data.bookings).push({
      id: createId(),
      org_id: "org-1",
      contact_id: "somebody",
      resource: APPOINTMENTS,
      starts_at,
      minutes: APPOINTMENT_MINUTES,
      state: "booked",
    });
  }
  for (const [place, { own, ...listing }] of (transcript.given ?? []).entries()) {
    data.listings.push({
      side: "offer",
      description: "",
      category: null,
      price: null,
      currency: "RWF",
      price_unit: null,
      quantity: null,
      place: null,
      attributes: {},
      ...listing,
      id: createId(),
      org_id: "org-1",
      contact_id: own ? conversation.contactId : "somebody",
      state: "active",
      created_at: `2026-11-19T00:00:${String(59 - place).padStart(2, "0")}Z`,
    });
  }
  for (const { listing, kind, note, from } of transcript.received ?? []) {
    data.applications.push({
      id: createId(),
      org_id: "org-1",
      listing_id: data.listings.find(({ title }) => title === listing)!.id,
      contact_id: "somebody",
      name: from,
      kind: kind as ApplicationKind,
      state: "submitted",
      details: { note },
      created_at: "2026-11-19T00:00:00Z",
    });
  }
  let last: QueuedReply[] = [];
  const put = (said: Said): Written => {
    if ("text" in said) return write(said.text);
    if ("choose" in said) return choose(findChoice(last, said.choose), said.choose);
    if ("location" in said) return { type: "location", content: said.location };
    return { type: said.type, content: {} };
  };
  return Promise.resolve({
    async say(messages, { afterMinutes }) {
      conversation.pass(afterMinutes);
      last = await conversation.say(...messages.map(put));
      return last.map(({ type, content }) => show(type, content));
    },
    readSession() {
      const { status, current_agent, flow, flow_step } = conversation.session;
      return Promise.resolve(
        status === "active"
          ? { agent: current_agent, flow, step: flow_step }
          : { agent: null, flow: null, step: null },
      );
    },
    readRows() {
      return Promise.resolve({
        listings: data.listings.filter(({ contact_id }) => contact_id === conversation.contactId)
          .map(({ domain, side, title, price, category, quantity, place, attributes, state }) => ({
            domain,
            side,
            title,
            price,
            category,
            quantity,
            place: place?.name ?? null,
            attributes,
            state,
          })),
        applications: data.applications.map(({ kind, state, details, listing_id, contact_id }) => ({
          listing: data.listings.find(({ id }) => id === listing_id)!.title,
          kind,
          state,
          note: details["note"] ?? null,
          own: contact_id === conversation.contactId,
          ...(WITH_DETAILS.includes(kind) ? { details: withoutIds(details) } : {}),
        })),
        ...(data.bookings.length === 0 ? {} : {
          bookings: data.bookings.map(({ starts_at, minutes, state, contact_id }) => ({
            starts_at,
            minutes,
            state,
            own: contact_id === conversation.contactId,
          })),
        }),
        ...(data.others.length === 0 ? {} : {
          others: data.others.map((
            { org_id: _org, contact_id: _contact, ...effect },
          ) => withoutIds(effect)),
        }),
      });
    },
  });
}
