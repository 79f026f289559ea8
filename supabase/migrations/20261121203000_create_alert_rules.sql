-- What the worker looks for each minute, as rows: an operator changes a threshold, a severity or switches
-- a rule off with an update. Rules that are raised where the thing happens (a delivery that couldn't be read,
-- flags that are malformed) have no row here; of those that have both, whoever is first raises it.

create table public.alert_rules (
  rule text not null,
  severity text not null,
  -- private.find_<kind>(threshold) says what is wrong now.
  kind text not null,
  threshold jsonb not null default '{}',
  enabled boolean not null default true,
  -- So many evaluations in a row it must be so before it is raised, and must not be so before it is resolved.
  raise_after integer not null default 1,
  resolve_after integer not null default 5,
  description text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint alert_rules_pkey primary key (rule),
  constraint alert_rules_rule_is_snake_case check (rule ~ '^[a-z][a-z0-9_]{0,99}$'),
  constraint alert_rules_severity_is_known check (severity in ('info', 'warning', 'critical')),
  constraint alert_rules_kind_is_known check (
    kind in (
      'burn_rate', 'burn_rate_of_one', 'queue_age', 'dead_letters', 'credential_failed', 'credential_checks', 'breaker_open',
      'agent_in_error', 'duplicate_agents', 'rate_limit_storm', 'slow_sync', 'database_growth', 'pool_use',
      'heartbeat_missing', 'access_refused'
    )
  ),
  constraint alert_rules_threshold_is_an_object check (jsonb_typeof(threshold) = 'object'),
  constraint alert_rules_raise_after_is_1_to_60 check (raise_after between 1 and 60),
  constraint alert_rules_resolve_after_is_1_to_60 check (resolve_after between 1 and 60),
  constraint alert_rules_description_is_1_to_500_characters check (char_length(description) between 1 and 500)
);
create trigger alert_rules_touch_updated_at before update on public.alert_rules
  for each row execute function private.touch_updated_at();

-- What was found by the last evaluations. A row goes when it was missed so often that it counts as over.
create table private.alert_conditions (
  rule text not null,
  org_id uuid,
  dedupe_key text not null,
  seen_count integer not null default 1,
  missed_count integer not null default 0,
  first_seen_at timestamptz not null default clock_timestamp(),
  -- What the rule said of it last: while the alert says the same, the alert's words are the rule's to renew.
  message text not null,
  scope uuid not null generated always as (coalesce(org_id, '00000000-0000-0000-0000-000000000000')) stored,
  constraint alert_conditions_pkey primary key (rule, scope, dedupe_key),
  constraint alert_conditions_rule_fkey foreign key (rule) references public.alert_rules (rule) on delete cascade,
  constraint alert_conditions_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint alert_conditions_counts_are_not_negative check (seen_count >= 0 and missed_count >= 0)
);
create index alert_conditions_org_id_idx on private.alert_conditions (org_id);

-- Rules that are being looked at, or couldn't be: in how many evaluations in a row, this one with them.
create table private.alert_rules_unanswered (
  rule text not null,
  evaluations integer not null default 1,
  constraint alert_rules_unanswered_pkey primary key (rule),
  constraint alert_rules_unanswered_rule_fkey foreign key (rule) references public.alert_rules (rule) on delete cascade,
  constraint alert_rules_unanswered_evaluations_are_positive check (evaluations > 0)
);

-- How large the database was, by the hour: what growth is measured against.
create table private.database_sizes (
  hour timestamptz not null,
  bytes bigint not null,
  constraint database_sizes_pkey primary key (hour),
  constraint database_sizes_bytes_are_positive check (bytes > 0)
);

do $$
declare
  v_table text;
begin
  foreach v_table in array array[
    'public.alert_rules', 'private.alert_conditions', 'private.alert_rules_unanswered', 'private.database_sizes'
  ] loop
    execute format('alter table %s enable row level security', v_table);
    execute format('revoke all on table %s from public, anon, authenticated, service_role', v_table);
    execute format('grant select, insert, update, delete on table %s to service_role', v_table);
  end loop;
end
$$;
create policy "only the service role reaches alert_rules" on public.alert_rules
  for all to service_role using (true) with check (true);
create policy "only the service role reaches alert_conditions" on private.alert_conditions
  for all to service_role using (true) with check (true);
create policy "only the service role reaches alert_rules_unanswered" on private.alert_rules_unanswered
  for all to service_role using (true) with check (true);
create policy "only the service role reaches database_sizes" on private.database_sizes
  for all to service_role using (true) with check (true);

-- Whether an evaluation raised it, or has seen for itself that it is so: only these does one resolve.
alter table public.alerts add column evaluated boolean not null default false;

-- What rules look at, over all organizations.
create index audit_log_refused_idx on public.audit_log (created_at) where action = 'access_refused';
create index agents_in_error_idx on public.agents (org_id) where state = 'error';
create index integrations_failed_idx on public.integrations (org_id) where connected and last_error is not null;

