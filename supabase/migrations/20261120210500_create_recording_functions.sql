-- Recordings are copied from the provider into Storage, because the provider forgets them.

do $$
begin
  insert into storage.buckets (id, name, public, file_size_limit)
  values ('call-recordings', 'call-recordings', false, 209715200)
  on conflict (id) do nothing;
end
$$;

-- Objects are named <org_id>/<call id>: whoever may read the call may have a signed address for it.
create policy "members read the recordings of their organizations" on storage.objects
  for select to authenticated
  using (
    bucket_id = 'call-recordings'
    and (storage.foldername(name))[1] = any (
      (select private.my_organization_ids('member'))::text[]
    )
  );

-- The organizations that have something due, at most p_limit of them, from a random place on so that
-- none is always first. One index probe for each, whatever its backlog.
create function private.organizations_with_due_recordings(p_now timestamptz, p_limit integer)
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
    select upload.org_id, upload.due_at into v_org_id, v_due_at
    from public.recording_upload_queue as upload
    where upload.state = 'queued' and upload.org_id > v_org_id
    order by upload.org_id, upload.due_at
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
revoke all on function private.organizations_with_due_recordings(timestamptz, integer) from public, anon, authenticated;
grant execute on function private.organizations_with_due_recordings(timestamptz, integer) to service_role;

create function private.dead_letter_recording(p_id uuid, p_error text) returns void
language plpgsql set search_path = '' as $$
declare
  v_upload public.recording_upload_queue;
begin
  update public.recording_upload_queue as upload
  set state = 'dead_lettered', dead_lettered_at = clock_timestamp(), last_error = left(p_error, 2000)
  where upload.id = p_id
  returning * into strict v_upload;
  perform private.record_dead_letter(
    v_upload.org_id, 'job', 'recording:' || v_upload.vapi_call_id, p_error,
    jsonb_build_object('vapi_call_id', v_upload.vapi_call_id), v_upload.attempts
  );
end
$$;
revoke all on function private.dead_letter_recording(uuid, text) from public, anon, authenticated;
grant execute on function private.dead_letter_recording(uuid, text) to service_role;

