-- What metrics, service levels and the rollout's guard are computed from: counts and duration histograms
-- by minute and by hour, of each organization and of all together. Percentiles don't merge, histograms
-- do. The worker counts from the rows themselves, and may count any minute again: the result is the same.

-- The upper bounds in milliseconds of a histogram's buckets, each included; one bucket more is beyond.
create function private.metric_bounds() returns integer[]
language sql immutable set search_path = '' as $$
  select array[
    5, 10, 25, 50, 100, 250, 500, 1000, 1500, 2000, 2500, 3000, 4000, 5000, 7500, 10000, 15000, 30000, 60000
  ]
$$;
revoke all on function private.metric_bounds() from public, anon, authenticated;
grant execute on function private.metric_bounds() to service_role;

create table public.metric_minutes (
  -- Null is over all organizations.
  org_id uuid,
  metric text not null,
  label text not null default '',
  minute timestamptz not null,
  succeeded_count integer not null default 0,
  failed_count integer not null default 0,
  value_total numeric not null default 0,
  duration_ms_total bigint not null default 0,
  -- Empty where nothing had a duration, else one for each bucket.
  duration_counts integer[] not null default '{}',
  scope uuid not null generated always as (coalesce(org_id, '00000000-0000-0000-0000-000000000000')) stored,
  constraint metric_minutes_pkey primary key (scope, metric, minute, label),
  constraint metric_minutes_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint metric_minutes_metric_is_snake_case check (metric ~ '^[a-z][a-z0-9_]{0,99}$'),
  constraint metric_minutes_label_is_at_most_100_characters check (char_length(label) <= 100),
  constraint metric_minutes_minute_is_whole check (minute = date_trunc('minute', minute, 'UTC')),
  constraint metric_minutes_duration_counts_are_whole check (cardinality(duration_counts) in (0, 20))
);
create index metric_minutes_org_id_idx on public.metric_minutes (org_id);
create index metric_minutes_minute_idx on public.metric_minutes (minute);

create table public.metric_hours (
  org_id uuid,
  metric text not null,
  label text not null default '',
  hour timestamptz not null,
  succeeded_count integer not null default 0,
  failed_count integer not null default 0,
  value_total numeric not null default 0,
  duration_ms_total bigint not null default 0,
  duration_counts integer[] not null default '{}',
  scope uuid not null generated always as (coalesce(org_id, '00000000-0000-0000-0000-000000000000')) stored,
  constraint metric_hours_pkey primary key (scope, metric, hour, label),
  constraint metric_hours_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint metric_hours_metric_is_snake_case check (metric ~ '^[a-z][a-z0-9_]{0,99}$'),
  constraint metric_hours_label_is_at_most_100_characters check (char_length(label) <= 100),
  constraint metric_hours_hour_is_whole check (hour = date_trunc('hour', hour, 'UTC')),
  constraint metric_hours_duration_counts_are_whole check (cardinality(duration_counts) in (0, 20))
);
create index metric_hours_org_id_idx on public.metric_hours (org_id);
create index metric_hours_hour_idx on public.metric_hours (hour);

-- How far the worker has counted. One row.
create table private.metric_progress (
  is_only boolean not null default true,
  counted_until timestamptz not null,
  -- From here on there are minutes, a whole hour's at least; before it only hours.
  minutes_from timestamptz not null,
  -- Where the next look back begins.
  recount_from timestamptz not null,
  -- When the gauges were last measured.
  measured_at timestamptz,
  constraint metric_progress_pkey primary key (is_only),
  constraint metric_progress_is_only_one check (is_only)
);
insert into private.metric_progress (counted_until, minutes_from, recount_from)
select began.hour, began.hour, began.hour
from (
  -- A new installation has nothing to catch up on.
  select date_trunc('hour', greatest(now() - interval '7 days', least(
    now(),
    (select min(event.created_at) from public.unified_agent_events as event),
    (select min(event.created_at) from public.operation_events as event)
  )), 'UTC') as hour
) as began;

do $$
declare
  v_table text;
begin
  foreach v_table in array array['public.metric_minutes', 'public.metric_hours', 'private.metric_progress'] loop
    execute format('alter table %s enable row level security', v_table);
    execute format('revoke all on table %s from public, anon, authenticated, service_role', v_table);
    execute format('grant select, insert, update, delete on table %s to service_role', v_table);
  end loop;
