-- Requests that carried an Idempotency-Key: claimed while they run, then the answer to give again.

create table public.idempotency_keys (
  org_id uuid not null,
  operation text not null,
  key text not null,
  request_hash text not null,
  request_id text,
  state text not null default 'claimed',
  claimed_at timestamptz not null default now(),
  -- A function that dies can't let go of its claim: from here on another may have it.
  claim_expires_at timestamptz not null,
  completed_at timestamptz,
  response_status integer,
  response_body jsonb,
  expires_at timestamptz not null,
  constraint idempotency_keys_pkey primary key (org_id, operation, key),
  constraint idempotency_keys_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint idempotency_keys_key_is_1_to_255_characters check (char_length(key) between 1 and 255),
  constraint idempotency_keys_state_is_known check (state in ('claimed', 'completed')),
  constraint idempotency_keys_completed_has_a_response
    check ((state = 'completed') = (completed_at is not null and response_status is not null)),
  constraint idempotency_keys_response_status_is_http check (response_status between 100 and 599)
);
create index idempotency_keys_expires_at_idx on public.idempotency_keys (expires_at);

alter table public.idempotency_keys enable row level security;
revoke all on table public.idempotency_keys from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.idempotency_keys to service_role;
create policy "only the service role reaches idempotency_keys" on public.idempotency_keys
  for all to service_role using (true) with check (true);
