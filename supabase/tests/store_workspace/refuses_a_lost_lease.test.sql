begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select tests.remember('held', jsonb_build_object(
  'org_id', tests.id('clinic'), 'user_id', tests.id('owner'), 'request_id', 'r1', 'lease_seconds', 60
));
select tests.remember('held', tests.recall('held') || jsonb_build_object(
  'fencing_token', public.begin_workspace_save(tests.recall('held')) -> 'fencing_token',
  'integrations', jsonb_build_array(tests.integration('vapi', 'key1'))
));
select is(
  public.store_workspace(tests.recall('held') || '{"fencing_token": 0}'), '{"code": "lease_lost"}', 'a made-up token holds nothing'
);
select is(
  public.store_workspace(tests.recall('held') || jsonb_build_object('org_id', tests.id('market'))), '{"code": "lease_lost"}',
  'a token holds its own organization only'
);

update public.leases set expires_at = now() - interval '1 second';
select is(public.store_workspace(tests.recall('held')) ->> 'code', 'stored', 'a lease that ran out still holds while nobody took it');
select cmp_ok((select expires_at from public.leases), '>', clock_timestamp() + interval '50 seconds', 'and goes on from there');

update public.leases set expires_at = now() - interval '1 second';
select public.begin_workspace_save(tests.recall('held'));
select is(
  public.store_workspace(tests.recall('held') || jsonb_build_object('integrations', jsonb_build_array(tests.integration('vapi', 'key2')))),
  '{"code": "lease_lost"}', 'but not once somebody did'
);
select is((select fingerprint from public.integrations), 'fp-key1', 'and stores nothing');

select * from finish();
rollback;
