-- Calls back: claimed when they are due, intended before Vapi is asked, and led to their end by what
-- Vapi tells of the call.

-- Minutes that the organization's calls have lasted since its midnight; one that goes on counts up to now,
-- one that is only intended or placed counts one.
create function private.call_minutes_of_day(p_org_id uuid, p_time_zone text) returns integer
language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  v_since timestamptz;
  v_seconds double precision;
begin
  begin
    v_since := date_trunc('day', now(), p_time_zone);
  exception when invalid_parameter_value then
    v_since := date_trunc('day', now(), 'UTC');
  end;
  select coalesce(sum(case
    when log.ended_at is not null then coalesce(log.duration_seconds, 0)
    when call.reported_at is not null then 0
    else greatest(60, least(coalesce(extract(epoch from now() - call.answered_at), 0), call.max_duration_seconds))
  end), 0)
  into v_seconds
  from public.call_logs as log
  join public.call_tracking as call on call.org_id = log.org_id and call.id = log.call_tracking_id
  where log.org_id = p_org_id and log.created_at >= v_since;
  return ceil(v_seconds / 60)::integer + (
    select count(*) from public.call_requests as intended
    where intended.org_id = p_org_id and intended.state = 'intended' and intended.intended_at >= v_since
  )::integer;
end
$$;
revoke all on function private.call_minutes_of_day(uuid, text) from public, anon, authenticated;
grant execute on function private.call_minutes_of_day(uuid, text) to service_role;

create function private.organizations_with_due_call_requests(p_now timestamptz, p_limit integer) returns uuid[]
language plpgsql volatile set search_path = '' as $$
declare
  v_start constant uuid := gen_random_uuid();
  v_org_ids uuid[] := '{}';
  v_org_id uuid := v_start;
  v_due_at timestamptz;
  v_wrapped boolean := false;
begin
  while cardinality(v_org_ids) < p_limit loop
    select request.org_id, request.due_at into v_org_id, v_due_at
    from public.call_requests as request
    where request.state in ('requested', 'intended') and request.org_id > v_org_id
    order by request.org_id, request.due_at
    limit 1;
    if not found then
      exit when v_wrapped;
      v_wrapped := true;
      v_org_id := '00000000-0000-0000-0000-000000000000';
      continue;
    end if;
    exit when v_wrapped and v_org_id > v_start;
    if v_due_at <= p_now then
      v_org_ids := v_org_ids || v_org_id;
    end if;
  end loop;
  return v_org_ids;
end
$$;
revoke all on function private.organizations_with_due_call_requests(timestamptz, integer) from public, anon, authenticated;
grant execute on function private.organizations_with_due_call_requests(timestamptz, integer) to service_role;

