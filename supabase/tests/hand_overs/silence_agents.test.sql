begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');
\ir ../agents.psql

create function tests.ask(p_function text, p_person text, p_changes jsonb default '{}') returns jsonb language plpgsql as $$
declare
  v_answer jsonb;
begin
  execute format('select public.%I($1)', p_function) into v_answer using jsonb_build_object(
    'org_id', tests.id('clinic'), 'user_id', tests.id(p_person), 'hand_over_id', tests.uuid('h1')
  ) || p_changes;
  return v_answer;
end
$$;

select tests.remember('claim', tests.claim());
select is(
  tests.complete(jsonb_build_object('effects', jsonb_build_array(jsonb_build_object('kind', 'hand_over', 'id', tests.uuid('h1'), 'reason', 'Asked for a person')))) ->> 'code',
  'completed', 'a turn hands over'
);
select is((select session_id from public.hand_overs), (tests.recall('claim') #>> '{session,id}')::uuid, 'its session');
select is((select state from public.alerts where rule = 'hand_over_waiting'), 'raised', 'and somebody is told');
select tests.deliver(tests.text('wamid.h1', '{"content": {"text": "Hello?"}}'));
select is(tests.claim(), jsonb_build_object('code', 'handed_over', 'hand_over_id', tests.uuid('h1'), 'state', 'waiting'), 'what is written then has no turn');
select is((select disposition from public.inbound_messages where wamid = 'wamid.h1'), 'handed_over', 'but is kept');
select is((tests.queue()).turn_due_at, null, 'and not claimed over and over');
select tests.wait();
select results_eq(
  $$ select (turn ->> 'contact_id')::uuid from jsonb_array_elements(public.claim_due_turns('{"limit": 10, "lease_seconds": 30}') -> 'turns') as turn order by 1 $$,
  $$ select other.id from unnest(array[tests.person('bob'), tests.person('far')]) as other (id) order by 1 $$,
  'others go on'
);

-- Who may.
select is(tests.ask('list_hand_overs', 'viewer') ->> 'code', 'forbidden', 'a viewer may not see them');
select is(tests.ask('read_hand_over', 'market owner') ->> 'code', 'forbidden', 'nor may another organization');
select is(tests.ask('take_hand_over', 'outsider') ->> 'code', 'forbidden', 'nor take them');
select is(tests.ask('reply_to_hand_over', 'viewer', '{"text": "x"}') ->> 'code', 'forbidden', 'nor reply');
select is(tests.ask('release_hand_over', 'market owner') ->> 'code', 'forbidden', 'nor release');
select is(tests.ask('read_hand_over', 'market owner', jsonb_build_object('org_id', tests.id('market'))) ->> 'code', 'not_found', 'not as their own either');
select is(tests.ask('take_hand_over', 'market owner', jsonb_build_object('org_id', tests.id('market'))) ->> 'code', 'not_found', 'in no way');

select is(tests.ask('list_hand_overs', 'member') #>> '{hand_overs,0,contact_name}', 'Ann', 'a member sees who waits');
select is(tests.ask('list_hand_overs', 'member', jsonb_build_object('after', (select waiting_at from public.hand_overs), 'after_id', tests.uuid('h1'))) -> 'hand_overs', '[]', 'page by page');
select is(jsonb_path_query_array(tests.ask('read_hand_over', 'member'), '$.messages[*].content.text') @> '["Hello?", "hi", "hello"]', true, 'and all that was said');
select is(tests.ask('reply_to_hand_over', 'member', '{"text": "Good morning"}') ->> 'code', 'not_taken', 'whoever answers takes it first');
select is(tests.ask('take_hand_over', 'member') ->> 'code', 'taken', 'a member takes it');
select is(tests.ask('take_hand_over', 'member') ->> 'code', 'taken', 'again is the same');
select is(tests.ask('take_hand_over', 'admin'), jsonb_build_object('code', 'taken_by_another', 'taken_by', tests.id('member')), 'nobody else does');
select is((select state from public.alerts where rule = 'hand_over_waiting'), 'resolved', 'nobody needs to look any more');
select tests.remember('reply', tests.ask('reply_to_hand_over', 'member', jsonb_build_object('text', 'Good morning', 'reply_id', tests.uuid('r1'))));
select is(tests.ask('reply_to_hand_over', 'member', jsonb_build_object('text', 'Good morning', 'reply_id', tests.uuid('r1'))), tests.recall('reply'), 'a reply is sent once');
select is((select kind || ' ' || (content ->> 'text') from public.outbound_messages where id = (tests.recall('reply') ->> 'message_id')::uuid), 'reply Good morning', 'through the outbox');
select throws_ok($$ select tests.ask('reply_to_hand_over', 'member', '{"text": ""}') $$, '22023', null, 'and says something');
select is(tests.ask('reply_to_hand_over', 'admin', '{"text": "x"}') ->> 'code', 'not_taken', 'others keep out');
select tests.deliver(tests.text('wamid.h2'));
select is(tests.claim() ->> 'state', 'taken', 'agents are still silent');

select is(tests.ask('release_hand_over', 'member'), '{"code": "released", "told": true}', 'the member gives it back');
select is(tests.ask('release_hand_over', 'member'), '{"code": "released", "told": true}', 'once');
select results_eq(
  $$ select kind, content ->> 'text' from public.outbound_messages where dedupe_key like 'hand_over:%:released' $$,
  $$ values ('reply', E'Our colleague has ended this conversation. Our assistant answers again: write MENU to see what it can do.\n\nDid we help you?') $$,
  'and who waited is told, once'
);
select is(tests.ask('reply_to_hand_over', 'member', jsonb_build_object('text', 'Good morning', 'reply_id', tests.uuid('r1'))), tests.recall('reply'), 'what was said stays said');
select is(tests.ask('reply_to_hand_over', 'member', jsonb_build_object('text', 'One more', 'reply_id', tests.uuid('r2'))) ->> 'code', 'not_taken', 'more isn''t');
select results_eq(
  $$ select operation, outcome, actor from public.operation_events where operation like 'hand_over%' order by operation $$,
  $$ select operation, 'succeeded', tests.id('member')::text from unnest(array['hand_over_release', 'hand_over_reply', 'hand_over_take']) as operation $$,
  'each is on record, once, with who did it'
);
select is(tests.claim() ->> 'code', 'nothing', 'what a person has read is not answered again');
select tests.deliver(tests.text('wamid.h3'));
select tests.remember('claim', tests.claim());
select is(tests.wamids(tests.recall('claim')), 'wamid.h3', 'agents answer what comes then');
select is(tests.recall('claim') #>> '{session,id}', (select session_id::text from public.hand_overs), 'in the same session');

-- Forgotten.
select tests.complete(jsonb_build_object('correlation_id', 'c9', 'effects', jsonb_build_array(jsonb_build_object('kind', 'hand_over', 'id', tests.uuid('h2'), 'reason', 'Again'))));
update public.hand_overs set waiting_at = now() - interval '25 hours' where id = tests.uuid('h2');
select tests.deliver(tests.text('wamid.h4'));
select is(tests.claim() ->> 'code', 'claimed', 'whom nobody answered for a day an agent answers again');
select is((select state from public.hand_overs where id = tests.uuid('h2')), 'released', '(the wait is over)');
select is((select state from public.alerts where rule = 'hand_over_waiting' and dedupe_key = tests.uuid('h2')::text), 'resolved', 'and nobody needs to look');

-- Given up by who waits.
select tests.remember('claim', tests.recall('claim') || jsonb_build_object('fencing_token', (tests.queue()).turn_fencing_token));
select is(tests.complete(jsonb_build_object('correlation_id', 'c10', 'effects', jsonb_build_array(jsonb_build_object('kind', 'hand_over', 'id', tests.uuid('h5'), 'reason', 'Again')))) ->> 'code', 'completed', '(waits again)');
select tests.deliver(tests.text('wamid.h5', '{"content": {"text": "The menu is missing"}}'));
select is(tests.claim() ->> 'code', 'handed_over', 'a word in a sentence gives nothing up');
select tests.deliver(tests.text('wamid.h6', '{"content": {"text": "Menu !"}}'));
select is(tests.wamids(tests.claim()), 'wamid.h6', 'who asks for the menu while nobody came has agents again');
select is((select state from public.hand_overs where id = tests.uuid('h5')), 'released', '(the wait is over)');
select is((select state from public.alerts where rule = 'hand_over_waiting' and dedupe_key = tests.uuid('h5')::text), 'resolved', '(and its alert)');
select is((select state from public.alerts where dedupe_key = tests.uuid('h5')::text), 'resolved', '(nobody needs to look)');
select tests.remember('claim', tests.recall('claim') || jsonb_build_object('fencing_token', (tests.queue()).turn_fencing_token));
select tests.complete(jsonb_build_object('correlation_id', 'c11', 'effects', jsonb_build_array(jsonb_build_object('kind', 'hand_over', 'id', tests.uuid('h6'), 'reason', 'Again'))));
select is(public.take_hand_over(jsonb_build_object('org_id', tests.id('clinic'), 'user_id', tests.id('member'), 'hand_over_id', tests.uuid('h6'))) ->> 'code', 'taken', '(taken)');
select tests.deliver(tests.text('wamid.h7', '{"content": {"text": "annuler"}}'));
select is(tests.claim() ->> 'state', 'taken', 'a person who has come is not sent away by a word');
select tests.ask('release_hand_over', 'member', jsonb_build_object('hand_over_id', tests.uuid('h6')));

-- Two contacts that turn out to be one, both waiting.
select tests.effect('ann', jsonb_build_object('kind', 'hand_over', 'id', tests.uuid('h3'), 'reason', 'One'));
select tests.effect('bob', jsonb_build_object('kind', 'hand_over', 'id', tests.uuid('h4'), 'reason', 'Two'));
select lives_ok($$ select private.merge_contacts(tests.id('clinic'), tests.person('ann'), tests.person('bob')) $$, 'two who wait become one');
select is((select count(*) from public.hand_overs where state = 'waiting'), 1::bigint, 'who waits once');
select is((select count(*) from public.alerts where rule = 'hand_over_waiting' and state <> 'resolved'), 1::bigint, 'and is told of once');

-- Nobody came, and nobody writes any more.
update public.hand_overs set waiting_at = now() - interval '23 hours' where state = 'waiting';
select is(public.expire_messages('{}') ->> 'hand_overs_released', '0', 'a wait of less than a day goes on');
update public.hand_overs set waiting_at = now() - interval '25 hours' where state = 'waiting';
select is(public.expire_messages('{}') ->> 'hand_overs_released', '1', 'after a day the worker ends it');
select is((select count(*) from public.alerts where rule = 'hand_over_waiting' and state <> 'resolved'), 0::bigint, 'and its alert');

select * from finish();
rollback;
