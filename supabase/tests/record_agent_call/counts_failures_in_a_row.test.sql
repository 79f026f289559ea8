begin;
\ir ../people.psql
select no_plan();

create function tests.call(p_failed boolean) returns boolean language sql as $$
  select private.record_agent_call(org_id, id, p_failed, 'pipeline-error') from public.agents
  where org_id = tests.id('clinic') and role = 'inbound'
$$;

select tests.act_as('service role');
select tests.save_workspace('clinic', '[]');
update public.agents set state = 'active';
select tests.call(true) from generate_series(1, 4);
select is(tests.call(false), false, 'a call that works');
select is((select consecutive_call_failures from public.agents where role = 'inbound'), 0, 'begins the count anew');
select tests.call(true) from generate_series(1, 4);
select is((select state from public.agents where role = 'inbound'), 'active', 'four failures are bad luck');
select is(tests.call(true), true, 'the fifth in a row changes the state');
select results_eq(
  $$ select role, state, consecutive_failures from public.agents order by role $$,
  $$ values ('inbound', 'error', 0), ('outbound', 'active', 0) $$, 'of that agent; its syncs are another matter'
);
select is(
  (select message from public.alerts where rule = 'agent_in_error'), 'Cannot keep the inbound agent in service: 5 calls failed in a row', 'somebody is told'
);
select is(tests.call(true), false, 'the sixth changes nothing');
select is(private.record_agent_call(tests.id('market'), (select id from public.agents where role = 'inbound'), true, null), false, 'another organization has no such agent');
select is((select consecutive_call_failures from public.agents where role = 'inbound'), 6, 'and counts nothing');

select * from finish();
rollback;
