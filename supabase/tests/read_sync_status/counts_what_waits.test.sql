begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select is(
  public.read_sync_status(jsonb_build_object('org_id', tests.id('clinic'))),
  '{"code": "read", "agents": [], "queued_jobs": 0}', 'nothing saved, nothing to sync'
);
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1')));
select tests.save_workspace('market', jsonb_build_array(tests.integration('vapi', 'key2')));
select public.queue_due_jobs('{"kind": "sync_agent"}');
select is(public.read_sync_status(jsonb_build_object('org_id', tests.id('clinic'))) -> 'queued_jobs', '2', 'jobs of the own organization');
select is(
  jsonb_array_length(public.read_sync_status(jsonb_build_object('org_id', tests.id('clinic'))) -> 'agents'), 2, 'and its agents'
);
update public.background_jobs set state = 'completed', completed_at = now() where dedupe_key = 'inbound';
select is(public.read_sync_status(jsonb_build_object('org_id', tests.id('clinic'))) -> 'queued_jobs', '1', 'without those that are done');

select * from finish();
rollback;
