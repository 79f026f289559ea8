-- Vectors, made in batches by the worker. What a chunk says decides (its content hash), so that the same
-- words are embedded once a model; where there is no pgvector these functions find nothing to do.

-- {model|null} -> 'wanted' {count}: documents whose vectors are of another model, or that have none, are queued.
-- Their old vectors serve until all of the organization's are made. Without a model nothing changes.
create function public.want_embedding_model(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_model constant text := request ->> 'model';
  v_count integer;
begin
  if v_model is null or not private.has_vectors() then
    return jsonb_build_object('code', 'wanted', 'count', 0);
  end if;
  update public.knowledge_base as document
  set embedding_status = 'queued'
  where document.id = any (array(
    (
      select behind.id from public.knowledge_base as behind
      where behind.version is not null and behind.embedding_model < v_model and behind.embedding_status = 'embedded'
      limit 500
    ) union all (
      select behind.id from public.knowledge_base as behind
      where behind.version is not null and behind.embedding_model > v_model and behind.embedding_status = 'embedded'
      limit 500
    ) union all (
      select behind.id from public.knowledge_base as behind
      where behind.version is not null and behind.embedding_model is null and behind.embedding_status = 'none'
      limit 500
    )
  ));
  get diagnostics v_count = row_count;
  return jsonb_build_object('code', 'wanted', 'count', v_count);
end
$$;
revoke all on function public.want_embedding_model(jsonb) from public, anon, authenticated;
grant execute on function public.want_embedding_model(jsonb) to service_role;

-- {org_id, document_id, model, limit} -> 'texts' {texts: [{chunk_id, content_hash, heading_path, content}]}, of
-- chunks that have no vector of this model yet | 'embedded': none is left | 'gone'.
create function public.read_texts_to_embed(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_id constant uuid := (request ->> 'document_id')::uuid;
  v_model constant text := request ->> 'model';
  v_version integer;
  v_texts jsonb;
begin
  perform set_config('app.actor', 'system', true);
  -- Locked: while the end is recorded, no new version comes in between.
  select document.version into v_version
  from public.knowledge_base as document
  where document.org_id = v_org_id and document.id = v_id
  for update;
  if v_version is null or not private.has_vectors() then
    return jsonb_build_object('code', 'gone');
  end if;
  insert into private.knowledge_base_vectors (org_id, chunk_id, model, content_hash, embedding)
  select v_org_id, chunk.id, v_model, chunk.content_hash, known.embedding
  from public.knowledge_base_chunks as chunk
  cross join lateral (
    select vector.embedding
    from private.knowledge_base_vectors as vector
    where vector.org_id = v_org_id and vector.model = v_model and vector.content_hash = chunk.content_hash
    limit 1
  ) as known
  where chunk.org_id = v_org_id and chunk.document_id = v_id and chunk.version = v_version
  on conflict (chunk_id, model) do nothing;

  select jsonb_agg(to_jsonb(missing)) into v_texts
  from (
    select chunk.id as chunk_id, chunk.content_hash, chunk.heading_path, chunk.content
    from public.knowledge_base_chunks as chunk
    where chunk.org_id = v_org_id and chunk.document_id = v_id and chunk.version = v_version
      and not exists (
        select 1 from private.knowledge_base_vectors as vector
        where vector.chunk_id = chunk.id and vector.model = v_model
      )
    order by chunk.position
    limit least(greatest((request ->> 'limit')::integer, 1), 100)
  ) as missing;
  if v_texts is not null then
    return jsonb_build_object('code', 'texts', 'texts', v_texts);
  end if;

  update public.knowledge_base as document
  set embedding_status = 'embedded', embedding_model = v_model, embedding_error = null, embedding_failed_at = null
  where document.id = v_id;
  if not exists (
    select 1
    from public.knowledge_base as behind
    where behind.org_id = v_org_id and behind.version is not null and behind.embedding_model <> v_model
  ) then
    delete from private.knowledge_base_vectors as old
    where old.org_id = v_org_id and old.model <> v_model;
  end if;
  return jsonb_build_object('code', 'embedded');
end
$$;
revoke all on function public.read_texts_to_embed(jsonb) from public, anon, authenticated;
grant execute on function public.read_texts_to_embed(jsonb) to service_role;

-- {org_id, document_id, model, vectors: [{chunk_id, content_hash, embedding: '[…]'}]} -> 'stored'. A chunk that
-- is gone meanwhile gets none.
create function public.store_embeddings(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
begin
  perform set_config('app.actor', 'system', true);
  insert into private.knowledge_base_vectors (org_id, chunk_id, model, content_hash, embedding)
  select chunk.org_id, chunk.id, request ->> 'model', chunk.content_hash, made.embedding::extensions.halfvec(768)
  from jsonb_to_recordset(request -> 'vectors') as made (chunk_id uuid, content_hash text, embedding text)
  join public.knowledge_base_chunks as chunk
    on chunk.org_id = (request ->> 'org_id')::uuid
    and chunk.id = made.chunk_id
    and chunk.content_hash = made.content_hash
  on conflict (chunk_id, model) do nothing;
  return jsonb_build_object('code', 'stored');
end
$$;
revoke all on function public.store_embeddings(jsonb) from public, anon, authenticated;
grant execute on function public.store_embeddings(jsonb) to service_role;

-- Documents whose vectors aren't complete and that nobody is working on: at most a thousand of those that
-- wait, from a random place on so that none is always last, and whatever was given up a day ago. It follows indexes
-- in their order, whatever the statistics know of the backlog.
create function private.queue_due_embed_knowledge() returns integer
language plpgsql set search_path = '' set enable_sort = off set enable_seqscan = off set enable_bitmapscan = off as $$
declare
  v_start constant uuid := gen_random_uuid();
  v_document record;
  v_error text;
  v_count integer := 0;
begin
  update public.knowledge_base as document
  set embedding_status = 'queued', embedding_failed_at = null
  where document.id = any (array(
    select failed.id
    from public.knowledge_base as failed
    where failed.embedding_status = 'failed' and failed.embedding_failed_at < now() - interval '1 day'
    order by failed.embedding_failed_at
    limit 1000
  ));
  for v_document in
    (
      select waiting.id, waiting.org_id, waiting.version
      from public.knowledge_base as waiting
      where waiting.embedding_status = 'queued' and waiting.id >= v_start
      order by waiting.id
      limit 1000
    ) union all (
      select waiting.id, waiting.org_id, waiting.version
      from public.knowledge_base as waiting
      where waiting.embedding_status = 'queued' and waiting.id < v_start
      order by waiting.id
      limit 1000
    )
    limit 1000
  loop
    select job.last_error into v_error
    from public.background_jobs as job
    where job.org_id = v_document.org_id
      and job.kind = 'embed_knowledge'
      and job.dedupe_key = concat_ws(':', v_document.id, v_document.version)
      and job.dead_lettered_at > now() - interval '1 day'
    limit 1;
    if found then
      update public.knowledge_base as document
      set embedding_status = 'failed', embedding_failed_at = now(), embedding_error = v_error
      where document.id = v_document.id and document.embedding_status = 'queued';
    elsif private.queue_job(
      'embed_knowledge', v_document.org_id, concat_ws(':', v_document.id, v_document.version),
      jsonb_build_object('document_id', v_document.id)
    ) then
      v_count := v_count + 1;
    end if;
  end loop;
  return v_count;
end
$$;
revoke all on function private.queue_due_embed_knowledge() from public, anon, authenticated;
grant execute on function private.queue_due_embed_knowledge() to service_role;
