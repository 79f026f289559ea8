-- A call that should have ended long ago and never said so: asked about at Vapi, and closed.

create function private.organizations_with_overdue_calls(p_now timestamptz, p_limit integer)
returns uuid[]
language plpgsql volatile set search_path = '' as $$
declare
  v_start constant uuid := gen_random_uuid();
  v_org_ids uuid[] := '{}';
  v_org_id uuid := v_start;
  v_due_at timestamptz;
  v_wrapped boolean := false;
begin
  while cardinality(v_org_ids) < p_limit loop
    select call.org_id, call.report_due_at into v_org_id, v_due_at
    from public.call_tracking as call
    where call.reported_at is null and call.org_id > v_org_id
    order by call.org_id, call.report_due_at
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
revoke all on function private.organizations_with_overdue_calls(timestamptz, integer) from public, anon, authenticated;
grant execute on function private.organizations_with_overdue_calls(timestamptz, integer) to service_role;

-- {limit, lease_seconds} -> 'claimed' {calls: [{id, org_id, vapi_call_id, state, direction, created_at,
-- attempts, fencing_token, vapi: {fingerprint, ciphertext, key_id, public_config}|null}]}, round the
-- organizations; `vapi` is null where the account is no longer connected.
create function public.claim_stale_calls(request jsonb) returns jsonb
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
  v_org_ids := private.organizations_with_overdue_calls(v_now, v_limit);
  if cardinality(v_org_ids) = 0 then
    return jsonb_build_object('code', 'claimed', 'calls', '[]'::jsonb);
  end if;
  select array_agg(picked.id) into v_ids
  from (
    select call.id
    from unnest(v_org_ids) as due (org_id)
    cross join lateral (
      select overdue.id
      from public.call_tracking as overdue
      where overdue.org_id = due.org_id and overdue.reported_at is null and overdue.report_due_at <= v_now
      order by overdue.report_due_at
      limit ceil(v_limit::numeric / cardinality(v_org_ids))::integer
      for update skip locked
    ) as call
    limit v_limit
  ) as picked;

  with claimed as (
    update public.call_tracking as call
    set reconcile_attempts = call.reconcile_attempts + 1,
        fencing_token = call.fencing_token + 1,
        report_due_at = v_now + v_lease
    where call.id = any (v_ids)
    returning call.*
  )
  select jsonb_agg(jsonb_build_object(
    'id', claimed.id,
    'org_id', claimed.org_id,
    'vapi_call_id', claimed.vapi_call_id,
    'state', claimed.state,
    'direction', claimed.direction,
    'created_at', claimed.created_at,
    'attempts', claimed.reconcile_attempts,
    'fencing_token', claimed.fencing_token,
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
  from claimed;
  return jsonb_build_object('code', 'claimed', 'calls', coalesce(v_claimed, '[]'));
end
$$;
revoke all on function public.claim_stale_calls(jsonb) from public, anon, authenticated;
grant execute on function public.claim_stale_calls(jsonb) to service_role;

-- {id, fencing_token, outcome: 'closed' | 'in_progress' | 'failed', report: {change, content, missed}?,
-- error?, max_attempts, provider_calls} -> 'recorded' {state} | 'lease_lost'. A call that Vapi says is
-- going on is asked about again in ten minutes. One that can't be asked about is closed as unknown
-- after the last attempt, and a person is told.
create function public.record_reconciliation(request jsonb) returns jsonb
language plpgsql set search_path = ''
-- Plans made while the tables are small would walk through all of an organization's calls later.
set plan_cache_mode = force_custom_plan as $$
declare
  v_call public.call_tracking;
begin
  perform set_config('app.actor', 'system', true);
  select * into v_call
  from public.call_tracking as call
  where call.id = (request ->> 'id')::uuid
  for update;
  if not found or v_call.fencing_token <> (request ->> 'fencing_token')::bigint then
    return jsonb_build_object('code', 'lease_lost');
  end if;
  perform private.record_provider_calls(v_call.org_id, request -> 'provider_calls');
  if v_call.reported_at is not null then
    -- The report came while somebody asked.
    return jsonb_build_object('code', 'recorded', 'state', v_call.state);
  end if;

  case request ->> 'outcome'
    when 'closed' then
      v_call := private.apply_call_report(v_call, request -> 'report');
    when 'in_progress' then
      update public.call_tracking as call
      set report_due_at = clock_timestamp() + interval '10 minutes', reconcile_attempts = 0
      where call.id = v_call.id;
    when 'failed' then
      if v_call.reconcile_attempts < (request ->> 'max_attempts')::integer then
        update public.call_tracking as call
        set report_due_at = clock_timestamp() + private.backoff(v_call.reconcile_attempts)
        where call.id = v_call.id;
      else
        v_call := private.apply_call_report(v_call, jsonb_build_object(
          'change', jsonb_build_object(
            'state', 'ended', 'at', now(), 'ended_authority', 1, 'outcome', 'unknown',
            'ended_reason', 'reconciliation-gave-up'
          ),
          'content', jsonb_build_object('authority', 1),
          'missed', false
        ));
        perform public.raise_alert(jsonb_build_object(
          'org_id', v_call.org_id,
          'rule', 'call_not_reconciled',
          'dedupe_key', v_call.vapi_call_id,
          'severity', 'warning',
          'message', format('Cannot learn how call "%s" ended: given up after %s attempts',
            v_call.vapi_call_id, v_call.reconcile_attempts),
          'details', jsonb_build_object('error', left(request ->> 'error', 500))
        ));
      end if;
    else
      raise exception 'Cannot record a reconciliation: "%" is not an outcome', request ->> 'outcome'
        using errcode = 'invalid_parameter_value';
  end case;
  return jsonb_build_object('code', 'recorded', 'state', v_call.state);
end
$$;
revoke all on function public.record_reconciliation(jsonb) from public, anon, authenticated;
grant execute on function public.record_reconciliation(jsonb) to service_role;
