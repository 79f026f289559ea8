-- What an organization's agents know: documents, the versions they are prepared in, the chunks that a
-- search finds, and who changed what.

create table public.knowledge_base (
  id uuid not null default gen_random_uuid(),
  org_id uuid not null,
  title text not null,
  category text not null default 'general',
  -- A language tag; what it maps to for full text is private.text_search_config's matter.
  language text not null default 'en',
  source text not null,
  -- Where a document of source 'storage' or 'url' came from.
  source_address text,
  file_name text,
  active boolean not null default true,
  -- The version that is searchable. Null, and so the content and its hash, while the first is prepared.
  version integer,
  content text,
  content_hash text,
  chunk_count integer not null default 0,
  -- The newest version there is a number for: more than `version` while one is being prepared.
  last_version integer not null default 0,
  embedding_status text not null default 'none',
  -- Of the vectors that are complete; others may be on their way.
  embedding_model text,
  embedding_error text,
  embedding_failed_at timestamptz,
  -- What Vapi has of it, and the content hash that it was made from.
  vapi_file_id text,
  vapi_file_hash text,
  state text not null default 'queued',
  queued_at timestamptz not null default now(),
  indexed_at timestamptz,
  failed_at timestamptz,
  deleted_at timestamptz,
  -- Of the last version that could not be prepared; a version that came after it clears them.
  error_code text,
  error text,
  revision integer not null default 1,
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint knowledge_base_pkey primary key (id),
  constraint knowledge_base_org_id_id_unique unique (org_id, id),
  constraint knowledge_base_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint knowledge_base_title_is_1_to_200_characters check (char_length(title) between 1 and 200),
  constraint knowledge_base_category_is_known check (
    category in ('products_services', 'operations', 'ai_guidelines', 'general')
  ),
  constraint knowledge_base_language_is_a_tag check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  constraint knowledge_base_source_is_known check (source in ('text', 'file', 'storage', 'url')),
  constraint knowledge_base_content_is_at_most_300000_bytes check (octet_length(content) <= 300000),
  constraint knowledge_base_version_is_one_that_was_given check (version between 1 and last_version),
  constraint knowledge_base_embedding_status_is_known
    check (embedding_status in ('none', 'queued', 'embedded', 'failed')),
  constraint knowledge_base_state_is_known check (state in ('queued', 'indexed', 'failed', 'deleted')),
  constraint knowledge_base_state_has_its_timestamp check (
    case state
      when 'queued' then version is null
      when 'indexed' then indexed_at is not null and version is not null
      when 'failed' then failed_at is not null and version is null
      when 'deleted' then deleted_at is not null and not active and version is null
    end
  ),
  constraint knowledge_base_what_is_searchable_has_its_content
    check ((version is null) = (content is null) and (version is null) = (content_hash is null))
);
-- The same content twice is one document.
create unique index knowledge_base_org_id_content_hash_unique on public.knowledge_base (org_id, content_hash)
  where content_hash is not null;
create index knowledge_base_org_id_created_at_idx on public.knowledge_base (org_id, created_at desc, id desc);
-- How much a search looks through, in which languages and categories.
create index knowledge_base_searchable_idx on public.knowledge_base (org_id, language) include (category, chunk_count)
  where active and version is not null;
create index knowledge_base_to_embed_idx on public.knowledge_base (id) where embedding_status = 'queued';
create index knowledge_base_not_embedded_idx on public.knowledge_base (embedding_failed_at)
  where embedding_status = 'failed';
create index knowledge_base_embedding_model_idx on public.knowledge_base (embedding_model)
  where version is not null and embedding_status in ('none', 'embedded');

create trigger knowledge_base_bump_revision before update of
    title, category, language, active, version, content_hash, deleted_at on public.knowledge_base
  for each row when (
    (old.title, old.category, old.language, old.active, old.version, old.content_hash, old.deleted_at)
    is distinct from (new.title, new.category, new.language, new.active, new.version, new.content_hash, new.deleted_at)
  ) execute function private.bump_revision();

