-- The outbox: every message that leaves, what became of it, and what may not be sent again.

create sequence private.outbound_sequence as bigint;
revoke all on sequence private.outbound_sequence from public, anon, authenticated, service_role;
grant usage on sequence private.outbound_sequence to service_role;

create table public.outbound_messages (
  id uuid not null default gen_random_uuid(),
  org_id uuid not null,
  contact_id uuid not null,
  session_id uuid,
  correlation_id text,
  -- reply: to what a person just wrote. initiated: we start, so opt-outs and quiet hours hold.
  kind text not null,
  type text not null,
  -- In our words; a provider's format is made of it when it is sent.
  content jsonb not null,
  -- The message that it answers, shown quoted.
  reply_to_wamid text,
  -- What must be sent once only, whoever asks twice for it.
  dedupe_key text,
  sequence bigint not null default nextval('private.outbound_sequence'),
  state text not null default 'queued',
  not_before timestamptz not null default now(),
  -- From here on it isn't worth sending.
  expires_at timestamptz not null default now() + interval '24 hours',
  attempts integer not null default 0,
  fencing_token bigint,
  wamid text,
  error_code integer,
  error text,
  -- WhatsApp took it and refused it afterwards; the worker decides what follows.
  refused_at timestamptz,
  -- What was refused so and is sent again: no status of those concerns it any more.
  refused_wamids text[] not null default '{}',
  queued_at timestamptz not null default now(),
  claimed_at timestamptz,
  sent_at timestamptz,
  delivered_at timestamptz,
  read_at timestamptz,
  failed_at timestamptz,
  unknown_at timestamptz,
  cancelled_at timestamptz,
  expired_at timestamptz,
  created_at timestamptz not null default now(),
  constraint outbound_messages_pkey primary key (id),
  constraint outbound_messages_contact_fkey foreign key (org_id, contact_id)
    references public.contacts (org_id, id) on delete cascade,
  constraint outbound_messages_session_fkey foreign key (org_id, session_id)
    references public.unified_sessions (org_id, id) on delete set null (session_id),
  constraint outbound_messages_kind_is_known check (kind in ('reply', 'initiated')),
  constraint outbound_messages_type_is_known
    check (type in ('text', 'buttons', 'list', 'location_request', 'template')),
  constraint outbound_messages_content_is_an_object check (jsonb_typeof(content) = 'object'),
  -- unknown: sent or not, nobody can tell; a status from WhatsApp settles it, nothing else does.
  constraint outbound_messages_state_is_known check (
    state in ('queued', 'claimed', 'sent', 'delivered', 'read', 'failed', 'unknown', 'cancelled', 'expired')
  ),
  constraint outbound_messages_state_has_its_timestamp check (
    case state
      when 'claimed' then claimed_at is not null and fencing_token is not null
      when 'sent' then sent_at is not null
      when 'delivered' then delivered_at is not null
      when 'read' then read_at is not null
      when 'failed' then failed_at is not null
      when 'unknown' then unknown_at is not null
      when 'cancelled' then cancelled_at is not null
      when 'expired' then expired_at is not null
      else true
    end
  ),
  constraint outbound_messages_refused_is_failed check (refused_at is null or state = 'failed'),
  constraint outbound_messages_attempts_are_not_negative check (attempts >= 0)
) with (fillfactor = 80);
create unique index outbound_messages_wamid_unique on public.outbound_messages (org_id, wamid)
  where wamid is not null;
create unique index outbound_messages_dedupe_key_unique on public.outbound_messages (org_id, dedupe_key)
  where dedupe_key is not null;
-- A contact's open messages in the order in which they leave.
create index outbound_messages_open_idx on public.outbound_messages (org_id, contact_id, sequence)
  where state in ('queued', 'claimed');
-- These two don't begin with the organization, so that a plan for one message by its organization and
-- wamid, made while the table is small, can't walk through all that the organization ever sent.
create index outbound_messages_contact_idx on public.outbound_messages (contact_id, org_id, created_at desc);
create index outbound_messages_session_idx on public.outbound_messages (session_id, org_id);
create index outbound_messages_unknown_idx on public.outbound_messages (unknown_at) where state = 'unknown';
create index outbound_messages_refused_idx on public.outbound_messages (refused_at) where refused_at is not null;
create index outbound_messages_created_at_idx on public.outbound_messages using brin (created_at)
  with (pages_per_range = 32);

