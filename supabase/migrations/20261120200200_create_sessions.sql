-- A WhatsApp conversation's state, and the two queues of a contact: what waits to be answered and
-- what waits to be sent.

create table public.unified_sessions (
  id uuid not null default gen_random_uuid(),
  org_id uuid not null,
  contact_id uuid not null,
  channel text not null default 'whatsapp',
  status text not null default 'active',
  current_agent text,
  flow text,
  flow_step text,
  collected_data jsonb not null default '{}',
  -- The last twenty of both sides: [{role, text, at, …}].
  messages jsonb not null default '[]',
  location jsonb,
  -- Language, currency and the like: carried into the next session.
  preferences jsonb not null default '{}',
  context jsonb not null default '{}',
  started_at timestamptz not null default now(),
  last_message_at timestamptz not null default now(),
  completed_at timestamptz,
  expired_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint unified_sessions_pkey primary key (id),
  constraint unified_sessions_org_id_id_unique unique (org_id, id),
  constraint unified_sessions_contact_fkey foreign key (org_id, contact_id)
    references public.contacts (org_id, id) on delete cascade,
  constraint unified_sessions_channel_is_known check (channel in ('whatsapp')),
  constraint unified_sessions_status_is_known check (status in ('active', 'completed', 'expired')),
  constraint unified_sessions_status_has_its_timestamp check (
    (status = 'completed') = (completed_at is not null) and (status = 'expired') = (expired_at is not null)
  ),
  constraint unified_sessions_step_belongs_to_a_flow check (flow is not null or flow_step is null),
  constraint unified_sessions_collected_data_is_an_object check (jsonb_typeof(collected_data) = 'object'),
  constraint unified_sessions_messages_are_at_most_twenty
    check (jsonb_typeof(messages) = 'array' and jsonb_array_length(messages) <= 20),
  constraint unified_sessions_preferences_is_an_object check (jsonb_typeof(preferences) = 'object'),
  constraint unified_sessions_context_is_an_object check (jsonb_typeof(context) = 'object')
) with (fillfactor = 80);
create unique index unified_sessions_active_unique on public.unified_sessions (org_id, contact_id)
  where status = 'active';
create index unified_sessions_contact_idx on public.unified_sessions (org_id, contact_id, started_at desc);
-- Which sessions nobody wrote to for a day. Its condition says "active" in other words than the index
-- above, so that a plan for one contact's session, made while the table is small, can't choose this one.
create index unified_sessions_open_last_message_at_idx on public.unified_sessions (last_message_at)
  where completed_at is null and expired_at is null;

create trigger unified_sessions_touch_updated_at before update on public.unified_sessions
  for each row execute function private.touch_updated_at();

alter table public.unified_sessions enable row level security;
revoke all on table public.unified_sessions from public, anon, authenticated, service_role;
grant select on table public.unified_sessions to authenticated;
grant select, insert, update, delete on table public.unified_sessions to service_role;
create policy "members read the sessions of their organizations" on public.unified_sessions
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));

-- One narrow row per contact, because it is written several times a message. Apart from sessions,
-- which are wide, and of which a contact has one after another while these queues go on.
create table public.contact_queues (
  org_id uuid not null,
  contact_id uuid not null,

  -- Messages in, numbered under this row's lock: the order in which they committed. Those above
  -- completed_sequence wait for a turn; those up to claimed_sequence are in one.
  received_sequence bigint not null default 0,
  completed_sequence bigint not null default 0,
  claimed_sequence bigint,
  -- Restarts the 24 hours in which WhatsApp lets us write freely.
  last_inbound_at timestamptz,
  -- When the worker may take the turn: a moment after arrival (the webhook takes it at once), where
  -- a backoff ends, or where a lease ends. Null when nothing waits.
  turn_due_at timestamptz,
  turn_retry_at timestamptz,
  turn_leased_until timestamptz,
  turn_fencing_token bigint not null default 0,

  -- Messages out: the same for sending. One sender per contact, so that replies keep their order.
  send_due_at timestamptz,
  send_leased_until timestamptz,
  send_fencing_token bigint not null default 0,

  constraint contact_queues_pkey primary key (org_id, contact_id),
  constraint contact_queues_contact_fkey foreign key (org_id, contact_id)
    references public.contacts (org_id, id) on delete cascade,
  constraint contact_queues_sequences_are_in_order
    check (completed_sequence <= received_sequence and claimed_sequence <= received_sequence)
) with (fillfactor = 70);
create index contact_queues_turn_due_idx on public.contact_queues (org_id, turn_due_at)
  where turn_due_at is not null;
create index contact_queues_send_due_idx on public.contact_queues (org_id, send_due_at)
  where send_due_at is not null;

alter table public.contact_queues enable row level security;
revoke all on table public.contact_queues from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.contact_queues to service_role;
create policy "only the service role reaches contact_queues" on public.contact_queues
  for all to service_role using (true) with check (true);
