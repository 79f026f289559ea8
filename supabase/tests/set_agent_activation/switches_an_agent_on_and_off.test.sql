begin;
\ir ../people.psql
select no_plan();

create function tests.activate(p_changes jsonb default '{}') returns jsonb language sql as $$
  select public.set_agent_activation(jsonb_build_object(
    'org_id', tests.id('clinic'), 'user_id', tests.id('admin'), 'request_id', 'r1', 'role', 'inbound', 'state', 'active', 'mode', null
  ) || p_changes)
$$;
create function tests.agent() returns public.agents language sql as $$
  select * from public.agents where org_id = tests.id('clinic') and role = 'inbound'
$$;

select tests.act_as('service role');
select is(tests.activate(), '{"code": "not_found"}', 'an agent that isn''t there');
select tests.save_workspace('clinic', '[]');
select is(tests.activate(), '{"code": "not_ready", "missing": ["vapi_connection"]}', 'one without an account can''t take calls');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1')));
select is(tests.activate(), '{"code": "not_ready", "missing": ["assistant", "sync"]}', 'nor one that was never synced');
select is(tests.activate('{"state": "paused"}') -> 'changed', 'false', 'a draft that is paused');
select is((tests.agent()).state, 'draft', 'stays a draft');

select tests.remember('token', tests.claim_sync() -> 'fencing_token');
select tests.record_sync('{}');
select tests.remember('answer', tests.activate('{"mode": "limited"}'));
select is(tests.recall('answer') -> 'changed', 'true', 'a synced one can');
select is(tests.recall('answer') #>> '{agent,state}', 'active', 'and is told as it is now');
select is(tests.activate() -> 'changed', 'false', 'once more changes nothing');
select is(tests.activate('{"mode": "full"}') -> 'changed', 'true', 'another mode does');
select is(tests.activate() #>> '{agent,activation_mode}', 'full', 'which is kept where none is given');
select is(tests.activate('{"state": "paused", "mode": "limited"}') -> 'changed', 'true', 'it is paused');
select results_eq(
  $$ select (a).state, (a).activation_mode, (a).state_changed_at is not null, (a).revision from tests.agent() as a $$,
  $$ values ('paused', 'full', true, 1) $$, 'in the mode that it had, and its content is untouched'
);
select results_eq(
  $$ select action, details ->> 'state_before', details ->> 'mode' from public.audit_log
     where action in ('agent_activated', 'agent_paused') order by details ->> 'state_before' desc, action $$,
  $$ values ('agent_activated', 'draft', 'limited'), ('agent_activated', 'active', 'full'), ('agent_paused', 'active', 'full') $$,
  'the audit log has each change'
);

update public.agents set state = 'error', consecutive_call_failures = 5, sync_error = 'old' where id = (tests.agent()).id;
select public.raise_alert(jsonb_build_object(
  'org_id', tests.id('clinic'), 'rule', 'agent_in_error', 'dedupe_key', 'inbound', 'severity', 'critical', 'message', 'm'
));
select is(tests.activate('{"state": "paused"}') ->> 'code', 'set', 'one in error is paused');
select is((select state from public.alerts where rule = 'agent_in_error'), 'raised', 'which repairs nothing');
update public.agents set state = 'error' where id = (tests.agent()).id;
select is(tests.activate() ->> 'code', 'set', 'or activated');
select results_eq(
  $$ select (a).state, (a).consecutive_call_failures, (a).sync_error from tests.agent() as a $$, $$ values ('active', 0, null::text) $$,
  'which forgets its failures'
);
select is((select state from public.alerts where rule = 'agent_in_error'), 'resolved', 'and its alert');

select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key2')));
select is(tests.activate() -> 'missing', '["assistant", "sync"]', 'its assistant has to be in the account that is connected');
update public.agents set applied_key_fingerprint = 'fp-key2', sync_status = 'failed', sync_failed_at = now();
select is(tests.activate() -> 'missing', '["sync"]', 'and be what is wanted');
update public.agents set sync_status = 'queued', sync_queued_at = now();
select is(tests.activate() -> 'missing', '["sync"]', 'already');
update public.agents set sync_status = 'synced', last_synced_at = now(), drift_status = 'missing', drifted_at = now();
select is(tests.activate() -> 'missing', '["assistant"]', 'and must not have been deleted');
select is(tests.activate('{"state": "paused"}') ->> 'code', 'set', 'it can be paused whatever it is');
select throws_ok($$ select tests.activate('{"state": "error"}') $$, '22023', null, 'nobody chooses an error');

select * from finish();
rollback;
