-- The worker's three questions: what is due, what shall I do, and here is what came of it.

-- Each kind says for itself what is due, in a function private.queue_due_<kind>() that answers how many
-- jobs it queued. Doing it twice queues nothing twice.

-- Agents out of step with Vapi that nobody is working on. One given up on is tried again a day later,
-- or at once when it was asked for again.
create function private.queue_due_sync_agent() returns integer
language plpgsql set search_path = '' as $$
declare
  v_count integer;
begin
  with due as (
    select agent.org_id, agent.role, agent.sync_failed_at, agent.sync_status, agent.consecutive_failures
    from public.agents as agent
    join public.integrations as integration
      on integration.org_id = agent.org_id and integration.provider = 'vapi' and integration.connected
    where agent.sync_status in ('queued', 'failed')
      and not exists (
        select 1
        from public.leases as lease
        where lease.org_id = agent.org_id
          and lease.resource in ('workspace_save', 'agent_sync:' || agent.role)
          and lease.released_at is null
          and lease.expires_at > clock_timestamp()
      )
      and not exists (
        select 1
        from public.background_jobs as job
        where job.org_id = agent.org_id
          and job.kind = 'sync_agent'
          and job.dedupe_key = agent.role
          and (
            job.state in ('queued', 'claimed')
            or job.dead_lettered_at > greatest(agent.sync_queued_at, now() - interval '1 day')
          )
      )
    limit 5000
  ), queued as (
    select private.queue_job(
      'sync_agent', due.org_id, due.role, jsonb_build_object('role', due.role),
      case
        when due.sync_status = 'failed' then due.sync_failed_at + private.backoff(due.consecutive_failures)
        else now()
      end
    ) as added
    from due
  )
  select count(*) filter (where queued.added) into v_count from queued;
  return v_count;
end
$$;
revoke all on function private.queue_due_sync_agent() from public, anon, authenticated;
grant execute on function private.queue_due_sync_agent() to service_role;

-- Organizations where a save left something to be told to a provider, and nobody is saving: its process
-- died, or the provider didn't take it. One given up on is tried again a day later, or at once when the
-- credentials were stored or seen to work since.
create function private.queue_due_push_workspace() returns integer
language plpgsql set search_path = '' as $$
declare
  v_count integer;
begin
  with due as (
    select distinct outstanding.org_id
    from private.outstanding_pushes as outstanding
    where not exists (
        select 1
        from public.leases as lease
        where lease.org_id = outstanding.org_id
          and lease.resource = 'workspace_save'
          and lease.released_at is null
          and lease.expires_at > clock_timestamp()
      )
      and not exists (
        select 1
        from public.background_jobs as job
        where job.org_id = outstanding.org_id
          and job.kind = 'push_workspace'
          and job.dedupe_key = 'workspace'
          and (
            job.state in ('queued', 'claimed')
            or job.dead_lettered_at > greatest(outstanding.last_checked_at, now() - interval '1 day')
          )
      )
    limit 5000
  ), queued as (
    select private.queue_job('push_workspace', due.org_id, 'workspace', '{}') as added
    from due
  )
  select count(*) filter (where queued.added) into v_count from queued;
  return v_count;
end
$$;
revoke all on function private.queue_due_push_workspace() from public, anon, authenticated;
grant execute on function private.queue_due_push_workspace() to service_role;

-- Credentials not looked at for app_config['credential_check_hours'].
create function private.queue_due_verify_credentials() returns integer
language plpgsql set search_path = '' as $$
declare
  v_hours double precision := 24;
  v_before timestamptz;
  v_count integer;
