begin;
\ir ../people.psql
select no_plan();

create function tests.authorize(p_changes jsonb default '{}') returns text language sql as $$
  select public.authorize_request(jsonb_build_object(
    'user_id', tests.id('owner'), 'org_id', tests.id('clinic'), 'operation', 'workspace_save',
    'minimum_role', 'admin', 'request_id', 'r1', 'rate_limit', null, 'idempotency', null,
    'tier', 'workspace_tier_flags'
  ) || p_changes) ->> 'code'
$$;
create function tests.set_tier(p_value jsonb) returns void language sql as $$
  update public.app_config set value = p_value where key = 'workspace_tier_flags'
$$;
create function tests.code_with(p_value jsonb) returns text language sql as $$
  select tests.set_tier(p_value);
  select tests.authorize()
$$;

select tests.act_as('service role');
select is(
  (select jsonb_agg(value ->> 'rolloutPercent') from public.app_config where key like '%\_tier\_flags'),
  '["100", "100", "100", "100"]'::jsonb, 'a new installation has everything for everybody'
);
select is(
  (select jsonb_path_query_array(value, '$.stages[*].percent') from public.app_config where key = 'tier_rollout_plan'),
  '[10, 50, 100]'::jsonb, 'and a plan for whoever wants to go by stages'
);
select is(tests.authorize(), 'authorized', 'so nobody is refused');

select is(tests.code_with('{"enabled": false}'), 'tier_off', 'switched off');
select is(tests.authorize('{"tier": null}'), 'authorized', 'reads stay allowed');
select is(tests.authorize('{"tier": "agent_tier_flags"}'), 'authorized', 'and so do other tiers');
select is(tests.authorize(jsonb_build_object('user_id', tests.id('member'))), 'forbidden', 'who may not is told that first');
select is(tests.code_with('{"rolloutPercent": 0}'), 'tier_off', 'outside the percentage');
select is(
  tests.code_with(jsonb_build_object('rolloutPercent', 0, 'allow', jsonb_build_array(tests.id('clinic')))), 'authorized', 'allowed'
);
select is(
  tests.code_with(jsonb_build_object('rolloutPercent', 100, 'deny', jsonb_build_array(tests.id('clinic')))), 'tier_off', 'denied'
);
select is(tests.code_with(value), 'tier_off', format('malformed leaves what was good in force: %s', value))
from unnest(array[
  '{"enabled": "no"}', '{"rolloutPercent": 101, "enabled": false}', '{"rolloutPercent": null}', '[]', 'null',
  '{"enabled": false, "allow": [1]}'
]::jsonb[]) as value;

-- By stages: whoever is in at 10 % is in at 50 %.
create function tests.reached(p_percent integer) returns bigint language sql as $$
  select tests.set_tier(jsonb_build_object('rolloutPercent', p_percent));
  select count(*)
  from generate_series(1, 500) as n
  where private.is_tier_on('workspace_tier_flags', md5(n::text)::uuid)
$$;
select ok(tests.reached(10) between 25 and 80, 'about a tenth');
select ok(tests.reached(50) between 200 and 300, 'about half');
select is(tests.reached(100), 500::bigint, 'all');

-- A refusal claims no key and takes no token.
select tests.set_tier('{"enabled": false}');
select is(tests.authorize('{"idempotency": {"key": "k", "request_hash": "h", "ttl_seconds": 60}}'), 'tier_off', 'refused with a key');
select tests.set_tier('{"enabled": true}');
select is(tests.authorize('{"idempotency": {"key": "k", "request_hash": "h", "ttl_seconds": 60}}'), 'authorized', 'which may be used again');

select * from finish();
rollback;
