-- What is promised, as rows: an operator may change an objective, or add one over any metric.

create table public.service_levels (
  name text not null,
  description text not null,
  metric text not null,
  -- One label of the metric; null for all of them.
  label text,
  -- The share that must be good.
  objective numeric not null,
  -- Good is what took at most this long, whatever its outcome; null where good is what succeeded.
  threshold_ms integer,
  -- Over how many days the error budget is reckoned.
  budget_days integer not null default 30,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint service_levels_pkey primary key (name),
  constraint service_levels_name_is_snake_case check (name ~ '^[a-z][a-z0-9_]{0,99}$'),
  constraint service_levels_description_is_1_to_500_characters check (char_length(description) between 1 and 500),
  constraint service_levels_metric_is_snake_case check (metric ~ '^[a-z][a-z0-9_]{0,99}$'),
  constraint service_levels_label_is_at_most_100_characters check (char_length(label) <= 100),
  constraint service_levels_objective_is_a_share check (objective > 0 and objective < 1),
  -- A histogram knows nothing in between.
  constraint service_levels_threshold_is_a_bound check (threshold_ms = any (private.metric_bounds())),
  constraint service_levels_budget_days_is_1_to_365 check (budget_days between 1 and 365)
);
create trigger service_levels_touch_updated_at before update on public.service_levels
  for each row execute function private.touch_updated_at();

alter table public.service_levels enable row level security;
revoke all on table public.service_levels from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.service_levels to service_role;
create policy "only the service role reaches service_levels" on public.service_levels
  for all to service_role using (true) with check (true);

insert into public.service_levels (name, description, metric, label, objective, threshold_ms) values
  ('workspace_save', 'Workspace saves that succeed', 'workspace_save', null, 0.99, null),
  ('agent_sync', 'Syncs of an agent that take at most 5 s', 'agent_sync', null, 0.95, 5000),
  ('vapi_calls', 'Calls to Vapi that are answered', 'provider_call', 'vapi', 0.99, null),
  ('inbound_routing', 'Inbound calls that reach an assistant', 'inbound_routing', null, 0.995, null),
  ('knowledge_sync', 'Syncs of a knowledge base that succeed', 'knowledge_sync', null, 0.98, null),
  ('messages', 'Turns of agents that succeed', 'turn', null, 0.995, null),
  ('response_time', 'Turns that are answered within 2 s', 'turn', null, 0.95, 2000),
  ('session_creation', 'Conversations that come about', 'session', null, 0.99, null),
  ('handoff_time', 'Turns with a handoff between agents that take at most 5 ms of our own time', 'handoff', null, 0.95, 5),
  ('database_time', 'Writes of turns and operations that take the database at most 100 ms', 'database', null, 0.95, 100);

-- How many were good of how many, by the rule of one service level. Nothing happened is 0 of 0.
create function private.count_good(
  p_succeeded bigint, p_failed bigint, p_duration_counts bigint[], p_threshold_ms integer, out good bigint, out total bigint
)
language plpgsql immutable set search_path = '' as $$
begin
  if p_threshold_ms is null then
    good := coalesce(p_succeeded, 0);
    total := good + coalesce(p_failed, 0);
  else
    select coalesce(sum(bucket.size) filter (where (private.metric_bounds())[bucket.place] <= p_threshold_ms), 0),
      coalesce(sum(bucket.size), 0)
    into good, total
    from unnest(p_duration_counts) with ordinality as bucket (size, place);
  end if;
end
$$;
revoke all on function private.count_good(bigint, bigint, bigint[], integer) from public, anon, authenticated;
grant execute on function private.count_good(bigint, bigint, bigint[], integer) to service_role;

-- Every service level over one stretch; p_org_id null is all organizations together. The burn rate is how
-- many times as fast as allowed the error budget is used: (1 - good / total) / (1 - objective).
create function private.read_service_levels(p_org_id uuid, p_from timestamptz, p_to timestamptz)
returns table (name text, good bigint, total bigint, burn_rate numeric)
language plpgsql stable set search_path = '' as $$
begin
  return query
  with part as materialized (
    select * from private.metric_totals(
      p_org_id, array(select distinct level.metric from public.service_levels as level), p_from, p_to
    )
  ),
  counted as (
    select level.name, level.objective, sum(count.good)::bigint as good, sum(count.total)::bigint as total
    from public.service_levels as level
    left join part on part.metric = level.metric and (level.label is null or part.label = level.label)
    cross join lateral private.count_good(part.succeeded, part.failed, part.duration_counts, level.threshold_ms) as count
    group by level.name, level.objective
  )
  select
    counted.name, counted.good, counted.total,
    case when counted.total = 0 then 0 else (1 - counted.good::numeric / counted.total) / (1 - counted.objective) end
  from counted
  order by counted.name;
end
$$;
revoke all on function private.read_service_levels(uuid, timestamptz, timestamptz) from public, anon, authenticated;
grant execute on function private.read_service_levels(uuid, timestamptz, timestamptz) to service_role;
