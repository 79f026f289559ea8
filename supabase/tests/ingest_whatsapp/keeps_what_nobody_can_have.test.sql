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


-- What became of messages that left from a number that nobody has any more.
select tests.report('{"phone_number_id": "8888", "wamid": "wamid.out", "status": "failed", "error_code": 131026}', '{"wamid": "wamid.known", "status": "read"}');
select tests.report('{"phone_number_id": "8888", "wamid": "wamid.out", "status": "failed", "error_code": 131026}');
select results_eq(
  $$ select reason, payload ->> 'wamid', payload ->> 'error_code', deliveries from public.unroutable_deliveries where phone_number_id = '8888' $$,
  $$ values ('unknown_phone_number', 'wamid.out', '131026', 2) $$, 'a status for a number that nobody connected is kept, and counted up'
);
select is(
  (select severity from public.alerts where rule = 'unroutable_delivery' and dedupe_key = 'unknown_phone_number:8888'), 'warning', 'and told'
);
select tests.report(jsonb_build_object('wamid', 'wamid.out', 'status', 'read', 'signed_by', tests.id('market')));
select results_eq(
  $$ select reason, signed_by_org_id from public.unroutable_deliveries where payload ->> 'status' = 'read' $$,
  $$ values ('signed_by_another_organization', tests.id('market')) $$, 'so is one that another organization signed'
);

-- Notices of an organization's own app.
select public.ingest_whatsapp(jsonb_build_object('notices', jsonb_build_array(
  jsonb_build_object('d', 0, 'signed_by', tests.id('clinic'), 'business_account_id', 'waba-1001', 'phone_number_id', null, 'field', 'message_template_status_update', 'payload', '{"event": "APPROVED"}'::jsonb),
  jsonb_build_object('d', 0, 'signed_by', tests.id('clinic'), 'business_account_id', 'waba-2001', 'phone_number_id', null, 'field', 'message_template_status_update', 'payload', '{"event": "REJECTED"}'::jsonb),
  jsonb_build_object('d', 0, 'business_account_id', 'waba-1001', 'phone_number_id', '7777', 'field', 'phone_number_quality_update', 'payload', '{"event": "FLAGGED"}'::jsonb)
)));
select results_eq(
  $$ select org_id, payload ->> 'event' from public.whatsapp_notices where field like '%update' and payload ->> 'event' <> 'x' order by 2 $$,
  $$ values (tests.id('clinic'), 'APPROVED'), (tests.id('clinic'), 'FLAGGED') $$, 'a notice is for whoever has the number, else the account'
);
select results_eq(
  $$ select reason, business_account_id, signed_by_org_id from public.unroutable_deliveries where payload ? 'notice' $$,
  $$ values ('signed_by_another_organization', 'waba-2001', tests.id('clinic')) $$, 'what somebody else''s app says about an account is kept apart'
);

select lives_ok(
  $$ select public.ingest_whatsapp('{"notices": [{"d": 0, "business_account_id": "waba-1001", "field": "nothing", "payload": null}]}') $$, 'even nothing at all'
);
select is((select payload from public.whatsapp_notices where field = 'nothing'), 'null', 'is kept as that');

select * from finish();
rollback;
