begin;
\ir ../people.psql
\ir ../calls.psql
select no_plan();
select tests.save_workspace('clinic', jsonb_build_array(
  tests.integration('vapi', 'key1', '{"number": {"phone_number_id": "phone-1", "number": "+15550001111"}}'),
  tests.integration('twilio', 'key1', '{"from_number": "+15550001111"}')
));
select tests.save_workspace('market', jsonb_build_array(
  tests.integration('vapi', 'key2', '{"number": {"phone_number_id": "phone-2", "number": "+15550002222"}}')
));
update public.agents set vapi_assistant_id = role || '-of-clinic', max_call_duration = 120 where org_id = tests.id('clinic');
update public.agents set vapi_assistant_id = role || '-of-market' where org_id = tests.id('market');

select tests.act_as('service role');
select is(
  tests.ingest(jsonb_build_object('secret_version', 2)) ->> 'code', 'secret_superseded', 'a secret of another version is refused'
);
select is(tests.ingest(jsonb_build_object('org_id', gen_random_uuid())) ->> 'code', 'organization_unknown', 'nobody''s too');
select is((select count(*) from public.call_tracking), 0::bigint, 'and neither writes a call');

select is(tests.ingest() ->> 'code', 'ingested', 'a call of the clinic''s');
select tests.remember('call', to_jsonb(call)) from public.call_tracking as call;
select is(
  tests.ingest(jsonb_build_object(
    'org_id', tests.id('market'), 'event', '{"id": "vapi:call-1:status-update:ended", "type": "status-update"}'::jsonb,
    'change', '{"state": "ended"}'::jsonb
  )) ->> 'code', 'foreign_call', 'the market can''t end it'
);
select is((select to_jsonb(call) from public.call_tracking as call), tests.recall('call'), 'or change anything of it');
select is((select count(*) from public.contacts where org_id = tests.id('market')), 0::bigint, 'its caller isn''t the market''s contact');
select is((select count(*) from public.processed_webhook_events where org_id = tests.id('market')), 0::bigint, 'nothing is claimed');
select is((select severity from public.alerts where rule = 'foreign_call_refused'), 'critical', 'and a person is told');

-- Signed for the whole account: the organization is found, never told.
create function pg_temp.found_by(p_call jsonb) returns text language sql as $$
  select coalesce(organization.name, found.answer ->> 'code')
  from (select tests.ingest(jsonb_build_object(
    'org_id', null, 'secret_version', null, 'event', jsonb_build_object('id', null, 'type', 'x'), 'change', null, 'call', p_call
  )) as answer) as found
  left join public.organizations as organization on organization.id = (found.answer ->> 'org_id')::uuid
$$;
select is(pg_temp.found_by('{"id": "c", "assistant_id": "outbound-of-market"}'), 'Market', 'by the assistant');
select is(pg_temp.found_by('{"id": "c", "phone_number_id": "phone-1"}'), 'Clinic', 'by the number''s id');
select is(pg_temp.found_by('{"id": "c", "dialled_number": "+15550001111"}'), 'Clinic', 'by the number');
select is(pg_temp.found_by('{"id": "call-1"}'), 'Clinic', 'by a call that is known');
select is(pg_temp.found_by('{"id": "c"}'), 'organization_unknown', 'by nothing: nobody''s');
select is(
  pg_temp.found_by('{"id": "c", "assistant_id": "inbound-of-market", "phone_number_id": "phone-1"}'), 'organization_unknown',
  'by things of two: nobody''s'
);

-- An agent of the call is the organization's own, whatever the message names.
select is(
  tests.ingest(jsonb_build_object('call', '{"id": "call-2", "assistant_id": "inbound-of-market", "direction": "outbound"}'::jsonb,
    'event', '{"id": "vapi:call-2:x", "type": "x"}'::jsonb)) ->> 'code', 'ingested', 'another''s assistant in a message'
);
select is(
  (select agent.role || ' ' || agent.org_id from public.call_tracking as call join public.agents as agent on agent.id = call.agent_id
   where vapi_call_id = 'call-2'),
  'outbound ' || tests.id('clinic'), 'is not that call''s agent'
);
select is(
  (select report_due_at - created_at from public.call_tracking where vapi_call_id = 'call-2') <= interval '8 minutes', true,
  'an agent''s longest call says when the report is overdue'
);

select * from finish();
rollback;