end
$$;
create policy "only the service role reaches metric_minutes" on public.metric_minutes
  for all to service_role using (true) with check (true);
create policy "only the service role reaches metric_hours" on public.metric_hours
  for all to service_role using (true) with check (true);
create policy "only the service role reaches metric_progress" on private.metric_progress
  for all to service_role using (true) with check (true);

-- How long the database had worked when it wrote the event, from the statement's arrival. Without a
-- default at first: old rows stay as they are.
alter table public.unified_agent_events add column database_ms numeric(10, 2);
alter table public.unified_agent_events alter column database_ms
  set default extract(epoch from clock_timestamp() - statement_timestamp()) * 1000;
alter table public.operation_events add column database_ms numeric(10, 2);
alter table public.operation_events alter column database_ms
  set default extract(epoch from clock_timestamp() - statement_timestamp()) * 1000;

-- What is counted is found by its time, over all organizations.
create index unified_agent_events_created_at_idx on public.unified_agent_events (created_at);
create index operation_events_created_at_idx on public.operation_events (created_at);
create index unified_agent_events_failed_idx on public.unified_agent_events (created_at) where outcome = 'failed';
create index unified_agent_events_org_failed_idx on public.unified_agent_events (org_id, created_at) where outcome = 'failed';
create index operation_events_failed_idx on public.operation_events (created_at) where outcome = 'failed';
create index unified_sessions_started_at_idx on public.unified_sessions (started_at);
create index call_tracking_ended_at_idx on public.call_tracking (ended_at) where ended_at is not null;
create index tickets_opened_at_idx on public.tickets (opened_at);
create index hand_overs_waiting_at_idx on public.hand_overs (waiting_at);

-- Why Vapi gave up a call before any assistant of ours had it. A number that was forwarded was routed.
-- https://docs.vapi.ai/calls/call-ended-reason
create function private.is_unrouted(p_ended_reason text) returns boolean
language sql immutable set search_path = '' as $$
  select coalesce(
    p_ended_reason ~ '(^|[.])(assistant-request-(failed|returned-(error|unspeakable-error|invalid-assistant|no-assistant))|assistant-not-(found|valid|invalid|provided)|no-server-available)',
    false
  )
$$;
revoke all on function private.is_unrouted(text) from public, anon, authenticated;
grant execute on function private.is_unrouted(text) to service_role;

