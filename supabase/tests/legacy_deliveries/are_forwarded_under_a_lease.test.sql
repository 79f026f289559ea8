begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');
update public.app_config set value = value || '{"unifiedServiceRolloutPercent": 0}' where key = 'unified_service_flags';
update public.app_config set value = '{"default": "https://legacy.test/hook", "agents": {}}' where key = 'legacy_webhooks';
select public.ingest_whatsapp(jsonb_build_object(
  'messages', jsonb_build_array(tests.text('wamid.1')), 'raw_bodies', 'all',
  'bodies', '[{"d": 0, "signature": "sha256=1", "body_base64": "aGVsbG8="}]'::jsonb
));

create function tests.take() returns jsonb language sql as $$
  select public.claim_legacy_deliveries('{"limit": 10, "lease_seconds": 60, "max_attempts": 3}')
$$;
create function tests.give(p_result jsonb, p_claim text default 'claim') returns jsonb language sql as $$
  select public.record_legacy_deliveries(jsonb_build_object('max_attempts', 3, 'results', jsonb_build_array(
    jsonb_build_object(
      'id', tests.recall(p_claim) #> '{deliveries,0,id}', 'fencing_token', tests.recall(p_claim) #> '{deliveries,0,fencing_token}'
    ) || p_result
  )))
$$;
create function tests.pass() returns void language sql as $$
  update public.legacy_deliveries set due_at = due_at - interval '2 hours' where due_at is not null
$$;
create function tests.waits_for() returns numeric language sql as $$
  select extract(epoch from due_at - clock_timestamp()) from public.legacy_deliveries
$$;
create function tests.state() returns text language sql as $$
  select state || ' ' || attempts from public.legacy_deliveries
$$;

