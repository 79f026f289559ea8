begin;
\ir ../people.psql
select no_plan();

create function tests.rename(p_if_match jsonb, variadic p_roles text[]) returns jsonb
language sql as $$
  select public.update_agent_behavior(jsonb_build_object(
    'org_id', tests.id('clinic'), 'user_id', tests.id('admin'), 'request_id', 'r1', 'if_match', p_if_match, 'reason', null,
    'changes', (select jsonb_object_agg(role, jsonb_build_object('set', jsonb_build_object('name', 'At ' || coalesce(p_if_match::text, '-')))) from unnest(p_roles) as role)
  ))
$$;

select tests.act_as('service role');
select tests.save_workspace('clinic', '[]');
select is(tests.rename('1', 'inbound') ->> 'code', 'updated', 'the revision that was seen');
select is(
  tests.rename('1', 'inbound'), '{"code": "revision_mismatch", "role": "inbound", "revision": 2}', 'is not there a second time'
);
select is(
  tests.rename('{"inbound": 2, "outbound": 7}', 'inbound', 'outbound'), '{"code": "revision_mismatch", "role": "outbound", "revision": 1}',
  'each role has its own'
);
select results_eq(
  'select role, name, revision from public.agents order by role', $$ values ('inbound', 'At 1', 2), ('outbound', 'Outbound caller', 1) $$,
  'one that doesn''t match writes neither'
);
select is(tests.rename('{"inbound": 2, "outbound": 1}', 'inbound', 'outbound') ->> 'code', 'updated', 'both match');
select is(tests.rename('{"outbound": 2}', 'inbound', 'outbound') ->> 'code', 'updated', 'a role that isn''t named may be anything');
select is(tests.rename(null, 'inbound') ->> 'code', 'updated', 'so may all without a condition');

delete from public.agents where role = 'inbound';
select is(
  tests.rename('1', 'inbound'), '{"code": "revision_mismatch", "role": "inbound", "revision": 0}', 'what doesn''t exist has no revision'
);
select is((select count(*) from public.agents where role = 'inbound'), 0::bigint, 'and isn''t made then');

select * from finish();
rollback;
