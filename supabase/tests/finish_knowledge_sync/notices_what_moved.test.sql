begin;
\ir ../people.psql
\ir ../knowledge_sync.psql
select no_plan();

create function tests.due() returns timestamptz language sql as $$
  select due_at from public.knowledge_syncs where org_id = tests.id('clinic')
$$;

select tests.remember('claim', tests.claim_knowledge());
select isnt(tests.due(), null, 'should the holder die, the worker looks');
select tests.add_document('clinic', 'Prices');
select is(tests.finish_knowledge() -> 'again', 'true', 'a document came meanwhile: the holder goes round again');
select is(tests.claim_knowledge('{"request_id": "r2"}') ->> 'code', 'held', 'and keeps the lease');
select is(tests.finish_knowledge('{"again_allowed": false}') -> 'again', 'false', 'unless it has gone round enough');
select ok(tests.due() <= clock_timestamp(), 'then the worker goes on at once');

select tests.remember('claim', tests.claim_knowledge());
select is(tests.finish_knowledge('{"outcome": "failed", "retry": true, "error": "timed out"}') ->> 'code', 'recorded', 'a failure');
select ok(tests.due() > clock_timestamp(), 'is tried again after a pause');
select is(
  (select (state, error)::text from public.kb_sync_log order by started_at desc limit 1), '(failed,"timed out")', 'and told'
);
update public.knowledge_syncs set consecutive_failures = 8, finished_at = now() - interval '1 hour';
select tests.remember('claim', tests.claim_knowledge('{"started_by": "worker"}'));
select tests.finish_knowledge('{"outcome": "failed", "retry": true, "error": "timed out"}');
select is(tests.due(), null, 'not for ever');
select is((select count(*)::integer from public.alerts where rule = 'knowledge_sync_failed' and state = 'raised'), 1, 'a person is told');
update public.knowledge_syncs set finished_at = now() - interval '1 hour';
select tests.remember('claim', tests.claim_knowledge());
select tests.finish_knowledge();
select is((select state from public.alerts where rule = 'knowledge_sync_failed'), 'resolved', 'until it works again');

update public.leases set expires_at = now(), released_at = null;
select tests.add_document('clinic', 'More');
select tests.remember('before', tests.recall('claim'));
select tests.remember('claim', tests.claim_knowledge());
select tests.remember('after', tests.recall('claim'));
select tests.remember('claim', tests.recall('before'));
select is(tests.finish_knowledge(), '{"code": "lease_lost"}', 'who lost the lease finishes nothing');
select is(
  public.record_knowledge_files(jsonb_build_object(
    'org_id', tests.id('clinic'), 'fencing_token', tests.recall('before') -> 'fencing_token', 'files', '[]'::jsonb,
    'forgotten', '[]'::jsonb, 'progress', '{}'::jsonb, 'provider_calls', '[]'::jsonb
  )), '{"code": "lease_lost"}', 'and records nothing'
);
select throws_like(
  format('select tests.finish_knowledge(%L)', '{"outcome": "perhaps"}'), '%is not an outcome', 'an outcome is one of three'
);
select * from finish();
rollback;
