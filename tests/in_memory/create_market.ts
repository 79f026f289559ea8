import { APPOINTMENTS } from "../../supabase/functions/_shared/domain/tools/book_appointment.ts";
import type { ListingDomain } from "../../supabase/functions/_shared/ports_agents.ts";
import { type AgentData, createAgentData, type StoredListing } from "./create_agent_data.ts";
import { createId } from "./create_conversation.ts";

/** What there is to act on: the person's own, somebody else's, and another organization's. */
export type Market = {
  data: AgentData;
  contactId: string;
  ids: { [Whose in "own" | "others" | "foreign"]: { [name: string]: string } };
};

const KIGALI = { name: "Kigali", latitude: -1.9441, longitude: 30.0619 };
const MENU = { menu: [{ name: "Pizza", price: 6000 }, { name: "Fanta", price: 1000 }], tables: 2 };
const RIDE = {
  from: "Kigali",
  to: "Huye",
  date: "2026-11-23",
  time: "08:00",
  departs_at: "2026-11-23T06:00:00.000Z",
  seats: 3,
};

/** A world with something of each kind, of whoever it is. */
export function createMarket(): Market {
  const data = createAgentData();
  const contactId = createId();
  const add = (
    domain: ListingDomain,
    title: string,
    owner: string,
    more: Partial<StoredListing> = {},
  ) => {
    const id = createId();
    data.listings.push({
      domain,
      side: "offer",
      title,
      description: "",
      category: null,
      price: 1000,
      currency: "RWF",
      price_unit: null,
      quantity: 3,
      place: KIGALI,
      attributes: {},
      id,
      org_id: "org-1",
      contact_id: owner,
      state: "active",
      created_at: "2026-11-19T00:00:00Z",
      ...more,
    });
    return id;
  };
  const apply = (listing_id: string, from: string) => {
    const id = createId();
    data.applications.push({
      id,
      org_id: "org-1",
      listing_id,
      contact_id: from,
      name: "Ben",
      kind: "inquiry",
      state: "submitted",
      details: { note: "Is it there?" },
      created_at: "2026-11-19T00:00:00Z",
    });
    return id;
  };
  const book = (contact_id: string, starts_at: string) => {
    const id = createId();
    data.bookings.push({
      id,
      org_id: "org-1",
      contact_id,
      resource: APPOINTMENTS,
      starts_at,
      minutes: 30,
      state: "booked",
    });
    return id;
  };
  const own = add("marketplace", "Own sofa", contactId);
  const others = add("marketplace", "Their fridge", "somebody");
  return {
    data,
    contactId,
    ids: {
      own: {
        listing: own,
        application: apply(own, "somebody"),
        booking: book(contactId, "2026-11-23T08:00:00.000Z"),
      },
      others: {
        listing: others,
        job: add("jobs", "Their job", "somebody"),
        restaurant: add("waiter", "Their restaurant", "somebody", { attributes: MENU }),
        ride: add("rides", "Kigali → Huye · 2026-11-23 08:00", "somebody", { attributes: RIDE }),
        application: apply(others, "somebody else"),
        booking: book("somebody", "2026-11-23T09:00:00.000Z"),
      },
      foreign: {
        listing: add("marketplace", "Foreign lamp", contactId, { org_id: "org-2" }),
      },
    },
  };
}
