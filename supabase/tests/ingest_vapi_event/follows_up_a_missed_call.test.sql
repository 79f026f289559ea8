begin;
\ir ../people.psql
\ir ../calls.psql
select no_plan();
select tests.save_workspace('clinic', jsonb_build_array(
  tests.integration('whatsapp', 'key1', '{"phone_number_id": "1", "business_account_id": "2"}')
));
update public.organization_settings set missed_call_follow_up = true, language = 'fr'
where org_id in (tests.id('clinic'), tests.id('market'));

select tests.act_as('service role');
select tests.ingest_report(true);
select tests.ingest_report(true);
select results_eq(
  $$ select contact_id = (select contact_id from public.call_tracking), kind, type, dedupe_key, content ->> 'text'
     from public.outbound_messages $$,
  $$ values (true, 'initiated', 'text', 'missed_call:call-1', 'Désolé, nous avons manqué votre appel. Écrivez-nous ici et nous vous aiderons.') $$,
  'a missed call is followed up, once, in the organization''s language'
);
select tests.ingest_report(false, 'call-2');
select tests.ingest(jsonb_build_object(
  'event', '{"id": "vapi:call-3:end-of-call-report", "type": "end-of-call-report"}'::jsonb,
  'call', '{"id": "call-3", "direction": "inbound"}'::jsonb, 'change', '{"state": "ended", "ended_authority": 2}'::jsonb,
  'report', '{"missed": true, "content": {"authority": 2}}'::jsonb
));
select tests.ingest(jsonb_build_object(
  'org_id', tests.id('market'), 'event', '{"id": "vapi:call-4:end-of-call-report", "type": "end-of-call-report"}'::jsonb,
  'call', '{"id": "call-4", "direction": "inbound", "customer_number": "+250788123456"}'::jsonb,
  'change', '{"state": "ended", "ended_authority": 2}'::jsonb, 'report', '{"missed": true, "content": {"authority": 2}}'::jsonb
));
select is((select count(*) from public.outbound_messages), 1::bigint, 'not one that was taken, withheld, or without WhatsApp');

select tests.act_as('operator');
update public.organization_settings set template_names = '{"missed_call": "sorry_missed"}' where org_id = tests.id('clinic');
select tests.act_as('service role');
select tests.ingest_report(true, 'call-6');
select results_eq(
  $$ select type, content from public.outbound_messages where dedupe_key = 'missed_call:call-6' $$,
  $$ values ('template', '{"name": "sorry_missed", "language": "fr"}'::jsonb) $$, 'a template that is configured is what is sent'
);

select tests.act_as('operator');
update public.organization_settings set missed_call_follow_up = false where org_id = tests.id('clinic');
select tests.act_as('service role');
select tests.ingest_report(true, 'call-5');
select is((select count(*) from public.outbound_messages), 2::bigint, 'nor where it isn''t switched on');

select tests.act_as('operator');
update public.organization_settings set missed_call_follow_up = true where org_id = tests.id('clinic');
select tests.act_as('service role');
create function pg_temp.miss(p_call_id text, p_direction text) returns text language sql as $$
  select tests.ingest(jsonb_build_object(
    'event', jsonb_build_object('id', 'vapi:' || p_call_id || ':end-of-call-report', 'type', 'end-of-call-report'),
    'call', jsonb_build_object('id', p_call_id, 'direction', p_direction, 'customer_number', '+250788123456'),
    'change', '{"state": "ended", "ended_authority": 2}'::jsonb, 'report', '{"missed": true, "content": {"authority": 2}}'::jsonb
  )) ->> 'code'
$$;
create function pg_temp.ring(p_call_id text, p_direction text) returns text language sql as $$
  select tests.ingest(jsonb_build_object(
    'event', jsonb_build_object('id', 'vapi:' || p_call_id || ':status-update:ringing', 'type', 'status-update'),
    'call', jsonb_build_object('id', p_call_id, 'direction', p_direction), 'change', '{"state": "rung"}'::jsonb
  )) ->> 'code'
$$;
select pg_temp.miss('call-7', null);
select pg_temp.ring('call-8', 'outbound');
select pg_temp.miss('call-8', null);
select pg_temp.ring('call-9', null);
select pg_temp.miss('call-9', 'outbound');
select pg_temp.ring('call-10', 'inbound');
select pg_temp.miss('call-10', null);
select pg_temp.ring('call-11', null);
select pg_temp.miss('call-11', 'inbound');
select is(
  array(select dedupe_key from public.outbound_messages where dedupe_key ~ '-(7|8|9|10|11)$' order by 1),
  '{missed_call:call-10,missed_call:call-11}', 'only a call that an event told to be inbound is followed up'
);
select results_eq(
  $$ select call.direction, log.direction, content.direction from public.call_tracking as call
     join public.call_logs as log using (vapi_call_id) join public.calls as content using (vapi_call_id)
     where vapi_call_id = 'call-9' $$,
  $$ values ('outbound', 'outbound', 'outbound') $$, 'a direction that is told later is believed'
);

select * from finish();
rollback;
