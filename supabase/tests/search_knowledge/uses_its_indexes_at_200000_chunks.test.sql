-- 200,000 chunks of 1,000 organizations, and one organization that has 2,200 vectors.
begin;
\ir ../people.psql
\ir ../knowledge.psql
select plan(9);

insert into public.organizations (id, name)
select ('d0000000-0000-4000-8000-' || lpad(number::text, 12, '0'))::uuid, 'Organization ' || number
from generate_series(1, 1000) as number;
insert into public.knowledge_base
  (id, org_id, title, source, version, last_version, content, content_hash, chunk_count, state, indexed_at, created_by)
select
  ('d1000000-0000-4000-8000-' || lpad(number::text, 12, '0'))::uuid,
  ('d0000000-0000-4000-8000-' || lpad(number::text, 12, '0'))::uuid,
  'A document', 'text', 1, 1, 'x', 'h', 200, 'indexed', now(), 'test'
from generate_series(1, 1000) as number;
-- Every chunk says "open", a word in ten of them, and a word of its own.
insert into public.knowledge_base_chunks
  (org_id, document_id, version, position, content, from_offset, to_offset, content_hash, fts)
select
  org.id, doc.id, 1, position, 'open topic' || position % 10 || ' word' || number * 200 + position, 0, 0, 'h' || position,
  to_tsvector('pg_catalog.english', 'open topic' || position % 10 || ' word' || number * 200 + position)
    || array_to_tsvector(array['org:' || org.id])
from generate_series(1, 1000) as number
cross join generate_series(0, 199) as position
cross join lateral (select ('d0000000-0000-4000-8000-' || lpad(number::text, 12, '0'))::uuid) as org (id)
cross join lateral (select ('d1000000-0000-4000-8000-' || lpad(number::text, 12, '0'))::uuid) as doc (id);
-- The second has many more, and with them more vectors than are compared one by one.
insert into public.knowledge_base_chunks
  (org_id, document_id, version, position, content, from_offset, to_offset, content_hash, fts)
select 'd0000000-0000-4000-8000-000000000002', 'd1000000-0000-4000-8000-000000000002', 1, position, 'many', 0, 0, 'm' || position, ''
from generate_series(200, 2199) as position;
-- Made after its rows, and coarse: this is about its use.
drop index private.knowledge_base_vectors_embedding_idx;
insert into private.knowledge_base_vectors (org_id, chunk_id, model, content_hash, embedding)
select chunk.org_id, chunk.id, 'model', chunk.content_hash,
  (select array_agg(sin(chunk.position * axis + number.value)) from generate_series(1, 768) as axis)::real[]::extensions.halfvec(768)
from public.knowledge_base_chunks as chunk
cross join lateral (select substr(chunk.org_id::text, 25)::integer) as number (value)
where number.value <= 3;
create index knowledge_base_vectors_embedding_idx on private.knowledge_base_vectors
  using hnsw (embedding extensions.halfvec_cosine_ops) with (m = 4, ef_construction = 8);
analyze public.knowledge_base, public.knowledge_base_chunks, private.knowledge_base_vectors;

create function tests.plan_of(p_statement text) returns text language plpgsql as $$
declare
  v_line text;
  v_plan text := '';
begin
  for v_line in execute 'explain (costs off) ' || p_statement loop
    v_plan := v_plan || v_line || E'\n';
  end loop;
  return v_plan;
end
$$;
-- The statements of private.matching_chunks and private.nearest_chunks.
create function tests.plan_of_word(p_word text) returns text language sql as $$
  select tests.plan_of(format(
    'select chunk.id
     from (
       select word.id, word.document_id, word.version
       from public.knowledge_base_chunks as word
       where word.fts @@ %2$L::tsquery and word.org_id = %1$L
       offset 0
     ) as chunk
     join public.knowledge_base as document
       on document.org_id = %1$L and document.id = chunk.document_id and document.version = chunk.version
     where document.active and document.category = any (''{general,operations}'')
     limit 1000',
    'd0000000-0000-4000-8000-000000000007', format('''org:%s'' & ''%s''', 'd0000000-0000-4000-8000-000000000007', p_word)
  ))
