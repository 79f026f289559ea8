begin;
\ir ../people.psql
\ir ../messaging.psql
\ir ../metrics.psql
select no_plan();

-- Nobody else is inside.
update public.app_config
set value = jsonb_set(value, '{unifiedServiceRolloutPercent}', '0') where key = 'unified_service_flags';
update public.app_config set value = '{"default": "https://legacy.test/webhook"}' where key = 'legacy_webhooks';
insert into public.app_config (key, value) values ('legacy_webhooks', '{"default": "https://legacy.test/webhook"}') on conflict do nothing;
select tests.remember('stages', (select to_jsonb(count(*)) from public.rollout_stages));

select tests.act_as('service role');
select is(public.read_canary('{}') ->> 'code', 'no_canary', 'a new installation has none');
select tests.remember('canary', public.ensure_canary_organization('{"request_id": "r"}'));
select is(tests.recall('canary') - array['org_id', 'from', 'text'], '{
  "code": "ready", "created": true, "phone_number_id": "canary", "business_account_id": "canary",
  "display_phone_number": "999000000000"
}', 'it is made');
select matches(tests.recall('canary') ->> 'from', '^999[0-9]{11}$', 'with somebody whose number nobody can have');
select tests.remember('again', public.ensure_canary_organization('{}'));
select is(
  tests.recall('again') - array['from'], tests.recall('canary') - array['from'] || '{"created": false}', 'once only'
);
select isnt(tests.recall('again') -> 'from', tests.recall('canary') -> 'from', 'and each time somebody new writes');
create function tests.canary() returns uuid language sql as $$ select (tests.recall('canary') ->> 'org_id')::uuid $$;
select is(
  (select count(*) from public.rollout_stages), (tests.recall('stages') #>> '{}')::bigint, 'the rollout''s stage goes on'
);
select throws_ok(
  $$ insert into public.organizations (name, is_canary) values ('Second', true) $$, '23505', null, 'there is one'
);

create function tests.canary_text(p_wamid text) returns jsonb language sql as $$
  select tests.text(p_wamid, jsonb_build_object(
    'phone_number_id', 'canary', 'business_account_id', 'canary', 'phone', tests.recall('canary') -> 'from'
  ))
$$;
-- Two people, of whom one is outside; the older service wants the whole delivery.
select tests.remember('ingested', public.ingest_whatsapp(jsonb_build_object(
  'raw_bodies', 'all',
  'messages', jsonb_build_array(tests.canary_text('wamid.c1') || '{"i": 0}', tests.text('wamid.o1') || '{"i": 1}'),
  'bodies', '[{"d": 0, "signed_by": null, "signature": "sha256=x", "body_base64": "e30="}]'::jsonb
)));
select is(
  (select jsonb_object_agg(wamid, disposition) from public.inbound_messages),
  '{"wamid.c1": "received", "wamid.o1": "forwarding"}', 'at 0 % the canary is inside, and nobody else'
);
select is(
  (select jsonb_agg(turn -> 'org_id') from jsonb_array_elements(tests.recall('ingested') -> 'turns') as turn),
  jsonb_build_array(tests.canary()), 'and has its turn'
);
select is(public.read_canary('{"wamid": "wamid.c1"}') #>> '{turn,state}', 'received', 'which somebody has to take');

-- Its turn.
select tests.remember('claim', public.claim_turn(jsonb_build_object(
  'org_id', tests.canary(), 'contact_id', tests.recall('ingested') #> '{turns,0,contact_id}', 'lease_seconds', 30
)));
select is(tests.recall('claim') ->> 'code', 'claimed', 'the turn is taken');
select is(
  jsonb_build_array(tests.recall('claim') #> '{sender,whatsapp}', tests.recall('claim') #> '{sender,sink}'),
  '[null, true]', 'whoever sends is told of the sink, and of no credentials'
);
select is(tests.recall('claim') #> '{limits,tokens_left}', '0', 'no language model is paid');
select is(
  tests.recall('claim') #> array['flags', 'overrides', tests.canary()::text, 'unifiedServiceRolloutPercent'], '100',
  'and the flags it decides by have it inside'
);
select tests.remember('completed', tests.complete(jsonb_build_object('org_id', tests.canary(), 'events', '[{
  "event_type": "turn", "outcome": "succeeded", "agent": "support", "response_ms": 9000, "cost_usd": 1, "handed_off_from": "jobs"
}]'::jsonb)));
select tests.remember('send', tests.recall('completed') -> 'send');
select is(public.read_canary('{}') -> 'answered', 'false', 'decided is not answered');
select is(tests.record('{"outcome": "sent", "wamid": "sink.1"}') ->> 'code', 'recorded', 'the sink took it');
select is(
  public.read_canary('{"wamid": "wamid.c1"}') #> '{sink,0,wamid}', '"sink.1"', 'and that can be read'
);
select is(public.read_canary('{}') -> 'answered', 'true', 'now it is answered');
select cmp_ok((public.read_canary('{}') ->> 'milliseconds')::numeric, '>=', 0::numeric, 'and how long that took');
select is(public.read_canary('{"wamid": "wamid.other"}') -> 'delivery', 'null', 'what never came is not there');

-- Credentials that somebody stored all the same.
insert into private.integration_credentials (org_id, provider, ciphertext, key_id)
values (tests.canary(), 'whatsapp', tests.ciphertext('clinic'), 'k1');
select is(private.describe_sender(tests.canary()) -> 'whatsapp', 'null', 'stay where they are');
select is(private.describe_sender(tests.id('clinic')) -> 'sink', null, 'others have no sink');

-- Counted nowhere.
select tests.act_as('operator');
select is_empty(
  $$ select 1 from public.unified_agent_events where org_id = tests.canary() $$, 'no event is kept of it'
);
select tests.turn('clinic', 'succeeded', 100, 1);
select tests.aggregate();
select is_empty(
  $$ select metric from public.metric_minutes where org_id = tests.canary() $$, 'no metric is its own'
);
select results_eq(
  $$ select sum(succeeded_count)::bigint from public.metric_minutes where org_id is null and metric in ('turn', 'session') group by metric order by metric $$,
  $$ values (1::bigint) $$, 'nor part of all organizations'''
);
select is_empty($$ select 1 from public.metric_gauges where org_id = tests.canary() and gauge = 'active_sessions' $$, 'its conversations are none');
select is((select value from public.metric_gauges where org_id is null and gauge = 'active_sessions'), 0::numeric, 'over all neither');
select is_empty(
  $$ select 1 from private.metric_rows(now() - interval '1 hour', now() + interval '1 hour') where org_id = tests.canary() $$,
  'none of its rows is counted'
);

-- The kill switch has no exceptions, and the older service never hears of the canary.
update public.app_config
set value = jsonb_set(value, '{unifiedServiceEnabled}', 'false') where key = 'unified_service_flags';
select tests.remember('before', (select to_jsonb(count(*)) from public.legacy_deliveries));
select public.ingest_whatsapp(jsonb_build_object(
  'raw_bodies', 'all', 'messages', jsonb_build_array(tests.canary_text('wamid.c2')),
  'bodies', '[{"d": 0, "signed_by": null, "signature": "sha256=x", "body_base64": "e30="}]'::jsonb
));
select is(
  (select disposition from public.inbound_messages where wamid = 'wamid.c2'), 'ignored', 'switched off, it is left alone'
);
select is((select to_jsonb(count(*)) from public.legacy_deliveries), tests.recall('before'), 'and given to nobody');
select is(public.read_canary('{}') -> 'is_switched_off', 'true', 'which a release can see');

-- An operator's own words about it don't put it outside.
update public.app_config
set value = jsonb_set(value, '{unifiedServiceEnabled}', 'true') || jsonb_build_object('overrides', jsonb_build_object(
  tests.canary()::text, '{"unifiedServiceRolloutPercent": 0, "unifiedServiceEnabled": false}'::jsonb
)) where key = 'unified_service_flags';
select is(
  private.flags_in_force() #> array['overrides', tests.canary()::text], '{"unifiedServiceRolloutPercent": 100}',
  'nor can an override'
);

-- Small: the next release clears away what the last ones left.
update public.contacts set created_at = now() - interval '2 hours' where org_id = tests.canary();
update public.processed_webhook_events set created_at = now() - interval '2 hours' where org_id = tests.canary();
select tests.act_as('service role');
select public.ensure_canary_organization('{}');
select tests.act_as('operator');
select is(
  (select sum(rows) from (
    select count(*) as rows from public.contacts where org_id = tests.canary() union all
    select count(*) from public.inbound_messages where org_id = tests.canary() union all
    select count(*) from public.outbound_messages where org_id = tests.canary() union all
    select count(*) from public.unified_sessions where org_id = tests.canary() union all
    select count(*) from public.processed_webhook_events where org_id = tests.canary()
  ) as kept), 0::numeric, 'nothing of an hour ago is left'
);
select isnt_empty($$ select 1 from public.contacts where org_id = tests.id('clinic') $$, 'and others'' people are there');
select throws_ok(
  $$ select private.clear_canary(tests.id('clinic'), 'infinity') $$, '23514', null, 'nobody else is ever cleared'
);
select is_empty(
  $$ select 1 from public.background_jobs where org_id = tests.canary() $$, 'no job is due for it'
);
select private.queue_due_verify_credentials(), private.queue_due_push_workspace();
select is_empty(
  $$ select 1 from public.background_jobs where org_id = tests.canary() $$, 'nor does the clock make one'
);
select * from finish();
rollback;
