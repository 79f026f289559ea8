-- Every turn of every agent: who answered, why that one, what it used, how long it took, what it cost.
-- What the rollout's guard and the metrics are computed from. Partitioned by month from the start.

create table public.unified_agent_events (
  id uuid not null default (
    lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || '7' ||
    substr(replace(gen_random_uuid()::text, '-', ''), 14)
  )::uuid,
  org_id uuid not null,
  contact_id uuid,
  session_id uuid,
  correlation_id text not null,
  channel text not null default 'whatsapp',
  event_type text not null,
  outcome text not null,
  agent text,
  intent text,
  intent_confidence real,
  intent_method text,
  flow text,
  flow_step text,
  tools jsonb not null default '[]',
  handed_off_from text,
  message_count integer not null default 1,
  duration_ms integer,
  -- From the oldest message's arrival to the reply's entry in the outbox: what the person waits for.
  response_ms integer,
  input_tokens integer,
  output_tokens integer,
  cost_usd numeric(12, 6),
  error text,
  details jsonb not null default '{}',
  created_at timestamptz not null default now(),
  constraint unified_agent_events_pkey primary key (id, created_at),
  constraint unified_agent_events_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint unified_agent_events_event_type_is_snake_case check (event_type ~ '^[a-z][a-z0-9_]{0,99}$'),
  constraint unified_agent_events_outcome_is_known
    check (outcome in ('succeeded', 'failed', 'ignored', 'forwarded')),
  constraint unified_agent_events_confidence_is_0_to_1 check (intent_confidence between 0 and 1),
  constraint unified_agent_events_intent_method_is_known
    check (intent_method in ('reset', 'flow', 'recent_agent', 'lexicon', 'language_model', 'asked', 'menu')),
  constraint unified_agent_events_tools_is_an_array check (jsonb_typeof(tools) = 'array'),
  constraint unified_agent_events_details_is_an_object check (jsonb_typeof(details) = 'object')
) partition by range (created_at);
create index unified_agent_events_org_id_created_at_idx on public.unified_agent_events (org_id, created_at desc);
create index unified_agent_events_contact_idx
  on public.unified_agent_events (org_id, contact_id, created_at desc) where contact_id is not null;

alter table public.unified_agent_events enable row level security;
revoke all on table public.unified_agent_events from public, anon, authenticated, service_role;
grant select on table public.unified_agent_events to authenticated;
grant select, insert on table public.unified_agent_events to service_role;
create policy "members read what the agents of their organizations did" on public.unified_agent_events
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));

do $$
begin
  perform private.make_default_partition('unified_agent_events');
  perform private.make_partitions_ahead(3);
end
$$;