$$;
select matches(tests.plan_of_word('open'), 'knowledge_base_chunks_fts_idx', 'a word that everybody has is found by the index');
select matches(tests.plan_of_word('word1500'), 'knowledge_base_chunks_fts_idx', 'and so is a rare one');

create temporary table timed (what text, started timestamptz, ended timestamptz);
create function tests.time_search(p_number integer, p_query text, p_more jsonb default '{}') returns jsonb
language plpgsql as $$
declare
  v_answer jsonb;
  v_started constant timestamptz := clock_timestamp();
begin
  v_answer := public.search_knowledge(jsonb_build_object(
    'org_id', ('d0000000-0000-4000-8000-' || lpad(p_number::text, 12, '0'))::uuid, 'query', p_query
  ) || p_more);
  insert into timed values (p_query, v_started, clock_timestamp());
  return v_answer;
end
$$;
select is(
  tests.time_search(7, 'open word1457') #>> '{hits,0,content}', 'open topic7 word1457', 'the telling word decides'
);
select is(jsonb_array_length(tests.time_search(7, 'open', '{"limit": 50}') -> 'hits'), 50, 'a common one finds the most it may');
-- Without the organization in the index, "open" alone is 200,000 entries; here it is 200.
select tests.time_search(number, 'what is open about topic3') from generate_series(10, 60) as number;
create temporary table bare as
select clock_timestamp() as started, (
  select count(*) from public.knowledge_base_chunks where fts @@ 'open'::tsquery
) as count, clock_timestamp() as ended;
select cmp_ok(
  (select percentile_cont(0.5) within group (order by ended - started) from timed where what like 'what is%'), '<',
  (select (clock_timestamp() - started) / 4 from bare),
  'a search takes a fraction of what reading a common word''s entries takes'
);

-- Vectors: few of an organization's own are compared one by one, without the index of everybody's.
select matches(tests.plan_of(
  $$select chunk_id, embedding from private.knowledge_base_vectors where org_id = 'd0000000-0000-4000-8000-000000000001' and model = 'model'$$
), 'knowledge_base_vectors_org_id_model_idx|knowledge_base_vectors_org_id_chunk_id_idx|Seq Scan', 'an organization''s own are read by it');
select is(
  (tests.time_search(1, 'zzz', jsonb_build_object('model', 'model', 'vector', (
    select embedding::text from private.knowledge_base_vectors as vector
    join public.knowledge_base_chunks as chunk on chunk.id = vector.chunk_id
    where chunk.org_id = 'd0000000-0000-4000-8000-000000000001' and chunk.position = 42
  ))) #>> '{hits,0,content}'), 'open topic2 word242', 'the nearest is found'
);
-- An organization with many; the statement of private.nearest_of_many.
set local enable_sort = off;
select matches(tests.plan_of(format(
  'select vector.chunk_id
    from private.knowledge_base_vectors as vector
    join public.knowledge_base_chunks as chunk on chunk.id = vector.chunk_id
    join public.knowledge_base as document
      on document.org_id = %1$L and document.id = chunk.document_id and document.version = chunk.version
    where vector.org_id = %1$L and vector.model = ''model'' and document.active
      and document.category = any (''{general}'')
    order by vector.embedding operator(extensions.<=>) %2$L::extensions.halfvec(768)
    limit 50', 'd0000000-0000-4000-8000-000000000002', tests.axis(1)
)), 'knowledge_base_vectors_embedding_idx', 'many are found by the index of vectors');
reset enable_sort;
select is(
  jsonb_array_length(tests.time_search(2, 'zzz', jsonb_build_object(
    'model', 'model', 'vector', tests.axis(1), 'limit', 50
  )) -> 'hits'), 50, 'which is read until enough are the organization''s'
);

select * from finish();
rollback;