-- Everything that happened from p_from to before p_to, in the terms of metrics. A row may stand for
-- several things; its duration for one.
create function private.metric_rows(p_from timestamptz, p_to timestamptz) returns table (
  org_id uuid, metric text, label text, at timestamptz, succeeded integer, failed integer, value numeric,
  duration_ms numeric, duration_ms_total bigint
)
language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan as $$
begin
  -- An event of an agent's is read once, whatever it stands for.
  return query
  select
    fact.org_id, fact.metric, fact.label, event.created_at, fact.succeeded, fact.failed, fact.value, fact.duration_ms,
    ceil(fact.duration_ms)::bigint
  from public.unified_agent_events as event
  cross join lateral (values
    (
      event.org_id, 'turn', coalesce(event.agent, 'none'), (event.outcome = 'succeeded')::integer,
      (event.outcome = 'failed')::integer, event.message_count::numeric, event.response_ms::numeric,
      event.event_type = 'turn' and event.outcome in ('succeeded', 'failed')
    ),
    -- What a turn was taken for and agents didn't answer. What ingest itself leaves to the older service makes no
    -- turn: it is in the queue gauges (legacy) until it is given.
    (
      event.org_id, 'turn_left', event.outcome, 1, 0, event.message_count::numeric, null::numeric,
      event.outcome in ('ignored', 'forwarded')
    ),
    (event.org_id, 'tokens', 'input', 0, 0, event.input_tokens::numeric, null::numeric, event.input_tokens > 0),
    (event.org_id, 'tokens', 'output', 0, 0, event.output_tokens::numeric, null::numeric, event.output_tokens > 0),
    (event.org_id, 'cost_usd', 'language_model', 0, 0, event.cost_usd, null::numeric, event.cost_usd > 0),
    (
      event.org_id, 'handoff', coalesce(event.agent, 'none'), 1, 0, 0::numeric, (event.details ->> 'decision_ms')::numeric,
      event.handed_off_from is not null
    ),
    -- Nobody's own: all wait for one database.
    (null::uuid, 'database', 'turn', 1, 0, 0::numeric, event.database_ms, event.database_ms is not null)
  ) as fact (org_id, metric, label, succeeded, failed, value, duration_ms, counts)
  where event.created_at >= p_from and event.created_at < p_to and fact.counts;
  return query
  select
    null::uuid, 'database', 'operation', event.created_at, 1, 0, 0::numeric, event.database_ms,
    ceil(event.database_ms)::bigint
  from public.operation_events as event
  where event.created_at >= p_from and event.created_at < p_to and event.database_ms is not null;

  -- A refusal is whoever was refused's, and no failure of ours. A knowledge base that got to Vapi in part is not
  -- what its service level calls a sync that succeeds; a round that goes on in the next one hasn't ended. A save of
  -- which a part is still to be pushed has stored everything: what is pushed is counted by itself.
  return query
  select
    event.org_id,
    case
      when event.outcome = 'refused' then 'refusal'
      when event.is_one then event.operation
      else 'operation'
    end,
    case when event.outcome <> 'refused' and event.is_one then '' else event.operation end,
    event.created_at, (not event.is_bad)::integer, event.is_bad::integer, 0::numeric,
    event.duration_ms::numeric, event.duration_ms::bigint
  from (
    select
      one.*,
      one.operation in ('workspace_save', 'agent_sync', 'knowledge_sync') and not round.goes_on as is_one,
      not round.goes_on and (
        one.outcome = 'failed' or one.operation = 'knowledge_sync' and one.outcome = 'partially_succeeded'
      ) as is_bad
    from public.operation_events as one
    cross join lateral (
      select one.operation = 'knowledge_sync' and coalesce(one.details -> 'goes_on' = 'true', false) as goes_on
    ) as round
    where one.created_at >= p_from and one.created_at < p_to
  ) as event;

  -- A call that the provider refused is an answer.
  return query
  select
    stats.org_id, 'provider_call', stats.provider, stats.minute,
    case when stats.outcome in ('succeeded', 'refused') then stats.call_count else 0 end,
    case when stats.outcome in ('succeeded', 'refused') then 0 else stats.call_count end,
    case when stats.outcome = 'rejected_by_breaker' then stats.call_count else 0 end::numeric,
    null::numeric, stats.duration_ms_total
  from public.provider_call_stats as stats
  where stats.minute >= p_from and stats.minute < p_to;

  return query
  select
    call.org_id, 'inbound_routing', '', call.ended_at, (not private.is_unrouted(call.ended_reason))::integer,
    private.is_unrouted(call.ended_reason)::integer, 0::numeric, null::numeric, 0::bigint
  from public.call_tracking as call
  where call.ended_at >= p_from and call.ended_at < p_to and call.direction = 'inbound';
  return query
  select
    call.org_id, 'call', call.direction, call.ended_at, 1, 0, coalesce(call.duration_seconds, 0)::numeric, null::numeric,
    0::bigint
  from public.call_tracking as call
  where call.ended_at >= p_from and call.ended_at < p_to;
  return query
  select call.org_id, 'cost_usd', 'calls', call.ended_at, 0, 0, log.cost::numeric, null::numeric, 0::bigint
  from public.call_tracking as call
  join public.call_logs as log on log.org_id = call.org_id and log.call_tracking_id = call.id
  where call.ended_at >= p_from and call.ended_at < p_to and log.cost > 0;

  -- A delivery that nobody could read is a conversation that didn't come about.
  return query
  select session.org_id, 'session', '', session.started_at, 1, 0, 0::numeric, null::numeric, 0::bigint
  from public.unified_sessions as session
  where session.started_at >= p_from and session.started_at < p_to;
  return query
  select delivery.signed_by_org_id, 'session', '', delivery.received_at, 0, 1, 0::numeric, null::numeric, 0::bigint
  from public.unparsed_deliveries as delivery
  where delivery.received_at >= p_from and delivery.received_at < p_to and delivery.source = 'whatsapp';
  return query
  select waiting.org_id, 'hand_over', '', waiting.waiting_at, 1, 0, 0::numeric, null::numeric, 0::bigint
  from public.hand_overs as waiting
  where waiting.waiting_at >= p_from and waiting.waiting_at < p_to;
  return query
  select ticket.org_id, 'ticket', '', ticket.opened_at, 1, 0, 0::numeric, null::numeric, 0::bigint
  from public.tickets as ticket
  where ticket.opened_at >= p_from and ticket.opened_at < p_to;
  return query
  select
    rating.org_id, 'satisfaction', '', rating.rated_at, (rating.rating = 'up')::integer, (rating.rating = 'down')::integer,
    0::numeric, null::numeric, 0::bigint
  from public.session_ratings as rating
  where rating.rated_at >= p_from and rating.rated_at < p_to;
