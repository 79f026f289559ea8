begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1')));
select tests.remember('token', tests.claim_sync() -> 'fencing_token');
select tests.record_sync('{}');
update public.agents set drift_claimed_at = null;
select tests.remember('claimed', public.claim_drift_checks('{"limit": 1, "lease_seconds": 60, "worker_id": "w1"}') #> '{checks,0}');
select is(tests.claim_sync() ->> 'code', 'held', 'somebody wants a sync during a check');
select is(
  public.record_drift_check(jsonb_build_object(
    'org_id', tests.id('clinic'), 'role', 'inbound', 'request_id', 'r1', 'fencing_token', tests.recall('claimed') -> 'fencing_token',
    'outcome', 'in_step'
  )), '{"code": "recorded", "policy": "report", "sync_queued": true}', 'the check''s end says so'
);
select results_eq(
  $$ select dedupe_key, available_at <= clock_timestamp() from public.background_jobs where kind = 'sync_agent' and state = 'queued' $$,
  $$ values ('inbound', true) $$, 'and a job does it at once'
);

select * from finish();
rollback;
