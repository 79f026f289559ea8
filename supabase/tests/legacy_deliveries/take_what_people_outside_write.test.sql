begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');

create function tests.set_flags(p_changes jsonb) returns void language sql as $$
  update public.app_config set value = value || p_changes where key = 'unified_service_flags'
$$;
create function tests.set_webhooks(p_value jsonb) returns void language sql as $$
  update public.app_config set value = p_value where key = 'legacy_webhooks'
$$;
-- A batch of one delivery: its messages, its statuses, and its body.
create function tests.bring(p_messages jsonb[], p_statuses jsonb[] default '{}', p_raw_bodies text default 'all') returns jsonb language sql as $$
  select public.ingest_whatsapp(jsonb_build_object(
    'messages', (
      select coalesce(jsonb_agg(message || jsonb_build_object('i', place) order by place), '[]')
      from unnest(p_messages) with ordinality as listed (message, place)
    ),
    'statuses', (
      select coalesce(jsonb_agg('{"d": 0, "phone_number_id": "1001"}' || status), '[]') from unnest(p_statuses) as status
    ),
    'raw_bodies', p_raw_bodies,
    'bodies', '[{"d": 0, "signature": "sha256=1", "body_base64": "aGVsbG8="}]'::jsonb
  ))
$$;
create function tests.disposition(p_wamid text) returns text language sql as $$
  select disposition from public.inbound_messages where wamid = p_wamid
$$;

-- No address: stored and ignored.
select tests.set_flags('{"unifiedServiceRolloutPercent": 0}');
select is(tests.deliver(tests.text('wamid.1')) -> 'turns', '[]', 'nobody answers people outside');
select is(tests.disposition('wamid.1'), 'ignored', 'without an address they are stored and ignored');
select is_empty('select * from public.legacy_deliveries', 'nothing waits');
select is_empty('select 1 from public.unified_sessions', 'nor is there a session: nobody of ours was written to');

select tests.set_webhooks('{"default": "https://legacy.test/hook", "agents": {}}');
select is(
  tests.deliver(tests.text('wamid.2')), '{"code": "bodies_needed", "raw_bodies": "all"}', 'bodies are asked for'
);
select is(tests.disposition('wamid.2'), null, 'and nothing is stored until they come');
select is(tests.bring(array[tests.text('wamid.2')]) ->> 'forwards', '1', 'with them it waits to be forwarded');
select is(tests.disposition('wamid.2'), 'forwarding', 'and the message says so');
select is(tests.bring(array[tests.text('wamid.2')]) ->> 'forwards', '0', 'delivered again it waits once');
select is(
  (select jsonb_build_array(is_whole, convert_from(body, 'UTF8'), signature, org_id, contact_id) from public.legacy_deliveries),
  jsonb_build_array(true, 'hello', 'sha256=1', tests.id('clinic'), tests.contact()), 'as it came'
);
select is(
  tests.bring(array[tests.text('wamid.edit', '{"type": "edit", "needs_turn": false}')]) ->> 'forwards', '1',
  'what needs no answer goes as well'
);
delete from public.legacy_deliveries;

-- One inside, one outside.
select tests.set_flags('{"allow": ["250788000001"]}');
select is(
  tests.bring(array[tests.text('wamid.3'), tests.text('wamid.4', '{"phone": "250788000001", "name": "Bob"}')]) -> 'turns' -> 0 ->> 'contact_id',
  tests.contact('250788000001')::text, 'who is inside is answered'
);
select results_eq(
  'select contact_id from public.unified_sessions', $$ values (tests.contact('250788000001')) $$, 'and alone has a session, which figures count'
);
select results_eq(
  $$ select is_whole, jsonb_path_query_array(messages, '$[*].wamid') from public.legacy_deliveries $$,
  $$ values (false, '["wamid.3"]'::jsonb) $$, 'of a mixed delivery a part is forwarded'
);
select is(tests.disposition('wamid.4'), 'received', 'the rest is ours');
delete from public.legacy_deliveries;

-- Two organizations.
select tests.bring(array[tests.text('wamid.5'), tests.text('wamid.6', '{"phone_number_id": "2001"}')]);
select results_eq(
  $$ select is_whole, org_id, contact_id, jsonb_array_length(messages) from public.legacy_deliveries $$,
  $$ values (true, null::uuid, null::uuid, 2) $$, 'of two organizations one delivery'
);
delete from public.legacy_deliveries;