end
$$;
revoke all on function private.metric_rows(timestamptz, timestamptz) from public, anon, authenticated;
grant execute on function private.metric_rows(timestamptz, timestamptz) to service_role;

-- Counts what happened from p_from to before p_to, by the minute or by the hour; p_from and p_to are whole
-- ones. Hours are counted from the rows as well where p_from_minutes is false. Writes only what has changed,
-- and answers how much that was.
create function private.count_metrics(p_grain text, p_from timestamptz, p_to timestamptz, p_from_minutes boolean) returns bigint
language plpgsql set search_path = '' as $$
declare
  v_of_rows constant text := $query$
    select
      found.org_id, found.metric, found.label, found.at,
      sum(found.succeeded)::integer as succeeded_count, sum(found.failed)::integer as failed_count,
      coalesce(sum(found.value), 0) as value_total, coalesce(sum(found.duration_ms_total), 0)::bigint as duration_ms_total,
      case when count(found.bucket) = 0 then '{}'::integer[] else array[
        count(*) filter (where found.bucket = 1), count(*) filter (where found.bucket = 2), count(*) filter (where found.bucket = 3), count(*) filter (where found.bucket = 4), count(*) filter (where found.bucket = 5),
        count(*) filter (where found.bucket = 6), count(*) filter (where found.bucket = 7), count(*) filter (where found.bucket = 8), count(*) filter (where found.bucket = 9), count(*) filter (where found.bucket = 10),
        count(*) filter (where found.bucket = 11), count(*) filter (where found.bucket = 12), count(*) filter (where found.bucket = 13), count(*) filter (where found.bucket = 14), count(*) filter (where found.bucket = 15),
        count(*) filter (where found.bucket = 16), count(*) filter (where found.bucket = 17), count(*) filter (where found.bucket = 18), count(*) filter (where found.bucket = 19), count(*) filter (where found.bucket = 20)
      ]::integer[] end as duration_counts
    from (
      select
        source.org_id, source.metric, left(source.label, 100) as label, date_trunc($1, source.at, 'UTC') as at,
        source.succeeded, source.failed, source.value, source.duration_ms_total,
        -- Null without a duration.
        width_bucket(ceil(source.duration_ms)::double precision - 0.5, private.metric_bounds()::double precision[]) + 1 as bucket
      from private.metric_rows($2, $3) as source
    ) as found
    group by grouping sets (
      (found.org_id, found.metric, found.label, found.at), (found.metric, found.label, found.at)
    )
    having grouping(found.org_id) = 1 or found.org_id is not null
  $query$;
  v_of_minutes constant text := $query$
    select
      part.org_id, part.metric, part.label, date_trunc($1, part.minute, 'UTC') as at,
      sum(part.succeeded_count)::integer as succeeded_count, sum(part.failed_count)::integer as failed_count,
      sum(part.value_total) as value_total, sum(part.duration_ms_total)::bigint as duration_ms_total,
      case when max(cardinality(part.duration_counts)) = 0 then '{}'::integer[] else array[
        coalesce(sum(part.duration_counts[1]), 0), coalesce(sum(part.duration_counts[2]), 0), coalesce(sum(part.duration_counts[3]), 0), coalesce(sum(part.duration_counts[4]), 0), coalesce(sum(part.duration_counts[5]), 0),
        coalesce(sum(part.duration_counts[6]), 0), coalesce(sum(part.duration_counts[7]), 0), coalesce(sum(part.duration_counts[8]), 0), coalesce(sum(part.duration_counts[9]), 0), coalesce(sum(part.duration_counts[10]), 0),
        coalesce(sum(part.duration_counts[11]), 0), coalesce(sum(part.duration_counts[12]), 0), coalesce(sum(part.duration_counts[13]), 0), coalesce(sum(part.duration_counts[14]), 0), coalesce(sum(part.duration_counts[15]), 0),
        coalesce(sum(part.duration_counts[16]), 0), coalesce(sum(part.duration_counts[17]), 0), coalesce(sum(part.duration_counts[18]), 0), coalesce(sum(part.duration_counts[19]), 0), coalesce(sum(part.duration_counts[20]), 0)
      ]::integer[] end as duration_counts
    from public.metric_minutes as part
    where part.minute >= $2 and part.minute < $3
    group by 1, 2, 3, 4
  $query$;
  v_changed bigint;
