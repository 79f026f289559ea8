begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');

select is(
  tests.deliver(tests.text('wamid.1'), tests.text('wamid.2', '{"d": 1}'), tests.text('wamid.1', '{"d": 2}')) -> 'stored',
  '{"0": 1, "1": 1}', 'each message once, counted by delivery'
);
select is(tests.deliver(tests.text('wamid.2'), tests.text('wamid.3')) -> 'stored', '{"0": 1}', 'what came before is not stored again');
select is(tests.deliver(tests.text('wamid.1')) -> 'turns', '[]', 'a duplicate starts nothing');
select results_eq(
  'select wamid, sequence, disposition, content, payload from public.inbound_messages order by sequence',
  $$ values ('wamid.1', 1::bigint, 'received', '{"text": "hello"}'::jsonb, '{"id": "wamid.1"}'::jsonb),
            ('wamid.2', 2, 'received', '{"text": "hello"}', '{"id": "wamid.2"}'),
            ('wamid.3', 3, 'received', '{"text": "hello"}', '{"id": "wamid.3"}') $$,
  'in the order in which they came, without gaps, whole'
);
select results_eq(
  'select event_id, event_type from public.processed_webhook_events order by event_id',
  $$ values ('whatsapp:wamid.1', 'message.text'), ('whatsapp:wamid.2', 'message.text'), ('whatsapp:wamid.3', 'message.text') $$,
  'one event each'
);
select results_eq(
  'select name, rollout_key from public.contacts', $$ values ('Ann', '250788123456') $$, 'one contact'
);
select results_eq(
  'select contact_id, status from public.unified_sessions', $$ values (tests.contact(), 'active') $$, 'with one session'
);
select is((tests.queue()).received_sequence, 3::bigint, 'three wait');

select is(
  tests.deliver(tests.text('wamid.4', '{"name": "Anne"}')) -> 'turns',
  jsonb_build_array(jsonb_build_object('org_id', tests.id('clinic'), 'contact_id', tests.contact())), 'and whose turn it is is told'
);
select is((select name from public.contacts), 'Anne', 'a person''s name is the latest');
select is((public.ingest_whatsapp('{}') - 'flags'), '{"code": "ingested", "turns": [], "stored": {}, "unroutable": {}, "statuses_applied": 0, "forwards": 0, "raw_bodies": "none"}', 'nothing is nothing');
select is(public.ingest_whatsapp('{}') -> 'flags', (select value from public.app_config where key = 'unified_service_flags'), 'the flags come along');

select is(
  tests.deliver(tests.text('wamid.5', '{"type": "system", "needs_turn": false}')) -> 'stored', '{"0": 1}', 'what needs no answer is stored as well'
);
select is((select disposition from public.inbound_messages where wamid = 'wamid.5'), 'ignored', 'and done with');

select * from finish();
rollback;
