begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1')));
select tests.remember('token', tests.claim_sync() -> 'fencing_token');

update public.agents set name = 'Nora' where role = 'inbound';
select is(tests.record_sync('{}'), '{"code": "recorded", "again": true}', 'a revision made meanwhile asks for another round');
select is((select sync_status from public.agents where role = 'inbound'), 'queued', 'the agent isn''t in step yet');
select is((select applied_revision from public.agents where role = 'inbound'), 1, 'though something was applied');
select cmp_ok(
  (select expires_at from public.leases where resource = 'agent_sync:inbound'), '>', clock_timestamp() + interval '50 seconds', 'the lease goes on'
);

select is(tests.claim_sync() ->> 'code', 'held', 'somebody who asks in vain');
select is(tests.record_sync('{"revision": 2}'), '{"code": "recorded", "again": true}', 'asks for another round too');
select is(tests.record_sync('{"revision": 2}'), '{"code": "recorded", "again": false}', 'which is the last when nobody asks');
select is((select sync_status from public.agents where role = 'inbound'), 'synced', 'then they are in step');

select tests.remember('token', tests.claim_sync() -> 'fencing_token');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key2')));
select is(
  tests.record_sync('{"revision": 2}'), '{"code": "recorded", "again": true}', 'so does another account''s key'
);
select is(
  tests.record_sync('{"revision": 2, "applied_key_fingerprint": "fp-key2"}'), '{"code": "recorded", "again": false}', 'until it is the one applied'
);

select tests.remember('token', tests.claim_sync() -> 'fencing_token');
update public.agents set first_message = 'Hi' where role = 'inbound';
select is(
  tests.record_sync('{"revision": 2, "outcome": "failed", "error": "500"}'), '{"code": "recorded", "again": false}', 'after a failure there is no other round'
);
select is((select released_at is not null from public.leases where resource = 'agent_sync:inbound'), true, 'the lease is given back');
select ok(
  (select available_at > clock_timestamp() + interval '20 seconds' from public.background_jobs where state = 'queued' and dedupe_key = 'inbound'),
  'the queued retry goes on with the change'
);
select tests.remember('token', tests.claim_sync() -> 'fencing_token');
select is(tests.claim_sync('inbound', 'r9') ->> 'code', 'held', 'somebody who asks in vain meanwhile');
select is(
  tests.record_sync('{"revision": 3, "outcome": "failed", "error": "500"}'), '{"code": "recorded", "again": false}', 'changes nothing about that'
);
select is((select sync_status from public.agents where role = 'inbound'), 'failed', 'it failed');
select is((select consecutive_failures from public.agents where role = 'inbound'), 2, 'twice');

select * from finish();
rollback;
