begin;
\ir ../people.psql
\ir ../knowledge_sync.psql
select no_plan();
select tests.add_document('market', 'Theirs');

select tests.remember('claim', tests.claim_knowledge());
create function tests.intend(p_hashes text[]) returns jsonb language sql as $$
  select public.intend_knowledge_files(jsonb_build_object(
    'org_id', tests.id('clinic'), 'fencing_token', tests.recall('claim') -> 'fencing_token',
    'key_fingerprint', 'fp', 'content_hashes', to_jsonb(p_hashes)
  ))
$$;
select tests.remember('first', tests.intend(array[md5('Hours'), md5('Gone'), md5('Theirs')]));
select is(jsonb_array_length(tests.recall('first') -> 'files'), 1, 'only what is wanted, and only our own');
select is(tests.recall('first') #>> '{files,0,content}', 'Hours', 'with its text');
select is(
  tests.intend(array[md5('Hours')]) #>> '{files,0,id}', tests.recall('first') #>> '{files,0,id}',
  'intended again it is the same row, whose mark an earlier upload carries'
);
select is((select count(*)::integer from public.knowledge_files), 1, 'one row a content');

select public.record_knowledge_files(jsonb_build_object(
  'org_id', tests.id('clinic'), 'fencing_token', tests.recall('claim') -> 'fencing_token',
  'files', jsonb_build_array(jsonb_build_object(
    'id', tests.recall('first') #>> '{files,0,id}', 'vapi_file_id', 'file-1', 'state', 'done', 'key_fingerprint', 'fp'
  )),
  'forgotten', '[]'::jsonb, 'progress', '{"phase": "waiting"}'::jsonb,
  'provider_calls', '[{"provider": "vapi", "operation": "upload_file", "outcome": "succeeded", "status": 201, "duration_ms": 5}]'::jsonb
));
select is((select state from public.knowledge_files), 'done', 'what became of it is recorded');
select is(
  (select sum(call_count)::integer from public.provider_call_stats where operation = 'upload_file'), 1, 'and the call counted'
);
select is((select progress from public.knowledge_syncs), '{"phase": "waiting"}', 'for whoever asks how it goes');
select tests.finish_knowledge();
select is(
  (select (vapi_file_id, vapi_file_hash)::text from public.knowledge_base where title = 'Hours'),
  format('(file-1,%s)', md5('Hours')), 'the document names its file'
);
select * from finish();
rollback;