-- Statuses: ours stay ours.
select tests.set_flags('{"unifiedServiceRolloutPercent": 100}');
select is(tests.bring('{}', '{}', 'none') ->> 'code', 'bodies_needed', 'whoever is inside, statuses may be another''s');
select tests.deliver(tests.text('wamid.7')) ->> 'code' as bodies_are_needed_here_too;
select tests.bring(array[tests.text('wamid.7')]);
select tests.remember('claim', tests.claim());
select tests.remember('send', tests.complete() -> 'send');
select tests.record('{"outcome": "sent", "wamid": "wamid.out"}');
select is(
  tests.bring('{}', array['{"wamid": "wamid.out", "status": "delivered"}'::jsonb]) ->> 'forwards', '0', 'of ours: not forwarded'
);
select is(
  tests.bring('{}', array[jsonb_build_object(
    'wamid', 'wamid.early', 'status', 'sent', 'row_id', (select id from public.outbound_messages limit 1)
  )]) ->> 'forwards', '0', 'nor of ours whose id isn''t known yet'
);
select is(
  tests.bring('{}', array['{"wamid": "wamid.theirs", "status": "delivered"}'::jsonb], 'statuses') ->> 'forwards', '1', 'unknown ones are'
);
select is(
  tests.bring('{}', array['{"wamid": "wamid.theirs", "status": "delivered"}'::jsonb]) ->> 'forwards', '0', 'once'
);
select is(
  tests.bring('{}', array['{"wamid": "wamid.theirs", "status": "read"}'::jsonb, '{"wamid": "wamid.out", "status": "read"}']) ->> 'forwards', '1', 'beside ours'
);
select results_eq(
  $$ select is_whole, jsonb_path_query_array(statuses, '$[*].status') from public.legacy_deliveries order by created_at, is_whole desc $$,
  $$ values (true, '["delivered"]'::jsonb), (false, '["read"]') $$, 'whole or in part'
);

-- Ignoring.
select tests.set_flags('{"unifiedServiceRolloutPercent": 0, "allow": [], "outsideRollout": "ignore"}');
select is(tests.deliver(tests.text('wamid.8')) ->> 'raw_bodies', 'none', 'nobody needs bodies where all is ignored');
select is(tests.disposition('wamid.8'), 'ignored', 'which is what happens');

-- The kill switch, while a message waits.
select tests.set_flags('{"unifiedServiceRolloutPercent": 100, "outsideRollout": "forward"}');
delete from public.legacy_deliveries;
select tests.bring(array[tests.text('wamid.9', '{"payload": {"id": "wamid.9", "from": "250788123456", "type": "text"}}')]);
select tests.remember('claim', tests.claim());
select is(tests.complete('{"outcome": "forwarding", "session": null, "outbound": []}') ->> 'code', 'completed', 'a claimed turn may be forwarded');
select is(tests.disposition('wamid.9'), 'forwarding', 'what was ours until then');
select is(
  (
    select jsonb_build_array(
      is_whole, signature, convert_from(body, 'UTF8')::jsonb #> '{entry,0,changes,0,value,messages,0,id}',
      convert_from(body, 'UTF8')::jsonb #> '{entry,0,changes,0,value,metadata,phone_number_id}'
    )
    from public.legacy_deliveries
  ),
  '[false, null, "wamid.9", "1001"]'::jsonb, 'as a delivery made of what is stored'
);
select tests.set_webhooks('{"default": null}');
select tests.deliver(tests.text('wamid.10'));
select tests.remember('claim', tests.claim());
select tests.complete('{"outcome": "forwarding", "session": null, "outbound": []}');
select is(tests.disposition('wamid.10'), 'ignored', 'or ignored, where there is no older service');

-- Whoever moves out while a person answers them.
select tests.set_webhooks('{"default": "https://legacy.test/hook", "agents": {}}');
insert into public.hand_overs (org_id, contact_id, reason) values (tests.id('clinic'), tests.contact(), 'Wants a person');
select tests.set_flags('{"unifiedServiceRolloutPercent": 0, "allow": [], "deny": []}');
select tests.bring(array[tests.text('wamid.11'), tests.text('wamid.12', '{"phone": "250788000001", "name": "Bob"}')]);
select results_eq(
  $$ select tests.disposition('wamid.11'), tests.disposition('wamid.12') $$, $$ values ('received', 'forwarding') $$,
  'an open hand-over keeps a person inside, and nobody else'
);
select tests.set_flags(jsonb_build_object('deny', (select jsonb_agg(rollout_key) from public.contacts where id = tests.contact())));
select tests.bring(array[tests.text('wamid.13')]);
select is(tests.disposition('wamid.13'), 'forwarding', 'unless the person is denied');
select tests.set_flags('{"deny": [], "unifiedServiceEnabled": false}');
select tests.bring(array[tests.text('wamid.14')]);
select is(tests.disposition('wamid.14'), 'forwarding', 'or the kill switch is pulled');
select tests.set_flags(jsonb_build_object(
  'unifiedServiceEnabled', true,
  'overrides', jsonb_build_object(tests.id('clinic'), '{"unifiedServiceEnabled": false}'::jsonb)
));
select tests.bring(array[tests.text('wamid.15')]);
select is(tests.disposition('wamid.15'), 'forwarding', 'for the organization alone');
select tests.set_flags('{"overrides": {}}');
update public.hand_overs set state = 'released', released_at = now();
select tests.bring(array[tests.text('wamid.16')]);
select is(tests.disposition('wamid.16'), 'forwarding', 'or once the person has given them back');
-- Who moves in later has a first session with the first turn.
select tests.set_webhooks('{"default": null, "agents": {}}');
select tests.set_flags('{"unifiedServiceRolloutPercent": 100, "allow": [], "deny": [], "overrides": {}}');
select tests.deliver(tests.text('wamid.moved-in'));
select is(tests.claim() ->> 'code', 'claimed', 'who moved in has a turn');
select is(
  (select count(*) from public.unified_sessions where contact_id = tests.contact() and status = 'active'), 1::bigint, 'and a session from then on'
);

select * from finish();
rollback;
