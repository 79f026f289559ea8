import { randomInt } from "node:crypto";
import { calendarDay } from "../../../supabase/functions/_shared/domain/entities/read_date.ts";
import { queryDatabase } from "../../support/query_database.ts";
import {
  createWamid,
  createWhatsappTenant,
  deliver,
  eventually,
  writeDelivery,
  writeMessage,
} from "../../support/whatsapp.ts";
import { findChoice, type OpenWorld, type Said, show } from "../../transcripts/transcript.ts";

type Reply = { type: string; content: unknown };
const TIME_ZONE = "Africa/Kigali";

/** The whole stack: signed deliveries through the gateway, rows read from the database. */
export const openStackWorld: OpenWorld = async (transcript) => {
  const { orgId, phoneNumberId } = await createWhatsappTenant();
  await queryDatabase(
    // Without a budget the language model is not asked: what is written down is the lexicon's and the flows'.
    `update public.organization_settings set time_zone = $2, daily_token_budget = 0
     where org_id = $1::text::uuid`,
    [orgId, TIME_ZONE],
  );
  if (transcript.features) await setFeatures(orgId, transcript.features);
  const phone = `25078${String(randomInt(10_000_000)).padStart(7, "0")}`;
  const me = await createContact(orgId, { name: "Ada", phone });
  const somebody = await createContact(orgId, {
    name: transcript.received?.[0]?.from ?? "Somebody",
    phone: `25079${String(randomInt(10_000_000)).padStart(7, "0")}`,
  });
  for (const [place, { own, ...listing }] of (transcript.given ?? []).entries()) {
    await queryDatabase(
      `insert into public.unified_listings (org_id, contact_id, domain, side, title, description, category,
         price, price_unit, quantity, place_name, latitude, longitude, attributes, created_at)
       select $1::text::uuid, $2::text::uuid, row.domain, coalesce(row.side, 'offer'), row.title,
         coalesce(row.description, ''), row.category, row.price, row.price_unit, row.quantity,
         row.place ->> 'name', (row.place ->> 'latitude')::float8, (row.place ->> 'longitude')::float8,
         coalesce(row.attributes, '{}'), now() - interval '1 day' - make_interval(secs => $4::text::int)
       from jsonb_to_record($3::text::jsonb) as row (domain text, side text, title text, description text,
         category text, price numeric, price_unit text, quantity numeric, place jsonb, attributes jsonb)`,
      [orgId, own ? me : somebody, JSON.stringify(listing), String(place)],
    );
  }
  for (const { listing, kind, note } of transcript.received ?? []) {
    await queryDatabase(
      `insert into public.unified_applications (org_id, listing_id, contact_id, kind, details)
       select org_id, id, $2::text::uuid, $4, jsonb_build_object('note', $5::text)
       from public.unified_listings where org_id = $1::text::uuid and title = $3`,
      [orgId, somebody, listing, kind, note],
    );
  }

  let last: Reply[] = [];
  let seen = 0;
  const put = (said: Said) => {
    const id = createWamid();
    if ("text" in said) return writeMessage({ id, from: phone, text: said.text });
    if ("choose" in said) {
      const list_reply = { id: findChoice(last, said.choose), title: said.choose };
      const interactive = { type: "list_reply", list_reply };
      return writeMessage({ id, from: phone, type: "interactive", interactive });
    }
    if ("location" in said) {
      return writeMessage({ id, from: phone, type: "location", location: said.location });
    }
    return writeMessage({ id, from: phone, type: said.type, [said.type]: PARTS[said.type] });
  };
  return {
    today: () => calendarDay(Date.now(), TIME_ZONE),
    async say(messages, { afterMinutes }) {
      if (afterMinutes > 0) await passTime(orgId, me, afterMinutes);
      await deliver(writeDelivery(phoneNumberId, { messages: messages.map(put) }));
      await eventually(
        () =>
          queryDatabase<{ waiting: number }>(
            `select count(*)::int as waiting from public.inbound_messages
             where org_id = $1::text::uuid and contact_id = $2::text::uuid and disposition = 'received'`,
            [orgId, me],
          ),
        ([row]) => row?.waiting === 0,
      );
      const replies = await queryDatabase<Reply>(
        `select type, content from public.outbound_messages
         where org_id = $1::text::uuid and contact_id = $2::text::uuid and kind = 'reply'
         order by sequence`,
        [orgId, me],
      );
      last = replies.slice(seen);
      seen = replies.length;
      return last.map(({ type, content }) => show(type, content));
    },
    async readSession() {
      const [row] = await queryDatabase<
        { agent: string; flow: string | null; step: string | null }
      >(
        `select current_agent as agent, flow, flow_step as step from public.unified_sessions
         where org_id = $1::text::uuid and contact_id = $2::text::uuid and status = 'active'`,
        [orgId, me],
      );
      return row ?? { agent: null, flow: null, step: null };
    },
    readRows: async () => ({
      listings: (await queryDatabase<{ row: unknown }>(
        `select jsonb_build_object('domain', domain, 'side', side, 'title', title, 'price', price,
           'category', category, 'quantity', quantity, 'place', place_name, 'attributes', attributes,
           'state', state) as row
         from public.unified_listings
         where org_id = $1::text::uuid and contact_id = $2::text::uuid order by created_at`,
        [orgId, me],
      )).map(({ row }) => row),
      applications: (await queryDatabase<{ row: unknown }>(
        `select jsonb_build_object('listing', listing.title, 'kind', application.kind,
           'state', application.state, 'note', application.details -> 'note',
           'own', application.contact_id = $2::text::uuid)
           || case when application.kind in ('order', 'reservation', 'ride_request') then jsonb_build_object(
             'details', application.details - array['id', 'booking_id', 'number']
           ) else '{}' end as row
         from public.unified_applications as application
         join public.unified_listings as listing
           on listing.org_id = application.org_id and listing.id = application.listing_id
         where application.org_id = $1::text::uuid order by application.created_at`,
        [orgId, me],
      )).map(({ row }) => row),
    }),
  };
};

const PARTS = {
  audio: { id: "1", mime_type: "audio/ogg", voice: true },
  image: { id: "2", mime_type: "image/jpeg" },
  document: { id: "3", mime_type: "application/pdf", filename: "a.pdf" },
  order: { catalog_id: "4", product_items: [] },
  sticker: { id: "5", mime_type: "image/webp" },
};

async function createContact(
  orgId: string,
  { name, phone }: { name: string; phone: string },
): Promise<string> {
  const [row] = await queryDatabase<{ id: string }>(
    `with made as (
       insert into public.contacts (org_id, name, rollout_key) values ($1::text::uuid, $2, $3)
       returning org_id, id
     )
     insert into public.contact_identities (org_id, contact_id, kind, value)
     select org_id, id, 'phone', $3 from made returning contact_id as id`,
    [orgId, name, phone],
  );
  if (row === undefined) throw new Error(`Cannot create contact "${name}": no row came back`);
  return row.id;
}

async function setFeatures(orgId: string, features: object): Promise<void> {
  await queryDatabase(
    `update public.app_config
     set value = jsonb_set(value, array['overrides', $1, 'features'], $2::text::jsonb)
     where key = 'unified_service_flags'`,
    [orgId, JSON.stringify(features)],
  );
}

async function passTime(orgId: string, contactId: string, minutes: number): Promise<void> {
  await queryDatabase(
    `update public.unified_sessions
     set last_message_at = last_message_at - make_interval(mins => $3::text::int)
     where org_id = $1::text::uuid and contact_id = $2::text::uuid and status = 'active'`,
    [orgId, contactId, String(minutes)],
  );
}
