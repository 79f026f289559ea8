-- What a dashboard does with documents. Each call is one transaction with its line in the changelog.

-- A version's number and row; whatever was being prepared before it is given up. p_input: {source,
-- source_address, file_name, mime_type, storage_path, source_hash, next_page, page_count, read}: with a page to
-- go on at, it waits in Storage to be read to its end; where it has no path yet, it gets one and is to be
-- uploaded there.
create function private.add_version(p_document public.knowledge_base, p_changes jsonb, p_input jsonb)
returns public.knowledge_base_versions
language plpgsql set search_path = '' as $$
declare
  v_version public.knowledge_base_versions;
  v_number constant integer := p_document.last_version + 1;
  v_is_read_later constant boolean := p_input ->> 'next_page' is not null;
begin
  update public.knowledge_base_versions as version
  set state = 'superseded', superseded_at = clock_timestamp(), content = null
  where version.org_id = p_document.org_id and version.document_id = p_document.id and version.state = 'queued';
  update public.knowledge_base as document
  set last_version = v_number,
      state = case when document.version is null then 'queued' else document.state end,
      queued_at = clock_timestamp(),
      error_code = null,
      error = null
  where document.id = p_document.id;
  insert into public.knowledge_base_versions (
    org_id, document_id, version, source, source_address, file_name, mime_type, storage_path, uploaded_at,
    source_hash, next_page, page_count, content, changes, created_by
  ) values (
    p_document.org_id, p_document.id, v_number, p_input ->> 'source', p_input ->> 'source_address',
    p_input ->> 'file_name', p_input ->> 'mime_type',
    case when v_is_read_later then
      coalesce(p_input ->> 'storage_path', concat_ws('/', p_document.org_id, p_document.id, v_number))
    end,
    case when p_input ->> 'storage_path' is not null then clock_timestamp() end,
    p_input ->> 'source_hash', (p_input ->> 'next_page')::integer, (p_input ->> 'page_count')::integer,
    case when v_is_read_later then p_input ->> 'read' end, coalesce(nullif(p_changes, 'null'), '{}'),
    private.current_actor()
  )
  returning * into v_version;
  if v_version.uploaded_at is not null and v_is_read_later then
    perform private.queue_preparation(v_version);
  end if;
  return v_version;
end
$$;
revoke all on function private.add_version(public.knowledge_base, jsonb, jsonb) from public, anon, authenticated;
grant execute on function private.add_version(public.knowledge_base, jsonb, jsonb) to service_role;

-- A job for each stretch of pages: the page is part of its name, so that one queues the next.
create function private.queue_preparation(p_version public.knowledge_base_versions) returns boolean
language plpgsql set search_path = '' as $$
begin
  return private.queue_job(
    'prepare_knowledge', p_version.org_id,
    concat_ws(':', p_version.document_id, p_version.version, p_version.next_page),
    jsonb_build_object('document_id', p_version.document_id, 'version', p_version.version)
  );
end
$$;
revoke all on function private.queue_preparation(public.knowledge_base_versions) from public, anon, authenticated;
grant execute on function private.queue_preparation(public.knowledge_base_versions) to service_role;

-- One file, one at a time: the second of two that come at once waits, and then finds the first.
create function private.lock_source(p_org_id uuid, p_version jsonb) returns void
language plpgsql set search_path = '' as $$
begin
  if p_version ->> 'source_hash' is not null then
    perform pg_advisory_xact_lock(hashtextextended(concat_ws(':', p_org_id, p_version ->> 'source_hash'), 0));
  end if;
end
$$;
revoke all on function private.lock_source(uuid, jsonb) from public, anon, authenticated;
grant execute on function private.lock_source(uuid, jsonb) to service_role;

-- The document of the organization that has this text, or was made from this very file.
create function private.find_duplicate(p_org_id uuid, p_version jsonb, p_except uuid default null)
returns public.knowledge_base
language plpgsql stable set search_path = '' as $$
declare
  v_document public.knowledge_base;
