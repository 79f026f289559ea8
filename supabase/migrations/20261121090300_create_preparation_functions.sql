-- What the worker does with versions that wait in Storage: read them page by page, then make them the
-- searchable one. Each step says where it stood, so that doing it twice, or after somebody else, does nothing.

-- Gives a version up. A document that has no other is 'failed'; one that has stays searchable, and says why
-- its newest text isn't.
create function private.fail_version(
  p_org_id uuid,
  p_document_id uuid,
  p_version integer,
  p_error_code text,
  p_error text
) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_document public.knowledge_base;
begin
  update public.knowledge_base_versions as version
  set state = 'failed', failed_at = clock_timestamp(), content = null, error_code = p_error_code,
      error = left(p_error, 1000)
  where version.org_id = p_org_id and version.document_id = p_document_id and version.version = p_version
    and version.state = 'queued';
  if not found then
    return false;
  end if;
  update public.knowledge_base as document
  set state = case when document.version is null then 'failed' else document.state end,
      failed_at = clock_timestamp(),
      error_code = p_error_code,
      error = left(p_error, 1000)
  where document.org_id = p_org_id and document.id = p_document_id and document.state <> 'deleted'
  returning * into v_document;
  if v_document.id is not null then
    perform private.log_knowledge_change(v_document, 'failed', null, jsonb_build_object(
      'version', p_version, 'hash_before', v_document.content_hash, 'error', concat_ws(': ', p_error_code, p_error)
    ));
  end if;
  return true;
end
$$;
revoke all on function private.fail_version(uuid, uuid, integer, text, text) from public, anon, authenticated;
grant execute on function private.fail_version(uuid, uuid, integer, text, text) to service_role;

