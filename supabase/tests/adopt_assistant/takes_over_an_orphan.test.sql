begin;
\ir ../people.psql
select no_plan();

create function tests.adopt(p_assistant_id text, p_role text default 'inbound') returns jsonb language sql as $$
  select public.adopt_assistant(jsonb_build_object(
    'org_id', tests.id('clinic'), 'user_id', tests.id('owner'), 'request_id', 'r1', 'role', p_role, 'vapi_assistant_id', p_assistant_id
  ))
$$;
create function tests.agent() returns public.agents language sql as $$
  select * from public.agents where org_id = tests.id('clinic') and role = 'inbound'
$$;

select tests.act_as('service role');
select is(tests.adopt('orphan'), '{"code": "not_found"}', 'without an agent nobody adopts');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1')));
select tests.remember('token', tests.claim_sync() -> 'fencing_token');
select is(tests.adopt('orphan') ->> 'code', 'held', 'nor while the agent is synced');
select tests.record_sync('{}');

select is(
  tests.adopt('orphan'), jsonb_build_object('code', 'adopted', 'agent_id', (tests.agent()).id, 'previous_assistant_id', 'asst-1'), 'it is taken over'
);
select results_eq(
  $$ select (a).vapi_assistant_id, (a).applied_hash, (a).sync_status, (a).revision from tests.agent() as a $$,
  $$ values ('orphan', null::text, 'queued', 1) $$, 'and waits for a sync that makes it what it should be'
);
select is((select count(*) from public.background_jobs where kind = 'sync_agent' and state = 'queued' and dedupe_key = 'inbound'), 1::bigint, 'which a job does if nobody else');
select results_eq(
  $$ select subject, actor, details ->> 'previous_assistant_id' from public.audit_log where action = 'assistant_adopted' $$,
  $$ values ('inbound', tests.id('owner')::text, 'asst-1') $$, 'the audit log tells'
);
select is(tests.adopt('orphan', 'outbound'), '{"code": "taken"}', 'two agents don''t share one');
select is(tests.adopt('orphan') ->> 'previous_assistant_id', 'orphan', 'again is the same');
select is((select count(*) from public.audit_log where action = 'assistant_adopted'), 1::bigint, 'and tells nothing twice');
select is(tests.claim_sync() ->> 'code', 'claimed', 'the lease is free');

select * from finish();
rollback;
