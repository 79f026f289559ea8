-- What was decided after a text was uploaded is not undone when that text has been read.
begin;
\ir ../people.psql
\ir ../knowledge.psql
select plan(6);
select tests.act_as('service role');

create temporary table here as
select (tests.document('clinic', 'Hours', tests.version('We open at nine.')) #>> '{document,id}')::uuid as id;
create function pg_temp.change(p_more jsonb) returns jsonb language sql volatile as $$
  select public.update_knowledge_document(
    jsonb_build_object('org_id', tests.id('clinic'), 'user_id', tests.id('owner'), 'request_id', 'r', 'id', here.id) || p_more
  ) from here
$$;
create function pg_temp.finish_reading(p_version integer, p_content text) returns text language sql volatile as $$
  select public.index_knowledge_version(jsonb_build_object(
    'org_id', tests.id('clinic'), 'document_id', here.id, 'version', p_version
  ) || tests.version(p_content)) ->> 'code' from here
$$;
create function pg_temp.upload() returns jsonb language sql volatile as $$
  select jsonb_build_object('version', jsonb_build_object(
    'source', 'file', 'next_page', 1, 'page_count', 9, 'read', '', 'storage_path', 'p'
  ))
$$;

select pg_temp.change(pg_temp.upload() || '{"changes": {"active": true, "title": "From upload", "category": "operations"}}');
select pg_temp.change('{"changes": {"active": false, "title": "Corrected"}}');
select is(pg_temp.finish_reading(2, 'We open at ten.'), 'indexed', 'a text that was read for long');
select is((title, active)::text, '(Corrected,f)', 'does not bring back what was changed since')
from public.knowledge_base join here using (id);
select is(category, 'operations', 'and brings what was not') from public.knowledge_base join here using (id);
select is(tests.found('clinic', 'open'), '{}', 'so that what was switched off stays off');

select pg_temp.change(pg_temp.upload() || '{"changes": {"active": true}}');
select is(pg_temp.change('{"changes": {"active": false}}') -> 'changed', 'false', 'also where it is so today');
select pg_temp.finish_reading(3, 'We open at eleven.');
select is(active, false, 'it stays') from public.knowledge_base join here using (id);

select * from finish();
rollback;