alter table public.outbound_messages enable row level security;
revoke all on table public.outbound_messages from public, anon, authenticated, service_role;
grant select on table public.outbound_messages to authenticated;
grant select, insert, update, delete on table public.outbound_messages to service_role;
create policy "members read what their organizations sent" on public.outbound_messages
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));

-- An organization that WhatsApp holds back as a whole: throughput, a bad token, a blocked account.
create table public.outbound_pauses (
  org_id uuid not null,
  reason text not null,
  paused_at timestamptz not null default now(),
  paused_until timestamptz not null,
  constraint outbound_pauses_pkey primary key (org_id),
  constraint outbound_pauses_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade
);

alter table public.outbound_pauses enable row level security;
revoke all on table public.outbound_pauses from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.outbound_pauses to service_role;
create policy "only the service role reaches outbound_pauses" on public.outbound_pauses
  for all to service_role using (true) with check (true);

-- What was claimed for sending under an id that the caller chose, so that a call whose answer was lost
-- can be made again: {lost: [id], sends: [{org_id, contact_id, fencing_token}]}, null until it is known.
create table private.send_claims (
  id uuid not null,
  answer jsonb,
  claimed_at timestamptz not null default now(),
  constraint send_claims_pkey primary key (id)
);
create index send_claims_claimed_at_idx on private.send_claims (claimed_at);

alter table private.send_claims enable row level security;
revoke all on table private.send_claims from public, anon, authenticated, service_role;
grant select, insert, update, delete on table private.send_claims to service_role;
create policy "only the service role reaches send_claims" on private.send_claims
  for all to service_role using (true) with check (true);

-- Puts one message into the outbox, for whoever has no turn: tools of a call, reminders, matches.
-- Answers its id, also when the dedupe key says that it is there already.
create function private.queue_outbound_message(
  p_org_id uuid,
  p_contact_id uuid,
  p_kind text,
  p_type text,
  p_content jsonb,
  p_dedupe_key text default null,
  p_correlation_id text default null,
  p_not_before timestamptz default now(),
  p_expires_at timestamptz default now() + interval '24 hours'
) returns uuid
language plpgsql set search_path = '' as $$
declare
  v_id uuid;
  v_contact_id uuid;
begin
  select coalesce(contact.merged_into_id, contact.id) into v_contact_id
  from public.contacts as contact
  where contact.org_id = p_org_id and contact.id = p_contact_id;

  -- The contact's row first, as everyone does: whoever sends for it sees either no message or a due one.
  insert into public.contact_queues as queue (org_id, contact_id, send_due_at)
  values (p_org_id, v_contact_id, p_not_before)
  on conflict (org_id, contact_id) do update set
    -- Whoever is sending now looks again when done.
    send_due_at = case
      when queue.send_leased_until > clock_timestamp() then queue.send_due_at
      else least(queue.send_due_at, excluded.send_due_at)
    end;

  insert into public.outbound_messages
    (org_id, contact_id, kind, type, content, dedupe_key, correlation_id, not_before, expires_at)
  values (
    p_org_id, v_contact_id, p_kind, p_type, p_content, p_dedupe_key, p_correlation_id, p_not_before, p_expires_at
  )
  on conflict (org_id, dedupe_key) where dedupe_key is not null do nothing
  returning id into v_id;
  if v_id is null then
    select message.id into v_id
    from public.outbound_messages as message
    where message.org_id = p_org_id and message.dedupe_key = p_dedupe_key;
  end if;
  return v_id;
end
$$;
revoke all on function private.queue_outbound_message(uuid, uuid, text, text, jsonb, text, text, timestamptz, timestamptz)
  from public, anon, authenticated;
grant execute on function private.queue_outbound_message(uuid, uuid, text, text, jsonb, text, text, timestamptz, timestamptz)
  to service_role;