-- How often a bucket had no token, since the beginning of the five minutes that are counted.
alter table public.rate_limits
  add column refused_count integer not null default 0,
  add column refused_from timestamptz,
  add constraint rate_limits_refused_count_is_not_negative check (refused_count >= 0);

create or replace function private.take_rate_limit_token(p_org_id uuid, p_operation text, p_limit jsonb) returns integer
language plpgsql set search_path = '' as $$
declare
  v_capacity constant double precision := (p_limit ->> 'capacity')::double precision;
  v_refill constant double precision := (p_limit ->> 'refill_per_second')::double precision;
  v_bucket public.rate_limits;
  v_now timestamptz;
  v_tokens double precision;
  v_counts_on boolean;
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
  v_counts_on := coalesce(v_bucket.refused_from > v_now - interval '5 minutes', false);
  update public.rate_limits as bucket
  set tokens = case when v_tokens >= 1 then v_tokens - 1 else v_tokens end,
      capacity = v_capacity,
      refill_per_second = v_refill,
      refilled_at = v_now,
      refused_count = case
        when v_tokens >= 1 then v_bucket.refused_count when v_counts_on then v_bucket.refused_count + 1 else 1
      end,
      refused_from = case when v_tokens >= 1 or v_counts_on then v_bucket.refused_from else v_now end
  where bucket.org_id = p_org_id and bucket.operation = p_operation;

  if v_tokens >= 1 then
    return null;
  end if;
  -- A bucket that never refills: an hour is as good as any answer.
  return greatest(1, least(3600, ceil(coalesce((1 - v_tokens) / nullif(v_refill, 0), 3600)))::integer);
end
$$;

insert into public.alert_rules (rule, severity, kind, threshold, raise_after, resolve_after, description) values
  (
    'service_level_burns_fast', 'critical', 'burn_rate',
    '{"minimum_failures": 5, "windows": [
      {"long_minutes": 60, "short_minutes": 5, "rate": 14.4}, {"long_minutes": 360, "short_minutes": 30, "rate": 6}
    ]}',
    1, 5, 'A service level uses its error budget so fast that somebody has to look now'
  ),
  (
    'service_level_burns_slowly', 'warning', 'burn_rate',
    '{"minimum_failures": 10, "windows": [
      {"long_minutes": 1440, "short_minutes": 120, "rate": 3}, {"long_minutes": 4320, "short_minutes": 360, "rate": 1}
    ]}',
    1, 15, 'A service level uses its error budget faster than it may'
  ),
  (
    'service_level_burns_for_one', 'warning', 'burn_rate_of_one',
    '{"minimum_failures": 10, "organizations": 20, "windows": [{"long_minutes": 60, "short_minutes": 5, "rate": 14.4}]}',
    2, 15, 'An organization''s service level uses its error budget fast, which may be too little to see among all'
  ),
  ('queue_waits', 'critical', 'queue_age', '{"seconds": 300}', 2, 5, 'What is due has waited too long in a queue'),
  ('dead_letters', 'critical', 'dead_letters', '{"count": 1}', 1, 1, 'Work was given up and waits for a person'),
  ('credential_failed', 'critical', 'credential_failed', '{}', 1, 1, 'A provider refuses an organization''s token'),
  (
    'credential_checks_fail', 'critical', 'credential_checks', '{"minimum": 3, "percent": 20}',
    1, 5, 'A provider refuses the credentials of many organizations'
  ),
  ('breaker_open', 'warning', 'breaker_open', '{"minutes": 5, "count": 1}', 1, 5, 'Calls to a provider are held back'),
  ('agent_in_error', 'critical', 'agent_in_error', '{}', 1, 1, 'A voice agent was taken out of service'),
  ('duplicate_agents', 'critical', 'duplicate_agents', '{}', 1, 1, 'Two agents have one role, or one assistant'),
  (
    'rate_limit_storm', 'warning', 'rate_limit_storm', '{"count": 100}',
    1, 5, 'An organization''s requests are refused again and again for their number'
  ),
  (
    'slow_sync', 'warning', 'slow_sync', '{"minutes": 15, "milliseconds": 10000, "count": 1, "operations": ["agent_sync"]}',
    1, 5, 'A sync took longer than ten seconds'
  ),
  (
    'database_growth', 'warning', 'database_growth',
    '{"megabytes": 7000, "growth_megabytes": 500, "growth_percent": 20}',
    1, 15, 'The database is large, or has grown fast since yesterday'
  ),
  ('pool_exhausted', 'critical', 'pool_use', '{"percent": 85}', 2, 5, 'Hardly any connections to the database are left'),
  (
    'heartbeat_missing', 'critical', 'heartbeat_missing',
    '{"seconds": 600, "kinds": {"verify_credentials": 7800, "expire_calls": 7800, "expire_rows": 1800,
      "expire_messages": 1800, "clean_knowledge": 1800, "check_drift": 1200, "reconcile_calls": 1200}}',
    2, 2, 'A kind of job hasn''t been done for too long'
  ),
  (
    'access_refused_across_tenants', 'critical', 'access_refused', '{"minutes": 15, "count": 1}',
    1, 5, 'Somebody signed in asked for an organization that isn''t theirs'
  );