-- {limit, lease_seconds} -> 'claimed' {requests: [{id, org_id, state, reason, not_before, intended_at, intent,
-- attempts, lookups, fencing_token, minutes_used, contact_name|null, calling: describe_calling, vapi: {fingerprint,
-- ciphertext, key_id, public_config}|null}]}, round the organizations.
create function public.claim_call_requests(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_now constant timestamptz := clock_timestamp();
  v_limit constant integer := least(greatest((request ->> 'limit')::integer, 0), 100);
  v_lease constant interval := make_interval(secs => (request ->> 'lease_seconds')::double precision);
  v_org_ids uuid[];
  v_ids uuid[];
  v_claimed jsonb;
begin
  perform set_config('app.actor', 'system', true);
  v_org_ids := private.organizations_with_due_call_requests(v_now, v_limit);
  if cardinality(v_org_ids) = 0 then
    return jsonb_build_object('code', 'claimed', 'requests', '[]'::jsonb);
  end if;
  select array_agg(picked.id) into v_ids
  from (
    select waiting.id
    from unnest(v_org_ids) as due (org_id)
    cross join lateral (
      select asked.id
      from public.call_requests as asked
      where asked.org_id = due.org_id and asked.state in ('requested', 'intended') and asked.due_at <= v_now
      order by asked.due_at
      limit ceil(v_limit::numeric / cardinality(v_org_ids))::integer
      for update skip locked
    ) as waiting
    limit v_limit
  ) as picked;

  with claimed as (
    update public.call_requests as asked
    set fencing_token = asked.fencing_token + 1, due_at = v_now + v_lease
    where asked.id = any (v_ids)
    returning asked.*
  )
  select jsonb_agg(jsonb_build_object(
    'id', claimed.id,
    'org_id', claimed.org_id,
    'state', claimed.state,
    'reason', claimed.reason,
    'not_before', claimed.not_before,
    'intended_at', claimed.intended_at,
    'intent', claimed.intent,
    'attempts', claimed.attempts,
    'lookups', claimed.lookups,
    'fencing_token', claimed.fencing_token,
    'minutes_used', private.call_minutes_of_day(claimed.org_id, settings.time_zone),
    'calling', private.describe_calling(claimed.org_id, coalesce(contact.merged_into_id, contact.id))
      || jsonb_build_object(
        'tier_flags', (select kept.value from private.app_config_in_force as kept where kept.key = 'vapi_tier_flags')
      ),
    'contact_name', contact.name,
    'vapi', (
      select jsonb_build_object(
        'fingerprint', integration.fingerprint, 'ciphertext', credential.ciphertext,
        'key_id', credential.key_id, 'public_config', integration.public_config
      )
      from public.integrations as integration
      join private.integration_credentials as credential
        on credential.org_id = integration.org_id and credential.provider = integration.provider
      where integration.org_id = claimed.org_id and integration.provider = 'vapi' and integration.connected
    )
  )) into v_claimed
  from claimed
  join public.contacts as contact on contact.org_id = claimed.org_id and contact.id = claimed.contact_id
  join public.organization_settings as settings on settings.org_id = claimed.org_id;
  return jsonb_build_object('code', 'claimed', 'requests', coalesce(v_claimed, '[]'));
end
$$;
revoke all on function public.claim_call_requests(jsonb) from public, anon, authenticated;
grant execute on function public.claim_call_requests(jsonb) to service_role;

-- {id, fencing_token, assistant_id, phone_number_id, fingerprint} -> 'intended' | 'minutes_spent' | 'opted_out' |
-- 'lease_lost'. The last word before Vapi is asked: from here on the call may exist. What may have changed
-- since the claim is looked at again, one request of an organization after the other, so that two together
-- don't spend the same minutes.
create function public.intend_call(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_request public.call_requests;
  v_settings public.organization_settings;
  v_contact_id uuid;
begin
  perform set_config('app.actor', 'system', true);
  select asked.* into v_request from public.call_requests as asked where asked.id = (request ->> 'id')::uuid;
  perform pg_advisory_xact_lock(hashtextextended('call_requests/' || v_request.org_id::text, 0));
  select asked.* into v_request
  from public.call_requests as asked
  where asked.id = (request ->> 'id')::uuid
  for update;
  if not found or v_request.fencing_token <> (request ->> 'fencing_token')::bigint
    or v_request.due_at <= clock_timestamp() then
    return jsonb_build_object('code', 'lease_lost');
  elsif v_request.state = 'intended' and (v_request.intent ->> 'fencing_token')::bigint = v_request.fencing_token then
    -- The answer of an earlier call was lost; nobody asks Vapi without one.
    return jsonb_build_object('code', 'intended');
  elsif v_request.state <> 'requested' then
    return jsonb_build_object('code', 'lease_lost');
  end if;
  select settings.* into v_settings
  from public.organization_settings as settings where settings.org_id = v_request.org_id;
  if private.call_minutes_of_day(v_request.org_id, v_settings.time_zone) >= v_settings.daily_call_minutes then
    return jsonb_build_object('code', 'minutes_spent');
  end if;
  select coalesce(contact.merged_into_id, contact.id) into v_contact_id
  from public.contacts as contact where contact.org_id = v_request.org_id and contact.id = v_request.contact_id;
  if exists (
    select 1 from public.contact_opt_outs as opt_out
    where opt_out.org_id = v_request.org_id and opt_out.contact_id = v_contact_id and opt_out.state = 'opted_out'
  ) then
    return jsonb_build_object('code', 'opted_out');
  end if;
  update public.call_requests as asked
  set state = 'intended', intended_at = clock_timestamp(), reason_code = null, lookups = 0,
      intent = jsonb_build_object(
        'fencing_token', v_request.fencing_token, 'assistant_id', request ->> 'assistant_id',
        'phone_number_id', request ->> 'phone_number_id', 'fingerprint', request ->> 'fingerprint'
      )
  where asked.id = v_request.id;
  return jsonb_build_object('code', 'intended');
end
$$;
revoke all on function public.intend_call(jsonb) from public, anon, authenticated;
grant execute on function public.intend_call(jsonb) to service_role;

-- A request for whoever may tell its contact something: the contact's queue is locked before the request, as
-- by everyone, and nothing of the contact can move to another one in between. Null where there is none.
create function private.hold_call_request(p_id uuid) returns public.call_requests
language plpgsql set search_path = '' as $$
declare
  v_org_id uuid;
  v_contact_id uuid;
  v_held_id uuid;
  v_request public.call_requests;
begin
  loop
    select asked.org_id, asked.contact_id into v_org_id, v_contact_id
    from public.call_requests as asked where asked.id = p_id;
    -- Merged while its queue was waited for: the survivor's is next.
    exit when v_contact_id is null or v_contact_id = v_held_id;
    insert into public.contact_queues (org_id, contact_id)
    select contact.org_id, contact.id
    from public.contacts as contact
    where contact.org_id = v_org_id and contact.id = v_contact_id and contact.merged_into_id is null
    on conflict (org_id, contact_id) do nothing;
    perform 1
    from public.contact_queues as queue
    where queue.org_id = v_org_id and queue.contact_id = v_contact_id
    for update;
    v_held_id := v_contact_id;
  end loop;
  select asked.* into v_request from public.call_requests as asked where asked.id = p_id for update;
  return v_request;
end
$$;
revoke all on function private.hold_call_request(uuid) from public, anon, authenticated;
grant execute on function private.hold_call_request(uuid) to service_role;

-- A request's end, told to whom it concerns: the person where nothing will come of it, an operator where
-- somebody has to look. p_state: completed, refused, failed, unknown.
create function private.end_call_request(p_request public.call_requests, p_state text, p_code text, p_error text) returns void
language plpgsql set search_path = '' as $$
declare
  v_now constant timestamptz := clock_timestamp();
begin
  update public.call_requests as asked
  set state = p_state, reason_code = left(p_code, 50), last_error = coalesce(left(p_error, 2000), asked.last_error),
      completed_at = case p_state when 'completed' then v_now end,
      refused_at = case p_state when 'refused' then v_now end,
      failed_at = case p_state when 'failed' then v_now end,
      unknown_at = case p_state when 'unknown' then v_now end
  where asked.id = p_request.id;
  if p_state in ('refused', 'failed') then
    perform private.tell_contact(
      p_request.org_id, p_request.contact_id,
      case
        when p_state = 'refused' and p_code is distinct from 'expired' then 'call.refused'
        when p_code = 'not_reached' then 'call.missed'
        else 'call.failed'
      end,
      '{}', null, format('call_request:%s:%s', p_request.id, p_state), p_request.id::text
    );
  end if;
  if p_state = 'unknown' or p_state = 'failed' and p_code <> 'not_reached' then
    perform public.raise_alert(jsonb_build_object(
      'org_id', p_request.org_id,
      'rule', 'call_back_' || p_state,
      'dedupe_key', p_request.id,
      'severity', 'warning',
      'message', case p_state
        when 'unknown' then format('Cannot tell whether call back "%s" was made: look for it at Vapi, it is not tried again', p_request.id)
        else format('Cannot make call back "%s": given up', p_request.id)
      end,
      'details', jsonb_build_object('reason', p_code, 'error', left(p_error, 500))
    ));
  end if;
end
$$;
revoke all on function private.end_call_request(public.call_requests, text, text, text) from public, anon, authenticated;
grant execute on function private.end_call_request(public.call_requests, text, text, text) to service_role;

-- What Vapi has told of the call, told to its request. Call rows are locked before queues and request rows,
-- everywhere.
create function private.follow_call(p_call public.call_tracking) returns void
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  v_request public.call_requests;
  v_outcome text;
begin
  select asked.id into v_request.id
  from public.call_requests as asked
  where asked.org_id = p_call.org_id and asked.vapi_call_id = p_call.vapi_call_id;
  if not found then
    return;
  end if;
  v_request := private.hold_call_request(v_request.id);
  if v_request.state is null or v_request.state not in ('placed', 'answered', 'unknown') then
    return;
  end if;
  if p_call.reported_at is not null then
    select log.outcome into v_outcome
    from public.call_logs as log where log.org_id = p_call.org_id and log.vapi_call_id = p_call.vapi_call_id;
    if v_outcome in ('completed', 'transferred') or v_outcome = 'unknown' and p_call.answered_at is not null then
      perform private.end_call_request(v_request, 'completed', v_outcome, null);
    else
      perform private.end_call_request(v_request, 'failed', 'not_reached', p_call.ended_reason);
    end if;
  elsif p_call.answered_at is not null and v_request.state <> 'answered' then
    update public.call_requests as asked set state = 'answered', answered_at = p_call.answered_at
    where asked.id = v_request.id;
  end if;
end
$$;
revoke all on function private.follow_call(public.call_tracking) from public, anon, authenticated;
grant execute on function private.follow_call(public.call_tracking) to service_role;

-- The request's call exists; nobody has to look for it any more.
create function private.find_call_placed(p_request public.call_requests, p_vapi_call_id text) returns void
language plpgsql set search_path = '' as $$
begin
  update public.call_requests as asked
  set state = 'placed', placed_at = clock_timestamp(), vapi_call_id = p_vapi_call_id, reason_code = null
  where asked.id = p_request.id;
  if p_request.state = 'unknown' then
    perform public.resolve_alert(jsonb_build_object(
      'org_id', p_request.org_id, 'rule', 'call_back_unknown', 'dedupe_key', p_request.id
    ));
  end if;
end
$$;
revoke all on function private.find_call_placed(public.call_requests, text) from public, anon, authenticated;
grant execute on function private.find_call_placed(public.call_requests, text) to service_role;

-- An event of a call that we named after its request: it was made, whatever we heard of it. A request that
-- waits to be tried again waits no more.
create function private.recognise_call_back(p_call public.call_tracking, p_name text) returns void
language plpgsql set search_path = '' as $$
declare
  v_request public.call_requests;
begin
  if p_name !~ '^cb-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
    return;
  end if;
  perform 1
  from public.call_requests as asked
  where asked.org_id = p_call.org_id and asked.id = substr(p_name, 4)::uuid and asked.vapi_call_id is null;
  if not found then
    return;
  end if;
  v_request := private.hold_call_request(substr(p_name, 4)::uuid);
  if v_request.state in ('requested', 'intended', 'unknown') and v_request.intended_at is not null
    and v_request.vapi_call_id is null then
    perform private.find_call_placed(v_request, p_call.vapi_call_id);
    perform private.follow_call(p_call);
  end if;
end
$$;
revoke all on function private.recognise_call_back(public.call_tracking, text) from public, anon, authenticated;
grant execute on function private.recognise_call_back(public.call_tracking, text) to service_role;

create function private.follow_tracked_call() returns trigger
language plpgsql set search_path = '' as $$
begin
  perform private.follow_call(new);
  return null;
end
$$;
revoke all on function private.follow_tracked_call() from public, anon, authenticated, service_role;
create trigger call_tracking_tells_call_request after update on public.call_tracking
  for each row when (
    new.direction = 'outbound' and (
      new.reported_at is distinct from old.reported_at or new.answered_at is distinct from old.answered_at
    )
  ) execute function private.follow_tracked_call();

-- {id, fencing_token, outcome, vapi_call_id?, until?, code?, error?, max_attempts, provider_calls}
-- -> 'recorded' {state} | 'lease_lost'. Outcomes: 'waiting' (until), 'refused' (for good, before Vapi was asked),
-- 'placed' (vapi_call_id), 'retry' (nothing was made, after a backoff or `until`; `failed` after the last
-- attempt), 'failed' (nothing was made and never will be), 'looking' (a look-up that decided nothing, again
-- at `until` or after a backoff; `unknown` after the last), 'unknown'.
create function public.record_call_request(request jsonb) returns jsonb
language plpgsql set search_path = ''
-- Plans made while the tables are small would walk through all of an organization's calls later.
set plan_cache_mode = force_custom_plan as $$
declare
  v_outcome constant text := request ->> 'outcome';
  v_vapi_call_id constant text := request ->> 'vapi_call_id';
  v_until constant timestamptz := (request ->> 'until')::timestamptz;
  v_max constant integer := (request ->> 'max_attempts')::integer;
  v_request public.call_requests;
  v_call public.call_tracking;
begin
  perform set_config('app.actor', 'system', true);
  if v_outcome = 'placed' then
    select asked.* into v_request from public.call_requests as asked where asked.id = (request ->> 'id')::uuid;
    -- Its row is made at once, so that somebody asks Vapi for its end if no event comes.
    v_call := private.ensure_call(
      v_request.org_id, v_vapi_call_id,
      (select agent.id from public.agents as agent where agent.org_id = v_request.org_id and agent.role = 'outbound'),
      'outbound', request ->> 'phone', null, null, 'queued', now(), jsonb_build_object('call_request_id', v_request.id)
    );
  end if;
  v_request := private.hold_call_request((request ->> 'id')::uuid);
  if v_request.id is null then
    return jsonb_build_object('code', 'lease_lost');
  end if;
  if v_outcome = 'placed' and v_request.vapi_call_id = v_vapi_call_id then
    -- The answer of an earlier call was lost.
    return jsonb_build_object('code', 'recorded', 'state', v_request.state);
  end if;
  perform private.record_provider_calls(v_request.org_id, request -> 'provider_calls');
  -- A call that exists is recorded whoever holds the lease by now: it must never be made again.
  if v_outcome = 'placed' and v_request.state in ('requested', 'intended', 'unknown') and v_request.vapi_call_id is null then
    if v_call.id is null then
      perform private.refuse_foreign_call(v_request.org_id, v_vapi_call_id, 'place_call', null);
      perform private.end_call_request(v_request, 'unknown', 'foreign_call', null);
      return jsonb_build_object('code', 'recorded', 'state', 'unknown');
    end if;
    perform private.find_call_placed(v_request, v_vapi_call_id);
    update public.call_requests as asked set last_error = null, attempts = asked.attempts + 1
    where asked.id = v_request.id;
    -- Its events may have been faster.
    perform private.follow_call(v_call);
    return jsonb_build_object('code', 'recorded', 'state', (
      select asked.state from public.call_requests as asked where asked.id = v_request.id
    ));
  end if;
  if v_request.fencing_token <> (request ->> 'fencing_token')::bigint
    or v_request.state not in ('requested', 'intended') then
    return jsonb_build_object('code', 'lease_lost');
  end if;

  case v_outcome
    when 'waiting' then
      update public.call_requests as asked set due_at = v_until, reason_code = left(request ->> 'code', 50)
      where asked.id = v_request.id and asked.state = 'requested';
    when 'retry' then
      if v_request.attempts + 1 >= v_max then
        perform private.end_call_request(v_request, 'failed', request ->> 'code', request ->> 'error');
      elsif exists (
        select 1 from public.call_requests as other
        where other.org_id = v_request.org_id and other.contact_id = v_request.contact_id and other.state = 'requested'
          and other.id <> v_request.id
      ) then
        -- Two contacts became one meanwhile, and the other's request waits already.
        update public.call_requests as asked
        set state = 'refused', refused_at = clock_timestamp(), reason_code = 'merged'
        where asked.id = v_request.id;
      else
        update public.call_requests as asked
        set state = 'requested', intent = null, attempts = asked.attempts + 1,
            due_at = greatest(coalesce(v_until, clock_timestamp() + private.backoff(asked.attempts + 1)), clock_timestamp()),
            reason_code = left(request ->> 'code', 50), last_error = left(request ->> 'error', 2000)
        where asked.id = v_request.id;
      end if;
    when 'looking' then
      if v_request.lookups + 1 >= v_max then
        perform private.end_call_request(v_request, 'unknown', request ->> 'code', request ->> 'error');
      else
        update public.call_requests as asked
        set lookups = asked.lookups + 1, due_at = coalesce(v_until, clock_timestamp() + private.backoff(asked.lookups + 1)),
            last_error = left(request ->> 'error', 2000)
        where asked.id = v_request.id;
      end if;
    when 'refused', 'failed', 'unknown' then
      perform private.end_call_request(v_request, v_outcome, request ->> 'code', request ->> 'error');
    else
      raise exception 'Cannot record a call request: "%" is not an outcome', v_outcome
        using errcode = 'invalid_parameter_value';
  end case;
  return jsonb_build_object('code', 'recorded', 'state', (
    select asked.state from public.call_requests as asked where asked.id = v_request.id
  ));
end
$$;
revoke all on function public.record_call_request(jsonb) from public, anon, authenticated;
grant execute on function public.record_call_request(jsonb) to service_role;

-- One job for all organizations, whose own queue goes round them.
do $$
begin
  perform private.add_job_kinds(array['place_calls']);
end
$$;
create function private.queue_due_place_calls() returns integer
language plpgsql set search_path = '' as $$
begin
  if cardinality(private.organizations_with_due_call_requests(clock_timestamp(), 1)) = 0 then
    return 0;
  end if;
  return private.queue_job('place_calls', null, 'all', '{}')::integer;
end
$$;
revoke all on function private.queue_due_place_calls() from public, anon, authenticated;
grant execute on function private.queue_due_place_calls() to service_role;
do $$
begin
  if exists (select 1 from pg_catalog.pg_extension as installed where installed.extname = 'pg_cron') then
    perform private.schedule_worker('place_calls', '* * * * *');
  end if;
end
$$;