select is(private.queue_due_forward_deliveries(), 1, 'the worker finds it');
select tests.remember('claim', tests.take());
select is(tests.recall('claim') #>> '{deliveries,0,body_base64}', 'aGVsbG8=', 'the body comes along');
select is(tests.recall('claim') #>> '{webhooks,default}', 'https://legacy.test/hook', 'and where it goes to');
select is(tests.take() -> 'deliveries', '[]', 'nobody else gets it meanwhile');
select is(private.queue_due_forward_deliveries(), 0, 'nor is it looked for');

select tests.pass();
select tests.remember('second', tests.take());
select is(tests.recall('second') #>> '{deliveries,0,id}', tests.recall('claim') #>> '{deliveries,0,id}', 'after its lease somebody else does, under the same id');
select is(jsonb_array_length(tests.give('{"outcome": "forwarded"}') -> 'lost'), 1, 'whoever had it first may not record it');
select is(tests.state(), 'claimed 2', 'and changes nothing');
select is(tests.give('{"outcome": "held", "error": "resting", "retry_after_seconds": 30}', 'second') ->> 'code', 'recorded', 'what wasn''t tried');
select is(tests.state(), 'queued 1', 'doesn''t count');
select ok(tests.waits_for() between 29 and 31, 'and waits for as long as it was told to');
select tests.give('{"outcome": "held", "error": "resting"}', 'second');
select is(tests.state(), 'queued 1', 'nor does saying so twice');
select is(tests.take() -> 'deliveries', '[]', 'it waits');
select is((select body is not null from public.legacy_deliveries), true, 'with its body');

select tests.pass();
select tests.remember('claim', tests.take());
select tests.give('{"outcome": "failed", "error": "it answered 500", "status": 500}');
select is(tests.state(), 'queued 2', 'a failure counts');
select ok(tests.waits_for() > 5, 'and waits longer each time');
create function tests.waits_after(p_result jsonb) returns numeric language sql as $$
  select tests.pass();
  update public.legacy_deliveries set attempts = 1;
  select tests.remember('retry', tests.take());
  select tests.give(p_result, 'retry');
  select tests.waits_for();
$$;
select ok(
  tests.waits_after('{"outcome": "failed", "error": "429", "retry_after_seconds": 1}') > 8,
  'what the older service asks for doesn''t shorten the backoff'
);
select ok(
  tests.waits_after('{"outcome": "failed", "error": "429", "retry_after_seconds": 120}') between 118 and 121, 'but may be longer'
);
select ok(
  tests.waits_after('{"outcome": "held", "error": "resting", "retry_after_seconds": 1}') < 10, 'what is held waits for as long as it is told to'
);
update public.legacy_deliveries set created_at = now() - interval '1 hour';
select ok(
  tests.waits_after('{"outcome": "held", "error": "resting", "retry_after_seconds": 30}') between 260 and 331, 'and longer in a long outage'
);
update public.legacy_deliveries set created_at = now(), attempts = 2;
select tests.pass();
select tests.remember('claim', tests.take());
select is(tests.give('{"outcome": "failed", "error": "it answered 500", "status": 500}') ->> 'dead_lettered', '1', 'the last attempt is the last');
select is(tests.state(), 'dead_lettered 3', 'given up');
select results_eq(
  $$ select source, reason, attempts from public.dead_letters $$, $$ values ('legacy', 'it answered 500', 3) $$, 'as a dead letter'
);
select is((select disposition from public.inbound_messages), 'dead_lettered', 'the message says so');
select is((select count(*) from public.alerts where rule = 'dead_letters' and resolved_at is null), 1::bigint, 'and so does an alert');

select is(
  public.replay_dead_letter(jsonb_build_object('id', (select id from public.dead_letters), 'request_id', 'r1')) ->> 'code',
  'replayed', 'it can be run again'
);
select is((select disposition from public.inbound_messages), 'forwarding', 'the message waits again');
select tests.remember('claim', tests.take());
select is(tests.recall('claim') #>> '{deliveries,0,id}', tests.recall('second') #>> '{deliveries,0,id}', 'under the id that it had');
select tests.give('{"outcome": "forwarded", "agent": "jobs", "status": 200}');
select results_eq(
  $$ select state, agent, body is null, due_at is null from public.legacy_deliveries $$,
  $$ values ('forwarded', 'jobs', true, true) $$, 'what is forwarded is not kept'
);
select is((select disposition from public.inbound_messages), 'forwarded', 'the message says so');
select is(tests.give('{"outcome": "forwarded"}') -> 'lost', '[]', 'recording it again is no loss');
select is(
  public.replay_dead_letter(jsonb_build_object('id', (select id from public.dead_letters), 'request_id', 'r1')) ->> 'code',
  'already_replayed', 'nor is there anything left to run again'
);
select throws_ok(
  $$ select private.queue_legacy_deliveries('{"messages": [{"d": 0}]}', '[{"d": 0}]', '[]') $$,
  '23514', null, 'a delivery is not queued without its body'
);

-- The next one of the same person: whose webhook had the last.
select public.ingest_whatsapp(jsonb_build_object(
  'messages', jsonb_build_array(tests.text('wamid.2')), 'raw_bodies', 'all',
  'bodies', '[{"d": 0, "signature": "sha256=1", "body_base64": "aGVsbG8="}]'::jsonb
));
select is(tests.take() #>> '{deliveries,0,recent_agent}', 'jobs', 'an agent keeps its conversation');

-- Retention.
update public.legacy_deliveries set created_at = now() - interval '31 days', due_at = due_at - interval '1 day';
update public.legacy_deliveries set forwarded_at = now() - interval '31 days' where state = 'forwarded';
select is(public.expire_messages('{"limit": 100}') ->> 'legacy_deliveries', '1', 'what is done with is not kept for longer than configured');
select is(tests.state(), 'dead_lettered 1', 'what still waits is given up');
select is((select count(*) from public.dead_letters where replayed_at is null), 1::bigint, 'as a dead letter, which can be run again');
select is(public.expire_messages('{"limit": 100}') ->> 'legacy_deliveries', '0', 'and is kept as long as any other');
update public.legacy_deliveries set dead_lettered_at = now() - interval '31 days';
select is(public.expire_messages('{"limit": 100}') ->> 'legacy_deliveries', '1', 'but no longer');

select * from finish();
rollback;
