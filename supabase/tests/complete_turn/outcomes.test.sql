begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');

create function tests.turn(p_wamid text, p_changes jsonb) returns jsonb language sql as $$
  select tests.deliver(tests.text(p_wamid));
  select tests.remember('claim', tests.claim());
  select tests.complete('{"outbound": []}'::jsonb || p_changes)
$$;

select is(tests.turn('wamid.1', '{"outcome": "ignored"}') ->> 'code', 'completed', 'nothing to say');
select is((select disposition from public.inbound_messages where wamid = 'wamid.1'), 'ignored', 'is a disposition');
update public.app_config set value = '{"default": "https://legacy.test/hook"}' where key = 'legacy_webhooks';
create function tests.turn_with_body(p_wamid text, p_changes jsonb) returns jsonb language sql as $$
  select public.ingest_whatsapp(jsonb_build_object(
    'messages', jsonb_build_array(tests.text(p_wamid)), 'raw_bodies', 'all',
    'bodies', '[{"d": 0, "signature": "sha256=1", "body_base64": "e30="}]'::jsonb
  ));
  select tests.remember('claim', tests.claim());
  select tests.complete('{"outbound": []}'::jsonb || p_changes)
$$;
select is(tests.turn_with_body('wamid.2', '{"outcome": "forwarding", "session": null}') ->> 'code', 'completed', 'outside the rollout');
select is((select disposition from public.inbound_messages where wamid = 'wamid.2'), 'forwarding', 'waits for the older service');
update public.app_config set value = '{"default": null}' where key = 'legacy_webhooks';
select throws_ok($$ select tests.turn('wamid.3', '{"outcome": "vanished"}') $$, '23514', null, 'there is no other');

-- Failures: waits, counts, gives up.
select tests.deliver(tests.text('wamid.3'));
select tests.remember('claim', tests.claim());
select is(tests.complete('{"outcome": "failed", "error": "model down", "outbound": [], "retry_after_seconds": 60}'), '{"code": "completed", "again": false, "send": null}', 'a failed turn is not tried at once');
select is(tests.claim() ->> 'code', 'waiting', 'but after its wait');
select is(tests.deliver(tests.text('wamid.4')) -> 'turns', '[]', 'which new messages don''t shorten');
select tests.wait();
select tests.remember('claim', tests.claim());
select is(tests.wamids(tests.recall('claim')), 'wamid.3', 'alone');
select tests.complete('{"outcome": "failed", "error": "model down", "outbound": []}');
select tests.wait();
select tests.remember('claim', tests.claim());
select tests.complete('{"outcome": "failed", "error": "model down", "outbound": []}');
select results_eq(
  $$ select disposition, attempts, last_error from public.inbound_messages where wamid = 'wamid.3' $$,
  $$ values ('dead_lettered', 3, 'model down') $$, 'three times'
);
select is((select reason from public.dead_letters), 'model down', 'then it is given up, with its reason');
select tests.wait();
select is(tests.wamids(tests.claim()), 'wamid.4', 'and the conversation goes on');

-- What is counted is what a turn came to, not its attempts.
create function tests.fail(p_changes jsonb default '{}') returns jsonb language plpgsql as $$
declare
  v_answer jsonb;
begin
  perform tests.wait();
  perform tests.remember('claim', tests.claim());
  v_answer := tests.complete('{"outcome": "failed", "error": "model down", "outbound": [], "retry_after_seconds": 60,
    "events": [{"event_type": "turn", "outcome": "failed", "agent": null, "error": "model down"}]}' || p_changes);
  return v_answer;
end
$$;
create function tests.outcomes() returns text language sql as $$
  select string_agg(outcome, ' ' order by id) from public.unified_agent_events where correlation_id ~ '^o'
$$;
select tests.wait();
select tests.remember('claim', tests.claim());
select tests.complete('{"outcome": "answered", "outbound": []}');
select tests.deliver(tests.text('wamid.retried'));
select is(tests.fail('{"correlation_id": "o1"}') ->> 'code', 'completed', 'a turn fails');
select is(tests.fail('{"correlation_id": "o2"}') ->> 'code', 'completed', 'and again');
select is(tests.outcomes(), 'retried retried', 'and is tried again: nobody has missed an answer');
select is(
  (select sum(failed) + sum(succeeded) from private.metric_rows(now() - interval '1 hour', now() + interval '1 hour') where metric = 'turn'), null,
  'which is no failed turn of the metrics'
);
select is(
  (select sum(succeeded) from private.metric_rows(now() - interval '1 hour', now() + interval '1 hour') where metric = 'turn_retried'), 2::bigint,
  'but one of their own'
);
select is(tests.fail('{"correlation_id": "o3"}') ->> 'code', 'completed', 'the last time');
select is(tests.outcomes(), 'retried retried failed', 'it is a failed turn');
select tests.deliver(tests.text('wamid.5'));
select tests.fail('{"correlation_id": "o4", "max_attempts": 1}');
select is(tests.outcomes(), 'retried retried failed failed', 'at once where it isn''t tried again');
select tests.deliver(tests.text('wamid.6'));
select tests.fail('{"correlation_id": "o5"}');
select tests.wait();
select tests.remember('claim', tests.claim());
select tests.complete('{"outcome": "answered", "correlation_id": "o6", "events": [{"event_type": "turn", "outcome": "succeeded", "agent": "support"}]}');
select is(tests.outcomes(), 'retried retried failed failed retried succeeded', 'and what answers in the end has succeeded');
select * from finish();
rollback;