-- {org_id, document_id, version, outcome: 'uploaded' | 'failed', error|null} -> 'recorded' | 'gone': nobody will read
-- it, and what was uploaded may go. Uploaded, it is queued to be read.
create function public.record_knowledge_upload(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_version public.knowledge_base_versions;
begin
  perform set_config('app.actor', coalesce(nullif(request ->> 'user_id', ''), 'system'), true);
  if request ->> 'outcome' = 'failed' then
    return jsonb_build_object('code', case
      when private.fail_version(
        (request ->> 'org_id')::uuid, (request ->> 'document_id')::uuid, (request ->> 'version')::integer,
        'upload_failed', request ->> 'error'
      ) then 'recorded' else 'gone'
    end);
  end if;
  update public.knowledge_base_versions as version
  set uploaded_at = coalesce(version.uploaded_at, clock_timestamp())
  where version.org_id = (request ->> 'org_id')::uuid
    and version.document_id = (request ->> 'document_id')::uuid
    and version.version = (request ->> 'version')::integer
    and version.state = 'queued'
  returning * into v_version;
  if not found then
    -- Read already, where the answer to an earlier call was lost.
    return jsonb_build_object('code', case when exists (
      select 1 from public.knowledge_base_versions as version
      where version.org_id = (request ->> 'org_id')::uuid
        and version.document_id = (request ->> 'document_id')::uuid
        and version.version = (request ->> 'version')::integer
        and version.state = 'indexed'
    ) then 'recorded' else 'gone' end);
  end if;
  perform private.queue_preparation(v_version);
  return jsonb_build_object('code', 'recorded');
end
$$;
revoke all on function public.record_knowledge_upload(jsonb) from public, anon, authenticated;
grant execute on function public.record_knowledge_upload(jsonb) to service_role;

-- {org_id, document_id, version} -> 'read' {storage_path, file_name, mime_type, next_page|null, content} | 'gone'.
create function public.read_knowledge_version(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_version public.knowledge_base_versions;
begin
  select * into v_version
  from public.knowledge_base_versions as version
  where version.org_id = (request ->> 'org_id')::uuid
    and version.document_id = (request ->> 'document_id')::uuid
    and version.version = (request ->> 'version')::integer
    and version.state = 'queued'
    and version.uploaded_at is not null;
  if not found then
    return jsonb_build_object('code', 'gone');
  end if;
  return jsonb_build_object(
    'code', 'read', 'storage_path', v_version.storage_path, 'file_name', v_version.file_name,
    'mime_type', v_version.mime_type, 'next_page', v_version.next_page, 'content', coalesce(v_version.content, '')
  );
end
$$;
revoke all on function public.read_knowledge_version(jsonb) from public, anon, authenticated;
grant execute on function public.read_knowledge_version(jsonb) to service_role;

-- {org_id, document_id, version, first_page, next_page|null, page_count, content} -> 'recorded' | 'gone'.
-- `content` is everything read so far. Pages that somebody recorded already are 'gone'; what is left to read
-- is queued.
create function public.record_knowledge_pages(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_version public.knowledge_base_versions;
begin
  update public.knowledge_base_versions as version
  set content = request ->> 'content',
      next_page = (request ->> 'next_page')::integer,
      page_count = (request ->> 'page_count')::integer
  where version.org_id = (request ->> 'org_id')::uuid
    and version.document_id = (request ->> 'document_id')::uuid
    and version.version = (request ->> 'version')::integer
    and version.state = 'queued'
    and version.next_page = (request ->> 'first_page')::integer
  returning * into v_version;
  if not found then
    return jsonb_build_object('code', 'gone');
  end if;
  if v_version.next_page is not null then
    perform private.queue_preparation(v_version);
  end if;
  return jsonb_build_object('code', 'recorded');
end
$$;
revoke all on function public.record_knowledge_pages(jsonb) from public, anon, authenticated;
grant execute on function public.record_knowledge_pages(jsonb) to service_role;

-- {org_id, document_id, version, content, content_hash, chunks, embed} -> 'indexed' | 'gone' | 'duplicate'
-- {document}: then the version is given up, since another document has its text.
create function public.index_knowledge_version(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_id constant uuid := (request ->> 'document_id')::uuid;
  v_version constant integer := (request ->> 'version')::integer;
  v_document public.knowledge_base;
  v_result jsonb;
begin
  perform set_config('app.actor', 'system', true);
  v_result := private.index_version(v_org_id, v_id, v_version, request);
  if v_result ->> 'code' = 'duplicate' then
    perform private.fail_version(
      v_org_id, v_id, v_version, 'duplicate',
      format('Document "%s" has the same text', v_result #>> '{document,id}')
    );
    return v_result;
  elsif v_result ->> 'code' = 'gone' then
    return v_result;
  end if;
  select * into strict v_document from public.knowledge_base as document where document.id = v_id;
  perform private.log_knowledge_change(v_document, 'indexed', null, jsonb_build_object(
    'version', v_version, 'hash_before', v_result ->> 'hash_before', 'hash_after', v_document.content_hash,
    'changed', v_result -> 'changed'
  ));
  perform private.note_knowledge_change(v_org_id);
  return jsonb_build_object('code', 'indexed');
end
$$;
revoke all on function public.index_knowledge_version(jsonb) from public, anon, authenticated;
grant execute on function public.index_knowledge_version(jsonb) to service_role;

-- {org_id, document_id, version, error_code, error} -> 'recorded' | 'gone'.
create function public.fail_knowledge_version(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
begin
  perform set_config('app.actor', 'system', true);
  return jsonb_build_object('code', case
    when private.fail_version(
      (request ->> 'org_id')::uuid, (request ->> 'document_id')::uuid, (request ->> 'version')::integer,
      request ->> 'error_code', request ->> 'error'
    ) then 'recorded' else 'gone'
  end);
end
$$;
revoke all on function public.fail_knowledge_version(jsonb) from public, anon, authenticated;
grant execute on function public.fail_knowledge_version(jsonb) to service_role;

-- Versions that nobody is reading; one whose reading or whose upload never ended is given up. A version is
-- queued when its upload ends, so this is for what was lost on the way: those that wait longest, a thousand
-- a time. Both queries follow an index in its order, whatever the statistics know of the backlog.
create function private.queue_due_prepare_knowledge() returns integer
language plpgsql set search_path = '' set enable_sort = off set enable_seqscan = off set jit = off set enable_bitmapscan = off as $$
declare
  v_version public.knowledge_base_versions;
  v_count integer := 0;
  v_dead_error text;
begin
  for v_version in
    select *
    from public.knowledge_base_versions as version
    where version.state = 'queued'
      -- What has just been queued is being worked on.
      and (version.uploaded_at is not null or version.queued_at < now() - interval '15 minutes')
    order by version.queued_at
    limit 1000
  loop
    if v_version.uploaded_at is null then
      if v_version.queued_at < now() - interval '15 minutes' then
        perform private.fail_version(
          v_version.org_id, v_version.document_id, v_version.version, 'upload_failed', 'The upload was interrupted'
        );
      end if;
      continue;
    end if;
    select job.last_error into v_dead_error
    from public.background_jobs as job
    where job.org_id = v_version.org_id
      and job.kind = 'prepare_knowledge'
      and job.dedupe_key = concat_ws(':', v_version.document_id, v_version.version, v_version.next_page)
      and job.state = 'dead_lettered'
    limit 1;
    if found then
      perform private.fail_version(
        v_version.org_id, v_version.document_id, v_version.version, 'unreadable', v_dead_error
      );
    elsif private.queue_preparation(v_version) then
      v_count := v_count + 1;
    end if;
  end loop;
  return v_count;
end
$$;
revoke all on function private.queue_due_prepare_knowledge() from public, anon, authenticated;
grant execute on function private.queue_due_prepare_knowledge() to service_role;

-- {limit} -> 'listed' {files: [{org_id, document_id, version, storage_path}]}: what nobody needs in Storage. A
-- file that a dashboard had put there itself is its own to remove, and one that may still be on its way there is
-- waited for: forgotten now, it would stay.
create function public.list_knowledge_leftovers(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('code', 'listed', 'files', coalesce((
    select jsonb_agg(to_jsonb(leftover))
    from (
      select version.org_id, version.document_id, version.version, version.storage_path
      from public.knowledge_base_versions as version
      where version.storage_path is not null
        and version.state in ('failed', 'superseded')
        and version.source <> 'storage'
        and (version.uploaded_at is not null or version.queued_at < now() - interval '15 minutes')
      limit least(greatest((request ->> 'limit')::integer, 1), 500)
    ) as leftover
  ), '[]'));
end
$$;
revoke all on function public.list_knowledge_leftovers(jsonb) from public, anon, authenticated;
grant execute on function public.list_knowledge_leftovers(jsonb) to service_role;

-- {files: [{org_id, document_id, version}]} -> 'forgotten'.
create function public.forget_knowledge_leftovers(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
begin
  update public.knowledge_base_versions as version
  set storage_path = null
  from jsonb_to_recordset(request -> 'files') as removed (org_id uuid, document_id uuid, version integer)
  where version.org_id = removed.org_id
    and version.document_id = removed.document_id
    and version.version = removed.version
    and version.state in ('failed', 'superseded');
  return jsonb_build_object('code', 'forgotten');
end
$$;
revoke all on function public.forget_knowledge_leftovers(jsonb) from public, anon, authenticated;
grant execute on function public.forget_knowledge_leftovers(jsonb) to service_role;

create function private.queue_due_clean_knowledge() returns integer
language plpgsql set search_path = '' as $$
begin
  if jsonb_array_length(public.list_knowledge_leftovers('{"limit": 1}') -> 'files') = 0 then
    return 0;
  end if;
  return private.queue_job('clean_knowledge', null, 'all', '{}')::integer;
end
$$;
revoke all on function private.queue_due_clean_knowledge() from public, anon, authenticated;
grant execute on function private.queue_due_clean_knowledge() to service_role;
