begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');
\ir ../agents.psql

create function tests.turn(p_n integer, p_outcome text, p_agent text default 'jobs') returns jsonb language sql as $$
  select tests.deliver(tests.text('wamid.f' || p_n));
  select tests.remember('claim', tests.claim());
  select tests.complete(jsonb_build_object('correlation_id', 'f' || p_n, 'outbound', '[]'::jsonb, 'events', jsonb_build_array(jsonb_build_object(
    'event_type', 'turn', 'agent', p_agent, 'outcome', p_outcome, 'error', case p_outcome when 'failed' then 'It broke' end
  ))));
  select tests.recall('claim') -> 'limits' -> 'switched_off_agents'
$$;

select tests.turn(n, 'failed') from generate_series(1, 4) as n;
select tests.turn(5, 'succeeded');
select is((select consecutive_failures from public.agent_switches), 0, 'a success begins anew');
select tests.turn(n, 'failed') from generate_series(6, 9) as n;
select tests.turn(10, 'succeeded', 'property');
select is((select state from public.agent_switches where agent = 'jobs'), 'on', 'four are not enough');
select tests.turn(11, 'failed');
select results_eq('select agent, state, consecutive_failures from public.agent_switches', $$ values ('jobs', 'off', 5) $$, 'five switch it off');
select results_eq(
  $$ select org_id, severity, details ->> 'agent' from public.alerts where rule = 'agent_switched_off' $$,
  $$ values (tests.id('clinic'), 'critical', 'jobs') $$, 'and raise an alert'
);
select is(tests.turn(12, 'succeeded', 'property'), '["jobs"]', 'the next turn is told');
select is((select occurrences from public.alerts where rule = 'agent_switched_off'), 1, 'once');
select is(private.describe_turn_limits(tests.id('market')) -> 'switched_off_agents', '[]', 'another organization''s is on');
select is((select count(*) from public.failed_conversations where state = 'failed'), 1::bigint, 'the conversation is marked');
select results_eq('select agent, error, failures, correlation_id from public.failed_conversations', $$ values ('jobs', 'It broke', 9, 'f11') $$, 'with what went wrong');

create function tests.switch(p_person text, p_changes jsonb) returns text language sql as $$
  select public.switch_agent(jsonb_build_object('org_id', tests.id('clinic'), 'user_id', tests.id(p_person), 'agent', 'jobs') || p_changes) ->> 'code'
$$;
select is(tests.switch('member', '{"on": true}'), 'forbidden', 'a member may not switch');
select is(tests.switch('market owner', '{"on": true}'), 'forbidden', 'nor another organization''s owner');
select is(tests.switch('admin', '{"on": true}'), 'switched', 'an admin switches it on');
select is(tests.turn(13, 'failed'), '[]', 'it is on');
select is((select state || consecutive_failures from public.agent_switches where agent = 'jobs'), 'on1', 'and counts from the start');
select is((select state from public.alerts where rule = 'agent_switched_off'), 'resolved', 'the alert is over');
select is((select count(*) from public.audit_log where action = 'agent_switched_on'), 1::bigint, 'and it is on record who did it');
select is(tests.switch('owner', '{"on": false}'), 'switched', 'an owner switches it off');
select is(tests.turn(14, 'succeeded', 'property'), '["jobs"]', 'by hand too');

-- Reviews.
create function tests.review(p_person text) returns text language sql as $$
  select public.review_conversation(jsonb_build_object(
    'org_id', tests.id('clinic'), 'user_id', tests.id(p_person), 'id', (select id from public.failed_conversations), 'note', 'Seen'
  )) ->> 'code'
$$;
select is(public.list_failed_conversations(jsonb_build_object('org_id', tests.id('clinic'), 'user_id', tests.id('viewer'))) ->> 'code', 'forbidden', 'a viewer doesn''t read conversations');
select is(jsonb_array_length(public.list_failed_conversations(jsonb_build_object('org_id', tests.id('clinic'), 'user_id', tests.id('member'))) -> 'conversations'), 1, 'a member does');
select is(public.list_failed_conversations(jsonb_build_object('org_id', tests.id('market'), 'user_id', tests.id('market owner'))) -> 'conversations', '[]', 'each their own');
select is(tests.review('market owner'), 'forbidden', 'nobody else reviews them');
select is(tests.review('member'), 'reviewed', 'and reviews them');
select is(public.list_failed_conversations(jsonb_build_object('org_id', tests.id('clinic'), 'user_id', null)) -> 'conversations', '[]', 'then they are done with');
select tests.turn(15, 'failed', 'property');
select is((select count(*) from public.failed_conversations), 2::bigint, 'until it fails again');

-- The same message again and again is one failure; who is not named is not blamed.
create function tests.retry(p_agent text) returns void language sql as $$
  select private.count_turn(
    jsonb_build_object('org_id', tests.id('clinic'), 'contact_id', null, 'message_id', '00000000-0000-4000-8000-000000000001'),
    jsonb_build_array(jsonb_build_object('agent', p_agent, 'outcome', 'failed', 'error', 'It broke'))
  )
$$;
select tests.retry('farmer') from generate_series(1, 6);
select results_eq($$ select state, consecutive_failures from public.agent_switches where agent = 'farmer' $$, $$ values ('on', 1) $$, 'one message retried counts once');
select tests.deliver(tests.text('wamid.again'));
create function tests.try_again() returns void language sql as $$
  update public.contact_queues set turn_retry_at = null, turn_leased_until = null where turn_retry_at is not null;
  select tests.remember('claim', tests.claim());
  select tests.complete(jsonb_build_object(
    'outcome', 'failed', 'error', 'It broke', 'correlation_id', 'again', 'outbound', '[]'::jsonb, 'max_attempts', 10,
    'events', jsonb_build_array(jsonb_build_object('event_type', 'turn', 'agent', 'rides', 'outcome', 'failed'))
  ))
$$;
select tests.try_again() from generate_series(1, 6);
select results_eq($$ select state, consecutive_failures from public.agent_switches where agent = 'rides' $$, $$ values ('on', 1) $$, 'however often its turn is taken');
select tests.retry(null) from generate_series(1, 6);
select is((select count(*) from public.agent_switches where state = 'off'), 1::bigint, 'nobody else is switched off');

select * from finish();
rollback;