begin
  execute format(
    $statement$
      with counted as materialized (%3$s),
      vanished as (
        delete from public.%1$I as before
        where before.%2$I >= $2 and before.%2$I < $3
          and not exists (
            select 1 from counted
            where coalesce(counted.org_id, '00000000-0000-0000-0000-000000000000') = before.scope
              and counted.metric = before.metric and counted.label = before.label and counted.at = before.%2$I
          )
        returning 1
      ),
      written as (
        insert into public.%1$I as before (
          org_id, metric, label, %2$I, succeeded_count, failed_count, value_total, duration_ms_total, duration_counts
        )
        select * from counted
        order by counted.metric, counted.at, counted.label, counted.org_id
        on conflict (scope, metric, %2$I, label) do update set
          succeeded_count = excluded.succeeded_count,
          failed_count = excluded.failed_count,
          value_total = excluded.value_total,
          duration_ms_total = excluded.duration_ms_total,
          duration_counts = excluded.duration_counts
        where (
          before.succeeded_count, before.failed_count, before.value_total, before.duration_ms_total, before.duration_counts
        ) is distinct from (
          excluded.succeeded_count, excluded.failed_count, excluded.value_total, excluded.duration_ms_total,
          excluded.duration_counts
        )
        returning 1
      )
      select (select count(*) from vanished) + (select count(*) from written)
    $statement$,
    'metric_' || p_grain || 's', p_grain, case when p_from_minutes then v_of_minutes else v_of_rows end
  ) into v_changed using p_grain, p_from, p_to;
  return v_changed;
end
$$;
revoke all on function private.count_metrics(text, timestamptz, timestamptz, boolean) from public, anon, authenticated;
grant execute on function private.count_metrics(text, timestamptz, timestamptz, boolean) to service_role;

-- The minutes from p_from to before p_to, and the hours that they are in.
create function private.count_minutes(p_from timestamptz, p_to timestamptz) returns void
language plpgsql set search_path = '' as $$
begin
  if private.count_metrics('minute', p_from, p_to, false) > 0 then
    perform private.count_metrics(
      'hour', date_trunc('hour', p_from, 'UTC'),
      date_trunc('hour', p_to - interval '1 microsecond', 'UTC') + interval '1 hour', true
    );
  end if;
end
$$;
revoke all on function private.count_minutes(timestamptz, timestamptz) from public, anon, authenticated;
grant execute on function private.count_minutes(timestamptz, timestamptz) to service_role;

