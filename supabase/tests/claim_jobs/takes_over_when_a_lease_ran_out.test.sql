begin;
\ir ../people.psql
select no_plan();

insert into public.background_jobs (kind, org_id, dedupe_key, max_attempts)
values ('sync_agent', tests.id('clinic'), 'inbound', 2);
create function tests.claim() returns jsonb language sql as $$
  select public.claim_jobs('{"kind": "sync_agent", "limit": 5, "lease_seconds": 60, "worker_id": "w"}') -> 'jobs'
$$;

select tests.act_as('service role');
select tests.remember('first', tests.claim());
select is((tests.recall('first') #> '{0,attempts}'), '1', 'a claim is an attempt');
select is(tests.claim(), '[]', 'nobody else gets it meanwhile');

update public.background_jobs set available_at = now() - interval '1 second';
select tests.remember('second', tests.claim());
select is(tests.recall('second') #>> '{0,id}', tests.recall('first') #>> '{0,id}', 'when the lease has run out it is claimed again');
select is((tests.recall('second') #> '{0,fencing_token}'), '2', 'under a higher token');
select is(
  public.complete_job(jsonb_build_object(
    'id', tests.recall('first') #>> '{0,id}', 'fencing_token', tests.recall('first') #> '{0,fencing_token}', 'outcome', 'completed'
  )), '{"code": "lease_lost"}', 'the first worker can''t complete it any more'
);
select is(
  public.complete_job(jsonb_build_object(
    'id', tests.recall('first') #>> '{0,id}', 'fencing_token', tests.recall('first') #> '{0,fencing_token}', 'outcome', 'failed', 'error', 'late'
  )), '{"code": "lease_lost"}', 'nor fail it'
);

update public.background_jobs set available_at = now() - interval '1 second';
select is(tests.claim(), '[]', 'what killed its worker on the last attempt isn''t tried once more');
select results_eq(
  'select state, last_error, attempts from public.background_jobs',
  $$ values ('dead_lettered', 'The lease of the last attempt ran out', 2) $$, 'it is given up'
);
select results_eq(
  'select org_id, rule, dedupe_key from public.alerts',
  $$ values (tests.id('clinic'), 'job_dead_lettered', 'sync_agent:inbound') $$, 'and somebody is alerted'
);

select * from finish();
rollback;