begin
  select * into v_document
  from public.knowledge_base as document
  where document.org_id = p_org_id
    and document.content_hash = p_version ->> 'content_hash'
    and document.id is distinct from p_except;
  if found then
    return v_document;
  end if;
  select document.* into v_document
  from public.knowledge_base_versions as version
  join public.knowledge_base as document on document.org_id = version.org_id and document.id = version.document_id
  where version.org_id = p_org_id
    and version.source_hash = p_version ->> 'source_hash'
    and version.version = document.last_version
    and version.state in ('queued', 'indexed')
    and document.state <> 'deleted'
    and document.id is distinct from p_except
  limit 1;
  return v_document;
end
$$;
revoke all on function private.find_duplicate(uuid, jsonb, uuid) from public, anon, authenticated;
grant execute on function private.find_duplicate(uuid, jsonb, uuid) to service_role;

-- {org_id, user_id, request_id, id, title, category, language|null, active, version: {source,
--  source_address|null, file_name|null, mime_type|null, source_hash|null, storage_path|null, next_page, page_count,
--  read} | {source, …, content, content_hash, chunks, embed}} ->
-- 'created' {document, upload_to|null} | 'duplicate' {document} | 'too_many' {limit}.
-- With its chunks it is searchable at once; with pages left it waits to be read, from what is to be uploaded
-- to `upload_to` where that isn't null. The id is the caller's, so that a repeated call finds what it made.
create function public.create_knowledge_document(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_input constant jsonb := request -> 'version';
  v_limit constant integer := 2000;
  v_document public.knowledge_base;
  v_version public.knowledge_base_versions;
  v_result jsonb;
begin
  perform set_config('app.actor', coalesce(nullif(request ->> 'user_id', ''), 'system'), true);
  select * into v_document
  from public.knowledge_base as document
  where document.org_id = v_org_id and document.id = (request ->> 'id')::uuid;
  if found then
    -- The answer of an earlier call was lost.
    return jsonb_build_object('code', 'created', 'document', private.describe_document(v_document), 'upload_to', (
      select version.storage_path
      from public.knowledge_base_versions as version
      where version.org_id = v_org_id and version.document_id = v_document.id and version.version = 1
        and version.state = 'queued' and version.uploaded_at is null
    ));
  end if;
  perform private.lock_source(v_org_id, v_input);
  v_document := private.find_duplicate(v_org_id, v_input);
  if v_document.id is not null then
    return jsonb_build_object('code', 'duplicate', 'document', private.describe_document(v_document));
  end if;
  if (
    select count(*) from public.knowledge_base as document
    where document.org_id = v_org_id and document.deleted_at is null
  ) >= v_limit then
    return jsonb_build_object('code', 'too_many', 'limit', v_limit);
  end if;

  insert into public.knowledge_base
    (id, org_id, title, category, language, source, source_address, file_name, active, created_by)
  values (
    (request ->> 'id')::uuid, v_org_id, request ->> 'title', request ->> 'category',
    coalesce(
      request ->> 'language',
      (select settings.language from public.organization_settings as settings where settings.org_id = v_org_id),
      'en'
    ),
    v_input ->> 'source', v_input ->> 'source_address', v_input ->> 'file_name',
    coalesce((request ->> 'active')::boolean, true), private.current_actor()
  )
  returning * into v_document;
  v_version := private.add_version(v_document, '{}', v_input);
  if v_input ? 'chunks' then
    v_result := private.index_version(v_org_id, v_document.id, v_version.version, v_input);
    if v_result ->> 'code' = 'duplicate' then
      -- Somebody stored the same text in this very moment.
      delete from public.knowledge_base as document where document.id = v_document.id;
      return v_result;
    end if;
    if v_document.active then
      perform private.note_knowledge_change(v_org_id);
    end if;
  end if;
  select * into strict v_document from public.knowledge_base as document where document.id = v_document.id;
  perform private.log_knowledge_change(v_document, 'created', request ->> 'request_id', jsonb_build_object(
    'version', v_version.version, 'hash_after', v_document.content_hash
  ));
  perform private.record_event(
    v_org_id, 'knowledge_create', 'succeeded', request ->> 'request_id', null,
    jsonb_build_object('document_id', v_document.id, 'source', v_document.source, 'state', v_document.state)
  );
  return jsonb_build_object(
    'code', 'created', 'document', private.describe_document(v_document),
    'upload_to', case when v_version.uploaded_at is null then v_version.storage_path end
  );
end
$$;
revoke all on function public.create_knowledge_document(jsonb) from public, anon, authenticated;
grant execute on function public.create_knowledge_document(jsonb) to service_role;

-- {org_id, user_id, request_id, id, if_match: revision|null, changes: {title?, category?, language?, active?},
--  version: as of create | null} ->
-- 'updated' {document, upload_to|null, changed} | 'not_found' | 'revision_mismatch' {revision} | 'duplicate' {document}.
-- Changes that come with a text that has yet to be read come into force with it, but for those that a later
-- call without a text has decided.
create function public.update_knowledge_document(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_input constant jsonb := nullif(request -> 'version', 'null');
  v_changes constant jsonb := coalesce(nullif(request -> 'changes', 'null'), '{}');
  v_before public.knowledge_base;
  v_document public.knowledge_base;
  v_version public.knowledge_base_versions;
  v_changed jsonb;
  v_is_new_text boolean;
  v_result jsonb;
begin
  perform set_config('app.actor', coalesce(nullif(request ->> 'user_id', ''), 'system'), true);
  select * into v_before
  from public.knowledge_base as document
  where document.org_id = v_org_id and document.id = (request ->> 'id')::uuid and document.state <> 'deleted'
  for update;
  if not found then
    return jsonb_build_object('code', 'not_found');
  elsif v_before.revision <> (request ->> 'if_match')::integer then
    return jsonb_build_object('code', 'revision_mismatch', 'revision', v_before.revision);
  end if;
  v_changed := private.list_document_changes(v_before, v_changes);
  if v_input is null then
    -- Whoever says it last is right: what waits with a text that has yet to be read may not undo it.
    update public.knowledge_base_versions as version
    set changes = version.changes - array(select jsonb_object_keys(v_changes))
    where version.org_id = v_org_id and version.document_id = v_before.id and version.state = 'queued';
  end if;
  v_is_new_text := v_input is not null
    and (v_input ->> 'content_hash' is distinct from v_before.content_hash or v_before.content_hash is null);
  if v_is_new_text then
    perform private.lock_source(v_org_id, v_input);
    v_document := private.find_duplicate(v_org_id, v_input, v_before.id);
    if v_document.id is not null then
      return jsonb_build_object('code', 'duplicate', 'document', private.describe_document(v_document));
    end if;
    v_version := private.add_version(v_before, v_changes, v_input);
    if v_input ? 'chunks' then
      v_result := private.index_version(v_org_id, v_before.id, v_version.version, v_input);
      if v_result ->> 'code' = 'duplicate' then
        perform private.fail_version(v_org_id, v_before.id, v_version.version, 'duplicate', null);
        return v_result;
      end if;
    end if;
  elsif v_input is not null and v_before.last_version > coalesce(v_before.version, 0) then
    -- Back to the text that is searchable: what was to replace it is given up.
    update public.knowledge_base_versions as version
    set state = 'superseded', superseded_at = clock_timestamp(), content = null
    where version.org_id = v_org_id and version.document_id = v_before.id and version.state = 'queued';
  end if;
  if not v_is_new_text and v_changed <> '{}' then
    perform private.change_document(v_before, v_changes);
  end if;

  select * into strict v_document from public.knowledge_base as document where document.id = v_before.id;
  if v_is_new_text or v_changed <> '{}' then
    perform private.log_knowledge_change(
      v_document,
      case when v_is_new_text and v_result is null then 'queued' else 'updated' end,
      request ->> 'request_id',
      jsonb_build_object(
        'version', coalesce(v_version.version, v_document.version), 'hash_before', v_before.content_hash,
        'hash_after', case when v_result is not null or not v_is_new_text then v_document.content_hash end,
        'changed', case when v_is_new_text and v_result is null then '{}' else v_changed end
      )
    );
    if v_document.revision <> v_before.revision and (v_document.active or v_before.active) then
      perform private.note_knowledge_change(v_org_id);
    end if;
  end if;
  perform private.record_event(
    v_org_id, 'knowledge_update', 'succeeded', request ->> 'request_id', null,
    jsonb_build_object('document_id', v_document.id, 'revision', v_document.revision, 'new_text', v_is_new_text)
  );
  return jsonb_build_object(
    'code', 'updated', 'document', private.describe_document(v_document), 'changed', v_is_new_text or v_changed <> '{}',
    'upload_to', case when v_version.uploaded_at is null then v_version.storage_path end
  );
end
$$;
revoke all on function public.update_knowledge_document(jsonb) from public, anon, authenticated;
grant execute on function public.update_knowledge_document(jsonb) to service_role;

-- Title, category, language and active of what is searchable, with the words of its chunks.
create function private.change_document(p_document public.knowledge_base, p_changes jsonb) returns void
language plpgsql set search_path = '' as $$
declare
  v_wanted public.knowledge_base := jsonb_populate_record(p_document, p_changes);
begin
  update public.knowledge_base as document
  set title = v_wanted.title, category = v_wanted.category, language = v_wanted.language, active = v_wanted.active
  where document.id = p_document.id;
  if (v_wanted.title, v_wanted.language) is distinct from (p_document.title, p_document.language) then
    update public.knowledge_base_chunks as chunk
    set fts = private.chunk_fts(chunk.org_id, v_wanted.language, v_wanted.title, chunk.heading_path, chunk.content)
    where chunk.org_id = p_document.org_id and chunk.document_id = p_document.id;
  end if;
end
$$;
revoke all on function private.change_document(public.knowledge_base, jsonb) from public, anon, authenticated;
grant execute on function private.change_document(public.knowledge_base, jsonb) to service_role;

-- {org_id, user_id, request_id, id, if_match: revision|null} -> 'deleted' | 'not_found' | 'revision_mismatch'
-- {revision}. Its text and chunks go now. Its row stays for whoever has to delete what Vapi has of it, and
-- its versions' files in Storage are found by the worker.
create function public.delete_knowledge_document(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_before public.knowledge_base;
begin
  perform set_config('app.actor', coalesce(nullif(request ->> 'user_id', ''), 'system'), true);
  select * into v_before
  from public.knowledge_base as document
  where document.org_id = v_org_id and document.id = (request ->> 'id')::uuid and document.state <> 'deleted'
  for update;
  if not found then
    return jsonb_build_object('code', 'not_found');
  elsif v_before.revision <> (request ->> 'if_match')::integer then
    return jsonb_build_object('code', 'revision_mismatch', 'revision', v_before.revision);
  end if;
  delete from public.knowledge_base_chunks as chunk
  where chunk.org_id = v_org_id and chunk.document_id = v_before.id;
  update public.knowledge_base_versions as version
  set state = 'superseded', superseded_at = clock_timestamp(), content = null
  where version.org_id = v_org_id and version.document_id = v_before.id and version.state in ('queued', 'indexed');
  update public.knowledge_base as document
  set state = 'deleted', deleted_at = clock_timestamp(), active = false, version = null, content = null,
      content_hash = null, chunk_count = 0, embedding_status = 'none', embedding_model = null, embedding_error = null,
      embedding_failed_at = null
  where document.id = v_before.id;
  perform private.log_knowledge_change(v_before, 'deleted', request ->> 'request_id', jsonb_build_object(
    'version', v_before.version, 'hash_before', v_before.content_hash
  ));
  perform private.record_event(
    v_org_id, 'knowledge_delete', 'succeeded', request ->> 'request_id', null,
    jsonb_build_object('document_id', v_before.id)
  );
  if v_before.active and v_before.version is not null then
    perform private.note_knowledge_change(v_org_id);
  end if;
  return jsonb_build_object('code', 'deleted');
end
$$;
revoke all on function public.delete_knowledge_document(jsonb) from public, anon, authenticated;
grant execute on function public.delete_knowledge_document(jsonb) to service_role;

-- {org_id, limit, before: {created_at, id}|null, category|null} -> 'listed' {documents, next: {created_at, id}|null},
-- newest first.
create function public.list_knowledge_documents(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_limit constant integer := least(greatest(coalesce((request ->> 'limit')::integer, 50), 1), 100);
  v_documents jsonb;
begin
  select coalesce(jsonb_agg(private.describe_document(page) order by page.created_at desc, page.id desc), '[]')
  into v_documents
  from (
    select *
    from public.knowledge_base as document
    where document.org_id = (request ->> 'org_id')::uuid
      and document.deleted_at is null
      and (document.category = request ->> 'category' or request ->> 'category' is null)
      and (document.created_at, document.id) < (
        coalesce((request #>> '{before,created_at}')::timestamptz, 'infinity'),
        coalesce((request #>> '{before,id}')::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
      )
    order by document.created_at desc, document.id desc
    limit v_limit + 1
  ) as page;
  if jsonb_array_length(v_documents) <= v_limit then
    return jsonb_build_object('code', 'listed', 'documents', v_documents, 'next', null);
  end if;
  return jsonb_build_object(
    'code', 'listed', 'documents', v_documents - v_limit,
    'next', jsonb_build_object(
      'created_at', v_documents -> (v_limit - 1) -> 'created_at', 'id', v_documents -> (v_limit - 1) -> 'id'
    )
  );
end
$$;
revoke all on function public.list_knowledge_documents(jsonb) from public, anon, authenticated;
grant execute on function public.list_knowledge_documents(jsonb) to service_role;

-- {org_id, id} -> 'read' {document, content|null} | 'not_found'.
create function public.read_knowledge_document(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_document public.knowledge_base;
begin
  select * into v_document
  from public.knowledge_base as document
  where document.org_id = (request ->> 'org_id')::uuid
    and document.id = (request ->> 'id')::uuid
    and document.deleted_at is null;
  if not found then
    return jsonb_build_object('code', 'not_found');
  end if;
  return jsonb_build_object(
    'code', 'read', 'document', private.describe_document(v_document), 'content', v_document.content
  );
end
$$;
revoke all on function public.read_knowledge_document(jsonb) from public, anon, authenticated;
grant execute on function public.read_knowledge_document(jsonb) to service_role;

-- {org_id, id, limit, before: {created_at, id}|null} -> 'read' {changes: [{id, action, actor, actor_email, version,
-- hash_before, hash_after, changed, error, request_id, created_at}], next|null}, newest first | 'not_found'. A
-- deleted document keeps its history.
create function public.read_knowledge_history(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_limit constant integer := least(greatest(coalesce((request ->> 'limit')::integer, 20), 1), 100);
  v_changes jsonb;
begin
  if not exists (
    select 1 from public.knowledge_base as document
    where document.org_id = v_org_id and document.id = (request ->> 'id')::uuid
  ) then
    return jsonb_build_object('code', 'not_found');
  end if;
  select coalesce(jsonb_agg(
    to_jsonb(page) - array['org_id', 'document_id']
      || jsonb_build_object('actor_email', private.email_of_actor(page.actor))
    order by page.created_at desc, page.id desc
  ), '[]') into v_changes
  from (
    select entry.*
    from public.knowledge_base_changelog as entry
    where entry.org_id = v_org_id
      and entry.document_id = (request ->> 'id')::uuid
      and (entry.created_at, entry.id) < (
        coalesce((request #>> '{before,created_at}')::timestamptz, 'infinity'),
        coalesce((request #>> '{before,id}')::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
      )
    order by entry.created_at desc, entry.id desc
    limit v_limit + 1
  ) as page;
  if jsonb_array_length(v_changes) <= v_limit then
    return jsonb_build_object('code', 'read', 'changes', v_changes, 'next', null);
  end if;
  return jsonb_build_object(
    'code', 'read', 'changes', v_changes - v_limit,
    'next', jsonb_build_object(
      'created_at', v_changes -> (v_limit - 1) -> 'created_at', 'id', v_changes -> (v_limit - 1) -> 'id'
    )
  );
end
$$;
revoke all on function public.read_knowledge_history(jsonb) from public, anon, authenticated;
grant execute on function public.read_knowledge_history(jsonb) to service_role;
