begin;
\ir ../people.psql
select no_plan();

create function tests.fail_sync() returns jsonb language plpgsql as $$
begin
  perform tests.remember('token', tests.claim_sync() -> 'fencing_token');
  return tests.record_sync('{"outcome": "failed", "vapi_assistant_id": null, "error": "Vapi answered 500"}');
end
$$;

select tests.act_as('service role');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1')));
select tests.fail_sync() from generate_series(1, 4);
select is_empty($$ select 1 from public.alerts where rule = 'agent_in_error' $$, 'four failures of a draft are bad luck');
select is(tests.fail_sync(), '{"code": "recorded", "again": false}', 'the fifth takes nothing out of service');
select tests.fail_sync();
select is((select state from public.agents where role = 'inbound'), 'draft', 'it stays a draft');
select results_eq(
  $$ select severity, message, occurrences, state from public.alerts where rule = 'agent_in_error' $$,
  $$ values ('critical', 'Cannot get the inbound agent ready: 5 syncs failed in a row', 1, 'raised') $$, 'but somebody is told, once'
);
select is_empty($$ select 1 from public.audit_log where action = 'agent_put_in_error' $$, 'nothing was put in error');
select tests.remember('token', tests.claim_sync() -> 'fencing_token');
select tests.record_sync('{}');
select is((select state from public.alerts where rule = 'agent_in_error'), 'resolved', 'a sync that works ends it');
delete from public.alerts;

update public.agents set state = 'active' where role = 'inbound';
select tests.fail_sync() from generate_series(1, 4);
select is((select state from public.agents where role = 'inbound'), 'active', 'four failures are bad luck');
select is(tests.fail_sync(), '{"code": "recorded", "again": false, "state_changed": true}', 'the fifth in a row takes it out of service');
select results_eq(
  $$ select state, state_changed_at is not null, sync_status from public.agents where role = 'inbound' $$, $$ values ('error', true, 'failed') $$,
  'it is in error'
);
select results_eq(
  $$ select severity, dedupe_key, message, details ->> 'cause', details ->> 'error' from public.alerts where rule = 'agent_in_error' $$,
  $$ values ('critical', 'inbound', 'Cannot keep the inbound agent in service: 5 syncs failed in a row', 'sync', 'Vapi answered 500') $$,
  'somebody is told'
);
select is((select count(*) from public.audit_log where action = 'agent_put_in_error'), 1::bigint, 'and it is written down');
select is((select count(*) from public.background_jobs where state = 'queued' and dedupe_key = 'inbound'), 1::bigint, 'it is tried again all the same');
select is(tests.fail_sync(), '{"code": "recorded", "again": false}', 'the sixth is no news');
select is((select occurrences from public.alerts where rule = 'agent_in_error'), 1, 'for anybody');

select tests.remember('token', tests.claim_sync() -> 'fencing_token');
select tests.record_sync('{}');
select is((select state from public.agents where role = 'inbound'), 'error', 'a sync that works doesn''t put it back');
select is((select state from public.alerts where rule = 'agent_in_error'), 'raised', 'a person does');

update public.agents set state = 'paused' where role = 'inbound';
select tests.fail_sync() from generate_series(1, 6);
select is((select state from public.agents where role = 'inbound'), 'paused', 'one that was paused stays paused');
update public.agents set state = 'active', consecutive_failures = 4 where role = 'inbound';
select is(tests.fail_sync() -> 'state_changed', 'true', 'one that takes calls does not go on');

select * from finish();
rollback;
