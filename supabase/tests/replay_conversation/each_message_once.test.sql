begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');
\ir ../agents.psql

create function tests.replay(p_person text default 'admin', p_changes jsonb default '{}') returns jsonb language sql as $$
  select public.replay_conversation(jsonb_build_object(
    'org_id', tests.id('clinic'), 'user_id', tests.id(p_person), 'request_id', 'r1',
    'id', (select id from public.failed_conversations order by failed_at, replayed_at nulls last limit 1)
  ) || p_changes)
$$;
create function tests.turn(p_outcome text default 'failed') returns text language plpgsql as $$
begin
  perform tests.remember('claim', tests.claim());
  if tests.recall('claim') ->> 'code' <> 'claimed' then
    return tests.recall('claim') ->> 'code';
  end if;
  perform tests.complete(jsonb_build_object(
    'outcome', p_outcome, 'error', 'It broke', 'max_attempts', 1, 'outbound', '[]'::jsonb,
    'correlation_id', gen_random_uuid(), 'events', jsonb_build_array(jsonb_build_object(
      'event_type', 'turn', 'agent', 'jobs', 'outcome', case p_outcome when 'failed' then 'failed' else 'succeeded' end
    ))
  ));
  return tests.wamids(tests.recall('claim'));
end
$$;

select is(tests.turn('answered'), 'wamid.ann', '(this one is answered)');
select tests.deliver(tests.text('wamid.1'), tests.text('wamid.2'));
select is(tests.turn(), 'wamid.1 wamid.2', '(these are not)');
select is((select failures from public.failed_conversations), 1, '(and the conversation is marked)');

select is(tests.replay('member') ->> 'code', 'forbidden', 'a member may not have it run again');
select is(tests.replay('market owner') ->> 'code', 'forbidden', 'nor another organization''s owner');
select is(tests.replay('market owner', jsonb_build_object('org_id', tests.id('market'))) ->> 'code', 'not_found', 'not as their own either');
select is((select count(*) from public.inbound_messages where disposition = 'dead_lettered'), 2::bigint, '(nothing has happened)');
update public.contact_queues set last_inbound_at = now() - interval '25 hours' where contact_id = tests.person('ann');
select is(tests.replay() ->> 'code', 'outside_window', 'whom nobody could answer is left alone');
update public.contact_queues set last_inbound_at = now() where contact_id = tests.person('ann');
select tests.effect('ann', jsonb_build_object('kind', 'hand_over', 'id', tests.uuid('h1'), 'reason', 'Person'));
select is(tests.replay() ->> 'code', 'handed_over', 'and whom a person answers');
update public.hand_overs set state = 'released', released_at = now();

select is(tests.replay(), '{"code": "replayed", "messages": 2, "again": false}', 'an admin has it run again');
select is(tests.replay('owner'), '{"code": "replayed", "messages": 2, "again": true}', 'asked twice it is the same');
select results_eq('select state, replayed_messages, reviewed_by from public.failed_conversations', $$ values ('reviewed', 2, tests.id('admin')) $$, 'it is done with');
select is((select state from public.alerts where rule = 'dead_letters'), 'resolved', 'so are its dead letters');
select is((select count(*) from public.operation_events where operation = 'conversation_replay'), 1::bigint, 'who did it is on record');
select is(tests.turn('answered'), 'wamid.1 wamid.2', 'its messages have a turn, in their order');
select is(tests.turn('answered'), 'nothing', 'once');
select is(tests.replay(), '{"code": "replayed", "messages": 2, "again": true}', 'also when they have been answered');
select is(tests.turn('answered'), 'nothing', '(nothing comes of it)');

-- It fails again: another entry.
select tests.deliver(tests.text('wamid.3'));
select tests.turn();
select is((select count(*) from public.failed_conversations where state = 'failed'), 1::bigint, 'what fails again is marked again');
select is(
  tests.replay('admin', jsonb_build_object('id', (select id from public.failed_conversations where state = 'failed'))) ->> 'messages',
  '1', 'and has its own messages alone'
);
select tests.turn();
select is((select count(*) from public.failed_conversations where state = 'failed'), 1::bigint, 'a replay may fail too');

-- A letter that was run again by itself.
update public.failed_conversations set state = 'reviewed', reviewed_at = now() where state = 'failed';
select tests.deliver(tests.text('wamid.4', '{"phone": "250788000002"}'));
select tests.remember('claim', tests.claim('250788000002'));
select tests.complete('{"outcome": "failed", "error": "x", "max_attempts": 1, "outbound": [], "events": [{"event_type": "turn", "outcome": "failed", "agent": "jobs"}]}');
select public.replay_dead_letter(jsonb_build_object('id', letter.id, 'request_id', 'r2'))
from public.dead_letters as letter where letter.replayed_at is null and letter.payload ->> 'contact_id' = tests.person('bob')::text;
select is(
  tests.replay('admin', jsonb_build_object('id', (select id from public.failed_conversations where contact_id = tests.person('bob')))) ->> 'code',
  'nothing_to_replay', 'what has its turn already isn''t given another'
);

-- Looking at one.
create function tests.show(p_person text, p_changes jsonb default '{}') returns jsonb language sql as $$
  select public.read_failed_conversation(jsonb_build_object(
    'org_id', tests.id('clinic'), 'user_id', tests.id(p_person),
    'id', (select id from public.failed_conversations where contact_id = tests.person('bob'))
  ) || p_changes)
$$;
select is(tests.show('viewer') ->> 'code', 'forbidden', 'a viewer doesn''t read conversations');
select is(tests.show('member') #>> '{conversation,agent}', 'jobs', 'a member sees what failed');
select is(jsonb_path_query_array(tests.show('member'), '$.messages[*].state'), '["received", "received"]', 'and what was said');
select is(tests.show('market owner', jsonb_build_object('org_id', tests.id('market'))) ->> 'code', 'not_found', 'of their own organization');

select * from finish();
rollback;
