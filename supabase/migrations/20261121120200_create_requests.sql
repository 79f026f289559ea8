-- What people ask an organization for and somebody answers later: help, an insurance policy, a call.

create table public.tickets (
  id uuid not null default gen_random_uuid(),
  org_id uuid not null,
  contact_id uuid,
  -- What people say.
  number text not null,
  subject text not null,
  body text not null default '',
  state text not null default 'opened',
  opened_at timestamptz not null default now(),
  resolved_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint tickets_pkey primary key (id),
  constraint tickets_number_unique unique (org_id, number),
  constraint tickets_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint tickets_contact_fkey foreign key (org_id, contact_id)
    references public.contacts (org_id, id) on delete cascade,
  constraint tickets_number_is_1_to_20_characters check (char_length(number) between 1 and 20),
  constraint tickets_subject_is_1_to_200_characters check (char_length(subject) between 1 and 200),
  constraint tickets_body_is_at_most_4000_characters check (char_length(body) <= 4000),
  constraint tickets_state_is_known check (state in ('opened', 'resolved')),
  constraint tickets_state_has_its_timestamp check ((state = 'resolved') = (resolved_at is not null))
);
create index tickets_contact_idx on public.tickets (org_id, contact_id, created_at desc);
create index tickets_org_id_created_at_idx on public.tickets (org_id, created_at desc);

create table public.policy_requests (
  id uuid not null default gen_random_uuid(),
  org_id uuid not null,
  contact_id uuid,
  vehicle text not null,
  cover text not null,
  yearly_price numeric(14, 2) not null,
  currency text not null,
  details jsonb not null default '{}',
  state text not null default 'requested',
  requested_at timestamptz not null default now(),
  issued_at timestamptz,
  declined_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint policy_requests_pkey primary key (id),
  constraint policy_requests_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint policy_requests_contact_fkey foreign key (org_id, contact_id)
    references public.contacts (org_id, id) on delete cascade,
  constraint policy_requests_vehicle_is_1_to_50_characters check (char_length(vehicle) between 1 and 50),
  constraint policy_requests_cover_is_1_to_50_characters check (char_length(cover) between 1 and 50),
  constraint policy_requests_yearly_price_is_not_negative check (yearly_price >= 0),
  constraint policy_requests_currency_is_iso_4217 check (currency ~ '^[A-Z]{3}$'),
  constraint policy_requests_details_is_an_object check (jsonb_typeof(details) = 'object'),
  constraint policy_requests_details_is_at_most_20000_characters check (char_length(details::text) <= 20000),
  constraint policy_requests_state_is_known check (state in ('requested', 'issued', 'declined')),
  constraint policy_requests_state_has_its_timestamp check (
    (state = 'issued') = (issued_at is not null) and (state = 'declined') = (declined_at is not null)
  )
);
create index policy_requests_contact_idx on public.policy_requests (org_id, contact_id, created_at desc);
create index policy_requests_org_id_created_at_idx on public.policy_requests (org_id, created_at desc);

