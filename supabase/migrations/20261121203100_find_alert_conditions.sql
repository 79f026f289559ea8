-- What is wrong now, one function a kind of rule: each answers a row for everything that it finds, by
-- organization (null: of all) and a key inside the rule. Messages name no secret, no person and no words.

-- Google's way of alerting on service levels: what burns over a long window and still does in a short one.
-- Over all organizations; each window with its own rate, where at least minimum_failures were bad.
create function private.find_burn_rate(p_threshold jsonb)
returns table (org_id uuid, dedupe_key text, message text, details jsonb)
language plpgsql stable set search_path = '' as $$
declare
  v_now constant timestamptz := clock_timestamp();
begin
  return query
  select distinct on (long_level.name)
    null::uuid, long_level.name,
    format(
      'Service level "%s" burns its error budget %s times as fast as allowed: %s of %s in %s minutes were bad',
      long_level.name, round(long_level.burn_rate, 1), long_level.total - long_level.good, long_level.total,
      stretch.long_minutes
    ),
    jsonb_build_object(
      'service_level', long_level.name, 'burn_rate', round(long_level.burn_rate, 2),
      'burn_rate_now', round(short_level.burn_rate, 2), 'long_minutes', stretch.long_minutes,
      'short_minutes', stretch.short_minutes, 'good', long_level.good, 'total', long_level.total
    )
  from jsonb_to_recordset(p_threshold -> 'windows') as stretch (long_minutes integer, short_minutes integer, rate numeric)
  cross join lateral private.read_service_levels(
    null, v_now - make_interval(mins => stretch.long_minutes), v_now
  ) as long_level
  join lateral private.read_service_levels(
    null, v_now - make_interval(mins => stretch.short_minutes), v_now
  ) as short_level on short_level.name = long_level.name
  where long_level.burn_rate >= stretch.rate
    and short_level.burn_rate >= stretch.rate
    and long_level.total - long_level.good >= (p_threshold ->> 'minimum_failures')::bigint
  order by long_level.name, stretch.rate desc;
end
$$;

-- The same of single organizations, whose failures are lost among everybody's. Whoever has any in the short
-- window is found in one pass over its minutes; only of them the long one is read. Where everybody burns, that
-- is another rule's alert: here so many organizations are named, those that were named already first, so that no
-- alert is over while it burns, then those with the most failures.
create function private.find_burn_rate_of_one(p_threshold jsonb)
returns table (org_id uuid, dedupe_key text, message text, details jsonb)
language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  v_now constant timestamptz := clock_timestamp();
  v_limit constant integer := (p_threshold ->> 'organizations')::integer;
  v_stretch record;
begin
  for v_stretch in
    select *
    from jsonb_to_recordset(p_threshold -> 'windows') as stretch (long_minutes integer, short_minutes integer, rate numeric)
  loop
    return query
    with burning as materialized (
      select
        minutes.org_id, level.name, sum(count.bad) as bad,
        sum(count.bad) / sum(count.total) / (1 - level.objective) as burn_rate,
        exists (
          select 1
          from private.alert_conditions as known
          join public.alert_rules as rule on rule.rule = known.rule and rule.kind = 'burn_rate_of_one'
          where known.org_id = minutes.org_id and known.dedupe_key = level.name
        ) as is_known
      from public.metric_minutes as minutes
      join public.service_levels as level
        on level.metric = minutes.metric and (level.label is null or level.label = minutes.label)
      -- As private.count_good does it, for which these are too many rows.
      cross join lateral (
        select
          case when level.threshold_ms is null then minutes.failed_count else (
            select coalesce(sum(bucket.size), 0)
            from unnest(
              minutes.duration_counts[array_position(private.metric_bounds(), level.threshold_ms) + 1:]
            ) as bucket (size)
          ) end::numeric as bad,
          case when level.threshold_ms is null then minutes.succeeded_count + minutes.failed_count else (
            select coalesce(sum(bucket.size), 0) from unnest(minutes.duration_counts) as bucket (size)
          ) end::numeric as total
      ) as count
      where minutes.org_id is not null
        and minutes.minute >= date_trunc('minute', v_now - make_interval(mins => v_stretch.short_minutes), 'UTC')
      group by minutes.org_id, level.name, level.objective
      having sum(count.bad) > 0 and sum(count.bad) >= v_stretch.rate * (1 - level.objective) * sum(count.total)
    ),
    -- Not all of them where everybody burns; a few too many, since not all do so over the long window.
    asked as materialized (
      select burning.org_id from burning
      group by burning.org_id
      order by bool_or(burning.is_known) desc, max(burning.bad) desc, burning.org_id
      limit v_limit * 5
    )
    select
      asked.org_id, level.name,
      format(
        'Service level "%s" of an organization burns its error budget %s times as fast as allowed: %s of %s in %s minutes were bad',
        level.name, round(level.burn_rate, 1), level.total - level.good, level.total, v_stretch.long_minutes
      ),
      jsonb_build_object(
        'service_level', level.name, 'burn_rate', round(level.burn_rate, 2), 'burn_rate_now', round(burning.burn_rate, 2),
        'long_minutes', v_stretch.long_minutes, 'short_minutes', v_stretch.short_minutes,
        'good', level.good, 'total', level.total
      )
    from asked
    cross join lateral private.read_service_levels(
      asked.org_id, v_now - make_interval(mins => v_stretch.long_minutes), v_now
    ) as level
    join burning on burning.org_id = asked.org_id and burning.name = level.name
    where level.burn_rate >= v_stretch.rate
      and level.total - level.good >= (p_threshold ->> 'minimum_failures')::bigint
    order by burning.is_known desc, level.total - level.good desc, asked.org_id
    limit v_limit;
  end loop;