alter table public.knowledge_base enable row level security;
revoke all on table public.knowledge_base from public, anon, authenticated, service_role;
grant select on table public.knowledge_base to authenticated;
grant select, insert, update, delete on table public.knowledge_base to service_role;
create policy "members read the documents of their organizations" on public.knowledge_base
  for select to authenticated
  using (deleted_at is null and org_id = any ((select private.my_organization_ids('member'))::uuid[]));

-- A version is prepared here, beside the one that is searchable: read page by page, then cut into chunks.
create table public.knowledge_base_versions (
  org_id uuid not null,
  document_id uuid not null,
  version integer not null,
  source text not null,
  source_address text,
  file_name text,
  mime_type text,
  -- Of what was uploaded, where that waits in Storage to be read.
  storage_path text,
  -- Null until all of it is there.
  uploaded_at timestamptz,
  source_hash text,
  -- Where reading goes on; null once everything is read.
  next_page integer,
  page_count integer,
  -- The pages read so far. Moves to the document once it is searchable.
  content text,
  content_hash text,
  -- Changes of title, category, language or active that come with this version, not before it.
  changes jsonb not null default '{}',
  state text not null default 'queued',
  queued_at timestamptz not null default now(),
  indexed_at timestamptz,
  failed_at timestamptz,
  superseded_at timestamptz,
  error_code text,
  error text,
  created_by text not null,
  constraint knowledge_base_versions_pkey primary key (org_id, document_id, version),
  constraint knowledge_base_versions_document_fkey foreign key (org_id, document_id)
    references public.knowledge_base (org_id, id) on delete cascade,
  constraint knowledge_base_versions_source_is_known check (source in ('text', 'file', 'storage', 'url')),
  constraint knowledge_base_versions_changes_is_an_object check (jsonb_typeof(changes) = 'object'),
  constraint knowledge_base_versions_state_is_known
    check (state in ('queued', 'indexed', 'failed', 'superseded')),
  constraint knowledge_base_versions_state_has_its_timestamp check (
    case state
      when 'indexed' then indexed_at is not null
      when 'failed' then failed_at is not null
      when 'superseded' then superseded_at is not null
      else true
    end
  )
);
create index knowledge_base_versions_queued_idx on public.knowledge_base_versions (queued_at) where state = 'queued';
create index knowledge_base_versions_source_hash_idx on public.knowledge_base_versions (org_id, source_hash);
-- What may go from Storage.
create index knowledge_base_versions_left_over_idx on public.knowledge_base_versions (superseded_at)
  where storage_path is not null and state in ('failed', 'superseded') and source <> 'storage';

alter table public.knowledge_base_versions enable row level security;
revoke all on table public.knowledge_base_versions from public, anon, authenticated, service_role;
grant select on table public.knowledge_base_versions to authenticated;
grant select, insert, update, delete on table public.knowledge_base_versions to service_role;
create policy "members read the versions of their organizations' documents" on public.knowledge_base_versions
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));

-- What a search finds. Only of versions that are, or were, searchable: chunks come and go in the
-- transaction that moves the document's `version`.
create table public.knowledge_base_chunks (
  id uuid not null default gen_random_uuid(),
  org_id uuid not null,
  document_id uuid not null,
  version integer not null,
  position integer not null,
  heading_path text[] not null default '{}',
  -- With the overlap; from_offset and to_offset are of its own part, in UTF-16 code units.
  content text not null,
  from_offset integer not null,
  to_offset integer not null,
  -- Of what is embedded: title, headings and content.
  content_hash text not null,
  -- Also holds the organization as a lexeme: the index then intersects the organization with each word,
  -- instead of reading a common word's entries of everybody.
  fts tsvector not null,
  created_at timestamptz not null default now(),
  constraint knowledge_base_chunks_pkey primary key (id),
  constraint knowledge_base_chunks_org_id_id_unique unique (org_id, id),
  constraint knowledge_base_chunks_position_unique unique (org_id, document_id, version, position),
  constraint knowledge_base_chunks_document_fkey foreign key (org_id, document_id)
    references public.knowledge_base (org_id, id) on delete cascade,
  constraint knowledge_base_chunks_offsets_are_in_order check (0 <= from_offset and from_offset <= to_offset)
);
-- Without a list of pending entries, which every search would read from end to end.
create index knowledge_base_chunks_fts_idx on public.knowledge_base_chunks using gin (fts) with (fastupdate = off);

