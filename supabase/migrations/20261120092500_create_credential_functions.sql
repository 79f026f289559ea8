-- Credentials outside a save: read for a job, checked again, encrypted with a newer key.

-- {org_id, provider} -> 'read' {connected, fingerprint, ciphertext, key_id, public_config} | 'not_connected'.
create function public.read_credential(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return coalesce((
    select jsonb_build_object(
      'code', 'read',
      'connected', integration.connected,
      'fingerprint', integration.fingerprint,
      'ciphertext', credential.ciphertext,
      'key_id', credential.key_id,
      'public_config', integration.public_config
    )
    from public.integrations as integration
    join private.integration_credentials as credential
      on credential.org_id = integration.org_id and credential.provider = integration.provider
    where integration.org_id = (request ->> 'org_id')::uuid
      and integration.provider = request ->> 'provider'
      and integration.connected
  ), jsonb_build_object('code', 'not_connected'));
end
$$;
revoke all on function public.read_credential(jsonb) from public, anon, authenticated;
grant execute on function public.read_credential(jsonb) to service_role;

-- {org_id, provider, fingerprint, succeeded, error|null, provider_calls} -> 'recorded' |
-- 'superseded': another key has been stored since, about which this says nothing.
create function public.record_credential_check(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_provider constant text := request ->> 'provider';
  v_succeeded constant boolean := (request ->> 'succeeded')::boolean;
  v_error constant text := case when not v_succeeded then coalesce(request ->> 'error', 'unknown') end;
begin
  perform set_config('app.actor', 'system', true);
  perform private.record_provider_calls(v_org_id, request -> 'provider_calls');

  update public.integrations as integration
  set last_checked_at = clock_timestamp(), last_error = v_error
  where integration.org_id = v_org_id
    and integration.provider = v_provider
    and integration.connected
    and integration.fingerprint = request ->> 'fingerprint';
  if not found then
    return jsonb_build_object('code', 'superseded');
  end if;

  if v_succeeded then
    perform public.resolve_alert(
      jsonb_build_object('org_id', v_org_id, 'rule', 'credential_failed', 'dedupe_key', v_provider)
    );
  else
    perform public.raise_alert(jsonb_build_object(
      'org_id', v_org_id,
      'rule', 'credential_failed',
      'dedupe_key', v_provider,
      'severity', 'critical',
      'message', format('Cannot use the %s credentials: %s', v_provider, v_error),
      'details', jsonb_build_object('provider', v_provider)
    ));
  end if;
  return jsonb_build_object('code', 'recorded');
end
$$;
revoke all on function public.record_credential_check(jsonb) from public, anon, authenticated;
grant execute on function public.record_credential_check(jsonb) to service_role;

-- {after: {org_id, provider}|null, limit, except_key_id} ->
-- 'listed' {credentials: [{org_id, provider, ciphertext, key_id}]} in the order of (org_id, provider).
create function public.list_credentials(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_after_org_id constant uuid :=
    coalesce((request #>> '{after,org_id}')::uuid, '00000000-0000-0000-0000-000000000000');
  v_after_provider constant text := coalesce(request #>> '{after,provider}', '');
begin
  return jsonb_build_object('code', 'listed', 'credentials', coalesce((
    select jsonb_agg(to_jsonb(page) order by page.org_id, page.provider)
    from (
      select credential.org_id, credential.provider, credential.ciphertext, credential.key_id
      from private.integration_credentials as credential
      where (credential.org_id, credential.provider) > (v_after_org_id, v_after_provider)
        and credential.key_id is distinct from request ->> 'except_key_id'
      order by credential.org_id, credential.provider
      limit least(greatest((request ->> 'limit')::integer, 1), 1000)
    ) as page
  ), '[]'));
end
$$;
revoke all on function public.list_credentials(jsonb) from public, anon, authenticated;
grant execute on function public.list_credentials(jsonb) to service_role;

-- {org_id, provider, expected_ciphertext, ciphertext, key_id} -> 'replaced' |
-- 'changed': something else was stored meanwhile, which is newer and stays.
create function public.replace_credential(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
begin
  perform set_config('app.actor', 'system', true);
  update private.integration_credentials as credential
  set ciphertext = request ->> 'ciphertext', key_id = request ->> 'key_id'
  where credential.org_id = (request ->> 'org_id')::uuid
    and credential.provider = request ->> 'provider'
    -- The new one as well: a call repeated after a lost answer has succeeded already.
    and credential.ciphertext in (request ->> 'expected_ciphertext', request ->> 'ciphertext');
  return jsonb_build_object('code', case when found then 'replaced' else 'changed' end);
end
$$;
revoke all on function public.replace_credential(jsonb) from public, anon, authenticated;
grant execute on function public.replace_credential(jsonb) to service_role;