-- {} -> 'aggregated' {counted_until, more}: counts at most a quarter of an hour on from where the last
-- call came to, the last five minutes always again because a transaction may be that long. Once it is
-- up to now it looks back as well: a quarter of an hour of the last two days in each call, in turns, for
-- what is written late (an end of a call that Vapi is asked for). What is older than that has hours alone
-- and no minutes, of which there may be as many as events. `more`: call again.
create function public.aggregate_metrics(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_progress private.metric_progress;
  v_now constant timestamptz := clock_timestamp();
  v_minute constant timestamptz := date_trunc('minute', v_now, 'UTC');
  v_look_back constant timestamptz := date_trunc('hour', v_now - interval '2 days', 'UTC');
  v_from timestamptz;
  v_more boolean := true;
begin
  perform set_config('app.actor', 'system', true);
  -- Two at once would count the same minutes against each other.
  select * into strict v_progress from private.metric_progress for update;

  if v_progress.counted_until < v_look_back then
    v_from := date_trunc('hour', v_progress.counted_until, 'UTC');
    v_progress.counted_until := v_from + interval '1 hour';
    v_progress.minutes_from := v_progress.counted_until;
    perform private.count_metrics('hour', v_from, v_progress.counted_until, false);
  else
    v_from := greatest(least(v_progress.counted_until, v_minute) - interval '5 minutes', v_progress.minutes_from);
    v_progress.counted_until := least(v_from + interval '20 minutes', v_minute + interval '1 minute');
    perform private.count_minutes(v_from, v_progress.counted_until);
    v_more := v_progress.counted_until <= v_now;
  end if;

  if not v_more then
    v_progress.minutes_from := greatest(v_progress.minutes_from, v_look_back);
    delete from public.metric_minutes as old where old.minute < v_progress.minutes_from;
    delete from public.metric_hours as old where old.hour < v_now - interval '400 days';
    if v_progress.recount_from < v_progress.minutes_from or v_progress.recount_from > v_now - interval '20 minutes' then
      v_progress.recount_from := v_progress.minutes_from;
    end if;
    perform private.count_minutes(v_progress.recount_from, v_progress.recount_from + interval '15 minutes');
    v_progress.recount_from := v_progress.recount_from + interval '15 minutes';
    perform private.measure_gauges();
    v_progress.measured_at := v_now;
  end if;
  update private.metric_progress
  set counted_until = v_progress.counted_until,
      minutes_from = v_progress.minutes_from,
      recount_from = v_progress.recount_from,
      measured_at = v_progress.measured_at;
  return jsonb_build_object('code', 'aggregated', 'counted_until', v_progress.counted_until, 'more', v_more);
end
$$;
revoke all on function public.aggregate_metrics(jsonb) from public, anon, authenticated;
grant execute on function public.aggregate_metrics(jsonb) to service_role;

-- The sums from p_from's minute to before p_to, by metric and label: whole hours, and the minutes at
-- both ends. p_org_id null is all organizations together. Minutes are kept for two days: what begins
-- earlier begins with the next whole hour.
create function private.metric_totals(p_org_id uuid, p_metrics text[], p_from timestamptz, p_to timestamptz)
returns table (
  metric text, label text, succeeded bigint, failed bigint, value_total numeric, duration_ms_total bigint,
  duration_counts bigint[]
)
language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  v_scope constant uuid := coalesce(p_org_id, '00000000-0000-0000-0000-000000000000');
  v_from constant timestamptz := date_trunc('minute', p_from, 'UTC');
  v_from_hour constant timestamptz := date_trunc('hour', p_from + interval '1 hour - 1 microsecond', 'UTC');
  -- Without a whole hour in between all of it is minutes.
  v_to_hour constant timestamptz := greatest(date_trunc('hour', p_to, 'UTC'), v_from_hour);
begin
  return query
  select
    part.metric, part.label, sum(part.succeeded_count)::bigint, sum(part.failed_count)::bigint, sum(part.value_total),
    sum(part.duration_ms_total)::bigint,
    case when max(cardinality(part.duration_counts)) = 0 then '{}'::bigint[] else array[
        coalesce(sum(part.duration_counts[1]), 0), coalesce(sum(part.duration_counts[2]), 0), coalesce(sum(part.duration_counts[3]), 0), coalesce(sum(part.duration_counts[4]), 0), coalesce(sum(part.duration_counts[5]), 0),
        coalesce(sum(part.duration_counts[6]), 0), coalesce(sum(part.duration_counts[7]), 0), coalesce(sum(part.duration_counts[8]), 0), coalesce(sum(part.duration_counts[9]), 0), coalesce(sum(part.duration_counts[10]), 0),
        coalesce(sum(part.duration_counts[11]), 0), coalesce(sum(part.duration_counts[12]), 0), coalesce(sum(part.duration_counts[13]), 0), coalesce(sum(part.duration_counts[14]), 0), coalesce(sum(part.duration_counts[15]), 0),
        coalesce(sum(part.duration_counts[16]), 0), coalesce(sum(part.duration_counts[17]), 0), coalesce(sum(part.duration_counts[18]), 0), coalesce(sum(part.duration_counts[19]), 0), coalesce(sum(part.duration_counts[20]), 0)
    ]::bigint[] end
  from (
    select
      hours.metric, hours.label, hours.succeeded_count, hours.failed_count, hours.value_total, hours.duration_ms_total,
      hours.duration_counts
    from public.metric_hours as hours
    where hours.scope = v_scope and hours.metric = any (p_metrics)
      and hours.hour >= v_from_hour and hours.hour < v_to_hour
    union all
    select
      minutes.metric, minutes.label, minutes.succeeded_count, minutes.failed_count, minutes.value_total,
      minutes.duration_ms_total, minutes.duration_counts
    from public.metric_minutes as minutes
    where minutes.scope = v_scope and minutes.metric = any (p_metrics)
      and minutes.minute >= v_from and minutes.minute < least(v_from_hour, p_to)
    union all
    select
      minutes.metric, minutes.label, minutes.succeeded_count, minutes.failed_count, minutes.value_total,
      minutes.duration_ms_total, minutes.duration_counts
    from public.metric_minutes as minutes
    where minutes.scope = v_scope and minutes.metric = any (p_metrics)
      and minutes.minute >= v_to_hour and minutes.minute < p_to
  ) as part
  group by part.metric, part.label;
end
$$;
revoke all on function private.metric_totals(uuid, text[], timestamptz, timestamptz) from public, anon, authenticated;
grant execute on function private.metric_totals(uuid, text[], timestamptz, timestamptz) to service_role;

-- The sums of several stretches that all end at p_to, each as metric_totals has it, in one pass: a row that
-- lies in several of them is added up once.
create function private.metric_totals_by_length(p_org_id uuid, p_metrics text[], p_lengths interval[], p_to timestamptz)
returns table (
  length interval, metric text, label text, succeeded bigint, failed bigint, value_total numeric,
  duration_ms_total bigint, duration_counts bigint[]
)
language plpgsql stable set search_path = '' as $$
declare
  v_buckets constant text := (
    select string_agg(format('coalesce(sum(part.duration_counts[%s]), 0)', place), ', ' order by place)
    from generate_series(1, cardinality(private.metric_bounds()) + 1) as place
  );
begin
  return query execute format(
    $query$
      with stretch as materialized (
        select
          wanted.length, date_trunc('minute', $4 - wanted.length, 'UTC') as begins, hour.begins_hour,
          greatest(date_trunc('hour', $4, 'UTC'), hour.begins_hour) as ends_hour
        from unnest($3) as wanted (length)
        cross join lateral (
          select date_trunc('hour', $4 - wanted.length + interval '1 hour - 1 microsecond', 'UTC') as begins_hour
        ) as hour
      ),
      -- Whole hours: what is new in a longer stretch, up to where the next shorter one begins.
      hours as materialized (
        select
          ring.begins, lag(ring.begins, 1, date_trunc('hour', $4, 'UTC')) over (order by ring.begins desc) as ends,
          array(select longer.length from stretch as longer where longer.begins_hour <= ring.begins) as lengths
        from (select distinct stretch.begins_hour as begins from stretch) as ring
        where ring.begins < date_trunc('hour', $4, 'UTC')
      ),
      -- The minutes at both ends, of which several may have the same.
      minutes as materialized (
        select piece.begins, piece.ends, array_agg(stretch.length) as lengths
        from stretch
        cross join lateral (
          values (stretch.begins, least(stretch.begins_hour, $4)), (stretch.ends_hour, $4)
        ) as piece (begins, ends)
        where piece.begins < piece.ends
        group by piece.begins, piece.ends
      ),
      piece as (
        select
          hours.lengths, part.metric, part.label, sum(part.succeeded_count) as succeeded_count,
          sum(part.failed_count) as failed_count, sum(part.value_total) as value_total,
          sum(part.duration_ms_total) as duration_ms_total,
          case when max(cardinality(part.duration_counts)) = 0 then '{}' else array[%1$s] end as duration_counts
        from hours
        join public.metric_hours as part
          on part.scope = $1 and part.metric = any ($2) and part.hour >= hours.begins and part.hour < hours.ends
        group by hours.lengths, part.metric, part.label
        union all
        select
          minutes.lengths, part.metric, part.label, sum(part.succeeded_count), sum(part.failed_count),
          sum(part.value_total), sum(part.duration_ms_total),
          case when max(cardinality(part.duration_counts)) = 0 then '{}' else array[%1$s] end
        from minutes
        join public.metric_minutes as part
          on part.scope = $1 and part.metric = any ($2) and part.minute >= minutes.begins and part.minute < minutes.ends
        group by minutes.begins, minutes.ends, minutes.lengths, part.metric, part.label
      )
      select
        wanted.length, part.metric, part.label, sum(part.succeeded_count)::bigint, sum(part.failed_count)::bigint,
        sum(part.value_total), sum(part.duration_ms_total)::bigint,
        case when max(cardinality(part.duration_counts)) = 0 then '{}'::bigint[] else array[%1$s]::bigint[] end
      from piece as part
      cross join lateral unnest(part.lengths) as wanted (length)
      group by wanted.length, part.metric, part.label
    $query$,
    v_buckets
  ) using coalesce(p_org_id, '00000000-0000-0000-0000-000000000000'), p_metrics, p_lengths, p_to;
end
$$;
revoke all on function private.metric_totals_by_length(uuid, text[], interval[], timestamptz) from public, anon, authenticated;
grant execute on function private.metric_totals_by_length(uuid, text[], interval[], timestamptz) to service_role;

-- One metric over all its labels, in one row. duration_counts is empty where nothing had a duration,
-- else one for each of metric_bounds and one beyond.
create function private.read_metric(p_org_id uuid, p_metric text, p_from timestamptz, p_to timestamptz)
returns table (succeeded bigint, failed bigint, value_total numeric, duration_counts bigint[])
language plpgsql stable set search_path = '' as $$
begin
  return query
  with part as materialized (
    select * from private.metric_totals(p_org_id, array[p_metric], p_from, p_to)
  )
  select
    coalesce(sum(part.succeeded), 0)::bigint, coalesce(sum(part.failed), 0)::bigint, coalesce(sum(part.value_total), 0),
    case when coalesce(max(cardinality(part.duration_counts)), 0) = 0 then '{}'::bigint[] else array[
        coalesce(sum(part.duration_counts[1]), 0), coalesce(sum(part.duration_counts[2]), 0), coalesce(sum(part.duration_counts[3]), 0), coalesce(sum(part.duration_counts[4]), 0), coalesce(sum(part.duration_counts[5]), 0),
        coalesce(sum(part.duration_counts[6]), 0), coalesce(sum(part.duration_counts[7]), 0), coalesce(sum(part.duration_counts[8]), 0), coalesce(sum(part.duration_counts[9]), 0), coalesce(sum(part.duration_counts[10]), 0),
        coalesce(sum(part.duration_counts[11]), 0), coalesce(sum(part.duration_counts[12]), 0), coalesce(sum(part.duration_counts[13]), 0), coalesce(sum(part.duration_counts[14]), 0), coalesce(sum(part.duration_counts[15]), 0),
        coalesce(sum(part.duration_counts[16]), 0), coalesce(sum(part.duration_counts[17]), 0), coalesce(sum(part.duration_counts[18]), 0), coalesce(sum(part.duration_counts[19]), 0), coalesce(sum(part.duration_counts[20]), 0)
    ]::bigint[] end
  from part;
end
$$;
revoke all on function private.read_metric(uuid, text, timestamptz, timestamptz) from public, anon, authenticated;
grant execute on function private.read_metric(uuid, text, timestamptz, timestamptz) to service_role;

-- The quantile (0 to 1) of a histogram in milliseconds: inside its bucket it is taken to lie in
-- proportion, as Prometheus does. Beyond the last bound it is the last bound; null of nothing.
create function private.histogram_quantile(p_counts bigint[], p_quantile double precision) returns double precision
language plpgsql immutable set search_path = '' as $$
declare
  v_bounds constant integer[] := private.metric_bounds();
  v_total constant double precision := (select sum(bucket.count) from unnest(p_counts) as bucket (count));
  v_below double precision := 0;
begin
  if coalesce(v_total, 0) = 0 then
    return null;
  end if;
  for v_place in 1 .. cardinality(v_bounds) loop
    if p_counts[v_place] > 0 and v_below + p_counts[v_place] >= p_quantile * v_total then
      return coalesce(v_bounds[v_place - 1], 0)
        + (v_bounds[v_place] - coalesce(v_bounds[v_place - 1], 0)) * (p_quantile * v_total - v_below) / p_counts[v_place];
    end if;
    v_below := v_below + p_counts[v_place];
  end loop;
  return v_bounds[cardinality(v_bounds)];
end
$$;
revoke all on function private.histogram_quantile(bigint[], double precision) from public, anon, authenticated;
grant execute on function private.histogram_quantile(bigint[], double precision) to service_role;

do $$
begin
  perform private.add_job_kinds(array['aggregate_metrics']);
end
$$;

create function private.queue_due_aggregate_metrics() returns integer
language plpgsql set search_path = '' as $$
begin
  return private.queue_job('aggregate_metrics', null, 'all', '{}')::integer;
end
$$;
revoke all on function private.queue_due_aggregate_metrics() from public, anon, authenticated;
grant execute on function private.queue_due_aggregate_metrics() to service_role;

do $$
begin
  if exists (select 1 from pg_catalog.pg_extension as installed where installed.extname = 'pg_cron') then
    perform private.schedule_worker('aggregate_metrics', '* * * * *');
  end if;
end
$$;