alter table public.knowledge_base_chunks enable row level security;
revoke all on table public.knowledge_base_chunks from public, anon, authenticated, service_role;
grant select (id, org_id, document_id, version, position, heading_path, content, from_offset, to_offset, content_hash, created_at)
  on table public.knowledge_base_chunks to authenticated;
grant select, insert, update, delete on table public.knowledge_base_chunks to service_role;
create policy "members read the chunks of their organizations' documents" on public.knowledge_base_chunks
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));

-- Who did what to which document. Hashes, never the text.
create table public.knowledge_base_changelog (
  id uuid not null default gen_random_uuid(),
  org_id uuid not null,
  document_id uuid not null,
  actor text not null,
  action text not null,
  version integer,
  hash_before text,
  hash_after text,
  -- Of title, category, language and active: {field: {before, after}}.
  changed jsonb not null default '{}',
  error text,
  request_id text,
  created_at timestamptz not null default clock_timestamp(),
  constraint knowledge_base_changelog_pkey primary key (id),
  constraint knowledge_base_changelog_document_fkey foreign key (org_id, document_id)
    references public.knowledge_base (org_id, id) on delete cascade,
  constraint knowledge_base_changelog_action_is_known
    check (action in ('created', 'updated', 'queued', 'indexed', 'failed', 'deleted')),
  constraint knowledge_base_changelog_changed_is_an_object check (jsonb_typeof(changed) = 'object')
);
create index knowledge_base_changelog_document_idx
  on public.knowledge_base_changelog (org_id, document_id, created_at desc, id desc);

alter table public.knowledge_base_changelog enable row level security;
revoke all on table public.knowledge_base_changelog from public, anon, authenticated, service_role;
grant select on table public.knowledge_base_changelog to authenticated;
grant select, insert on table public.knowledge_base_changelog to service_role;
create policy "members read the changelog of their organizations' documents" on public.knowledge_base_changelog
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));

-- Vectors, where this server has pgvector; without them search is full text alone. Half precision: 768
-- dimensions then stay inside their row, and the index is half as large.
do $$
begin
  if exists (select 1 from pg_catalog.pg_available_extensions as available where available.name = 'vector') then
    create extension if not exists vector with schema extensions;
    if to_regtype('extensions.halfvec') is null then
      raise warning 'Cannot keep vectors: pgvector is older than 0.7, or not in the schema extensions';
      return;
    end if;
    create table private.knowledge_base_vectors (
      org_id uuid not null,
      chunk_id uuid not null,
      -- Only vectors of equal models are compared.
      model text not null,
      content_hash text not null,
      embedding extensions.halfvec(768) not null,
      constraint knowledge_base_vectors_pkey primary key (chunk_id, model),
      constraint knowledge_base_vectors_chunk_fkey foreign key (org_id, chunk_id)
        references public.knowledge_base_chunks (org_id, id) on delete cascade
    );
    create index knowledge_base_vectors_org_id_chunk_id_idx on private.knowledge_base_vectors (org_id, chunk_id);
    -- All of an organization's, compared one by one while they are few, and those to use again.
    create index knowledge_base_vectors_org_id_model_idx
      on private.knowledge_base_vectors (org_id, model, content_hash);
    -- For organizations with many.
    create index knowledge_base_vectors_embedding_idx
      on private.knowledge_base_vectors using hnsw (embedding extensions.halfvec_cosine_ops);
    alter table private.knowledge_base_vectors enable row level security;
    revoke all on table private.knowledge_base_vectors from public, anon, authenticated, service_role;
    grant select, insert, update, delete on table private.knowledge_base_vectors to service_role;
    create policy "only the service role reaches vectors" on private.knowledge_base_vectors
      for all to service_role using (true) with check (true);
  end if;
end
$$;

-- Asks for a push to Vapi after a change of what is active and searchable, where the settings want it.
create function private.want_knowledge_sync(p_org_id uuid) returns void
language plpgsql set search_path = '' as $$
begin
  return;
end
$$;
revoke all on function private.want_knowledge_sync(uuid) from public, anon, authenticated;
grant execute on function private.want_knowledge_sync(uuid) to service_role;
