begin;
\ir ../people.psql
\ir ../calls.psql
select no_plan();

-- A call of the inbound agent's that ended so, told by its report.
create function tests.end_call(p_number integer, p_outcome text) returns text language sql as $$
  select tests.ingest(jsonb_build_object(
    'event', jsonb_build_object('id', 'vapi:f-' || p_number || ':end-of-call-report', 'type', 'end-of-call-report'),
    'call', (tests.message() -> 'call') || jsonb_build_object('id', 'f-' || p_number),
    'change', jsonb_build_object(
      'state', 'ended', 'at', '2026-11-20T09:01:11Z', 'ended_at', '2026-11-20T09:01:11Z', 'ended_authority', 2,
      'ended_reason', 'pipeline-error', 'outcome', p_outcome
    )
  )) ->> 'code'
$$;
create function tests.end_call_by_status(p_number integer, p_outcome text) returns text language sql as $$
  select tests.ingest(jsonb_build_object(
    'event', jsonb_build_object('id', 'vapi:f-' || p_number || ':status-update:ended', 'type', 'status-update'),
    'call', (tests.message() -> 'call') || jsonb_build_object('id', 'f-' || p_number),
    'change', jsonb_build_object(
      'state', 'ended', 'at', '2026-11-20T09:01:11Z', 'ended_authority', 1, 'ended_reason', 'pipeline-error', 'outcome', p_outcome
    )
  )) ->> 'code'
$$;
create function tests.failures() returns integer language sql as $$
  select consecutive_call_failures from public.agents where role = 'inbound'
$$;

select tests.act_as('service role');
select tests.save_workspace('clinic', '[]');
update public.agents set state = 'active';
select tests.end_call(number, 'failed') from generate_series(1, 4) as number;
select is(tests.failures(), 4, 'failed calls are counted');
select tests.end_call(5, 'completed');
select is(tests.failures(), 0, 'one that works begins the count anew');

select tests.end_call(number, 'failed') from generate_series(6, 9) as number;
select tests.end_call(9, 'failed') from generate_series(1, 3);
select is(tests.failures(), 4, 'an event that comes again counts once');
select tests.end_call(10, 'unknown');
select is(tests.failures(), 4, 'a call that ended nobody knows how says nothing');
select is((select state from public.agents where role = 'inbound'), 'active', 'four failures are bad luck');
select is_empty($$ select 1 from public.alerts where rule = 'agent_in_error' $$, 'that nobody is told of');

update public.agents set consecutive_call_failures = 3;
select tests.end_call_by_status(11, 'unknown');
select is(tests.failures(), 3, 'nor does a status without its reason');
select tests.end_call(11, 'failed');
select is(tests.failures(), 4, 'until the report has it');
select tests.end_call_by_status(12, 'failed');
select results_eq(
  'select role, state from public.agents order by role', $$ values ('inbound', 'error'), ('outbound', 'active') $$,
  'the fifth in a row takes the agent out of service'
);
select results_eq(
  $$ select org_id, severity, state, details ->> 'cause' from public.alerts where rule = 'agent_in_error' $$,
  $$ values (tests.id('clinic'), 'critical', 'raised', 'call') $$, 'and somebody is told'
);

select tests.end_call(12, 'failed');
select is(tests.failures(), 5, 'a call that its status has counted isn''t counted by its report');

select * from finish();
rollback;
