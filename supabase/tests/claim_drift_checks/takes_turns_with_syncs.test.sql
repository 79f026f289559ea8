begin;
\ir ../people.psql
select no_plan();

create function tests.claim_drift(p_limit integer default 100) returns jsonb language sql as $$
  select public.claim_drift_checks(jsonb_build_object('limit', p_limit, 'lease_seconds', 60, 'worker_id', 'w1')) -> 'checks'
$$;
create function tests.roles(p_checks jsonb) returns text[] language sql as $$
  select array(select check_claimed ->> 'role' from jsonb_array_elements(p_checks) as check_claimed order by 1)
$$;

select tests.act_as('service role');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1')));
select is(tests.claim_drift(), '[]', 'what was never synced can''t have drifted');
select is(public.queue_due_jobs('{"kind": "check_drift"}') -> 'count', '0', 'and is no work');
select tests.remember('token', tests.claim_sync() -> 'fencing_token');
select tests.record_sync('{}');
select is(tests.claim_drift(), '[]', 'a sync has just looked');

update public.agents set drift_claimed_at = now() - interval '269 minutes' where role = 'inbound';
select is(tests.claim_drift(), '[]', 'three quarters of six hours is the shortest wait');
update public.agents set drift_claimed_at = now() - interval '450 minutes' where role = 'inbound';
select is(public.queue_due_jobs('{"kind": "check_drift"}') -> 'count', '1', 'five quarters the longest: there is work');
select is(public.queue_due_jobs('{"kind": "check_drift"}') -> 'count', '0', 'one job of it');
select tests.remember('checks', tests.claim_drift());
select is(tests.roles(tests.recall('checks')), array['inbound'], 'it is claimed');
select is(
  tests.recall('checks') -> 0 #- '{agent}' #- '{settings}' #- '{voice_defaults}' #- '{fencing_token}',
  jsonb_build_object('org_id', tests.id('clinic'), 'role', 'inbound', 'vapi', jsonb_build_object(
    'fingerprint', 'fp-key1', 'ciphertext', tests.ciphertext('key1'), 'key_id', 'k1', 'public_config', '{}'::jsonb
  )), 'with the sealed key'
);
select is(tests.recall('checks') #>> '{0,agent,applied,name}', 'Inbound receptionist', 'and what was applied');
select is(tests.claim_drift(), '[]', 'nobody else gets it');
select is(tests.claim_sync() ->> 'code', 'held', 'a sync waits for it');
select is((select sync_status from public.agents where role = 'inbound'), 'queued', 'and is remembered');

select tests.act_as('operator');
update public.leases set released_at = clock_timestamp(), expires_at = clock_timestamp();
update public.agents set sync_status = 'synced', last_synced_at = now(), drift_claimed_at = null where role = 'inbound';
select tests.act_as('service role');
select tests.remember('token', tests.claim_sync() -> 'fencing_token');
select is(tests.claim_drift(), '[]', 'nor is it claimed while it is synced');
select tests.record_sync('{"outcome": "unchanged", "applied": null, "applied_hash": null}');
select is(tests.roles(tests.claim_drift()), array['inbound'], 'a sync that looked at nothing counts for nothing');
update public.leases set expires_at = now() - interval '1 second' where resource = 'agent_sync:inbound';
select is(tests.claim_drift(), '[]', 'one whose worker died isn''t the first again');

update public.agents set sync_status = 'synced', last_synced_at = now(), vapi_assistant_id = role, drift_claimed_at = null;
select is(cardinality(tests.roles(tests.claim_drift(1))), 1, 'no more than asked for');
select is(cardinality(tests.roles(tests.claim_drift(0))), 0, 'nothing is something to ask for');
update public.agents set drift_claimed_at = null;
update public.integrations set connected = false, fingerprint = null;
update public.leases set released_at = now();
select is(tests.claim_drift(), '[]', 'without an account there is nobody to ask');

update public.integrations set connected = true, fingerprint = 'fp-key1';
update public.app_config set value = '0' where key = 'drift_check_minutes';
update public.agents set drift_claimed_at = now();
select is(cardinality(tests.roles(tests.claim_drift())), 2, 'the interval is configuration');

select * from finish();
rollback;
