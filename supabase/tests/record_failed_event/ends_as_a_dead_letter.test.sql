begin;
\ir ../people.psql
\ir ../calls.psql
select no_plan();

select tests.act_as('service role');
create function pg_temp.fail(p_changes jsonb default '{}') returns jsonb language sql as $$
  select public.record_failed_event(jsonb_build_object(
    'org_id', tests.id('clinic'), 'call', tests.message() -> 'call', 'event_id', 'vapi:call-1:status-update:in-progress',
    'event_type', 'status-update', 'reason', 'It broke', 'payload', '{"body": {"a": 1}}'::jsonb, 'max_attempts', 3
  ) || p_changes)
$$;
select is(pg_temp.fail(), '{"code": "recorded", "attempts": 1, "dead_lettered": false}'::jsonb, 'an event fails');
select is(pg_temp.fail(), '{"code": "recorded", "attempts": 2, "dead_lettered": false}'::jsonb, 'and again');
select is_empty('select 1 from public.dead_letters', 'that is not the end yet');
select is(pg_temp.fail(), '{"code": "recorded", "attempts": 3, "dead_lettered": true}'::jsonb, 'the third time it is');
select results_eq(
  'select org_id, source, source_id, reason, payload, attempts from public.dead_letters',
  $$ values (tests.id('clinic'), 'vapi', 'vapi:call-1:status-update:in-progress', 'It broke', '{"body": {"a": 1}}'::jsonb, 3) $$,
  'with its reason and what it was'
);
select is_empty('select 1 from public.failed_webhook_events', 'and is failing no longer');

select pg_temp.fail();
select tests.ingest();
select is_empty('select 1 from public.failed_webhook_events', 'an event that succeeds at last has not failed');
select is(pg_temp.fail('{"org_id": null, "call": {"id": "call-1"}}') ->> 'code', 'recorded', 'one signed for the account is whose the call is');
select is(pg_temp.fail('{"org_id": null, "call": {"id": "nobody"}}') ->> 'code', 'organization_unknown', 'or nobody''s');

select is(
  public.record_unreadable_event(jsonb_build_object('org_id', tests.id('clinic'), 'reason', 'not_json', 'body_base64', encode('\x7b00ff'::bytea, 'base64'))) ->> 'code',
  'recorded', 'what can''t be read'
);
select is((select body from public.unparsed_deliveries where source = 'vapi'), '\x7b00ff'::bytea, 'is kept byte for byte');

select * from finish();
rollback;
