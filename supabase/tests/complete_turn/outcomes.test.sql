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

select * from finish();
rollback;
