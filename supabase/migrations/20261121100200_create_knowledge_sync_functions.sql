-- Bringing a knowledge base to Vapi: claim it, say what is about to be made, record what came of it. A
-- holder's every record extends its lease and counts its calls.

-- How many calls to Vapi the organization may still make in this minute. Saves and syncs of agents don't
-- ask; what a knowledge base needs leaves them a fifth.
create function private.knowledge_calls_left(p_org_id uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_calls double precision := 60;
  v_made bigint;
begin
  select (config.value #>> '{}')::double precision into v_calls
  from public.app_config as config
  where config.key = 'vapi_calls_per_minute' and jsonb_typeof(config.value) = 'number';
  select sum(stats.call_count) into v_made
  from public.provider_call_stats as stats
  where stats.org_id = p_org_id and stats.provider = 'vapi'
    and stats.minute >= date_trunc('minute', clock_timestamp(), 'UTC');
  return jsonb_build_object(
    'calls_left', greatest(0, floor(coalesce(v_calls, 60) * 0.8) - coalesce(v_made, 0))::integer,
    'wait_seconds', 60 - floor(extract(second from clock_timestamp()))::integer
  );
end
$$;
revoke all on function private.knowledge_calls_left(uuid) from public, anon, authenticated;
grant execute on function private.knowledge_calls_left(uuid) to service_role;

-- What a sync starts from: 'read' {documents, files, sync, agents, mode, vapi, hash, calls_left, wait_seconds} |
-- 'not_connected'.
-- `hash` is of all that is wanted, so that a change meanwhile is noticed.
create function private.read_knowledge_sync_state(p_org_id uuid, p_tool_name text, p_roles text[]) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_vapi jsonb;
  v_sync public.knowledge_syncs;
  v_mode text;
  v_documents jsonb;
  v_tool_name text;
  v_roles text[];
begin
  select jsonb_build_object(
    'fingerprint', integration.fingerprint,
    'ciphertext', credential.ciphertext,
    'key_id', credential.key_id,
    'public_config', integration.public_config
  ) into v_vapi
  from public.integrations as integration
  join private.integration_credentials as credential
    on credential.org_id = integration.org_id and credential.provider = integration.provider
  where integration.org_id = p_org_id and integration.provider = 'vapi' and integration.connected;
  if v_vapi is null then
    return jsonb_build_object('code', 'not_connected');
  end if;

  select * into v_sync from public.knowledge_syncs as sync where sync.org_id = p_org_id;
  v_tool_name := coalesce(p_tool_name, v_sync.tool_name, 'knowledge-search');
  v_roles := coalesce(p_roles, v_sync.assistant_roles, array['inbound', 'outbound']);
  select settings.phone_knowledge_mode into v_mode
  from public.organization_settings as settings
  where settings.org_id = p_org_id;
  select coalesce(jsonb_agg(jsonb_build_object(
    'id', document.id, 'title', document.title, 'category', document.category,
    'content_hash', document.content_hash, 'bytes', octet_length(document.content)
  ) order by document.id), '[]') into v_documents
  from public.knowledge_base as document
  where document.org_id = p_org_id and document.active and document.content_hash is not null;

  return jsonb_build_object(
    'code', 'read',
    -- What it was served from is no wish: it isn't part of the hash.
    'documents', (
      select coalesce(jsonb_agg(
        wanted.value || jsonb_build_object('served_hash', document.vapi_file_hash) order by wanted.ordinality
      ), '[]')
      from jsonb_array_elements(v_documents) with ordinality as wanted
      join public.knowledge_base as document
        on document.org_id = p_org_id and document.id = (wanted.value ->> 'id')::uuid
    ),
    'files', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'id', file.id, 'content_hash', file.content_hash, 'vapi_file_id', file.vapi_file_id,
        'key_fingerprint', file.key_fingerprint,
        -- An upload whose answer was lost may come into being late; after a day it won't.
        'awaited', file.vapi_file_id is null and file.intended_at > clock_timestamp() - interval '1 day',
        -- What Vapi doesn't come to an end with is not waited for again and again.
        'state', case when stuck.is_stuck then 'failed' else file.state end,
        'error', case when stuck.is_stuck then 'Vapi did not finish reading the file' else file.error end
      ) order by file.id), '[]')
      from public.knowledge_files as file
      cross join lateral (
        select file.state = 'processing' and file.uploaded_at < clock_timestamp() - interval '15 minutes'
      ) as stuck (is_stuck)
      where file.org_id = p_org_id
    ),
    'sync', jsonb_build_object(
      'tool_name', v_tool_name,
      'assistant_roles', to_jsonb(v_roles),
      'tool_id', v_sync.tool_id,
      'tool_hash', v_sync.tool_hash,
      'key_fingerprint', v_sync.key_fingerprint,
      'tool_intended_at', v_sync.tool_intended_at,
      'retired_tool_ids', coalesce(to_jsonb(v_sync.retired_tool_ids), '[]')
    ),
    'agents', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'role', agent.role, 'vapi_assistant_id', agent.vapi_assistant_id
      ) order by agent.role), '[]')
      from public.agents as agent
      where agent.org_id = p_org_id
    ),
    'mode', v_mode,
    'vapi', v_vapi,
    'hash', md5(jsonb_build_array(v_documents, v_tool_name, v_roles, v_mode, v_vapi -> 'fingerprint')::text)
  ) || private.knowledge_calls_left(p_org_id);