begin
  select (config.value #>> '{}')::double precision into v_hours
  from public.app_config as config
  where config.key = 'credential_check_hours' and jsonb_typeof(config.value) = 'number';
  v_before := now() - make_interval(secs => coalesce(v_hours, 24) * 3600);

  with due as (
    select integration.org_id, integration.provider
    from public.integrations as integration
    where integration.connected
      and (integration.last_checked_at < v_before or integration.last_checked_at is null)
      and not exists (
        select 1
        from public.background_jobs as job
        where job.org_id = integration.org_id
          and job.kind = 'verify_credentials'
          and job.dedupe_key = integration.provider
          and (job.state in ('queued', 'claimed') or job.dead_lettered_at > v_before)
      )
    order by integration.last_checked_at nulls first
    limit 5000
  ), queued as (
    select private.queue_job(
      'verify_credentials', due.org_id, due.provider, jsonb_build_object('provider', due.provider)
    ) as added
    from due
  )
  select count(*) filter (where queued.added) into v_count from queued;
  return v_count;
end
$$;
revoke all on function private.queue_due_verify_credentials() from public, anon, authenticated;
grant execute on function private.queue_due_verify_credentials() to service_role;

create function private.queue_due_expire_rows() returns integer
language plpgsql set search_path = '' as $$
begin
  return private.queue_job('expire_rows', null, 'all', '{}')::integer;
end
$$;
revoke all on function private.queue_due_expire_rows() from public, anon, authenticated;
grant execute on function private.queue_due_expire_rows() to service_role;

-- {kind} -> 'queued' {count}.
create function public.queue_due_jobs(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_kind constant text := request ->> 'kind';
  v_count integer := 0;
begin
  perform set_config('app.actor', 'system', true);
  -- A kind without such a function is queued by what happens, never by the clock.
  if to_regprocedure(format('private.%I()', 'queue_due_' || v_kind)) is not null then
    execute format('select private.%I()', 'queue_due_' || v_kind) into v_count;
  end if;
  return jsonb_build_object('code', 'queued', 'count', coalesce(v_count, 0));
end
$$;
revoke all on function public.queue_due_jobs(jsonb) from public, anon, authenticated;
grant execute on function public.queue_due_jobs(jsonb) to service_role;

create function private.dead_letter_job(p_id uuid, p_error text) returns void
language plpgsql set search_path = '' as $$
declare
  v_job public.background_jobs;
begin
  update public.background_jobs as job
  set state = 'dead_lettered', dead_lettered_at = clock_timestamp(), last_error = p_error
  where job.id = p_id
  returning * into strict v_job;
  perform public.raise_alert(jsonb_build_object(
    'org_id', v_job.org_id,
    'rule', 'job_dead_lettered',
    'dedupe_key', concat_ws(':', v_job.kind, v_job.dedupe_key),
    'severity', 'warning',
    'message', format('Cannot finish job "%s": given up after %s attempts', v_job.kind, v_job.attempts),
    'details', jsonb_build_object('job_id', v_job.id, 'payload', v_job.payload, 'error', p_error)
  ));
end
$$;
revoke all on function private.dead_letter_job(uuid, text) from public, anon, authenticated;
grant execute on function private.dead_letter_job(uuid, text) to service_role;

-- The lanes of a kind that have a job ready, beginning behind p_after and going round once; at most
-- p_limit. One index probe a lane, whatever its backlog: the first entry of a lane is its oldest.
create function private.ready_job_lanes(p_kind text, p_after uuid, p_now timestamptz, p_limit integer) returns uuid[]
language plpgsql stable set search_path = '' as $$
declare
  v_lanes uuid[] := '{}';
  v_lane uuid := p_after;
  v_available_at timestamptz;
  v_wrapped boolean := false;
begin
  while cardinality(v_lanes) < p_limit loop
    select job.lane, job.available_at into v_lane, v_available_at
    from public.background_jobs as job
    where job.kind = p_kind and job.state in ('queued', 'claimed') and job.lane > v_lane
    order by job.lane, job.available_at
    limit 1;
    if not found then
      exit when v_wrapped;
      v_wrapped := true;
      v_lane := '00000000-0000-0000-0000-000000000000';
      continue;
    end if;
    exit when v_wrapped and v_lane > p_after;
    if v_available_at <= p_now then
      v_lanes := v_lanes || v_lane;
    end if;
  end loop;
  return v_lanes;
end
$$;
revoke all on function private.ready_job_lanes(text, uuid, timestamptz, integer) from public, anon, authenticated;
grant execute on function private.ready_job_lanes(text, uuid, timestamptz, integer) to service_role;

-- {kind, limit, lease_seconds, worker_id} -> 'claimed' {jobs: [{id, kind, org_id, payload, attempts, fencing_token}]}.
-- Round-robin over organizations: each that has something gets as much as the next, and the next claim
-- begins behind the last one served. A claim whose lease ran out is as good as one that waits, unless
-- it was the last attempt: what kills its worker every time is given up like what fails every time.
create function public.claim_jobs(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_kind constant text := request ->> 'kind';
  v_worker_id constant text := request ->> 'worker_id';
  v_lease constant interval := make_interval(secs => (request ->> 'lease_seconds')::double precision);
  v_now constant timestamptz := clock_timestamp();
  v_remaining integer := least(greatest((request ->> 'limit')::integer, 0), 100);
  v_after uuid;
  v_lanes uuid[];
  v_share integer;
  v_ids uuid[];
  v_spent_ids uuid[];
  v_last_lane uuid;
  v_jobs jsonb := '[]';
  v_claimed jsonb;
begin
  perform set_config('app.actor', 'system', true);
  insert into public.background_job_turns (kind) values (v_kind) on conflict (kind) do nothing;
  -- Claims of a kind take turns; each is a few milliseconds.
  select turn.lane into strict v_after
  from public.background_job_turns as turn
  where turn.kind = v_kind
  for update;

  while v_remaining > 0 loop
    v_lanes := private.ready_job_lanes(v_kind, v_after, v_now, v_remaining);
    exit when cardinality(v_lanes) = 0;
    v_share := ceil(v_remaining::numeric / cardinality(v_lanes))::integer;

    select
      array_agg(picked.id order by picked.turn, picked.position) filter (where not picked.is_spent),
      array_agg(picked.id) filter (where picked.is_spent),
      (array_agg(picked.lane order by picked.turn desc, picked.position desc))[1]
    into v_ids, v_spent_ids, v_last_lane
    from (
      select
        job.id, ready.lane, ready.position,
        row_number() over (partition by ready.lane order by job.available_at) as turn,
        job.state = 'claimed' and job.attempts >= job.max_attempts as is_spent
      from unnest(v_lanes) with ordinality as ready (lane, position)
      cross join lateral (
        select waiting.id, waiting.available_at, waiting.state, waiting.attempts, waiting.max_attempts
        from public.background_jobs as waiting
        where waiting.kind = v_kind
          and waiting.lane = ready.lane
          and waiting.state in ('queued', 'claimed')
          and waiting.available_at <= v_now
        order by waiting.available_at
        limit v_share
        for update skip locked
      ) as job
      order by turn, ready.position
      limit v_remaining
    ) as picked;
    exit when v_last_lane is null;
    v_after := v_last_lane;

    if v_spent_ids is not null then
      perform private.dead_letter_job(spent.id, 'The lease of the last attempt ran out')
      from unnest(v_spent_ids) as spent (id);
    end if;

    with claimed as (
      update public.background_jobs as job
      set state = 'claimed',
          claimed_at = v_now,
          available_at = v_now + v_lease,
          worker_id = v_worker_id,
          attempts = job.attempts + 1,
          fencing_token = job.fencing_token + 1
      where job.id = any (v_ids)
      returning job.id, job.kind, job.org_id, job.payload, job.attempts, job.fencing_token
    )
    select jsonb_agg(to_jsonb(claimed) order by array_position(v_ids, claimed.id)) into v_claimed
    from claimed;

    v_jobs := v_jobs || coalesce(v_claimed, '[]');
    v_remaining := v_remaining - coalesce(jsonb_array_length(v_claimed), 0);
  end loop;

  update public.background_job_turns as turn
  set lane = v_after, served_at = v_now
  where turn.kind = v_kind and turn.lane <> v_after;
  return jsonb_build_object('code', 'claimed', 'jobs', v_jobs);
end
$$;
revoke all on function public.claim_jobs(jsonb) from public, anon, authenticated;
grant execute on function public.claim_jobs(jsonb) to service_role;

-- How long a failed job waits. Kinds that are due each minute, and without which others are blind (counting, the
-- guard of the rollout, alerts), never wait longer than that.
create function private.retry_delay(p_kind text, p_failures integer) returns interval
language plpgsql volatile set search_path = '' as $$
begin
  return case
    when p_kind in ('aggregate_metrics', 'advance_rollout', 'evaluate_alerts')
      then least(private.backoff(p_failures), interval '1 minute')
    else private.backoff(p_failures)
  end;
end
$$;
revoke all on function private.retry_delay(text, integer) from public, anon, authenticated;
grant execute on function private.retry_delay(text, integer) to service_role;

-- {id, fencing_token, outcome: 'completed'|'failed', error|null, retry_after_seconds|null, provider_calls?} ->
-- 'recorded' {state} | 'lease_lost'. A failed job waits for its backoff, or as long as asked but never
-- more than a day, until its attempts are spent.
create function public.complete_job(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_job public.background_jobs;
  v_error constant text := coalesce(request ->> 'error', 'unknown');
  v_retry_after_seconds constant double precision := (request ->> 'retry_after_seconds')::double precision;
begin
  perform set_config('app.actor', 'system', true);
  if request ->> 'outcome' not in ('completed', 'failed') then
    raise exception 'Cannot complete a job: "%" is not an outcome', request ->> 'outcome'
      using errcode = 'invalid_parameter_value';
  end if;

  select * into v_job
  from public.background_jobs as job
  where job.id = (request ->> 'id')::uuid
  for update;
  if not found then
    return jsonb_build_object('code', 'lease_lost');
  end if;
  if v_job.fencing_token = (request ->> 'fencing_token')::bigint and v_job.state <> 'claimed' then
    -- The answer of an earlier call was lost.
    return jsonb_build_object('code', 'recorded', 'state', v_job.state);
  end if;
  perform private.record_provider_calls(v_job.org_id, request -> 'provider_calls');
  if v_job.fencing_token <> (request ->> 'fencing_token')::bigint then
    return jsonb_build_object('code', 'lease_lost');
  end if;

  if request ->> 'outcome' = 'completed' then
    update public.background_jobs as job
    set state = 'completed', completed_at = clock_timestamp(), last_error = null
    where job.id = v_job.id;
    perform public.resolve_alert(jsonb_build_object(
      'org_id', v_job.org_id,
      'rule', 'job_dead_lettered',
      'dedupe_key', concat_ws(':', v_job.kind, v_job.dedupe_key)
    ));
    return jsonb_build_object('code', 'recorded', 'state', 'completed');
  elsif v_job.attempts >= v_job.max_attempts then
    perform private.dead_letter_job(v_job.id, v_error);
    return jsonb_build_object('code', 'recorded', 'state', 'dead_lettered');
  end if;

  update public.background_jobs as job
  set state = 'queued',
      queued_at = clock_timestamp(),
      last_error = v_error,
      available_at = clock_timestamp() + coalesce(
        case when v_retry_after_seconds is not null then
          make_interval(secs => least(greatest(v_retry_after_seconds, 0), 86400))
        end,
        private.retry_delay(job.kind, job.attempts)
      )
  where job.id = v_job.id;
  return jsonb_build_object('code', 'recorded', 'state', 'queued');
end
$$;
revoke all on function public.complete_job(jsonb) from public, anon, authenticated;
grant execute on function public.complete_job(jsonb) to service_role;
