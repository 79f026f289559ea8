-- A new text takes the old one's place in one moment: before it the old one is found, after it never again.
begin;
\ir ../people.psql
\ir ../knowledge.psql
select plan(33);
select tests.act_as('service role');

create temporary table made as
select tests.document('clinic', 'Hours', tests.version('We open at nine on weekdays.')) as result;
create temporary table here as select (result #>> '{document,id}')::uuid as id from made;
select is(result ->> 'code', 'created', 'a text is taken in') from made;
select is(result #>> '{document,state}', 'indexed', 'and searchable at once') from made;
select is(result #>> '{document,embedding_status}', 'none', 'without a model it has no vectors, and says so') from made;
select is(tests.found('clinic', 'weekdays'), array['Hours'], 'it is found');
select is(tests.found('market', 'weekdays'), '{}', 'by nobody else');

-- The same twice.
select is(
  tests.document('clinic', 'Again', tests.version('We open at nine on weekdays.')) #>> '{document,title}', 'Hours',
  'the same content is the document that there is'
);
select is(
  tests.document('market', 'Ours', tests.version('We open at nine on weekdays.')) ->> 'code', 'created',
  'another organization may say the same'
);
select is(
  public.create_knowledge_document(jsonb_build_object(
    'org_id', tests.id('clinic'), 'user_id', tests.id('owner'), 'id', here.id, 'title', 'Hours', 'category', 'general',
    'version', tests.version('Anything')
  )) ->> 'code', 'created', 'a call whose answer was lost finds what it made'
) from here;

create function pg_temp.change(p_more jsonb) returns jsonb language sql volatile as $$
  select public.update_knowledge_document(
    jsonb_build_object('org_id', tests.id('clinic'), 'user_id', tests.id('owner'), 'request_id', 'r', 'id', here.id) || p_more
  ) from here
$$;

-- At once, with its changes.
select is(
  pg_temp.change(jsonb_build_object('version', tests.version('We open at ten on holidays.'))) ->> 'code', 'updated',
  'a new text'
);
select is(tests.found('clinic', 'holidays'), array['Hours'], 'is found');
select is(tests.found('clinic', 'weekdays'), '{}', 'and the old one never again');
select is((select count(*) from public.knowledge_base_chunks where document_id = here.id), 1::bigint, 'none of its chunks is left')
from here;
select is(version, 2, 'it is the second version') from public.knowledge_base join here using (id);

-- Read later.
select is(
  pg_temp.change('{"changes": {"title": "Times"}, "version": {
    "source": "file", "file_name": "a.pdf", "source_hash": "f", "next_page": 2, "page_count": 3, "read": "First page."
  }}') #>> '{document,preparing,version}', '3', 'a file becomes a version of its own'
);
select is(tests.found('clinic', 'holidays'), array['Hours'], 'until it is read, the old text is found, under its old title');
select is(
  public.read_knowledge_version(jsonb_build_object('org_id', tests.id('clinic'), 'document_id', here.id, 'version', 3)) ->> 'code',
  'gone', 'nothing is read before it is uploaded'
) from here;
select is(
  public.record_knowledge_upload(jsonb_build_object(
    'org_id', tests.id('clinic'), 'document_id', here.id, 'version', 3, 'outcome', 'uploaded'
  )) ->> 'code', 'recorded', 'the upload is recorded'
) from here;
select is((select count(*) from public.background_jobs where kind = 'prepare_knowledge'), 1::bigint, 'and its reading queued');
create function pg_temp.name(p_more jsonb) returns jsonb language sql stable as $$
  select jsonb_build_object('org_id', tests.id('clinic'), 'document_id', here.id, 'version', 3) || p_more from here
$$;
select is(
  public.record_knowledge_pages(pg_temp.name('{"first_page": 2, "next_page": 3, "page_count": 3, "content": "First page.\n\nSecond."}'))
    ->> 'code', 'recorded', 'a stretch of pages is recorded'
);
select is(
  public.record_knowledge_pages(pg_temp.name('{"first_page": 2, "next_page": 3, "page_count": 3, "content": "Twice"}')) ->> 'code',
  'gone', 'and not a second time'
);
select is(
  public.read_knowledge_version(pg_temp.name('{}')) ->> 'content', E'First page.\n\nSecond.', 'what was read is kept'
);
select is(
  public.index_knowledge_version(pg_temp.name(tests.version('A text about parking.'))) ->> 'code', 'indexed', 'all read, it is swapped in'
);
select is(tests.found('clinic', 'parking'), array['Times'], 'the new text is found, under its new title');
select is(tests.found('clinic', 'holidays'), '{}', 'and the old one never again');
select is(
  public.index_knowledge_version(pg_temp.name(tests.version('A text about parking.'))) ->> 'code', 'gone', 'once'
);

-- A newer version overtakes one that is being read.
select pg_temp.change('{"version": {"source": "file", "next_page": 1, "page_count": 9, "read": ""}}');
select pg_temp.change(jsonb_build_object('version', tests.version('Newest of all.')));
select is(
  public.index_knowledge_version(pg_temp.name(tests.version('Late.') || '{"version": 4}')) ->> 'code', 'gone',
  'what was overtaken is never swapped in'
);
select is(tests.found('clinic', 'newest'), array['Times'], 'the newest stays');

-- What can't be read leaves what there is.
select pg_temp.change('{"version": {"source": "file", "next_page": 1, "page_count": 9, "read": "", "storage_path": "p"}}');
select public.fail_knowledge_version(pg_temp.name('{"version": 6, "error_code": "unreadable", "error": "It is broken"}'));
select is(state || ':' || error_code, 'indexed:unreadable', 'a version that fails leaves the old one, and says why')
from public.knowledge_base join here using (id);

-- Deleted.
select is(public.delete_knowledge_document(pg_temp.name('{"if_match": 1}') || jsonb_build_object('id', here.id)) ->> 'code',
  'revision_mismatch', 'a deletion may name the revision it saw') from here;
select public.delete_knowledge_document(pg_temp.name('{}') || jsonb_build_object('id', here.id, 'user_id', tests.id('owner'))) from here;
select is(tests.found('clinic', 'newest'), '{}', 'what is deleted is found no more');
select is(
  public.read_knowledge_document(jsonb_build_object('org_id', tests.id('clinic'), 'id', here.id)) ->> 'code', 'not_found', 'nor read'
) from here;
select is(
  array(
    select entry.value ->> 'action'
    from jsonb_array_elements(
      public.read_knowledge_history(jsonb_build_object('org_id', tests.id('clinic'), 'id', here.id)) -> 'changes'
    ) as entry
  ),
  array['deleted', 'failed', 'queued', 'updated', 'queued', 'indexed', 'queued', 'updated', 'created'],
  'its history tells everything, newest first'
) from here;
select is(
  tests.document('clinic', 'Back', tests.version('Newest of all.')) ->> 'code', 'created', 'and its content may come again'
);

select * from finish();
rollback;
