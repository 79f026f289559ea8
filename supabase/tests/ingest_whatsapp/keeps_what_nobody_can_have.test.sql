begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');

select is(
  tests.deliver(tests.text('wamid.1', '{"phone_number_id": "9999", "d": 3}'), tests.text('wamid.2')) -> 'unroutable', '{"3": 1}',
  'a number that nobody connected'
);
select is((select count(*) from public.inbound_messages), 1::bigint, 'doesn''t keep its neighbours back');
select tests.deliver(tests.text('wamid.1', '{"phone_number_id": "9999"}'));
select results_eq(
  'select reason, phone_number_id, payload, deliveries from public.unroutable_deliveries',
  $$ values ('unknown_phone_number', '9999', '{"id": "wamid.1"}'::jsonb, 2) $$, 'the same again counts up'
);
select is((select occurrences from public.alerts where rule = 'unroutable_delivery'), 2, 'and is told');
select is(
  tests.deliver(tests.text('wamid.3', '{"phone": null}')) -> 'unroutable', '{"0": 1}', 'nor can a message without a sender be given to anyone'
);

select lives_ok(
  $$ select public.ingest_whatsapp('{"unparsed": [{"d": 0, "reason": "not JSON", "body_base64": "AP+A"}]}') $$, 'what can''t be read'
);
select results_eq('select body, reason from public.unparsed_deliveries', $$ values ('\x00ff80'::bytea, 'not JSON') $$, 'is kept byte for byte');
select is((select count(*) from public.alerts where rule = 'unparsed_delivery'), 1::bigint, 'and told');

select public.ingest_whatsapp('{"notices": [
  {"d": 0, "business_account_id": "waba-1001", "phone_number_id": null, "field": "account_update", "payload": {"event": "x"}},
  {"d": 0, "business_account_id": "waba-1001", "phone_number_id": "1001", "field": "errors", "payload": {"code": 130429, "title": "Slow down"}},
  {"d": 0, "business_account_id": null, "phone_number_id": null, "field": "unknown", "payload": "nonsense"}
]}');
select results_eq(
  'select org_id, field, deliveries from public.whatsapp_notices order by field',
  $$ values (tests.id('clinic'), 'account_update', 1), (tests.id('clinic'), 'errors', 1), (null, 'unknown', 1) $$, 'notices find their organization'
);
select is((select dedupe_key from public.alerts where rule = 'whatsapp_error'), '130429', 'errors are told');

select * from finish();
rollback;
