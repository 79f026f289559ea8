import type { Mapping, Target } from "./mapping.ts";

/**
 * A product whose tables are known by their usual names. Each list is tried in its order: the older
 * products were installed in several versions.
 */
export type Product = {
  relations: string[];
  domain: Mapping["domain"];
  columns: Partial<Record<Target, string[]>>;
  attributes: Record<string, string[]>;
  side?: "offer" | "request";
};

const COMMON: Partial<Record<Target, string[]>> = {
  title: ["title", "name"],
  description: ["description", "details", "body"],
  category: ["category", "category_name", "type"],
  price: ["price", "amount", "asking_price"],
  currency: ["currency", "currency_code"],
  price_unit: ["price_unit", "unit"],
  quantity: ["quantity", "qty", "stock"],
  place_name: ["location", "place_name", "city", "district", "address"],
  latitude: ["latitude", "lat"],
  longitude: ["longitude", "lng", "lon"],
  language: ["language", "locale"],
  state: ["status", "state"],
  expires_at: ["expires_at", "valid_until"],
  created_at: ["created_at", "inserted_at"],
  attributes: ["metadata", "attributes", "extra"],
};

/** The columns with which a row says whose it is: a telephone number, as every product has it. */
export const CONTACTS = {
  contact: [
    "seller_phone",
    "employer_phone",
    "owner_phone",
    "farmer_phone",
    "contact_phone",
    "phone_number",
    "phone",
    "whatsapp_number",
    "whatsapp_phone",
    "wa_id",
  ],
  contact_name: [
    "seller_name",
    "employer_name",
    "owner_name",
    "farmer_name",
    "contact_name",
  ],
  updated_at: ["updated_at", "modified_at"],
};

export const KEYS = ["id", "uuid", "listing_id"];

/** Their words for the end of a listing; our own are understood anyway. */
export const STATES: NonNullable<Mapping["states"]> = {
  available: "active",
  open: "active",
  published: "active",
  approved: "active",
  filled: "closed",
  inactive: "closed",
  paused: "closed",
  draft: "closed",
  pending: "closed",
  archived: "closed",
  deleted: "closed",
  rented: "sold",
  completed: "sold",
};

export const SIDES: NonNullable<Mapping["sides"]> = {
  sell: "offer",
  selling: "offer",
  offer: "offer",
  supply: "offer",
  buy: "request",
  buying: "request",
  wanted: "request",
  request: "request",
  demand: "request",
};

export const PRODUCTS = {
  marketplace: {
    relations: ["public.marketplace_listings", "public.listings", "public.products"],
    domain: "marketplace",
    columns: { ...COMMON, side: ["listing_type", "side"] },
    attributes: { condition: ["condition"], brand: ["brand"] },
  },
  jobs: {
    relations: ["public.job_listings", "public.jobs", "public.job_posts"],
    domain: "jobs",
    side: "offer",
    columns: { ...COMMON, category: ["category", "job_type", "employment_type"] },
    attributes: {
      salary: ["salary", "pay", "wage"],
      company: ["company", "company_name"],
      employment_type: ["employment_type", "job_type"],
    },
  },
  property: {
    relations: ["public.properties", "public.property_listings"],
    domain: "property",
    side: "offer",
    columns: {
      ...COMMON,
      category: ["property_type", "category"],
      price: ["price", "rent", "asking_price", "amount"],
    },
    attributes: {
      bedrooms: ["bedrooms", "beds"],
      bathrooms: ["bathrooms", "baths"],
      deal: ["listing_type", "deal", "deal_type"],
    },
  },
  produce: {
    relations: ["public.produce_listings", "public.farmer_listings", "public.crops"],
    domain: "farmer",
    side: "offer",
    columns: {
      ...COMMON,
      title: ["title", "crop", "produce", "name"],
      category: ["crop", "category"],
    },
    attributes: { crop: ["crop"], harvest_date: ["harvest_date", "available_from"] },
  },
} satisfies Record<string, Product>;
export type ProductName = keyof typeof PRODUCTS;
