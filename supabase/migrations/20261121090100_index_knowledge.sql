-- How a version becomes the one that is searchable: its chunks, the swap, and what is said of it.

-- What PostgreSQL knows the grammar of; everything else, Kinyarwanda and Swahili among it, is taken word
-- by word.
create function private.text_search_config(p_language text) returns regconfig
language plpgsql immutable set search_path = '' as $$
begin
  return case split_part(lower(p_language), '-', 1)
    when 'ar' then 'pg_catalog.arabic'
    when 'da' then 'pg_catalog.danish'
    when 'de' then 'pg_catalog.german'
    when 'el' then 'pg_catalog.greek'
    when 'en' then 'pg_catalog.english'
    when 'es' then 'pg_catalog.spanish'
    when 'fi' then 'pg_catalog.finnish'
    when 'fr' then 'pg_catalog.french'
    when 'hi' then 'pg_catalog.hindi'
    when 'hu' then 'pg_catalog.hungarian'
    when 'id' then 'pg_catalog.indonesian'
    when 'it' then 'pg_catalog.italian'
    when 'nb' then 'pg_catalog.norwegian'
    when 'nl' then 'pg_catalog.dutch'
    when 'nn' then 'pg_catalog.norwegian'
    when 'no' then 'pg_catalog.norwegian'
    when 'pt' then 'pg_catalog.portuguese'
    when 'ro' then 'pg_catalog.romanian'
    when 'ru' then 'pg_catalog.russian'
    when 'sv' then 'pg_catalog.swedish'
    when 'ta' then 'pg_catalog.tamil'
    when 'tr' then 'pg_catalog.turkish'
    else 'pg_catalog.simple'
  end::regconfig;
end
$$;
revoke all on function private.text_search_config(text) from public, anon, authenticated;
grant execute on function private.text_search_config(text) to service_role;

create function private.chunk_fts(
  p_org_id uuid,
  p_language text,
  p_title text,
  p_heading_path text[],
  p_content text
) returns tsvector
language plpgsql immutable set search_path = '' as $$
declare
  v_config constant regconfig := private.text_search_config(p_language);
begin
  return setweight(to_tsvector(v_config, p_title), 'A')
    || setweight(to_tsvector(v_config, array_to_string(p_heading_path, ' ')), 'B')
    || to_tsvector(v_config, p_content)
    || array_to_tsvector(array['org:' || p_org_id]);
end
$$;
revoke all on function private.chunk_fts(uuid, text, text, text[], text) from public, anon, authenticated;
grant execute on function private.chunk_fts(uuid, text, text, text[], text) to service_role;

create function private.has_vectors() returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return to_regclass('private.knowledge_base_vectors') is not null;
end
$$;
revoke all on function private.has_vectors() from public, anon, authenticated;
grant execute on function private.has_vectors() to service_role;

-- After a change of what is active and searchable.
create function private.note_knowledge_change(p_org_id uuid) returns void
language plpgsql set search_path = '' as $$
begin
  if exists (
    select 1 from public.organization_settings as settings where settings.org_id = p_org_id and settings.auto_sync
  ) then
    perform private.want_knowledge_sync(p_org_id);
  end if;
end
$$;
revoke all on function private.note_knowledge_change(uuid) from public, anon, authenticated;
grant execute on function private.note_knowledge_change(uuid) to service_role;

create function private.log_knowledge_change(
  p_document public.knowledge_base,
  p_action text,
  p_request_id text,
  p_details jsonb default '{}'
) returns void
language plpgsql set search_path = '' as $$
begin
  insert into public.knowledge_base_changelog
    (org_id, document_id, actor, action, version, hash_before, hash_after, changed, error, request_id)
  values (
    p_document.org_id, p_document.id, private.current_actor(), p_action, (p_details ->> 'version')::integer,
    p_details ->> 'hash_before', p_details ->> 'hash_after', coalesce(p_details -> 'changed', '{}'),
    left(p_details ->> 'error', 1000), p_request_id
  );
end
$$;
revoke all on function private.log_knowledge_change(public.knowledge_base, text, text, jsonb)
  from public, anon, authenticated;
grant execute on function private.log_knowledge_change(public.knowledge_base, text, text, jsonb) to service_role;

-- What a dashboard is shown of a document: all but its text and what Vapi has of it.
create function private.describe_document(p_document public.knowledge_base) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object(
    'id', p_document.id,
    'title', p_document.title,
    'category', p_document.category,
    'language', p_document.language,
    'source', p_document.source,
    'source_address', p_document.source_address,
    'file_name', p_document.file_name,
    'active', p_document.active,
    'state', p_document.state,
    'version', p_document.version,
    'bytes', octet_length(p_document.content),
    'content_hash', p_document.content_hash,
    'chunk_count', p_document.chunk_count,
    'embedding_status', p_document.embedding_status,
    'embedding_model', p_document.embedding_model,
    'error_code', p_document.error_code,
    'error', p_document.error,
    'revision', p_document.revision,
    'created_by', p_document.created_by,
    'created_at', p_document.created_at,
    'updated_at', p_document.updated_at,
    -- The version on its way.
    'preparing', (
      select jsonb_build_object(
        'version', preparing.version, 'next_page', preparing.next_page, 'page_count', preparing.page_count
      )
      from public.knowledge_base_versions as preparing
      where preparing.org_id = p_document.org_id
        and preparing.document_id = p_document.id
        and preparing.version = p_document.last_version
        and preparing.state = 'queued'
    )
  );
