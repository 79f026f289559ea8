-- What the worker asks before each of its runs, with 30,000 documents of 1,000 organizations waiting.
begin;
\ir ../people.psql
\ir ../knowledge.psql
select plan(14);

insert into public.organizations (id, name)
select md5(n::text)::uuid, 'Organization ' || n from generate_series(1, 1000) as n;
insert into public.knowledge_base
  (id, org_id, title, source, version, last_version, content, content_hash, state, indexed_at, created_by, embedding_status)
select md5('d' || n)::uuid, md5((n % 1000 + 1)::text)::uuid, 'x', 'text', 1, 2, 'x', 'h' || n, 'indexed', now(), 'test', 'queued'
from generate_series(1, 30000) as n;
insert into public.knowledge_base_versions
  (org_id, document_id, version, source, storage_path, uploaded_at, next_page, queued_at, created_by)
select org_id, id, 2, 'file', 'x', now(), 1, now(), 'test' from public.knowledge_base;

create function pg_temp.entries_read() returns bigint language sql as $$
  select sum(pg_stat_get_xact_tuples_returned(relation)) from (
    select unnest(array['public.knowledge_base', 'public.knowledge_base_versions', 'public.background_jobs'])::regclass
    union all
    select indexrelid from pg_index where indrelid = any (
      array['public.knowledge_base', 'public.knowledge_base_versions', 'public.background_jobs']::regclass[]
    )
  ) as relations (relation)
$$;
create temporary table read as select pg_temp.entries_read() as entries;
select is(private.queue_due_embed_knowledge(), 1000, 'a thousand documents are queued to be embedded');
select cmp_ok(private.queue_due_embed_knowledge(), '<=', 1000, 'and others the next time');
select is(private.queue_due_prepare_knowledge(), 1000, 'a thousand versions are queued to be read');
select is(private.queue_due_prepare_knowledge(), 0, 'once');
select cmp_ok(pg_temp.entries_read() - entries, '<', 40000::bigint, 'and read a few entries for each, however many wait') from read;

-- Given up.
update public.background_jobs set attempts = max_attempts, state = 'dead_lettered', dead_lettered_at = now(), last_error = 'It breaks'
where kind in ('embed_knowledge', 'prepare_knowledge');
create temporary table one as
select job.org_id, (job.payload ->> 'document_id')::uuid as id from public.background_jobs as job
where job.kind = 'prepare_knowledge' limit 1;
select is(private.queue_due_prepare_knowledge(), 0, 'what was given up is not queued again');
select is(version.state || ': ' || version.error, 'failed: It breaks', 'the version says why')
from public.knowledge_base_versions as version join one on one.id = version.document_id;
select is(document.state || ' ' || document.version, 'indexed 1', 'and the old one stays')
from public.knowledge_base as document join one using (id);
delete from public.knowledge_base as document where not exists (
  select 1 from public.background_jobs as job
  where job.kind = 'embed_knowledge' and job.payload ->> 'document_id' = document.id::text
);
select is(private.queue_due_embed_knowledge(), 0, 'documents that no model took are not queued again');
select is(
  (select count(*) from public.knowledge_base where embedding_status = 'failed' and embedding_error = 'It breaks') > 500, true,
  'they say why'
);
update public.knowledge_base set embedding_failed_at = now() - interval '25 hours' where embedding_status = 'failed';
update public.background_jobs set dead_lettered_at = now() - interval '25 hours' where state = 'dead_lettered';
select cmp_ok(private.queue_due_embed_knowledge(), '>', 500, 'until a day has passed');

-- An upload that never ended.
update public.knowledge_base_versions set state = 'superseded', superseded_at = now() where state = 'queued';
select tests.document('clinic', 'Lost', '{"source": "file", "next_page": 3, "page_count": 9, "read": "x"}');
select is(private.queue_due_prepare_knowledge(), 0, 'what is being uploaded is left alone');
update public.knowledge_base_versions set queued_at = now() - interval '16 minutes' where state = 'queued';
select is(private.queue_due_prepare_knowledge(), 0, 'and given up when that never ends');
select is(state || ' ' || error_code, 'failed upload_failed', 'which its document says') from public.knowledge_base where title = 'Lost';

select * from finish();
rollback;