end
$$;

-- What is due and that nobody takes. A job in its backoff isn't late; what waits for the older service is, however
-- often that was asked: each attempt moves ahead when it is due.
create function private.find_queue_age(p_threshold jsonb)
returns table (org_id uuid, dedupe_key text, message text, details jsonb)
language plpgsql stable set search_path = '' as $$
declare
  v_now constant timestamptz := clock_timestamp();
  v_seconds constant integer := (p_threshold ->> 'seconds')::integer;
begin
  return query
  select
    null::uuid, oldest.queue,
    format('Queue "%s" stands: what waits longest has waited %s seconds', oldest.queue, oldest.seconds),
    jsonb_build_object('queue', oldest.queue, 'seconds', oldest.seconds)
  from (
    select waiting.queue, floor(extract(epoch from v_now - waiting.due_at))::integer as seconds
    from (
      select 'turns' as queue, min(queue.turn_due_at) as due_at
      from public.contact_queues as queue where queue.turn_due_at <= v_now
      union all
      select 'outbox', min(queue.send_due_at) from public.contact_queues as queue where queue.send_due_at <= v_now
      union all
      select 'legacy', min(delivery.created_at) from public.legacy_deliveries as delivery where delivery.due_at is not null
      union all
      (
        select 'jobs', job.available_at
        from public.background_jobs as job
        where job.state = 'queued' and job.available_at <= v_now
        order by job.available_at
        limit 1
      )
    ) as waiting
  ) as oldest
  where oldest.seconds > v_seconds;
end
$$;

create function private.find_dead_letters(p_threshold jsonb)
returns table (org_id uuid, dedupe_key text, message text, details jsonb)
language plpgsql stable set search_path = '' as $$
begin
  return query
  select
    letter.org_id, letter.source, format('%s dead letters of %s wait for a person', count(*), letter.source),
    jsonb_build_object('source', letter.source, 'count', count(*))
  from public.dead_letters as letter
  where letter.replayed_at is null
  group by letter.org_id, letter.source
  having count(*) >= (p_threshold ->> 'count')::bigint;
end
$$;

create function private.find_credential_failed(p_threshold jsonb)
returns table (org_id uuid, dedupe_key text, message text, details jsonb)
language plpgsql stable set search_path = '' as $$
begin
  return query
  select
    integration.org_id, integration.provider, format('Cannot use the %s credentials', integration.provider),
    jsonb_build_object('provider', integration.provider, 'checked_at', integration.last_checked_at)
  from public.integrations as integration
  where integration.connected and integration.last_error is not null;
end
$$;

-- When many fail at once it is the provider, or us.
create function private.find_credential_checks(p_threshold jsonb)
returns table (org_id uuid, dedupe_key text, message text, details jsonb)
language plpgsql stable set search_path = '' as $$
begin
  return query
  select
    null::uuid, checked.provider,
    format('%s of %s organizations'' %s credentials are refused', checked.failed, checked.known, checked.provider),
    jsonb_build_object('provider', checked.provider, 'failed', checked.failed, 'connected', checked.known)
  from (
    select
      integration.provider, count(*) as known, count(*) filter (where integration.last_error is not null) as failed
    from public.integrations as integration
    where integration.connected
    group by integration.provider
  ) as checked
  where checked.failed >= (p_threshold ->> 'minimum')::bigint
    and checked.failed * 100 >= checked.known * (p_threshold ->> 'percent')::numeric;