-- Somebody wants to be called back; a job calls, when it may. Between `intended` and `placed` Vapi is
-- asked, and only there can a call be made: whatever is found `intended` is looked for at Vapi first.
create table public.call_requests (
  id uuid not null default gen_random_uuid(),
  org_id uuid not null,
  contact_id uuid not null,
  reason text not null,
  not_before timestamptz not null default now(),
  state text not null default 'requested',
  requested_at timestamptz not null default now(),
  intended_at timestamptz,
  placed_at timestamptz,
  answered_at timestamptz,
  completed_at timestamptz,
  refused_at timestamptz,
  failed_at timestamptz,
  unknown_at timestamptz,
  cancelled_at timestamptz,
  -- Why it was refused, failed, or waits: one word of ours.
  reason_code text,
  -- When it may next be claimed: when it may be called, where a backoff or a lease ends.
  due_at timestamptz not null default now(),
  attempts integer not null default 0,
  lookups integer not null default 0,
  fencing_token bigint not null default 0,
  -- With whose claim, with what and in which account the call was to be made: {fencing_token,
  -- assistant_id, phone_number_id, fingerprint}.
  intent jsonb,
  -- Of the call that was made.
  vapi_call_id text,
  last_error text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint call_requests_pkey primary key (id),
  constraint call_requests_contact_fkey foreign key (org_id, contact_id)
    references public.contacts (org_id, id) on delete cascade,
  constraint call_requests_reason_is_1_to_500_characters check (char_length(reason) between 1 and 500),
  constraint call_requests_reason_code_is_at_most_50_characters check (char_length(reason_code) <= 50),
  constraint call_requests_vapi_call_id_is_1_to_256_characters check (char_length(vapi_call_id) between 1 and 256),
  constraint call_requests_attempts_are_not_negative check (attempts >= 0 and lookups >= 0),
  constraint call_requests_intent_is_an_object check (jsonb_typeof(intent) = 'object'),
  -- unknown: called or not, nobody can tell; a person looks, and nobody calls again by itself.
  constraint call_requests_state_is_known check (
    state in ('requested', 'intended', 'placed', 'answered', 'completed', 'refused', 'failed', 'unknown', 'cancelled')
  ),
  constraint call_requests_state_has_its_timestamp check (
    case state
      when 'intended' then intended_at is not null and intent is not null
      when 'placed' then placed_at is not null and vapi_call_id is not null
      when 'answered' then answered_at is not null and vapi_call_id is not null
      when 'completed' then completed_at is not null
      when 'refused' then refused_at is not null
      when 'failed' then failed_at is not null
      when 'unknown' then unknown_at is not null
      when 'cancelled' then cancelled_at is not null
      else true
    end
  )
);
create index call_requests_contact_idx on public.call_requests (org_id, contact_id, created_at desc);
create index call_requests_due_idx on public.call_requests (org_id, due_at) where state in ('requested', 'intended');
create index call_requests_vapi_call_id_idx on public.call_requests (org_id, vapi_call_id) where vapi_call_id is not null;
-- What is over is kept as long as the calls are (expire_calls).
create index call_requests_over_idx on public.call_requests (created_at)
  where state in ('completed', 'refused', 'failed', 'unknown', 'cancelled');
-- One waits at a time; when it is over another one may be asked for.
create unique index call_requests_waiting_unique on public.call_requests (org_id, contact_id) where state = 'requested';

-- Two contacts turn out to be one person, who asked as both: one call is enough.
create function private.merge_call_requests() returns trigger
language plpgsql set search_path = '' as $$
begin
  if new.state in ('requested', 'intended', 'placed', 'answered') then
    if new.state = 'requested' and exists (
      select 1 from public.call_requests as other
      where other.org_id = new.org_id and other.contact_id = new.contact_id and other.id <> new.id
        and other.state in ('requested', 'intended', 'placed', 'answered')
    ) then
      new.state := 'refused';
      new.refused_at := now();
      new.reason_code := 'merged';
    else
      update public.call_requests as other
      set state = 'refused', refused_at = now(), reason_code = 'merged'
      where other.org_id = new.org_id and other.contact_id = new.contact_id and other.id <> new.id
        and other.state = 'requested';
    end if;
  end if;
  return new;
end
$$;
revoke all on function private.merge_call_requests() from public, anon, authenticated;
create trigger call_requests_merge before update of contact_id on public.call_requests
  for each row when (old.contact_id <> new.contact_id) execute function private.merge_call_requests();

do $$
declare
  v_table text;
begin
  foreach v_table in array array['tickets', 'policy_requests', 'call_requests'] loop
    execute format(
      'create trigger %1$s_touch_updated_at before update on public.%1$I
         for each row execute function private.touch_updated_at()', v_table
    );
    execute format('alter table public.%I enable row level security', v_table);
    execute format('revoke all on table public.%I from public, anon, authenticated, service_role', v_table);
    execute format('grant select on table public.%I to authenticated', v_table);
    execute format('grant select, insert, update, delete on table public.%I to service_role', v_table);
  end loop;
end
$$;
create policy "members read the tickets of their organizations" on public.tickets
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));
create policy "members read the policy requests of their organizations" on public.policy_requests
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));
create policy "members read the call requests of their organizations" on public.call_requests
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));
