-- What WhatsApp delivered: messages, and whatever else came and can't be given to a contact.
-- Partitioned by month from the start. Duplicates are decided in processed_webhook_events.

create table public.inbound_messages (
  -- Ordered by time (version 7), so that new rows meet on few pages of the index.
  id uuid not null default (
    lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || '7' ||
    substr(replace(gen_random_uuid()::text, '-', ''), 14)
  )::uuid,
  org_id uuid not null,
  contact_id uuid not null,
  wamid text not null,
  -- Place in the conversation; see contact_queues.
  sequence bigint not null,
  type text not null,
  -- What agents read, in our words.
  content jsonb not null default '{}',
  -- What WhatsApp sent, whole.
  payload jsonb not null,
  -- The payload as it was written, where jsonb can't hold it (null characters, lone surrogates).
  raw_text text,
  phone_number_id text not null,
  sent_at timestamptz,
  disposition text not null default 'received',
  disposed_at timestamptz,
  attempts integer not null default 0,
  last_error text,
  created_at timestamptz not null default now(),
  constraint inbound_messages_pkey primary key (id, created_at),
  constraint inbound_messages_contact_fkey foreign key (org_id, contact_id)
    references public.contacts (org_id, id) on delete cascade,
  -- received: waits for a turn. forwarding: outside the rollout, waits to be handed to the older
  -- service. ignored: outside the rollout, or nothing to answer.
  constraint inbound_messages_disposition_is_known
    check (disposition in ('received', 'answered', 'ignored', 'forwarding', 'forwarded', 'dead_lettered')),
  constraint inbound_messages_disposition_has_its_timestamp
    check ((disposition = 'received') = (disposed_at is null)),
  constraint inbound_messages_attempts_are_not_negative check (attempts >= 0)
) partition by range (created_at);
create index inbound_messages_contact_sequence_idx
  on public.inbound_messages (org_id, contact_id, sequence);
-- What waits for the older service, oldest first.
create index inbound_messages_forwarding_idx on public.inbound_messages (org_id, created_at)
  where disposition = 'forwarding';

alter table public.inbound_messages enable row level security;
revoke all on table public.inbound_messages from public, anon, authenticated, service_role;
grant select on table public.inbound_messages to authenticated;
grant select, insert, update, delete on table public.inbound_messages to service_role;
create policy "members read the messages of their organizations" on public.inbound_messages
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));

-- Whatever was meant for a number that no organization has connected, or that a signature didn't
-- cover. The same again counts up.
create table public.unroutable_deliveries (
  id uuid not null default gen_random_uuid(),
  reason text not null,
  business_account_id text,
  phone_number_id text,
  -- The organization whose own app secret signed it, where that is the reason.
  signed_by_org_id uuid,
  payload jsonb not null,
  payload_hash text not null generated always as (md5(payload::text)) stored,
  deliveries integer not null default 1,
  received_at timestamptz not null default now(),
  last_received_at timestamptz not null default now(),
  constraint unroutable_deliveries_pkey primary key (id),
  constraint unroutable_deliveries_signed_by_org_id_fkey foreign key (signed_by_org_id)
    references public.organizations (id) on delete cascade,
  constraint unroutable_deliveries_reason_is_known
    check (reason in ('unknown_phone_number', 'signed_by_another_organization', 'sender_unknown')),
  constraint unroutable_deliveries_payload_unique
    unique nulls not distinct (phone_number_id, payload_hash, reason, signed_by_org_id)
);
create index unroutable_deliveries_last_received_at_idx on public.unroutable_deliveries (last_received_at);
create index unroutable_deliveries_signed_by_org_id_idx on public.unroutable_deliveries (signed_by_org_id);

alter table public.unroutable_deliveries enable row level security;
revoke all on table public.unroutable_deliveries from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.unroutable_deliveries to service_role;
create policy "only the service role reaches unroutable_deliveries" on public.unroutable_deliveries
  for all to service_role using (true) with check (true);

-- Signed bodies that couldn't be read, byte for byte.
create table public.unparsed_deliveries (
  id uuid not null default gen_random_uuid(),
  source text not null,
  signed_by_org_id uuid,
  reason text not null,
  body bytea not null,
  received_at timestamptz not null default now(),
  constraint unparsed_deliveries_pkey primary key (id),
  constraint unparsed_deliveries_signed_by_org_id_fkey foreign key (signed_by_org_id)
    references public.organizations (id) on delete cascade,
  constraint unparsed_deliveries_source_is_known check (source in ('whatsapp', 'vapi'))
);
create index unparsed_deliveries_received_at_idx on public.unparsed_deliveries (received_at);
create index unparsed_deliveries_signed_by_org_id_idx on public.unparsed_deliveries (signed_by_org_id);

alter table public.unparsed_deliveries enable row level security;
revoke all on table public.unparsed_deliveries from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.unparsed_deliveries to service_role;
create policy "only the service role reaches unparsed_deliveries" on public.unparsed_deliveries
  for all to service_role using (true) with check (true);

-- What WhatsApp says about an account or a number rather than about a message: quality, reviews of
-- templates, errors. The same again counts up.
create table public.whatsapp_notices (
  id uuid not null default gen_random_uuid(),
  org_id uuid,
  business_account_id text,
  phone_number_id text,
  field text not null,
  payload jsonb not null,
  payload_hash text not null generated always as (md5(payload::text)) stored,
  deliveries integer not null default 1,
  received_at timestamptz not null default now(),
  last_received_at timestamptz not null default now(),
  constraint whatsapp_notices_pkey primary key (id),
  constraint whatsapp_notices_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint whatsapp_notices_payload_unique
    unique nulls not distinct (org_id, business_account_id, field, payload_hash)
);
create index whatsapp_notices_last_received_at_idx on public.whatsapp_notices (last_received_at);

alter table public.whatsapp_notices enable row level security;
revoke all on table public.whatsapp_notices from public, anon, authenticated, service_role;
grant select on table public.whatsapp_notices to authenticated;
grant select, insert, update, delete on table public.whatsapp_notices to service_role;
create policy "members read the notices of their organizations" on public.whatsapp_notices
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));

do $$
begin
  perform private.make_default_partition('inbound_messages');
  perform private.make_partitions_ahead(3);
end
$$;
