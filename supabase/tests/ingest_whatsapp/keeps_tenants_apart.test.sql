begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');

select tests.deliver(tests.text('wamid.1'), tests.text('wamid.1', '{"phone_number_id": "2001"}'));
select results_eq(
  'select org_id, wamid from public.inbound_messages order by org_id',
  $$ values (tests.id('clinic'), 'wamid.1'), (tests.id('market'), 'wamid.1') $$, 'the number tells the organization'
);
select is((select count(distinct contact_id) from public.contact_identities), 2::bigint, 'the same person is a contact of each');

-- An organization's own app secret signs for that organization alone.
select is(
  tests.deliver(tests.text('wamid.2', jsonb_build_object('signed_by', tests.id('market')))) -> 'stored', '{}',
  'what another organization signed isn''t stored as the clinic''s'
);
select results_eq(
  'select reason, phone_number_id, signed_by_org_id from public.unroutable_deliveries',
  $$ values ('signed_by_another_organization', '1001', tests.id('market')) $$, 'it is kept apart'
);
select results_eq(
  $$ select org_id, severity from public.alerts where rule = 'unroutable_delivery' $$,
  $$ values (tests.id('market'), 'critical') $$, 'and told'
);
select is(
  tests.deliver(tests.text('wamid.2', jsonb_build_object('signed_by', tests.id('clinic')))) -> 'stored', '{"0": 1}', 'its own is stored'
);

-- A message of the clinic on its way.
select tests.act_as('operator');
insert into public.outbound_messages (id, org_id, contact_id, kind, type, content, state, sent_at, wamid)
values ('00000000-0000-4000-8000-000000000001', tests.id('clinic'), tests.contact(), 'reply', 'text', '{}', 'sent', now(), 'wamid.out');
select tests.act_as('service role');
select is(tests.report('{"phone_number_id": "2001", "wamid": "wamid.out", "status": "read"}'), 0, 'a status for another''s number touches nothing');
select is(
  tests.report('{"phone_number_id": "2001", "wamid": "wamid.x", "row_id": "00000000-0000-4000-8000-000000000001", "status": "failed"}'), 0,
  'not even when it names the row'
);
select is(
  tests.report(jsonb_build_object('wamid', 'wamid.out', 'status', 'read', 'signed_by', tests.id('market'))), 0, 'nor does what another signed'
);
select is((select state from public.outbound_messages), 'sent', 'nothing of it happened');
select is(tests.report('{"wamid": "wamid.out", "status": "read"}'), 1, 'the clinic''s own does');

select * from finish();
rollback;
