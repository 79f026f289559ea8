-- What ops shows: metrics, service levels, events and costs. Each of an organization to its owners
-- (user_id), and of everybody or of one organization to the service itself (user_id null).

create function private.metric_names() returns text[]
language sql immutable set search_path = '' as $$
  select array[
    'turn', 'turn_left', 'tokens', 'cost_usd', 'handoff', 'database', 'workspace_save', 'agent_sync', 'knowledge_sync',
    'operation', 'refusal', 'provider_call', 'inbound_routing', 'call', 'session', 'hand_over', 'ticket', 'satisfaction'
  ]
$$;
revoke all on function private.metric_names() from public, anon, authenticated;
grant execute on function private.metric_names() to service_role;

-- The stretches that are shown. Up to now: the minute that is running counts.
create function private.metric_windows() returns table (name text, length interval)
language sql immutable set search_path = '' as $$
  values ('5m', interval '5 minutes'), ('1h', interval '1 hour'), ('24h', interval '24 hours'), ('7d', interval '7 days')
$$;
revoke all on function private.metric_windows() from public, anon, authenticated;
grant execute on function private.metric_windows() to service_role;

-- {org_id|null, user_id|null} -> 'read' {generated_at, counted_until, measured_at, bounds, windows: [{window,
-- metrics: [{metric, label, succeeded, failed, value_total, duration_ms_total, duration_counts}]}],
-- gauges: [{gauge, label, value}]} | 'forbidden'.
create function public.read_metrics(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_now constant timestamptz := clock_timestamp();
  v_progress private.metric_progress;
begin
  if not private.may_act(v_org_id, (request ->> 'user_id')::uuid, 'owner') then
    return jsonb_build_object('code', 'forbidden');
  end if;
  select * into v_progress from private.metric_progress;
  return jsonb_build_object(
    'code', 'read',
    'generated_at', v_now,
    'counted_until', least(v_progress.counted_until, v_now),
    'measured_at', v_progress.measured_at,
    'bounds', private.metric_bounds(),
    'windows', (
      with counted as materialized (
        select total.length, jsonb_agg(to_jsonb(total) - 'length' order by total.metric, total.label) as metrics
        from private.metric_totals_by_length(
          v_org_id, private.metric_names(), array(select stretch.length from private.metric_windows() as stretch), v_now
        ) as total
        group by total.length
      )
      select jsonb_agg(
        jsonb_build_object('window', stretch.name, 'metrics', coalesce(counted.metrics, '[]')) order by stretch.length
      )
      from private.metric_windows() as stretch
      left join counted on counted.length = stretch.length
    ),
    'gauges', (
      select coalesce(jsonb_agg(
        jsonb_build_object('gauge', gauge.gauge, 'label', gauge.label, 'value', gauge.value) order by gauge.gauge, gauge.label
      ), '[]')
      from public.metric_gauges as gauge
      where gauge.scope = coalesce(v_org_id, '00000000-0000-0000-0000-000000000000')
    )
  );
end
$$;
revoke all on function public.read_metrics(jsonb) from public, anon, authenticated;
grant execute on function public.read_metrics(jsonb) to service_role;

-- {org_id|null, user_id|null} -> 'read' {generated_at, counted_until, levels: [{name, description, metric,
-- label, objective, threshold_ms, budget_days, budget: {good, total}, windows: [{window, good, total}]}],
-- beside: [{window, complaints, satisfied, dissatisfied}]} | 'forbidden'.
create function public.read_service_levels(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_now constant timestamptz := clock_timestamp();
begin
  if not private.may_act(v_org_id, (request ->> 'user_id')::uuid, 'owner') then
    return jsonb_build_object('code', 'forbidden');
  end if;
  return (
    with stretch as materialized (
      select shown.name, shown.length, null::integer as budget_days from private.metric_windows() as shown
      union all
      select distinct null, make_interval(days => level.budget_days), level.budget_days from public.service_levels as level
    ),
    part as materialized (
      select total.*
      from private.metric_totals_by_length(
        v_org_id,
        array(select level.metric from public.service_levels as level union values ('ticket'), ('satisfaction')),
        array(select distinct stretch.length from stretch), v_now
      ) as total
    ),
    summed as materialized (
      select stretch.name as stretch, stretch.length, stretch.budget_days, level.name,
        sum(count.good)::bigint as good, sum(count.total)::bigint as total
      from stretch
      cross join public.service_levels as level
      left join part
        on part.length = stretch.length and part.metric = level.metric
        and (level.label is null or part.label = level.label)
      cross join lateral private.count_good(part.succeeded, part.failed, part.duration_counts, level.threshold_ms) as count
      where stretch.budget_days is null or stretch.budget_days = level.budget_days
      group by stretch.name, stretch.length, stretch.budget_days, level.name
    ),
    counted as (select * from summed where summed.budget_days is null),
    budget as (select * from summed where summed.budget_days is not null),
    beside as (
      select
        stretch.name as stretch, stretch.length,
        coalesce(sum(part.succeeded) filter (where part.metric = 'ticket'), 0) as complaints,
        coalesce(sum(part.succeeded) filter (where part.metric = 'satisfaction'), 0) as satisfied,
        coalesce(sum(part.failed) filter (where part.metric = 'satisfaction'), 0) as dissatisfied
      from stretch
      left join part on part.length = stretch.length
      where stretch.budget_days is null
      group by stretch.name, stretch.length
    )
    select jsonb_build_object(
      'code', 'read',
      'generated_at', v_now,
      'counted_until', (select least(progress.counted_until, v_now) from private.metric_progress as progress),
      'levels', coalesce((
        select jsonb_agg(
          to_jsonb(level) - 'created_at' - 'updated_at' || jsonb_build_object(
            'budget', (
              select jsonb_build_object('good', budget.good, 'total', budget.total)
              from budget
              where budget.name = level.name and budget.budget_days = level.budget_days
            ),
            'windows', (
              select jsonb_agg(
                jsonb_build_object('window', counted.stretch, 'good', counted.good, 'total', counted.total) order by counted.length
              )
              from counted
              where counted.name = level.name
            )
          ) order by level.name
        )
        from public.service_levels as level
      ), '[]'),
      'beside', (
        select jsonb_agg(jsonb_build_object(
          'window', beside.stretch, 'complaints', beside.complaints, 'satisfied', beside.satisfied,
          'dissatisfied', beside.dissatisfied
        ) order by beside.length)
        from beside
      )
    )
  );
end
$$;
revoke all on function public.read_service_levels(jsonb) from public, anon, authenticated;
grant execute on function public.read_service_levels(jsonb) to service_role;

-- {org_id|null, user_id|null, source|null: 'agents'|'operations', type?, outcome?, agent?, contact_id?, from?, to?,
-- limit?, before?, before_id? (of the last event seen)} -> 'listed' {events: [{id, source, org_id, type, outcome,
-- agent, contact_id, request_id, duration_ms, response_ms, error, details, created_at}], next: {at, id}|null (where
-- the next page begins)}, newest first | 'forbidden'. Looks back thirty days unless from says otherwise. What no
-- index finds is looked for among twenty thousand rows of each source: a page may have less than its limit, or
-- nothing, and more behind it.
create function public.list_events(request jsonb) returns jsonb
language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  v_org_id uuid := (request ->> 'org_id')::uuid;
  v_source constant text := request ->> 'source';
  v_type constant text := request ->> 'type';
  v_outcome constant text := request ->> 'outcome';
  v_agent constant text := request ->> 'agent';
  v_contact_id constant uuid := (request ->> 'contact_id')::uuid;
  v_from constant timestamptz := coalesce((request ->> 'from')::timestamptz, now() - interval '30 days');
  v_to constant timestamptz := coalesce((request ->> 'to')::timestamptz, 'infinity');
  v_limit constant integer := least(greatest(coalesce((request ->> 'limit')::integer, 50), 1), 100);
  v_before constant timestamptz := coalesce((request ->> 'before')::timestamptz, 'infinity');
  v_before_id constant uuid := coalesce((request ->> 'before_id')::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
  v_walk constant integer := 20000;
  -- An index has them.
  v_is_failed constant boolean := coalesce(v_outcome = 'failed', false);
  v_events jsonb;
  v_agents bigint;
  v_operations bigint;
  -- Where a walk ended before it had seen everything.
  v_end record;
  v_ended_at timestamptz;
  v_ended_id uuid;
  v_next jsonb;
begin
  if not private.may_act(v_org_id, (request ->> 'user_id')::uuid, 'owner') then
    return jsonb_build_object('code', 'forbidden');
  end if;
  if v_org_id is null and v_contact_id is not null then
    -- Events of a person are found by both.
    select contact.org_id into v_org_id from public.contacts as contact where contact.id = v_contact_id;
    if not found then
      return jsonb_build_object('code', 'listed', 'events', '[]'::jsonb, 'next', null);
    end if;
  end if;

  with page as (
    (
      select
        event.id, 'agents' as source, event.org_id, event.event_type as type, event.outcome, event.agent, event.contact_id,
        event.correlation_id as request_id, event.duration_ms, event.response_ms, event.error,
        event.details || jsonb_strip_nulls(jsonb_build_object(
          'intent', event.intent, 'intent_method', event.intent_method, 'flow', event.flow, 'flow_step', event.flow_step,
          'handed_off_from', event.handed_off_from, 'input_tokens', event.input_tokens, 'output_tokens', event.output_tokens,
          'cost_usd', event.cost_usd
        )) as details,
        event.created_at
      from (
        select walked.*
        from public.unified_agent_events as walked
        where (v_source is null or v_source = 'agents')
          and (v_org_id is null or walked.org_id = v_org_id)
          and (not v_is_failed or walked.outcome = 'failed')
          and (v_contact_id is null or walked.contact_id = v_contact_id)
          and walked.created_at >= v_from and walked.created_at < v_to
          and walked.created_at <= v_before and (walked.created_at, walked.id) < (v_before, v_before_id)
        order by walked.created_at desc, walked.id desc
        limit v_walk
      ) as event
      where (v_type is null or event.event_type = v_type)
        and (v_outcome is null or event.outcome = v_outcome)
        and (v_agent is null or event.agent = v_agent)
      order by event.created_at desc, event.id desc
      limit v_limit
    )
    union all
    (
      select
        event.id, 'operations', event.org_id, event.operation, event.outcome, null, null, event.request_id,
        event.duration_ms, null, event.details ->> 'error', event.details, event.created_at
      from (
        select walked.*
        from public.operation_events as walked
        where (v_source is null or v_source = 'operations')
          and v_agent is null and v_contact_id is null
          and (v_org_id is null or walked.org_id = v_org_id)
          and (not v_is_failed or walked.outcome = 'failed')
          and walked.created_at >= v_from and walked.created_at < v_to
          and walked.created_at <= v_before and (walked.created_at, walked.id) < (v_before, v_before_id)
        order by walked.created_at desc, walked.id desc
        limit v_walk
      ) as event
      where (v_type is null or event.operation = v_type) and (v_outcome is null or event.outcome = v_outcome)
      order by event.created_at desc, event.id desc
      limit v_limit
    )
  )
  select
    coalesce((
      select jsonb_agg(to_jsonb(shown) order by shown.created_at desc, shown.id desc)
      from (select * from page order by page.created_at desc, page.id desc limit v_limit) as shown
    ), '[]'),
    count(*) filter (where page.source = 'agents'), count(*) filter (where page.source = 'operations')
  into v_events, v_agents, v_operations
  from page;

  if v_agents < v_limit then
    select walked.created_at, walked.id into v_end
    from public.unified_agent_events as walked
    where (v_source is null or v_source = 'agents')
      and (v_org_id is null or walked.org_id = v_org_id)
      and (not v_is_failed or walked.outcome = 'failed')
      and (v_contact_id is null or walked.contact_id = v_contact_id)
      and walked.created_at >= v_from and walked.created_at < v_to
      and walked.created_at <= v_before and (walked.created_at, walked.id) < (v_before, v_before_id)
    order by walked.created_at desc, walked.id desc
    offset v_walk - 1 limit 1;
    v_ended_at := v_end.created_at;
    v_ended_id := v_end.id;
  end if;
  if v_operations < v_limit then
    select walked.created_at, walked.id into v_end
    from public.operation_events as walked
    where (v_source is null or v_source = 'operations')
      and v_agent is null and v_contact_id is null
      and (v_org_id is null or walked.org_id = v_org_id)
      and (not v_is_failed or walked.outcome = 'failed')
      and walked.created_at >= v_from and walked.created_at < v_to
      and walked.created_at <= v_before and (walked.created_at, walked.id) < (v_before, v_before_id)
    order by walked.created_at desc, walked.id desc
    offset v_walk - 1 limit 1;
    if found and ((v_end.created_at, v_end.id) > (v_ended_at, v_ended_id)) is not false then
      v_ended_at := v_end.created_at;
      v_ended_id := v_end.id;
    end if;
  end if;
  -- Behind the end of one source's walk there may be more of it: what the other has there is the next page's.
  if v_ended_at is not null then
    select coalesce(jsonb_agg(event.value order by event.place), '[]') into v_events
    from jsonb_array_elements(v_events) with ordinality as event (value, place)
    where ((event.value ->> 'created_at')::timestamptz, (event.value ->> 'id')::uuid) >= (v_ended_at, v_ended_id);
    v_next := jsonb_build_object('at', v_ended_at, 'id', v_ended_id);
  end if;
  if jsonb_array_length(v_events) = v_limit then
    v_next := jsonb_build_object('at', v_events -> -1 -> 'created_at', 'id', v_events -> -1 -> 'id');
  end if;
  return jsonb_build_object('code', 'listed', 'events', v_events, 'next', v_next);
end
$$;
revoke all on function public.list_events(jsonb) from public, anon, authenticated;
grant execute on function public.list_events(jsonb) to service_role;

-- {org_id|null, user_id|null, from_month, to_month (first days, the last one included), limit?, after? (id of
-- the last organization seen)} -> 'read' {costs: [{org_id, name, month, turns, messages, input_tokens,
-- output_tokens, language_model_usd, calls, call_seconds, calls_usd}]} | 'forbidden'. By organization, then month;
-- a month in which nothing happened is left out. `limit` is of organizations. Months are UTC's.
create function public.read_costs(request jsonb) returns jsonb
language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_from constant timestamptz := (request ->> 'from_month')::date::timestamp at time zone 'UTC';
  v_to constant timestamptz := ((request ->> 'to_month')::date + interval '1 month') at time zone 'UTC';
  v_limit constant integer := least(greatest(coalesce((request ->> 'limit')::integer, 50), 1), 100);
  v_after constant uuid := coalesce((request ->> 'after')::uuid, '00000000-0000-0000-0000-000000000000');
begin
  if not private.may_act(v_org_id, (request ->> 'user_id')::uuid, 'owner') then
    return jsonb_build_object('code', 'forbidden');
  end if;
  return (
    with shown as materialized (
      select organization.id, organization.name
      from public.organizations as organization
      where (v_org_id is null or organization.id = v_org_id) and organization.id > v_after
      order by organization.id
      limit v_limit
    ),
    monthly as (
      select
        shown.id as org_id, shown.name, to_char(hours.hour at time zone 'UTC', 'YYYY-MM') as month,
        coalesce(sum(hours.succeeded_count + hours.failed_count) filter (where hours.metric = 'turn'), 0) as turns,
        coalesce(sum(hours.value_total) filter (where hours.metric = 'turn'), 0) as messages,
        coalesce(sum(hours.value_total) filter (where hours.metric = 'tokens' and hours.label = 'input'), 0) as input_tokens,
        coalesce(sum(hours.value_total) filter (where hours.metric = 'tokens' and hours.label = 'output'), 0) as output_tokens,
        coalesce(sum(hours.value_total) filter (where hours.metric = 'cost_usd' and hours.label = 'language_model'), 0)
          as language_model_usd,
        coalesce(sum(hours.succeeded_count) filter (where hours.metric = 'call'), 0) as calls,
        coalesce(sum(hours.value_total) filter (where hours.metric = 'call'), 0) as call_seconds,
        coalesce(sum(hours.value_total) filter (where hours.metric = 'cost_usd' and hours.label = 'calls'), 0) as calls_usd
      from shown
      join public.metric_hours as hours
        on hours.scope = shown.id and hours.metric in ('turn', 'tokens', 'cost_usd', 'call')
        and hours.hour >= v_from and hours.hour < v_to
      group by shown.id, shown.name, 3
    )
    select jsonb_build_object(
      'code', 'read',
      'costs', coalesce(jsonb_agg(to_jsonb(monthly) order by monthly.org_id, monthly.month), '[]'),
      -- Where a page is full there may be more behind it.
      'last_org_id', (
        select max(shown.id::text) from shown having count(*) = v_limit
      )
    )
    from monthly
  );
end
$$;
revoke all on function public.read_costs(jsonb) from public, anon, authenticated;
grant execute on function public.read_costs(jsonb) to service_role;
