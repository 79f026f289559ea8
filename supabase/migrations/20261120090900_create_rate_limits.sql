-- Token buckets, one per organization and operation. A row that would be full again says nothing
-- and may be deleted.

create table public.rate_limits (
  org_id uuid not null,
  operation text not null,
  tokens double precision not null,
  capacity double precision not null,
  refill_per_second double precision not null,
  refilled_at timestamptz not null,
  constraint rate_limits_pkey primary key (org_id, operation),
  constraint rate_limits_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint rate_limits_capacity_is_at_least_one check (capacity >= 1),
  constraint rate_limits_refill_is_not_negative check (refill_per_second >= 0)
) with (fillfactor = 70);

alter table public.rate_limits enable row level security;
revoke all on table public.rate_limits from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.rate_limits to service_role;
create policy "only the service role reaches rate_limits" on public.rate_limits
  for all to service_role using (true) with check (true);

-- Takes one token. Answers null when it got one, else the whole seconds until there is one.
-- p_limit: {capacity, refill_per_second}; a changed limit applies from the next request on.
create function private.take_rate_limit_token(p_org_id uuid, p_operation text, p_limit jsonb) returns integer
language plpgsql set search_path = '' as $$
declare
  v_capacity constant double precision := (p_limit ->> 'capacity')::double precision;
  v_refill constant double precision := (p_limit ->> 'refill_per_second')::double precision;
  v_bucket public.rate_limits;
  v_now timestamptz;
  v_tokens double precision;
begin
  insert into public.rate_limits (org_id, operation, tokens, capacity, refill_per_second, refilled_at)
  values (p_org_id, p_operation, v_capacity, v_capacity, v_refill, clock_timestamp())
  on conflict (org_id, operation) do nothing;

  select * into strict v_bucket
  from public.rate_limits as bucket
  where bucket.org_id = p_org_id and bucket.operation = p_operation
  for update;

  -- Read after the lock: whoever held it may have refilled later than this statement began.
  v_now := greatest(clock_timestamp(), v_bucket.refilled_at);
  v_tokens := least(
    v_capacity,
    v_bucket.tokens + extract(epoch from v_now - v_bucket.refilled_at)::double precision * v_refill
  );
  update public.rate_limits as bucket
  set tokens = case when v_tokens >= 1 then v_tokens - 1 else v_tokens end,
      capacity = v_capacity,
      refill_per_second = v_refill,
      refilled_at = v_now
  where bucket.org_id = p_org_id and bucket.operation = p_operation;

  if v_tokens >= 1 then
    return null;
  end if;
  -- A bucket that never refills: an hour is as good as any answer.
  return greatest(1, least(3600, ceil(coalesce((1 - v_tokens) / nullif(v_refill, 0), 3600)))::integer);
end
$$;
revoke all on function private.take_rate_limit_token(uuid, text, jsonb) from public, anon, authenticated;
grant execute on function private.take_rate_limit_token(uuid, text, jsonb) to service_role;
