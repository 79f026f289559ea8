import { randomInt } from "node:crypto";
import { openDatabase } from "../../../scripts/local/open_database.ts";
import {
  APPOINTMENT_MINUTES,
  APPOINTMENTS,
} from "../../../supabase/functions/_shared/domain/tools/book_appointment.ts";
import { callFunction } from "../../support/call_function.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";
import {
  createWamid,
  createWhatsappTenant,
  eventually,
  setRollout,
  signDelivery,
  writeDelivery,
  writeMessage,
} from "../../support/whatsapp.ts";
import {
  findChoice,
  type Said,
  show,
  type Transcript,
  type World,
  type Worlds,
} from "../../transcripts/transcript.ts";
import { createCallTenant } from "../calls/support.ts";
import { readRows } from "./read_rows.ts";

type Reply = { type: string; content: unknown };

/** Where a delivery is posted to, and whether a language model may be asked. */
export type StackOptions = { webhookUrl?: string; hasModel?: boolean };

/**
 * The whole stack: signed deliveries, rows read from the database. Its clock is the real one, so each
 * organization is where it is ten in the morning: no transcript comes upon midnight.
 */
export function createStackWorlds(options: StackOptions = {}): Worlds {
  const offset = 10 - new Date().getUTCHours();
  // A day begins in the east, at +14, and ends in the west.
  const hours = offset < -9 ? offset + 24 : offset;
  const local = new Date(Date.now() + hours * 3_600_000);
  return {
    calendar: { today: local.toISOString().slice(0, 10), offsetMinutes: hours * 60 },
    // These names have their signs the other way round.
    open: (transcript) =>
      openStackWorld(transcript, {
        ...options,
        timeZone: `Etc/GMT${hours > 0 ? "-" : "+"}${Math.abs(hours)}`,
      }),
  };
}

async function openStackWorld(
  transcript: Transcript,
  { webhookUrl = `${readStack().url}/functions/v1/unified-webhook`, hasModel = false, timeZone }:
    & StackOptions
    & { timeZone: string },
): Promise<World> {
  const { orgId, phoneNumberId, owner } =
    await (transcript.agent === "sales" ? createCallingTenant() : createWhatsappTenant());
  await queryDatabase(
    // Without a budget the language model is not asked: what is written down is the lexicon's and the flows'.
    `update public.organization_settings
     set time_zone = $2, business_hours = coalesce($3::text::jsonb, business_hours),
       daily_token_budget = case when $4 = 'true' then daily_token_budget else 0 end
     where org_id = $1::text::uuid`,
    [
      orgId,
      timeZone,
      transcript.hours === undefined ? null : JSON.stringify(transcript.hours),
      String(hasModel),
    ],
  );
  if (transcript.features) await setFeatures(orgId, transcript.features);
  for (const { title, content } of transcript.documents ?? []) {
    const { status, text } = await callFunction("kb-sync/documents", {
      token: owner.token,
      body: { title, text: content },
    });
    if (status >= 300) throw new Error(`Cannot add document "${title}": ${text}`);
  }
  const phone = `25078${String(randomInt(10_000_000)).padStart(7, "0")}`;
  const me = await createContact(orgId, { name: "Ada", phone });
  const somebody = await createContact(orgId, {
    name: transcript.received?.[0]?.from ?? "Somebody",
    phone: `25079${String(randomInt(10_000_000)).padStart(7, "0")}`,
  });
  const taken = transcript.taken ?? [];
  for (const { starts_at } of taken.filter(({ meanwhile }) => !meanwhile)) {
    await queryDatabase(TAKE, [orgId, starts_at, String(APPOINTMENT_MINUTES), APPOINTMENTS]);
  }
  const racing = taken.filter(({ meanwhile }) => meanwhile).map(({ starts_at }) =>
    takeMeanwhile(orgId, starts_at)
  );
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
    async say(messages, { afterMinutes }) {
      if (afterMinutes > 0) await passTime(orgId, me, afterMinutes);
      const body = writeDelivery(phoneNumberId, { messages: messages.map(put) });
      // As Meta does: what was not taken comes again, under the same ids.
      await eventually(() => post(webhookUrl, body), (status) => status === 200, {
        milliseconds: 60_000,
      });
      await eventually(
        () =>
          queryDatabase<{ waiting: number }>(
            `select count(*)::int as waiting from public.inbound_messages
             where org_id = $1::text::uuid and contact_id = $2::text::uuid and disposition = 'received'`,
            [orgId, me],
          ),
        ([row]) => row?.waiting === 0,
        { milliseconds: 60_000 },
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
    async readRows() {
      await Promise.all(racing);
      return await readRows(orgId, me);
    },
  };
}

/** Sales calls people back, which takes an assistant and a number besides. */
async function createCallingTenant() {
  const tenant = await createCallTenant();
  await setRollout(tenant.orgId, 100);
  await queryDatabase(
    "update public.organization_settings set call_countries = '{RW}' where org_id = $1::text::uuid",
    [tenant.orgId],
  );
  return { ...tenant, phoneNumberId: tenant.accounts.whatsapp.phoneNumberId };
}

async function post(webhookUrl: string, body: string): Promise<number> {
  const response = await fetch(`${webhookUrl}/whatsapp`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-hub-signature-256": signDelivery(body) },
    body,
  });
  await response.body?.cancel();
  return response.status;
}

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

const TAKE = `insert into public.bookings (org_id, resource, starts_at, ends_at)
   values ($1::text::uuid, $4, $2::text::timestamptz,
     $2::text::timestamptz + make_interval(mins => $3::text::int))`;

/**
 * Somebody else books between a turn's reads and its writes: their transaction holds the appointments,
 * unseen, until the turn's stands behind it.
 */
async function takeMeanwhile(orgId: string, startsAt: string): Promise<void> {
  const database = openDatabase(readStack().database_url, { connections: 1 });
  try {
    const [me] = await database.query<{ pid: number }>("select pg_backend_pid() as pid");
    await database.query("begin");
    await database.query(
      "select pg_advisory_xact_lock(hashtextextended('bookings/' || $1 || '/' || $2, 0))",
      [orgId, APPOINTMENTS],
    );
    await database.query(TAKE, [orgId, startsAt, String(APPOINTMENT_MINUTES), APPOINTMENTS]);
    await eventually(
      () =>
        queryDatabase<{ waiting: number }>(
          `select count(*)::int as waiting from pg_stat_activity
           where $1::text::int = any (pg_blocking_pids(pid))`,
          [String(me?.pid)],
        ),
      ([row]) => (row?.waiting ?? 0) > 0,
      { milliseconds: 60_000 },
    );
    await database.query("commit");
  } finally {
    await database.close();
  }
}