-- {limit, lease_seconds, max_attempts} -> 'claimed' {recordings: [{id, org_id, vapi_call_id,
-- source_url, attempts, fencing_token}]}. An upload whose lease ran out is as good as one that waits,
-- until its attempts are spent.
create function public.claim_recordings(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_now constant timestamptz := clock_timestamp();
  v_limit constant integer := least(greatest((request ->> 'limit')::integer, 0), 100);
  v_lease constant interval := make_interval(secs => (request ->> 'lease_seconds')::double precision);
  v_max_attempts constant integer := (request ->> 'max_attempts')::integer;
  v_org_ids uuid[];
  v_ids uuid[];
  v_id uuid;
  v_claimed jsonb;
begin
  perform set_config('app.actor', 'system', true);
  v_org_ids := private.organizations_with_due_recordings(v_now, v_limit);
  if cardinality(v_org_ids) = 0 then
    return jsonb_build_object('code', 'claimed', 'recordings', '[]'::jsonb);
  end if;
  select array_agg(picked.id) into v_ids
  from (
    select upload.id
    from unnest(v_org_ids) as due (org_id)
    cross join lateral (
      select waiting.id, waiting.due_at
      from public.recording_upload_queue as waiting
      where waiting.org_id = due.org_id and waiting.state = 'queued' and waiting.due_at <= v_now
      order by waiting.due_at
      limit ceil(v_limit::numeric / cardinality(v_org_ids))::integer
      for update skip locked
    ) as upload
    limit v_limit
  ) as picked;

  for v_id in
    select upload.id
    from public.recording_upload_queue as upload
    where upload.id = any (v_ids) and upload.attempts >= v_max_attempts
  loop
    perform private.dead_letter_recording(v_id, 'The lease of the last attempt ran out');
    v_ids := array_remove(v_ids, v_id);
  end loop;

  -- By id alone: a condition that an index knows as well would have it read whole.
  with claimed as (
    update public.recording_upload_queue as upload
    set attempts = upload.attempts + 1,
        fencing_token = upload.fencing_token + 1,
        due_at = v_now + v_lease
    where upload.id = any (v_ids)
    returning upload.id, upload.org_id, upload.vapi_call_id, upload.source_url, upload.attempts,
      upload.fencing_token
  )
  select jsonb_agg(to_jsonb(claimed)) into v_claimed from claimed;
  return jsonb_build_object('code', 'claimed', 'recordings', coalesce(v_claimed, '[]'));
end
$$;
revoke all on function public.claim_recordings(jsonb) from public, anon, authenticated;
grant execute on function public.claim_recordings(jsonb) to service_role;

-- {id, fencing_token, outcome: 'uploaded' | 'failed' | 'refused', storage_path?, content_type?,
-- size_bytes?, error?, max_attempts} -> 'recorded' {state} | 'lease_lost'. What is refused (its host, its
-- size) would be refused again: it is given up at once.
create function public.record_recording(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_upload public.recording_upload_queue;
begin
  perform set_config('app.actor', 'system', true);
  select * into v_upload
  from public.recording_upload_queue as upload
  where upload.id = (request ->> 'id')::uuid
  for update;
  if not found or v_upload.fencing_token <> (request ->> 'fencing_token')::bigint then
    return jsonb_build_object('code', 'lease_lost');
  end if;
  if v_upload.state <> 'queued' then
    -- The answer of an earlier call was lost.
    return jsonb_build_object('code', 'recorded', 'state', v_upload.state);
  end if;

  if request ->> 'outcome' = 'uploaded' then
    update public.recording_upload_queue as upload set
      state = 'uploaded',
      uploaded_at = clock_timestamp(),
      storage_path = request ->> 'storage_path',
      content_type = request ->> 'content_type',
      size_bytes = (request ->> 'size_bytes')::bigint,
      last_error = null
    where upload.id = v_upload.id;
    update public.calls as content set recording_storage_path = request ->> 'storage_path'
    where content.org_id = v_upload.org_id and content.vapi_call_id = v_upload.vapi_call_id;
    return jsonb_build_object('code', 'recorded', 'state', 'uploaded');
  elsif request ->> 'outcome' = 'refused' or v_upload.attempts >= (request ->> 'max_attempts')::integer then
    perform private.dead_letter_recording(v_upload.id, coalesce(request ->> 'error', 'unknown'));
    return jsonb_build_object('code', 'recorded', 'state', 'dead_lettered');
  end if;

  update public.recording_upload_queue as upload set
    due_at = clock_timestamp() + private.backoff(v_upload.attempts),
    last_error = left(coalesce(request ->> 'error', 'unknown'), 2000)
  where upload.id = v_upload.id;
  return jsonb_build_object('code', 'recorded', 'state', 'queued');
end
$$;
revoke all on function public.record_recording(jsonb) from public, anon, authenticated;
grant execute on function public.record_recording(jsonb) to service_role;

-- {org_id, vapi_call_id} -> 'read' {storage_path} | 'not_stored' {state|null} | 'not_found'.
create function public.read_recording(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_content public.calls;
begin
  select * into v_content
  from public.calls as content
  where content.org_id = (request ->> 'org_id')::uuid and content.vapi_call_id = request ->> 'vapi_call_id';
  if not found then
    return jsonb_build_object('code', 'not_found');
  elsif v_content.recording_storage_path is null then
    return jsonb_build_object('code', 'not_stored', 'state', (
      select upload.state
      from public.recording_upload_queue as upload
      where upload.org_id = v_content.org_id and upload.vapi_call_id = v_content.vapi_call_id
    ));
  end if;
  return jsonb_build_object('code', 'read', 'storage_path', v_content.recording_storage_path);
end
$$;
revoke all on function public.read_recording(jsonb) from public, anon, authenticated;
grant execute on function public.read_recording(jsonb) to service_role;
