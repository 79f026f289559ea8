begin;
\ir ../people.psql
select no_plan();
select tests.save_workspace('market', '[]');

select tests.act_as('service role');
create function pg_temp.refusal(
  p_org_id uuid, p_call_id text, p_agent_id uuid default null, p_phone text default null,
  p_lead_id uuid default null, p_metadata jsonb default '{}'
) returns text language sql as $$
  select case when success then 'made' else error_message end
  from public.create_inbound_call_atomically(p_org_id, p_call_id, p_agent_id, p_phone, p_lead_id, p_metadata)
$$;
select matches(pg_temp.refusal(null, 'c'), '^VALIDATION_ERROR: p_org_id', 'no organization');
select matches(pg_temp.refusal(gen_random_uuid(), 'c'), '^VALIDATION_ERROR: organization', 'no such organization');
select matches(pg_temp.refusal(tests.id('clinic'), null), '^VALIDATION_ERROR: p_vapi_call_id', 'no call id');
select matches(pg_temp.refusal(tests.id('clinic'), '  '), '^VALIDATION_ERROR: p_vapi_call_id', 'an empty call id');
select matches(pg_temp.refusal(tests.id('clinic'), repeat('x', 257)), '^VALIDATION_ERROR: .*256', 'a call id of 257 characters');
select is(pg_temp.refusal(tests.id('clinic'), repeat('é', 256)), 'made', 'one of 256 characters is fine');
select matches(
  pg_temp.refusal(tests.id('clinic'), 'c', gen_random_uuid()), '^VALIDATION_ERROR: agent', 'no such agent'
);
select matches(
  pg_temp.refusal(tests.id('clinic'), 'c', (select id from public.agents where org_id = tests.id('market') limit 1)),
  '^VALIDATION_ERROR: agent', 'another organization''s agent'
);
select matches(
  pg_temp.refusal(tests.id('clinic'), 'c', null, null, gen_random_uuid()), '^VALIDATION_ERROR: lead', 'no such lead'
);
select matches(pg_temp.refusal(tests.id('clinic'), 'c', null, repeat('1', 65)), '^VALIDATION_ERROR: p_phone', 'a long number');
select matches(pg_temp.refusal(tests.id('clinic'), 'c', null, null, null, '[]'), '^VALIDATION_ERROR: p_metadata', 'a list for metadata');
select is((select count(*) from public.call_tracking where vapi_call_id = 'c'), 0::bigint, 'a refusal writes nothing');

select is(pg_temp.refusal(tests.id('clinic'), 'ours'), 'made', 'a call of the clinic''s');
select tests.remember('before', to_jsonb(call)) from public.call_tracking as call where vapi_call_id = 'ours';
select matches(pg_temp.refusal(tests.id('market'), 'ours', null, '+1'), '^COLLISION_ERROR: ', 'the market can''t have its id');
select is(
  (select to_jsonb(call) from public.call_tracking as call where vapi_call_id = 'ours'), tests.recall('before'),
  'the call is as it was'
);
select is(
  (select count(*) from public.processed_webhook_events where org_id = tests.id('market')), 0::bigint, 'nothing is claimed'
);
select is(
  (select severity from public.alerts where org_id = tests.id('market') and rule = 'foreign_call_refused'), 'critical',
  'and a person is told'
);
select is(
  (select subject from public.audit_log where org_id = tests.id('market') and action = 'foreign_call_refused'), 'ours', 'as is the audit log'
);

select * from finish();
rollback;