end
$$;
revoke all on function private.describe_document(public.knowledge_base) from public, anon, authenticated;
grant execute on function private.describe_document(public.knowledge_base) to service_role;

-- Of title, category, language and active, what would change: {field: {before, after}}.
create function private.list_document_changes(p_document public.knowledge_base, p_changes jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    select coalesce(jsonb_object_agg(
      wanted.key, jsonb_build_object('before', to_jsonb(p_document) -> wanted.key, 'after', wanted.value)
    ), '{}')
    from jsonb_each(coalesce(nullif(p_changes, 'null'), '{}')) as wanted
    where wanted.key in ('title', 'category', 'language', 'active')
      and wanted.value is distinct from to_jsonb(p_document) -> wanted.key
  );
end
$$;
revoke all on function private.list_document_changes(public.knowledge_base, jsonb) from public, anon, authenticated;
grant execute on function private.list_document_changes(public.knowledge_base, jsonb) to service_role;

-- Makes a version the one that is searchable, in one statement's view for everybody else: 'indexed'
-- {document} | 'gone' (deleted, or a newer version came) | 'duplicate' {document}: another one has this text.
-- p_input: {content, content_hash, chunks: [{position, heading_path, content, from, to, content_hash}], embed}.
create function private.index_version(
  p_org_id uuid,
  p_document_id uuid,
  p_version integer,
  p_input jsonb
) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_document public.knowledge_base;
  v_before public.knowledge_base;
  v_version public.knowledge_base_versions;
  v_wanted public.knowledge_base;
begin
  select * into v_before
  from public.knowledge_base as document
  where document.org_id = p_org_id and document.id = p_document_id
  for update;
  select * into v_version
  from public.knowledge_base_versions as version
  where version.org_id = p_org_id and version.document_id = p_document_id and version.version = p_version
  for update;
  if v_before.id is null or v_before.state = 'deleted' or v_version.state is distinct from 'queued' then
    return jsonb_build_object('code', 'gone');
  end if;

  v_wanted := jsonb_populate_record(v_before, v_version.changes);
  begin
    update public.knowledge_base as document
    set title = v_wanted.title,
        category = v_wanted.category,
        language = v_wanted.language,
        active = v_wanted.active,
        source = v_version.source,
        source_address = v_version.source_address,
        file_name = v_version.file_name,
        version = p_version,
        content = p_input ->> 'content',
        content_hash = p_input ->> 'content_hash',
        chunk_count = jsonb_array_length(p_input -> 'chunks'),
        state = 'indexed',
        indexed_at = clock_timestamp(),
        error_code = null,
        error = null,
        embedding_status = case
          when (p_input ->> 'embed')::boolean and private.has_vectors() then 'queued' else 'none'
        end,
        embedding_model = null,
        embedding_error = null,
        embedding_failed_at = null
    where document.id = p_document_id
    returning * into v_document;
  exception when unique_violation then
    select * into v_document
    from public.knowledge_base as document
    where document.org_id = p_org_id and document.content_hash = p_input ->> 'content_hash';
    return jsonb_build_object('code', 'duplicate', 'document', private.describe_document(v_document));
  end;

  insert into public.knowledge_base_chunks
    (org_id, document_id, version, position, heading_path, content, from_offset, to_offset, content_hash, fts)
  select
    p_org_id, p_document_id, p_version, chunk.position, chunk.heading_path, chunk.content, chunk."from", chunk."to",
    chunk.content_hash,
    private.chunk_fts(p_org_id, v_document.language, v_document.title, chunk.heading_path, chunk.content)
  from jsonb_to_recordset(p_input -> 'chunks') as chunk (
    position integer, heading_path text[], content text, "from" integer, "to" integer, content_hash text
  );
  if private.has_vectors() then
    -- What was said before needs no vector again.
    insert into private.knowledge_base_vectors (org_id, chunk_id, model, content_hash, embedding)
    select distinct on (chunk.id, known.model) p_org_id, chunk.id, known.model, known.content_hash, known.embedding
    from public.knowledge_base_chunks as chunk
    join private.knowledge_base_vectors as known
      on known.org_id = p_org_id and known.content_hash = chunk.content_hash
    join public.knowledge_base_chunks as old on old.id = known.chunk_id and old.document_id = p_document_id
    where chunk.org_id = p_org_id and chunk.document_id = p_document_id and chunk.version = p_version;
  end if;
  delete from public.knowledge_base_chunks as chunk
  where chunk.org_id = p_org_id and chunk.document_id = p_document_id and chunk.version <> p_version;

  update public.knowledge_base_versions as version
  set state = 'superseded', superseded_at = clock_timestamp(), content = null
  where version.org_id = p_org_id
    and version.document_id = p_document_id
    and version.version < p_version
    and version.state in ('queued', 'indexed');
  update public.knowledge_base_versions as version
  set state = 'indexed', indexed_at = clock_timestamp(), content = null, next_page = null,
      content_hash = p_input ->> 'content_hash'
  where version.org_id = p_org_id and version.document_id = p_document_id and version.version = p_version;
  return jsonb_build_object(
    'code', 'indexed', 'document', private.describe_document(v_document),
    'hash_before', v_before.content_hash, 'changed', private.list_document_changes(v_before, v_version.changes)
  );
end
$$;
revoke all on function private.index_version(uuid, uuid, integer, jsonb) from public, anon, authenticated;
grant execute on function private.index_version(uuid, uuid, integer, jsonb) to service_role;
