-- Calls to providers, counted by the minute: enough for error rates, and small whatever the traffic.

create table public.provider_call_stats (
  minute timestamptz not null,
  org_id uuid not null,
  provider text not null,
  operation text not null,
  outcome text not null,
  call_count integer not null,
  duration_ms_total bigint not null,
  duration_ms_max integer not null,
  constraint provider_call_stats_pkey primary key (org_id, minute, provider, operation, outcome),
  constraint provider_call_stats_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint provider_call_stats_minute_is_whole check (minute = date_trunc('minute', minute, 'UTC')),
  constraint provider_call_stats_provider_is_known check (provider in ('vapi', 'twilio', 'whatsapp')),
  constraint provider_call_stats_outcome_is_known
    check (outcome in ('succeeded', 'refused', 'failed', 'timed_out', 'rejected_by_breaker'))
);
create index provider_call_stats_minute_idx on public.provider_call_stats (minute);

alter table public.provider_call_stats enable row level security;
revoke all on table public.provider_call_stats from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.provider_call_stats to service_role;
create policy "only the service role reaches provider_call_stats" on public.provider_call_stats
  for all to service_role using (true) with check (true);

-- p_calls: [{provider, operation, outcome, status, duration_ms}], null for none.
create function private.record_provider_calls(p_org_id uuid, p_calls jsonb) returns void
language plpgsql set search_path = '' as $$
begin
  if p_org_id is null or jsonb_typeof(p_calls) is distinct from 'array' then
    return;
  end if;
  insert into public.provider_call_stats as stats
    (minute, org_id, provider, operation, outcome, call_count, duration_ms_total, duration_ms_max)
  select
    date_trunc('minute', now(), 'UTC'), p_org_id, call.provider, call.operation, call.outcome,
    count(*), round(sum(call.duration_ms)), round(max(call.duration_ms))
  from jsonb_to_recordset(p_calls)
    as call (provider text, operation text, outcome text, duration_ms numeric)
  group by call.provider, call.operation, call.outcome
  -- Always in this order, so that two transactions never wait for each other.
  order by call.provider, call.operation, call.outcome
  on conflict (org_id, minute, provider, operation, outcome) do update set
    call_count = stats.call_count + excluded.call_count,
    duration_ms_total = stats.duration_ms_total + excluded.duration_ms_total,
    duration_ms_max = greatest(stats.duration_ms_max, excluded.duration_ms_max);
end
$$;
revoke all on function private.record_provider_calls(uuid, jsonb) from public, anon, authenticated;
grant execute on function private.record_provider_calls(uuid, jsonb) to service_role;
