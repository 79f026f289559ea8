-- Every provider event that has taken effect, and every one that never will.
-- An event acts in the transaction that inserts its row here; a second delivery finds the row and
-- changes nothing. Rows outlive the seven days for which Meta retries a delivery.

create table public.processed_webhook_events (
  id bigint generated always as identity,
  org_id uuid,
  -- Prefixed by its provider: whatsapp:<wamid>, vapi:<call id>:<type>:<status or tool call id>.
  event_id text not null,
  event_type text not null,
  created_at timestamptz not null default now(),
  constraint processed_webhook_events_pkey primary key (id),
  -- The only thing that keeps org_id from being null, so that dropping it is a complete rollback.
  constraint processed_webhook_events_org_id_not_null check (org_id is not null)
);
comment on table public.processed_webhook_events is
  'One row per provider event that took effect, written in the same transaction as the effect.';

-- No foreign key: it would lock the organization's row once for every event that arrives. Whoever
-- writes here has just read the organization, and its events go with it.
create function private.delete_events_of_organization() returns trigger
language plpgsql set search_path = '' as $$
begin
  delete from public.processed_webhook_events as event where event.org_id = old.id;
  return null;
end
$$;
revoke all on function private.delete_events_of_organization() from public, anon, authenticated;
create trigger organizations_delete_events after delete on public.organizations
  for each row execute function private.delete_events_of_organization();

-- Nulls are not distinct: without the named check an event still could not be claimed twice.
create unique index idx_processed_events_org_event
  on public.processed_webhook_events (org_id, event_id) nulls not distinct;
-- Retention reads old rows in the order they were written: a block range index costs nearly nothing.
create index idx_processed_events_created_at
  on public.processed_webhook_events using brin (created_at) with (pages_per_range = 32);

alter table public.processed_webhook_events enable row level security;
revoke all on table public.processed_webhook_events from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.processed_webhook_events to service_role;
create policy "only the service role reaches processed_webhook_events" on public.processed_webhook_events
  for all to service_role using (true) with check (true);

create table public.dead_letters (
  id uuid not null default gen_random_uuid(),
  org_id uuid,
  source text not null,
  -- What failed, in the words of its source: an event id, a message id, a job id.
  source_id text not null,
  reason text not null,
  payload jsonb not null default '{}',
  attempts integer not null default 0,
  dead_lettered_at timestamptz not null default now(),
  replayed_at timestamptz,
  constraint dead_letters_pkey primary key (id),
  constraint dead_letters_org_id_fkey
    foreign key (org_id) references public.organizations (id) on delete cascade,
  constraint dead_letters_source_known check (source in ('whatsapp', 'vapi', 'outbox', 'job')),
  constraint dead_letters_source_id_length check (length(source_id) between 1 and 1024),
  constraint dead_letters_attempts_not_negative check (attempts >= 0)
);
comment on table public.dead_letters is
  'Work that was given up after its last attempt, with the reason; a replay marks it, never deletes it.';

-- What fails again after a replay is the same letter, not another one.
create unique index idx_dead_letters_source
  on public.dead_letters (source, source_id, org_id) nulls not distinct;
create index idx_dead_letters_org_dead_lettered_at
  on public.dead_letters (org_id, dead_lettered_at desc);

alter table public.dead_letters enable row level security;
revoke all on table public.dead_letters from public, anon, authenticated, service_role;
-- Not payload: it is what somebody said.
grant select (
  id, org_id, source, source_id, reason, attempts, dead_lettered_at, replayed_at
) on table public.dead_letters to authenticated;
grant select, insert, update, delete on table public.dead_letters to service_role;
create policy "members read the dead letters of their organizations" on public.dead_letters
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));

-- Inside the transaction that gives up. What fails again after a replay is the same letter.
create function private.record_dead_letter(
  p_org_id uuid,
  p_source text,
  p_source_id text,
  p_reason text,
  p_payload jsonb,
  p_attempts integer
) returns uuid
language plpgsql set search_path = '' as $$
declare
  v_id uuid;
begin
  insert into public.dead_letters as letter (org_id, source, source_id, reason, payload, attempts)
  values (
    p_org_id, p_source, p_source_id, left(coalesce(p_reason, 'no reason given'), 2000),
    coalesce(p_payload, '{}'), coalesce(p_attempts, 0)
  )
  on conflict (source, source_id, org_id) do update set
    reason = excluded.reason,
    payload = excluded.payload,
    attempts = letter.attempts + excluded.attempts,
    dead_lettered_at = now(),
    replayed_at = null
  returning letter.id into v_id;
  perform public.raise_alert(jsonb_build_object(
    'org_id', p_org_id,
    'rule', 'dead_letters',
    'dedupe_key', p_source,
    'severity', 'critical',
    'message', format('Cannot process %s event "%s": given up after %s attempts', p_source, p_source_id, p_attempts),
    'details', jsonb_build_object('dead_letter_id', v_id, 'reason', left(p_reason, 500))
  ));
  return v_id;
end
$$;
revoke all on function private.record_dead_letter(uuid, text, text, text, jsonb, integer) from public, anon, authenticated;
grant execute on function private.record_dead_letter(uuid, text, text, text, jsonb, integer) to service_role;
