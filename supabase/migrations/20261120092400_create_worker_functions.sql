-- The worker's sign of life, everybody's health, and the clearing away of what has had its day.

-- {kind, worker_id, request_id, phase: 'started'|'completed'|'failed', duration_ms|null, details} -> 'recorded'.
create function public.record_heartbeat(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_phase constant text := request ->> 'phase';
  v_now constant timestamptz := clock_timestamp();
begin
  insert into public.worker_heartbeats as heartbeat
    (kind, worker_id, request_id, phase, last_heartbeat_at, started_at, completed_at, failed_at, duration_ms, details)
  values (
    request ->> 'kind', request ->> 'worker_id', request ->> 'request_id', v_phase, v_now,
    case v_phase when 'started' then v_now end,
    case v_phase when 'completed' then v_now end,
    case v_phase when 'failed' then v_now end,
    round((request ->> 'duration_ms')::numeric)::integer,
    coalesce(nullif(request -> 'details', 'null'), '{}')
  )
  on conflict (kind) do update set
    worker_id = excluded.worker_id,
    request_id = excluded.request_id,
    phase = excluded.phase,
    last_heartbeat_at = excluded.last_heartbeat_at,
    started_at = coalesce(excluded.started_at, heartbeat.started_at),
    completed_at = coalesce(excluded.completed_at, heartbeat.completed_at),
    failed_at = coalesce(excluded.failed_at, heartbeat.failed_at),
    duration_ms = coalesce(excluded.duration_ms, heartbeat.duration_ms),
    details = excluded.details;
  return jsonb_build_object('code', 'recorded');
end
$$;
revoke all on function public.record_heartbeat(jsonb) from public, anon, authenticated;
grant execute on function public.record_heartbeat(jsonb) to service_role;

-- Whether the flags that are stored are those in force: a malformed value never comes into force.
create function private.unified_service_flags_are_valid() returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return exists (
    select 1
    from public.app_config as config
    join private.app_config_in_force as kept on kept.key = config.key and kept.stored = config.value
    where config.key = 'unified_service_flags'
  );
end
$$;
revoke all on function private.unified_service_flags_are_valid() from public, anon, authenticated;
grant execute on function private.unified_service_flags_are_valid() to service_role;

-- {} -> 'read' {database_size_mb, background_jobs {last_heartbeat_at, seconds_since_heartbeat, queued,
-- oldest_queued_seconds, dead_lettered}, flags_valid (those of tiers and legacy_webhooks as well)}. Cheap whatever the backlog: counts stop at 10,000.
create function public.read_health(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_last_heartbeat_at timestamptz;
  v_oldest_available_at timestamptz;
begin
  select max(heartbeat.last_heartbeat_at) into v_last_heartbeat_at
  from public.worker_heartbeats as heartbeat;
  -- Waiting is what is due and not taken: a job in its backoff isn't late.
  select job.available_at into v_oldest_available_at
  from public.background_jobs as job
  where job.state = 'queued' and job.available_at <= now()
  order by job.available_at
  limit 1;

  return jsonb_build_object(
    'code', 'read',
    'database_size_mb', round(pg_database_size(current_database()) / 1048576.0, 1),
    'background_jobs', jsonb_build_object(
      'last_heartbeat_at', v_last_heartbeat_at,
      'seconds_since_heartbeat', floor(extract(epoch from clock_timestamp() - v_last_heartbeat_at))::integer,
      'queued', (
        select count(*)
        from (select 1 from public.background_jobs as job where job.state = 'queued' limit 10000) as queued
      ),
      'oldest_queued_seconds', floor(extract(epoch from clock_timestamp() - v_oldest_available_at))::integer,
      'dead_lettered', (
        select count(*)
        from (
          select 1 from public.background_jobs as job where job.state = 'dead_lettered' limit 10000
        ) as dead_lettered
      )
    ),
    'flags_valid', private.malformed_config() = '{}'
  );
end
$$;
revoke all on function public.read_health(jsonb) from public, anon, authenticated;
grant execute on function public.read_health(jsonb) to service_role;

-- {limit} -> 'expired' {idempotency_keys, rate_limits, leases, background_jobs, partitions_made}: at most
-- `limit` rows of each, so that a call stays short; a caller that gets its limit calls again.
create function public.expire_rows(request jsonb) returns jsonb
language plpgsql set search_path = '' set enable_seqscan = off set enable_sort = off set jit = off as $$
declare
  v_limit constant integer := least(greatest((request ->> 'limit')::integer, 1), 10000);
  v_retention_days double precision := 7;
  v_idempotency_keys integer;
  v_rate_limits integer;
  v_leases integer;
  v_background_jobs integer;
begin
  perform set_config('app.actor', 'system', true);

  delete from public.idempotency_keys as known
  where (known.org_id, known.operation, known.key) in (
    select expired.org_id, expired.operation, expired.key
    from public.idempotency_keys as expired
    where expired.expires_at <= now()
    order by expired.expires_at
    limit v_limit
    for update skip locked
  );
  get diagnostics v_idempotency_keys = row_count;

  -- A bucket that is full again is no different from one that doesn't exist. They are read one after
  -- the other: an index over what each request changes would cost every request.
  delete from public.rate_limits as bucket
  where (bucket.org_id, bucket.operation) in (
    select full_bucket.org_id, full_bucket.operation
    from public.rate_limits as full_bucket
    where full_bucket.tokens
      + extract(epoch from now() - full_bucket.refilled_at)::double precision * full_bucket.refill_per_second
      >= full_bucket.capacity
    limit v_limit
    for update skip locked
  );
  get diagnostics v_rate_limits = row_count;

  -- Only what was given back: one that ran out still tells that its holder was interrupted. And only
  -- after a day: until then a repeated last call finds its answer.
  delete from public.leases as lease
  where (lease.org_id, lease.resource) in (
    select released.org_id, released.resource
    from public.leases as released
    where released.released_at <= now() - interval '1 day'
    order by released.released_at
    limit v_limit
    for update skip locked
  );
  get diagnostics v_leases = row_count;

  select (config.value #>> '{}')::double precision into v_retention_days
  from public.app_config as config
  where config.key = 'finished_job_retention_days' and jsonb_typeof(config.value) = 'number';
  delete from public.background_jobs as job
  where job.id in (
    select finished.id
    from public.background_jobs as finished
    where finished.state = 'completed'
      and finished.completed_at <= now() - make_interval(secs => coalesce(v_retention_days, 7) * 86400)
    order by finished.completed_at
    limit v_limit
    for update skip locked
  );
  get diagnostics v_background_jobs = row_count;

  return jsonb_build_object(
    'code', 'expired',
    'idempotency_keys', v_idempotency_keys,
    'rate_limits', v_rate_limits,
    'leases', v_leases,
    'background_jobs', v_background_jobs,
    'partitions_made', private.make_partitions_ahead(3)
  );
end
$$;
revoke all on function public.expire_rows(jsonb) from public, anon, authenticated;
grant execute on function public.expire_rows(jsonb) to service_role;