end
$$;
revoke all on function private.read_knowledge_sync_state(uuid, text, text[]) from public, anon, authenticated;
grant execute on function private.read_knowledge_sync_state(uuid, text, text[]) to service_role;

-- Whether there is, or may come to be, something at Vapi that is to be looked at once a day.
create function private.is_watched_at_vapi(p_sync public.knowledge_syncs) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return p_sync.tool_id is not null or exists (
    select 1 from public.knowledge_files as file where file.org_id = p_sync.org_id and file.vapi_file_id is null
  );
end
$$;
revoke all on function private.is_watched_at_vapi(public.knowledge_syncs) from public, anon, authenticated;
grant execute on function private.is_watched_at_vapi(public.knowledge_syncs) to service_role;

-- A list of texts in a request; null where it isn't there.
create function private.text_array(p_list jsonb) returns text[]
language plpgsql immutable set search_path = '' as $$
begin
  if coalesce(jsonb_typeof(p_list), 'null') <> 'array' then
    return null;
  end if;
  return array(select jsonb_array_elements_text(p_list));
end
$$;
revoke all on function private.text_array(jsonb) from public, anon, authenticated;
grant execute on function private.text_array(jsonb) to service_role;

-- {org_id, tool_name?, assistant_roles?} -> what a claim would answer, without claiming: for a dry run, and
-- for a holder that goes round once more.
create function public.read_knowledge_sync(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return private.read_knowledge_sync_state(
    (request ->> 'org_id')::uuid, request ->> 'tool_name', private.text_array(request -> 'assistant_roles')
  );
end
$$;
revoke all on function public.read_knowledge_sync(jsonb) from public, anon, authenticated;
grant execute on function public.read_knowledge_sync(jsonb) to service_role;

-- {org_id, user_id, request_id, claim_id?, lease_seconds, started_by, tool_name?, assistant_roles?} ->
-- 'claimed' {fencing_token, sync_id, verify: nobody has looked for a day, and what is wanted} | 'held' {sync_id, retry_after_seconds} |
-- 'too_soon' {retry_after_seconds}: nothing changed since a sync less than a minute ago |
-- 'unchanged': for the worker, which has nothing to do | 'agents_missing' {roles}: of those asked for, and for the
-- worker all | 'not_connected'.
create function public.claim_knowledge_sync(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_resource constant text := 'knowledge_sync';
  v_holder constant text := concat_ws(':', coalesce(request ->> 'request_id', 'unknown'), request ->> 'claim_id');
  v_started_by constant text := request ->> 'started_by';
  v_tool_name constant text := request ->> 'tool_name';
  v_roles constant text[] := private.text_array(request -> 'assistant_roles');
  v_state jsonb;
  v_missing jsonb;
  v_lease record;
  v_sync public.knowledge_syncs;
  v_seconds double precision;
  v_verify boolean := false;
begin
  perform set_config('app.actor', coalesce(nullif(request ->> 'user_id', ''), 'system'), true);
  v_state := private.read_knowledge_sync_state(v_org_id, v_tool_name, v_roles);
  if v_state ->> 'code' <> 'read' then
    return v_state;
  end if;

  select jsonb_agg(wanted.role) into v_missing
  from jsonb_array_elements_text(v_state #> '{sync,assistant_roles}') as wanted (role)
  where not exists (
    select 1 from public.agents as agent
    where agent.org_id = v_org_id and agent.role = wanted.role and agent.vapi_assistant_id is not null
  );
  -- The worker goes on with those that have one, so that what was deleted here is gone there as well; the
  -- others' first assistant queues it again.
  if v_missing is not null and (
    v_started_by = 'request' or jsonb_array_length(v_missing) = jsonb_array_length(v_state #> '{sync,assistant_roles}')
  ) then
    update public.knowledge_syncs as sync
    set due_at = null,
        state = 'failed',
        error = format(
          'Cannot sync the knowledge base: no assistant at Vapi yet for %s',
          (select string_agg(role, ' and ') from jsonb_array_elements_text(v_missing) as role)
        )
    where sync.org_id = v_org_id and v_started_by = 'worker' and sync.state <> 'running';
    return jsonb_build_object('code', 'agents_missing', 'roles', v_missing);
  end if;

  v_lease := private.claim_lease(v_org_id, v_resource, v_holder, (request ->> 'lease_seconds')::integer);
  if v_lease.fencing_token is null and request ->> 'claim_id' is not null then
    v_lease.fencing_token := private.repeat_claim(v_org_id, v_resource, v_holder);
  end if;
  if v_lease.fencing_token is null then
    select * into v_sync from public.knowledge_syncs as sync where sync.org_id = v_org_id;
    return jsonb_build_object(
      'code', 'held', 'sync_id', v_sync.sync_id,
      'retry_after_seconds', private.lease_retry_after_seconds(v_org_id, v_resource)
    );
  end if;

  insert into public.knowledge_syncs (org_id) values (v_org_id) on conflict (org_id) do nothing;
  select * into strict v_sync from public.knowledge_syncs as sync where sync.org_id = v_org_id for update;
  -- Again, now that nobody else syncs it.
  v_state := private.read_knowledge_sync_state(v_org_id, v_tool_name, v_roles);
  if v_state ->> 'code' <> 'read' then
    perform private.release_lease(v_org_id, v_resource, v_lease.fencing_token);
    return v_state;
  end if;
  v_seconds := extract(epoch from clock_timestamp() - v_sync.finished_at);
  if v_sync.attempted_hash = v_state ->> 'hash' and v_sync.state <> 'running' then
    if v_started_by = 'request' and v_seconds < 60 then
      perform private.release_lease(v_org_id, v_resource, v_lease.fencing_token);
      return jsonb_build_object('code', 'too_soon', 'retry_after_seconds', greatest(1, ceil(60 - v_seconds)::integer));
    end if;
    v_verify := v_seconds >= 72000;
    if v_started_by = 'worker' and v_sync.last_synced_at = v_sync.finished_at and not v_verify then
      perform private.release_lease(v_org_id, v_resource, v_lease.fencing_token);
      update public.knowledge_syncs as sync
      set due_at = case when private.is_watched_at_vapi(sync) then sync.finished_at + interval '1 day' end, state = 'synced'
      where sync.org_id = v_org_id;
      return jsonb_build_object('code', 'unchanged');
    end if;
  end if;

  -- Whoever had it before and did not finish.
  update public.kb_sync_log as log
  set state = 'interrupted', completed_at = clock_timestamp()
  where log.org_id = v_org_id and log.state = 'running' and log.id = v_sync.sync_id;
  delete from public.kb_sync_log as log
  where log.org_id = v_org_id and log.started_at < now() - interval '90 days';
  insert into public.kb_sync_log (org_id, started_by, actor, request_id)
  values (v_org_id, v_started_by, private.current_actor(), coalesce(request ->> 'request_id', 'unknown'))
  returning id into v_sync.sync_id;
  update public.knowledge_syncs as sync
  set state = 'running',
      sync_id = v_sync.sync_id,
      progress = '{}',
      tool_name = v_state #>> '{sync,tool_name}',
      assistant_roles = private.text_array(v_state #> '{sync,assistant_roles}'),
      -- Should this holder die, the worker goes on when its lease is over.
      due_at = clock_timestamp() + make_interval(secs => (request ->> 'lease_seconds')::integer)
  where sync.org_id = v_org_id;
  return v_state || jsonb_build_object(
    'code', 'claimed', 'fencing_token', v_lease.fencing_token, 'sync_id', v_sync.sync_id, 'verify', v_verify
  );
end
$$;
revoke all on function public.claim_knowledge_sync(jsonb) from public, anon, authenticated;
grant execute on function public.claim_knowledge_sync(jsonb) to service_role;

-- Locks the lease, counts the calls, moves on what runs out. False: somebody else has it.
create function private.keep_knowledge_sync(p_org_id uuid, p_fencing_token bigint, p_provider_calls jsonb, p_progress jsonb)
returns boolean
language plpgsql set search_path = '' as $$
declare
  v_lease constant text := private.lock_lease(p_org_id, 'knowledge_sync', p_fencing_token);
begin
  perform set_config('app.actor', 'system', true);
  perform private.record_provider_calls(p_org_id, coalesce(nullif(p_provider_calls, 'null'), '[]'));
  if v_lease <> 'held' then
    return false;
  end if;
  perform private.extend_lease(p_org_id, 'knowledge_sync', p_fencing_token);
  update public.knowledge_syncs as sync
  set due_at = (
        select lease.expires_at from public.leases as lease
        where lease.org_id = p_org_id and lease.resource = 'knowledge_sync'
      ),
      progress = sync.progress || coalesce(nullif(p_progress, 'null'), '{}')
  where sync.org_id = p_org_id;
  return true;
end
$$;
revoke all on function private.keep_knowledge_sync(uuid, bigint, jsonb, jsonb) from public, anon, authenticated;
grant execute on function private.keep_knowledge_sync(uuid, bigint, jsonb, jsonb) to service_role;

-- {org_id, fencing_token, key_fingerprint, content_hashes} -> 'intended' {files: [{id, content_hash, title,
-- content}], calls_left, wait_seconds} | 'lease_lost'. Written before the uploads; what is no longer wanted
-- is left out. A file that failed before is intended anew.
create function public.intend_knowledge_files(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_hashes constant text[] := private.text_array(request -> 'content_hashes');
begin
  if not private.keep_knowledge_sync(v_org_id, (request ->> 'fencing_token')::bigint, '[]', '{}') then
    return jsonb_build_object('code', 'lease_lost');
  end if;
  insert into public.knowledge_files as file (org_id, content_hash, key_fingerprint)
  select v_org_id, document.content_hash, request ->> 'key_fingerprint'
  from public.knowledge_base as document
  where document.org_id = v_org_id and document.active and document.content_hash = any (v_hashes)
  on conflict (org_id, content_hash) do update set
    key_fingerprint = excluded.key_fingerprint, state = 'intended', vapi_file_id = null, error = null,
    intended_at = clock_timestamp(), uploaded_at = null;
  return jsonb_build_object('code', 'intended', 'files', (
    select coalesce(jsonb_agg(jsonb_build_object(
      'id', file.id, 'content_hash', file.content_hash, 'title', document.title, 'content', document.content
    ) order by file.id), '[]')
    from public.knowledge_base as document
    join public.knowledge_files as file
      on file.org_id = document.org_id and file.content_hash = document.content_hash
    where document.org_id = v_org_id and document.active and document.content_hash = any (v_hashes)
  )) || private.knowledge_calls_left(v_org_id);
end
$$;
revoke all on function public.intend_knowledge_files(jsonb) from public, anon, authenticated;
grant execute on function public.intend_knowledge_files(jsonb) to service_role;

-- {org_id, fencing_token, files: [{id, vapi_file_id, state, error, key_fingerprint}], forgotten: [id],
-- progress, provider_calls} -> 'recorded' {calls_left, wait_seconds} | 'lease_lost'.
create function public.record_knowledge_files(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
begin
  if not private.keep_knowledge_sync(
    v_org_id, (request ->> 'fencing_token')::bigint, request -> 'provider_calls', request -> 'progress'
  ) then
    return jsonb_build_object('code', 'lease_lost');
  end if;
  update public.knowledge_files as file
  set vapi_file_id = seen.vapi_file_id,
      state = seen.state,
      error = seen.error,
      key_fingerprint = seen.key_fingerprint,
      uploaded_at = case when seen.vapi_file_id is not null then coalesce(file.uploaded_at, clock_timestamp()) end
  from jsonb_to_recordset(request -> 'files')
    as seen (id uuid, vapi_file_id text, state text, error text, key_fingerprint text)
  where file.org_id = v_org_id and file.id = seen.id;
  delete from public.knowledge_files as file
  where file.org_id = v_org_id and file.id = any (private.text_array(request -> 'forgotten')::uuid[]);
  return jsonb_build_object('code', 'recorded') || private.knowledge_calls_left(v_org_id);
end
$$;
revoke all on function public.record_knowledge_files(jsonb) from public, anon, authenticated;
grant execute on function public.record_knowledge_files(jsonb) to service_role;

-- {org_id, fencing_token} -> 'recorded' {previous_intent_at|null, intended_at} | 'lease_lost'. Written before
-- the tool is made: should the answer be lost, one of ours made since then may exist.
create function public.intend_knowledge_tool(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_previous timestamptz;
  v_intended_at constant timestamptz := clock_timestamp();
begin
  if not private.keep_knowledge_sync(v_org_id, (request ->> 'fencing_token')::bigint, '[]', '{}') then
    return jsonb_build_object('code', 'lease_lost');
  end if;
  select sync.tool_intended_at into v_previous
  from public.knowledge_syncs as sync where sync.org_id = v_org_id for update;
  update public.knowledge_syncs as sync
  set tool_intended_at = coalesce(v_previous, v_intended_at)
  where sync.org_id = v_org_id;
  return jsonb_build_object('code', 'recorded', 'previous_intent_at', v_previous, 'intended_at', v_intended_at);
end
$$;
revoke all on function public.intend_knowledge_tool(jsonb) from public, anon, authenticated;
grant execute on function public.intend_knowledge_tool(jsonb) to service_role;

-- {org_id, fencing_token, tool_id|null, tool_hash|null, key_fingerprint, retired_tool_ids, provider_calls} ->
-- 'recorded' | 'lease_lost'. From here on the agents' syncs attach it, and take the retired ones away.
create function public.record_knowledge_tool(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
begin
  if not private.keep_knowledge_sync(
    v_org_id, (request ->> 'fencing_token')::bigint, request -> 'provider_calls', '{}'
  ) then
    return jsonb_build_object('code', 'lease_lost');
  end if;
  update public.knowledge_syncs as sync
  set tool_id = request ->> 'tool_id',
      tool_hash = request ->> 'tool_hash',
      key_fingerprint = request ->> 'key_fingerprint',
      retired_tool_ids = coalesce(private.text_array(request -> 'retired_tool_ids'), '{}'),
      tool_intended_at = null
  where sync.org_id = v_org_id;
  return jsonb_build_object('code', 'recorded');
end
$$;
revoke all on function public.record_knowledge_tool(jsonb) from public, anon, authenticated;
grant execute on function public.record_knowledge_tool(jsonb) to service_role;

-- {org_id, fencing_token, retired_tool_ids, provider_calls} -> 'recorded' | 'lease_lost': those that are left.
create function public.record_retired_tools(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
begin
  if not private.keep_knowledge_sync(
    v_org_id, (request ->> 'fencing_token')::bigint, request -> 'provider_calls', '{}'
  ) then
    return jsonb_build_object('code', 'lease_lost');
  end if;
  update public.knowledge_syncs as sync
  set retired_tool_ids = coalesce(private.text_array(request -> 'retired_tool_ids'), '{}')
  where sync.org_id = v_org_id;
  return jsonb_build_object('code', 'recorded');
end
$$;
revoke all on function public.record_retired_tools(jsonb) from public, anon, authenticated;
grant execute on function public.record_retired_tools(jsonb) to service_role;

-- {org_id, fencing_token, sync_id, request_id, hash, outcome, counts, error|null, duration_ms, unfinished,
-- progressed, retry, again_allowed, provider_calls} -> 'recorded' {again} | 'lease_lost'. `again`: what is wanted moved
-- meanwhile; the lease is kept and the holder goes round once more. `unfinished`: the worker goes on, at once
-- where the sync `progressed`; without that, and with `retry`, it tries again after a pause, at most eight
-- times in a row. Then the files that never got there have failed, and a person is told.
create function public.finish_knowledge_sync(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_fencing_token constant bigint := (request ->> 'fencing_token')::bigint;
  v_sync_id constant uuid := (request ->> 'sync_id')::uuid;
  v_outcome constant text := request ->> 'outcome';
  v_unfinished constant boolean := coalesce((request ->> 'unfinished')::boolean, false);
  v_goes_on constant boolean := v_unfinished and coalesce((request ->> 'progressed')::boolean, false);
  v_retry constant boolean := coalesce((request ->> 'retry')::boolean, false) or v_unfinished and not v_goes_on;
  v_lease constant text := private.lock_lease(v_org_id, 'knowledge_sync', v_fencing_token);
  v_now constant timestamptz := clock_timestamp();
  v_sync public.knowledge_syncs;
  v_state jsonb;
  v_changed boolean;
  v_again boolean;
  v_failures integer;
  v_gives_up boolean;
begin
  perform set_config('app.actor', 'system', true);
  if v_outcome not in ('succeeded', 'partially_succeeded', 'failed') then
    raise exception 'Cannot finish a knowledge base sync: "%" is not an outcome', v_outcome
      using errcode = 'invalid_parameter_value';
  end if;
  if v_lease = 'released' then
    return jsonb_build_object('code', 'recorded', 'again', false);
  end if;
  perform private.record_provider_calls(v_org_id, request -> 'provider_calls');
  if v_lease = 'lost' then
    return jsonb_build_object('code', 'lease_lost');
  end if;

  -- What each document is to Vapi: the file of its text, or the one before it while that isn't ready. Before the row below is locked: whoever saves a
  -- document locks them in this order.
  update public.knowledge_base as document
  set vapi_file_id = file.vapi_file_id, vapi_file_hash = file.content_hash
  from public.knowledge_base as same
  left join lateral (
    select ready.vapi_file_id, ready.content_hash
    from public.knowledge_files as ready
    where ready.org_id = v_org_id and ready.state = 'done' and same.active
      and ready.content_hash in (same.content_hash, same.vapi_file_hash)
    order by ready.content_hash = same.content_hash desc
    limit 1
  ) as file on true
  where same.org_id = v_org_id and document.org_id = same.org_id and document.id = same.id
    and (document.vapi_file_id, document.vapi_file_hash) is distinct from (file.vapi_file_id, file.content_hash);

  -- Whoever wants a sync waits for this lock or was waited for: what they changed is seen below.
  select * into strict v_sync from public.knowledge_syncs as sync where sync.org_id = v_org_id for update;
  v_state := private.read_knowledge_sync_state(v_org_id, null, null);
  v_changed := v_state ->> 'code' = 'read' and v_state ->> 'hash' <> request ->> 'hash';
  v_again := v_changed and v_outcome <> 'failed' and not v_unfinished
    and coalesce((request ->> 'again_allowed')::boolean, false);
  v_failures := case
    when v_goes_on or v_outcome = 'succeeded' and not v_unfinished or not v_retry then 0
    else v_sync.consecutive_failures + 1
  end;
  v_gives_up := v_failures > 8;
  if v_gives_up then
    update public.knowledge_files as file
    set state = 'failed', error = coalesce(file.error, 'Vapi did not take the file')
    where file.org_id = v_org_id and file.state = 'intended';
  end if;

  update public.knowledge_syncs as sync
  set state = case
        when v_again then 'running'
        when v_unfinished and not v_gives_up or v_changed then 'queued'
        when v_outcome = 'succeeded' then 'synced'
        when v_outcome = 'partially_succeeded' then 'partially_synced'
        else 'failed'
      end,
      attempted_hash = case when v_unfinished and not v_gives_up then null else request ->> 'hash' end,
      due_at = case
        when v_again then sync.due_at
        when v_goes_on or v_changed then v_now
        when v_retry and not v_gives_up then v_now + private.backoff(v_failures)
        -- Looked at once a day: a tool that was deleted there makes calls fail.
        -- So is what an upload whose answer was lost may have made since.
        when v_outcome <> 'failed' and private.is_watched_at_vapi(v_sync) then v_now + interval '1 day' * (0.9 + 0.2 * random())
      end,
      progress = '{}',
      consecutive_failures = v_failures,
      error = left(request ->> 'error', 2000),
      finished_at = v_now,
      last_synced_at = case when v_outcome = 'succeeded' and not v_unfinished then v_now else sync.last_synced_at end
  where sync.org_id = v_org_id;

  if v_gives_up then
    perform public.raise_alert(jsonb_build_object(
      'org_id', v_org_id, 'rule', 'knowledge_sync_failed', 'severity', 'warning',
      'message', format(
        'Cannot bring the knowledge base to Vapi: %s attempts in a row failed, a change or a request tries again',
        v_failures
      ),
      'details', jsonb_build_object('error', request ->> 'error')
    ));
  elsif v_outcome = 'succeeded' and not v_unfinished then
    perform public.resolve_alert(jsonb_build_object('org_id', v_org_id, 'rule', 'knowledge_sync_failed', 'dedupe_key', ''));
  end if;

  update public.kb_sync_log as log
  set state = v_outcome, completed_at = v_now, counts = coalesce(nullif(request -> 'counts', 'null'), '{}'),
      error = left(request ->> 'error', 2000), duration_ms = (request ->> 'duration_ms')::integer
  where log.org_id = v_org_id and log.id = v_sync_id;
  perform private.record_event(
    v_org_id, 'knowledge_sync', v_outcome, request ->> 'request_id', (request ->> 'duration_ms')::numeric,
    coalesce(nullif(request -> 'counts', 'null'), '{}') || jsonb_build_object('error', request ->> 'error', 'sync_id', v_sync_id)
      || case when v_goes_on then '{"goes_on": true}'::jsonb else '{}' end
  );
  if v_again then
    perform private.extend_lease(v_org_id, 'knowledge_sync', v_fencing_token);
  else
    perform private.release_lease(v_org_id, 'knowledge_sync', v_fencing_token);
  end if;
  return jsonb_build_object('code', 'recorded', 'again', v_again);
end
$$;
revoke all on function public.finish_knowledge_sync(jsonb) from public, anon, authenticated;
grant execute on function public.finish_knowledge_sync(jsonb) to service_role;

-- {org_id} -> 'read' {sync|null, pending, log}: how it stands, what has changed since, the last ten syncs.
create function public.read_knowledge_sync_status(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_state constant jsonb := private.read_knowledge_sync_state(v_org_id, null, null);
begin
  return jsonb_build_object(
    'code', 'read',
    'connected', v_state ->> 'code' = 'read',
    'sync', (
      select to_jsonb(sync) - 'retired_tool_ids' - 'tool_hash' - 'key_fingerprint' - 'attempted_hash' || jsonb_build_object(
        'changed', coalesce(sync.attempted_hash <> v_state ->> 'hash', true)
      )
      from public.knowledge_syncs as sync where sync.org_id = v_org_id
    ),
    'documents', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'id', document.id, 'title', document.title, 'vapi_file_id', file.vapi_file_id,
        'state', coalesce(file.state, 'waiting'), 'error', file.error
      ) order by document.id), '[]')
      from public.knowledge_base as document
      left join public.knowledge_files as file
        on file.org_id = document.org_id and file.content_hash = document.content_hash
      where document.org_id = v_org_id and document.active and document.content_hash is not null
    ),
    'log', (
      select coalesce(jsonb_agg(to_jsonb(recent) order by recent.started_at desc), '[]')
      from (
        select log.id, log.started_by, log.actor, log.request_id, log.state, log.counts, log.error,
          log.duration_ms, log.started_at, log.completed_at
        from public.kb_sync_log as log
        where log.org_id = v_org_id
        order by log.started_at desc
        limit 10
      ) as recent
    )
  );
end
$$;
revoke all on function public.read_knowledge_sync_status(jsonb) from public, anon, authenticated;
grant execute on function public.read_knowledge_sync_status(jsonb) to service_role;
