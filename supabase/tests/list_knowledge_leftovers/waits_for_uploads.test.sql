-- What is left in Storage is found, also where its upload ended after its version was given up.
begin;
\ir ../people.psql
\ir ../knowledge.psql
select plan(6);
select tests.act_as('service role');

create temporary table here as select (
  tests.document('clinic', 'Long', '{"source": "file", "source_hash": "f", "next_page": 1, "page_count": 9, "read": ""}')
    #>> '{document,id}'
)::uuid as id;
create function pg_temp.count_leftovers() returns integer language sql stable as $$
  select jsonb_array_length(public.list_knowledge_leftovers('{"limit": 10}') -> 'files')
$$;
create function pg_temp.record_upload() returns text language sql volatile as $$
  select public.record_knowledge_upload(jsonb_build_object(
    'org_id', tests.id('clinic'), 'document_id', here.id, 'version', 1, 'outcome', 'uploaded'
  )) ->> 'code' from here
$$;
select public.delete_knowledge_document(jsonb_build_object('org_id', tests.id('clinic'), 'id', id)) from here;
select is(pg_temp.count_leftovers(), 0, 'an upload that may be on its way is waited for');
select is(pg_temp.record_upload(), 'gone', 'whoever uploaded it is told that nobody reads it');
update public.knowledge_base_versions set queued_at = now() - interval '16 minutes';
select is(pg_temp.count_leftovers(), 1, 'then it is looked for, whatever became of it');
update public.knowledge_base_versions set queued_at = now(), uploaded_at = now();
select is(pg_temp.count_leftovers(), 1, 'one that is there goes at once');

update here set id = (
  tests.document('clinic', 'Read', '{"source": "file", "source_hash": "g", "next_page": 1, "page_count": 1, "read": ""}')
    #>> '{document,id}'
)::uuid;
select pg_temp.record_upload();
select is(public.index_knowledge_version(jsonb_build_object(
  'org_id', tests.id('clinic'), 'document_id', id, 'version', 1
) || tests.version('Read to its end.')) ->> 'code', 'indexed', 'one that was read')
from here;
select is(pg_temp.record_upload(), 'recorded', 'is not gone for a call that comes again');
select * from finish();
rollback;
