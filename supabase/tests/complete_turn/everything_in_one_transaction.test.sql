begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');

select tests.deliver(tests.text('wamid.1'));
select tests.remember('claim', tests.claim());
select tests.remember('answer', tests.complete(jsonb_build_object(
  'outbound', '[{"type": "text", "content": {"text": "a"}, "reply_to_wamid": "wamid.1"}, {"type": "location_request", "content": {"text": "b"}}]'::jsonb,
  'events', '[{"event_type": "turn", "outcome": "succeeded", "agent": "support", "intent_confidence": 0.9, "intent_method": "menu", "tools": ["x"], "duration_ms": 4, "cost_usd": 0.001}]'::jsonb
)));
select is(tests.recall('answer') - 'send', '{"code": "completed", "again": false}', 'a turn is completed');
select results_eq(
  'select type, state, kind, correlation_id, attempts from public.outbound_messages order by sequence',
  $$ values ('text', 'claimed', 'reply', 'c1', 1), ('location_request', 'claimed', 'reply', 'c1', 1) $$, 'its replies are born claimed'
);
select is(jsonb_path_query_array(tests.recall('answer'), '$.send.messages[*].content.text'), '["a", "b"]', 'and handed to the sender in order');
select is(tests.recall('answer') #>> '{send,recipient,phone}', '250788123456', 'with where to send them');
select is((select current_agent from public.unified_sessions), 'support', 'the session is written');
select is((select disposition from public.inbound_messages), 'answered', 'the messages are done with');
select results_eq(
  'select agent, intent_method, tools, duration_ms, correlation_id from public.unified_agent_events',
  $$ values ('support', 'menu', '["x"]'::jsonb, 4, 'c1') $$, 'and what was done is on record'
);
select is(tests.complete(), tests.recall('answer'), 'the same call again gives the same answer');
select is((select count(*) from public.outbound_messages), 2::bigint, 'and writes nothing');
select is(public.claim_outbound('{"limit": 10, "lease_seconds": 30}') -> 'sends', '[]', 'nobody else may send them');
select is(
  public.complete_turn(jsonb_build_object('org_id', tests.id('market'), 'contact_id', tests.contact(), 'fencing_token', tests.recall('claim') -> 'fencing_token', 'outcome', 'answered')),
  '{"code": "lease_lost"}', 'another organization has no such turn'
);

-- A reply while the one before is on its way.
select tests.deliver(tests.text('wamid.2'));
select tests.remember('claim', tests.claim());
select is(tests.complete('{"correlation_id": "c2"}') -> 'send', 'null', 'waits for it');
select is((select state from public.outbound_messages where correlation_id = 'c2'), 'queued', 'in the outbox');
select tests.remember('send', tests.recall('answer') -> 'send');
select tests.remember('next', tests.record('{"outcome": "unknown", "error": "lost"}'));
select is(jsonb_path_query_array(tests.recall('next'), '$.sends[*].messages[*].correlation_id'), '["c2"]', 'and goes to whoever recorded it');

select * from finish();
rollback;