end
$$;

create function private.find_breaker_open(p_threshold jsonb)
returns table (org_id uuid, dedupe_key text, message text, details jsonb)
language plpgsql stable set search_path = '' as $$
declare
  -- A constant: no index finds what is compared with a moving clock.
  v_since constant timestamptz := clock_timestamp() - make_interval(mins => (p_threshold ->> 'minutes')::integer);
begin
  return query
  select
    stats.org_id, stats.provider,
    format('%s failed several times in a row and is given a rest: %s calls were held back', stats.provider, sum(stats.call_count)),
    jsonb_build_object('provider', stats.provider, 'held_back', sum(stats.call_count))
  from public.provider_call_stats as stats
  where stats.minute > v_since
    and stats.outcome = 'rejected_by_breaker'
  group by stats.org_id, stats.provider
  having sum(stats.call_count) >= (p_threshold ->> 'count')::bigint;
end
$$;

create function private.find_agent_in_error(p_threshold jsonb)
returns table (org_id uuid, dedupe_key text, message text, details jsonb)
language plpgsql stable set search_path = '' as $$
begin
  return query
  select
    agent.org_id, agent.role, format('The %s agent is out of service', agent.role),
    jsonb_build_object('role', agent.role, 'since', agent.state_changed_at)
  from public.agents as agent
  where agent.state = 'error';
end
$$;

-- One role twice can't be while agents_org_id_role_unique stands; a release may have dropped it. One
-- assistant for two agents would make every sync undo the other's.
create function private.find_duplicate_agents(p_threshold jsonb)
returns table (org_id uuid, dedupe_key text, message text, details jsonb)
language plpgsql stable set search_path = '' as $$
begin
  return query
  select
    agent.org_id, 'role:' || agent.role, format('%s agents have the role "%s"', count(*), agent.role),
    jsonb_build_object('role', agent.role, 'agents', count(*))
  from public.agents as agent
  group by agent.org_id, agent.role
  having count(*) > 1
  union all
  select
    agent.org_id, 'assistant:' || agent.vapi_assistant_id, 'One assistant at Vapi belongs to more than one agent',
    jsonb_build_object('vapi_assistant_id', agent.vapi_assistant_id)
  from public.agents as agent
  where agent.vapi_assistant_id in (
    select shared.vapi_assistant_id
    from public.agents as shared
    where shared.vapi_assistant_id is not null
    group by shared.vapi_assistant_id
    having count(*) > 1
  )
  group by agent.org_id, agent.vapi_assistant_id;
end
$$;

create function private.find_rate_limit_storm(p_threshold jsonb)
returns table (org_id uuid, dedupe_key text, message text, details jsonb)
language plpgsql stable set search_path = '' as $$
begin
  return query
  select
    bucket.org_id, bucket.operation,
    format('%s requests for "%s" were refused for their number in five minutes', bucket.refused_count, bucket.operation),
    jsonb_build_object('operation', bucket.operation, 'refused', bucket.refused_count)
  from public.rate_limits as bucket
  where bucket.refused_count >= (p_threshold ->> 'count')::integer
    and bucket.refused_from > clock_timestamp() - interval '5 minutes';
end
$$;

create function private.find_slow_sync(p_threshold jsonb)
returns table (org_id uuid, dedupe_key text, message text, details jsonb)
language plpgsql stable set search_path = '' as $$
declare
  v_since constant timestamptz := clock_timestamp() - make_interval(mins => (p_threshold ->> 'minutes')::integer);
begin
  return query
  select
    event.org_id, event.operation,
    format('%s took up to %s ms, %s times too long', event.operation, max(event.duration_ms), count(*)),
    jsonb_build_object('operation', event.operation, 'longest_ms', max(event.duration_ms), 'count', count(*))
  from public.operation_events as event
  where event.created_at > v_since
    and event.duration_ms > (p_threshold ->> 'milliseconds')::integer
    and p_threshold -> 'operations' ? event.operation
  group by event.org_id, event.operation
  having count(*) >= (p_threshold ->> 'count')::bigint;
end
$$;

