begin;
\ir ../people.psql
select no_plan();

create function tests.try_door(p_org_id uuid) returns jsonb language sql as $$
  select public.authorize_request(jsonb_build_object(
    'user_id', tests.id('outsider'), 'org_id', p_org_id, 'operation', 'workspace_save',
    'minimum_role', 'viewer', 'request_id', 'r1', 'rate_limit', '{"capacity": 1, "refill_per_second": 1}'::jsonb,
    'idempotency', '{"key": "k", "request_hash": "h", "ttl_seconds": 60}'::jsonb
  ))
$$;

select tests.act_as('service role');
select is(
  tests.try_door(tests.id('clinic')),
  jsonb_build_object('code', 'forbidden', 'reason', 'not_member', 'org_id', tests.id('clinic')), 'a stranger is refused'
);
select results_eq(
  $$ select org_id, operation, outcome, actor, request_id from public.operation_events $$,
  $$ values (tests.id('clinic'), 'workspace_save', 'refused', tests.id('outsider')::text, 'r1') $$,
  'the organization''s events show it'
);
select results_eq(
  $$ select org_id, actor, action, details ->> 'operation' from public.audit_log $$,
  $$ values (tests.id('clinic'), tests.id('outsider')::text, 'access_refused', 'workspace_save') $$,
  'and its audit log'
);
select is_empty('select * from public.rate_limits', 'the organization''s rate limit isn''t touched');
select is_empty('select * from public.idempotency_keys', 'nor an idempotency key claimed');

select is(
  tests.try_door('00000000-0000-4000-8000-000000000000') - 'org_id',
  '{"code": "forbidden", "reason": "not_member"}', 'an organization that doesn''t exist looks the same'
);
select is((select count(*) from public.audit_log), 1::bigint, 'and nothing is recorded of it');
select is((select count(*) from public.operation_events), 1::bigint, 'anywhere');

select tests.try_door(tests.id(name)) from unnest(array['clinic', 'branch', 'desk', 'market']) as name, generate_series(1, 5);
select is(
  (select count(*) from public.operation_events), 10::bigint,
  'a stranger can''t fill a history: ten a minute, whatever doors are tried'
);
select is((select count(*) from public.audit_log), 10::bigint, 'in the audit log as well');

select is(
  public.authorize_request(jsonb_build_object(
    'user_id', tests.id('market owner'), 'org_id', tests.id('clinic'), 'operation', 'workspace_save',
    'minimum_role', 'viewer', 'request_id', 'r2'
  )) ->> 'code', 'forbidden', 'another person'
);
select is((select count(*) from public.audit_log), 11::bigint, 'has ten of their own');

select tests.act_as('owner');
select cmp_ok((select count(*) from public.operation_events where outcome = 'refused'), '>', 1::bigint, 'the owner sees them');

select * from finish();
rollback;
