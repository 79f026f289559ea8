begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');

select tests.deliver(tests.text('wamid.1'));
select tests.remember('claim', tests.claim());
select tests.deliver(tests.text('wamid.2'));
select is(
  tests.complete(jsonb_build_object('session', jsonb_build_object(
    'id', tests.recall('claim') #> '{session,id}', 'status', 'completed', 'flow', null, 'flow_step', null,
    'preferences', '{"language": "sw"}'::jsonb, 'context', '{"language": "sw"}'::jsonb
  ))) - 'send',
  '{"code": "completed", "again": true}', 'a turn ends a session, whatever came meanwhile'
);
select results_eq(
  'select status, completed_at is not null, expired_at from public.unified_sessions',
  $$ values ('completed', true, null::timestamptz) $$, 'it is completed, and since when'
);
select is((select count(*) from public.outbound_messages where session_id is not null), 1::bigint, 'its last words belong to it');
select is(tests.complete() ->> 'code', 'completed', 'the same call again');
select is((select status from public.unified_sessions), 'completed', 'leaves it');
select tests.remember('next', tests.claim());
select isnt(tests.recall('next') #> '{session,id}', tests.recall('claim') #> '{session,id}', 'what is written then begins another');
select is(tests.recall('next') #> '{session,context}', '{}', 'cleanly');
select is(tests.recall('next') #> '{session,preferences}', '{"language": "sw"}', 'with the preferences kept');
update public.unified_sessions set last_message_at = now() - interval '25 hours';
update public.contact_queues set turn_due_at = null;
select is(public.expire_messages('{}') ->> 'unified_sessions_expired', '1', 'only what is open expires');

select * from finish();
rollback;
