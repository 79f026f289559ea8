begin;
\ir ../people.psql
select no_plan();
insert into public.leads (id, org_id, name) values
  ('e1000000-0000-4000-8000-000000000000', tests.id('clinic'), 'A lead'),
  ('e2000000-0000-4000-8000-000000000000', tests.id('market'), 'Another''s lead');

select tests.act_as('service role');
select tests.remember('first', to_jsonb(made)) from public.create_inbound_call_atomically(
  tests.id('clinic'), 'call-1', null, '+250 788 123 456', 'e1000000-0000-4000-8000-000000000000', '{"source": "test"}'
) as made;
select is(tests.recall('first') ->> 'success', 'true', 'a call is made');
select is(tests.recall('first') ->> 'error_message', null, 'without a word of error');
select results_eq(
  $$ select id, state, direction, phone_number, lead_id, metadata from public.call_tracking $$,
  $$ values ((tests.recall('first') ->> 'call_tracking_id')::uuid, 'rung', 'inbound', '+250 788 123 456',
       'e1000000-0000-4000-8000-000000000000'::uuid, '{"source": "test"}'::jsonb) $$,
  'its live state has what was said of it'
);
select results_eq(
  $$ select id, call_tracking_id, outcome from public.call_logs $$,
  $$ values ((tests.recall('first') ->> 'call_logs_id')::uuid, (tests.recall('first') ->> 'call_tracking_id')::uuid, 'in_progress') $$,
  'and so has its log'
);
select is(
  (select value from public.contact_identities where org_id = tests.id('clinic')), '250788123456', 'its caller is a contact'
);
select is(
  (select event_type from public.processed_webhook_events where event_id = 'vapi:call-1:create-inbound-call'),
  'create-inbound-call', 'the event is claimed with it'
);

select tests.remember('again', to_jsonb(made)) from public.create_inbound_call_atomically(
  tests.id('clinic'), 'call-1', null, '+250788999999', null, '{"source": "other"}'
) as made;
select is(
  tests.recall('again') - 'error_message', tests.recall('first') - 'error_message', 'a retry succeeds with the same ids'
);
select matches(tests.recall('again') ->> 'error_message', '^ALREADY_PROCESSED: ', 'and says that it is one');
select is((select count(*) from public.call_tracking), 1::bigint, 'nothing is there twice');
select is((select phone_number from public.call_tracking), '+250 788 123 456', 'and nothing known is replaced');

select * from finish();
rollback;