-- Against the hour nearest to a day back: a week of them is kept.
create function private.find_database_growth(p_threshold jsonb)
returns table (org_id uuid, dedupe_key text, message text, details jsonb)
language plpgsql stable set search_path = '' as $$
declare
  v_megabytes constant numeric := round(pg_database_size(current_database()) / 1048576.0, 1);
  v_before numeric;
begin
  select round(size.bytes / 1048576.0, 1) into v_before
  from private.database_sizes as size
  order by abs(extract(epoch from size.hour - (clock_timestamp() - interval '1 day')))
  limit 1;
  if v_megabytes >= (p_threshold ->> 'megabytes')::numeric then
    return query select
      null::uuid, 'size', format('The database has %s MB', v_megabytes),
      jsonb_build_object('megabytes', v_megabytes);
  end if;
  if v_megabytes - v_before >= (p_threshold ->> 'growth_megabytes')::numeric
    and (v_megabytes - v_before) * 100 >= v_before * (p_threshold ->> 'growth_percent')::numeric then
    return query select
      null::uuid, 'growth', format('The database has grown from %s to %s MB since yesterday', v_before, v_megabytes),
      jsonb_build_object('megabytes', v_megabytes, 'megabytes_before', v_before);
  end if;
end
$$;

create function private.find_pool_use(p_threshold jsonb)
returns table (org_id uuid, dedupe_key text, message text, details jsonb)
language plpgsql stable set search_path = '' as $$
declare
  v_used bigint;
  v_all constant integer := current_setting('max_connections')::integer;
begin
  select count(*) into v_used from pg_catalog.pg_stat_activity as session where session.datid is not null;
  if v_used * 100 >= v_all * (p_threshold ->> 'percent')::numeric then
    return query select
      null::uuid, '', format('%s of %s connections to the database are taken', v_used, v_all),
      jsonb_build_object('connections', v_used, 'max_connections', v_all);
  end if;
end
$$;

-- Of every kind that ever ran or is to be called by the clock: when a run of it was last finished well, or since
-- when it is waited for. Where no kind runs at all nobody evaluates either: an outside probe watches GET /health
-- for that.
create function private.find_heartbeat_missing(p_threshold jsonb)
returns table (org_id uuid, dedupe_key text, message text, details jsonb)
language plpgsql stable set search_path = '' as $$
begin
  return query
  select
    null::uuid, late.kind,
    format(
      case when late.phase is null then 'Jobs "%s" have never been done, in %s seconds of waiting for them'
        else 'Jobs "%s" have not been done for %s seconds' end,
      late.kind, late.seconds
    ),
    jsonb_build_object('kind', late.kind, 'seconds', late.seconds, 'phase', late.phase)
  from (
    select
      coalesce(heartbeat.kind, planned.kind) as kind, heartbeat.phase,
      floor(extract(epoch from clock_timestamp() - coalesce(
        -- One that never ended well is as old as what is known of it.
        heartbeat.completed_at, least(heartbeat.failed_at, heartbeat.started_at), heartbeat.last_heartbeat_at,
        planned.watched_since
      )))::integer as seconds
    from public.worker_heartbeats as heartbeat
    full join private.worker_schedules as planned on planned.kind = heartbeat.kind
  ) as late
  where late.seconds > coalesce(
    (p_threshold -> 'kinds' ->> late.kind)::integer, (p_threshold ->> 'seconds')::integer
  );
end
$$;

-- Of the organization that was asked for; who asked is in the audit log.
create function private.find_access_refused(p_threshold jsonb)
returns table (org_id uuid, dedupe_key text, message text, details jsonb)
language plpgsql stable set search_path = '' as $$
declare
  v_since constant timestamptz := clock_timestamp() - make_interval(mins => (p_threshold ->> 'minutes')::integer);
begin
  return query
  select
    entry.org_id, '',
    format('%s requests of people who don''t belong to the organization were refused', count(*)),
    jsonb_build_object('refused', count(*), 'people', count(distinct entry.actor))
  from public.audit_log as entry
  where entry.action = 'access_refused'
    and entry.created_at > v_since
  group by entry.org_id
  having count(*) >= (p_threshold ->> 'count')::bigint;
end
$$;

do $$
declare
  v_function regprocedure;
begin
  for v_function in
    select function.oid::regprocedure
    from pg_catalog.pg_proc as function
    join public.alert_rules as rule on function.proname = 'find_' || rule.kind
    where function.pronamespace = 'private'::regnamespace
  loop
    execute format('revoke all on function %s from public, anon, authenticated', v_function);
    execute format('grant execute on function %s to service_role', v_function);
  end loop;
end
$$;
