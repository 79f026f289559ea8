-- One round trip that decides whether a dashboard's request may go on, and one that keeps its answer.

-- {user_id, org_id|null, operation, minimum_role, request_id, tier (key of app_config)|null,
--  rate_limit: {capacity, refill_per_second}|null, idempotency: {key, request_hash, ttl_seconds}|null} ->
-- 'authorized' {org_id, role} | 'organization_required' {organizations} | 'forbidden' {reason} |
-- 'tier_off' the tier isn't rolled out to the organization |
-- 'rate_limited' {retry_after_seconds} | 'replayed' {org_id, role, response_status, response_body} |
-- 'in_progress' {retry_after_seconds} | 'idempotency_key_reused'.
-- A replay comes before the rate limit: repeating what was already answered costs nothing. The key
-- is claimed after it: a request turned away may come again with the same key.
create function public.authorize_request(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_user_id constant uuid := (request ->> 'user_id')::uuid;
  v_operation constant text := request ->> 'operation';
  v_minimum_role constant text := request ->> 'minimum_role';
  v_request_id constant text := request ->> 'request_id';
  v_rate_limit constant jsonb := nullif(request -> 'rate_limit', 'null');
  v_idempotency constant jsonb := nullif(request -> 'idempotency', 'null');
  v_org_id uuid := (request ->> 'org_id')::uuid;
  v_role text;
  v_memberships uuid[];
  v_answer jsonb;
  v_retry_after_seconds integer;
begin
  perform set_config('app.actor', v_user_id::text, true);
  if private.role_rank(v_minimum_role) = 0 then
    raise exception 'Cannot authorize "%": "%" is not a role', v_operation, v_minimum_role
      using errcode = 'invalid_parameter_value';
  end if;

  if v_org_id is null then
    select array_agg(membership.org_id) into v_memberships
    from public.organization_members as membership
    where membership.user_id = v_user_id;
    if v_memberships is null then
      return jsonb_build_object('code', 'forbidden', 'reason', 'not_member');
    elsif cardinality(v_memberships) > 1 then
      return jsonb_build_object('code', 'organization_required', 'organizations', (
        select jsonb_agg(
          jsonb_build_object('org_id', organization.id, 'name', organization.name, 'role', mine.role)
          order by organization.name, organization.id
        )
        from private.organization_roles_of(v_user_id) as mine
        join public.organizations as organization on organization.id = mine.org_id
      ));
    end if;
    v_org_id := v_memberships[1];
  end if;

  v_role := private.organization_role(v_org_id, v_user_id);
  if v_role is null then
    perform private.record_refusal_across_tenants(v_org_id, v_user_id, v_operation, v_request_id);
    return jsonb_build_object('code', 'forbidden', 'reason', 'not_member', 'org_id', v_org_id);
  elsif private.role_rank(v_role) < private.role_rank(v_minimum_role) then
    return jsonb_build_object('code', 'forbidden', 'reason', 'role_too_low', 'org_id', v_org_id, 'role', v_role);
  end if;

  if v_idempotency is not null then
    v_answer := private.read_idempotency_key(v_org_id, v_operation, v_idempotency);
    if v_answer is not null then
      return v_answer || jsonb_build_object('org_id', v_org_id, 'role', v_role);
    end if;
  end if;

  if request ->> 'tier' is not null and not private.is_tier_on(request ->> 'tier', v_org_id) then
    return jsonb_build_object('code', 'tier_off', 'org_id', v_org_id);
  end if;

  if v_rate_limit is not null then
    v_retry_after_seconds := private.take_rate_limit_token(v_org_id, v_operation, v_rate_limit);
    if v_retry_after_seconds is not null then
      return jsonb_build_object('code', 'rate_limited', 'retry_after_seconds', v_retry_after_seconds);
    end if;
  end if;

  if v_idempotency is not null
    and not private.claim_idempotency_key(v_org_id, v_operation, v_request_id, v_idempotency) then
    -- Another came first between the look and the claim; or it came and went, and the key is free.
    v_answer := coalesce(
      private.read_idempotency_key(v_org_id, v_operation, v_idempotency),
      jsonb_build_object('code', 'in_progress', 'retry_after_seconds', 1)
    );
    return v_answer || jsonb_build_object('org_id', v_org_id, 'role', v_role);
  end if;

  return jsonb_build_object('code', 'authorized', 'org_id', v_org_id, 'role', v_role);
end
$$;
revoke all on function public.authorize_request(jsonb) from public, anon, authenticated;
grant execute on function public.authorize_request(jsonb) to service_role;

-- What an earlier request with this key has to say: null when there is none that counts.
create function private.read_idempotency_key(p_org_id uuid, p_operation text, p_idempotency jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_key public.idempotency_keys;
begin
  select * into v_key
  from public.idempotency_keys as known
  where known.org_id = p_org_id
    and known.operation = p_operation
    and known.key = p_idempotency ->> 'key'
    and known.expires_at > clock_timestamp();
  if not found then
    return null;
  elsif v_key.request_hash is distinct from p_idempotency ->> 'request_hash' then
    return jsonb_build_object('code', 'idempotency_key_reused');
  elsif v_key.state = 'completed' then
    return jsonb_build_object(
      'code', 'replayed', 'response_status', v_key.response_status, 'response_body', v_key.response_body
    );
  elsif v_key.claim_expires_at > clock_timestamp() then
    return jsonb_build_object('code', 'in_progress', 'retry_after_seconds', 2);
  end if;
  return null;
end
$$;
revoke all on function private.read_idempotency_key(uuid, text, jsonb) from public, anon, authenticated;
grant execute on function private.read_idempotency_key(uuid, text, jsonb) to service_role;

-- Answers whether the key is now this request's: false when another holds it or has answered.
create function private.claim_idempotency_key(
  p_org_id uuid,
  p_operation text,
  p_request_id text,
  p_idempotency jsonb
) returns boolean
language plpgsql set search_path = '' as $$
begin
  insert into public.idempotency_keys as known
    (org_id, operation, key, request_hash, request_id, claimed_at, claim_expires_at, expires_at)
  values (
    p_org_id, p_operation, p_idempotency ->> 'key', p_idempotency ->> 'request_hash', p_request_id,
    clock_timestamp(),
    -- The longest that the platform lets a function live.
    clock_timestamp() + interval '400 seconds',
    clock_timestamp() + make_interval(secs => coalesce((p_idempotency ->> 'ttl_seconds')::double precision, 86400))
  )
  on conflict (org_id, operation, key) do update set
    request_hash = excluded.request_hash,
    request_id = excluded.request_id,
    state = 'claimed',
    claimed_at = excluded.claimed_at,
    claim_expires_at = excluded.claim_expires_at,
    completed_at = null,
    response_status = null,
    response_body = null,
    expires_at = excluded.expires_at
  where known.expires_at <= clock_timestamp()
    or (
      known.state = 'claimed'
      and known.claim_expires_at <= clock_timestamp()
      and known.request_hash = excluded.request_hash
    );
  return found;
end
$$;
revoke all on function private.claim_idempotency_key(uuid, text, text, jsonb) from public, anon, authenticated;
grant execute on function private.claim_idempotency_key(uuid, text, text, jsonb) to service_role;

-- Somebody signed in tried another organization's door: its owner should be able to see that.
-- At most ten a minute for each person, whatever organizations are tried, and nothing where there is
-- none: a stranger can't fill a history.
create function private.record_refusal_across_tenants(
  p_org_id uuid,
  p_user_id uuid,
  p_operation text,
  p_request_id text
) returns void
language plpgsql set search_path = '' as $$
declare
  v_recent bigint;
begin
  if not exists (select 1 from public.organizations as organization where organization.id = p_org_id) then
    return;
  end if;
  select count(*) into v_recent
  from public.audit_log as entry
  where entry.actor = p_user_id::text
    and entry.created_at > now() - interval '1 minute'
    and entry.action = 'access_refused';
  if v_recent >= 10 then
    return;
  end if;

  perform private.record_event(
    p_org_id, p_operation, 'refused', p_request_id, null,
    jsonb_build_object('reason', 'not_member', 'requested_org_id', p_org_id)
  );
  perform private.record_audit(
    p_org_id, 'access_refused', p_org_id::text, p_request_id,
    jsonb_build_object('reason', 'not_member', 'operation', p_operation)
  );
end
$$;
revoke all on function private.record_refusal_across_tenants(uuid, uuid, text, text) from public, anon, authenticated;
grant execute on function private.record_refusal_across_tenants(uuid, uuid, text, text) to service_role;

-- {org_id, operation, idempotency_key, request_hash, response_status|null, response_body|null} ->
-- 'completed' | 'released': without a status the key is free again, so that the request may be retried.
create function public.complete_request(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_response_status constant integer := (request ->> 'response_status')::integer;
begin
  if v_response_status is null then
    delete from public.idempotency_keys as known
    where known.org_id = (request ->> 'org_id')::uuid
      and known.operation = request ->> 'operation'
      and known.key = request ->> 'idempotency_key'
      and known.request_hash = request ->> 'request_hash'
      and known.state = 'claimed';
    return jsonb_build_object('code', 'released');
  end if;

  update public.idempotency_keys as known
  set state = 'completed',
      completed_at = clock_timestamp(),
      response_status = v_response_status,
      response_body = nullif(request -> 'response_body', 'null')
  where known.org_id = (request ->> 'org_id')::uuid
    and known.operation = request ->> 'operation'
    and known.key = request ->> 'idempotency_key'
    and known.request_hash = request ->> 'request_hash'
    and known.state = 'claimed';
  return jsonb_build_object('code', 'completed');
end
$$;
revoke all on function public.complete_request(jsonb) from public, anon, authenticated;
grant execute on function public.complete_request(jsonb) to service_role;
