begin;
\ir ../people.psql
select no_plan();

create function tests.begin_save(p_organization text) returns jsonb language sql as $$
  select public.begin_workspace_save(jsonb_build_object(
    'org_id', tests.id(p_organization), 'user_id', tests.id('owner'), 'request_id', 'r1', 'lease_seconds', 60
  ))
$$;

select tests.act_as('service role');
select tests.remember('first', tests.begin_save('clinic'));
select is(tests.recall('first') ->> 'code', 'began', 'a save begins');
select is(tests.recall('first') -> 'integrations', '[]', 'with nothing connected');
select is(tests.recall('first') -> 'agents', '[]', 'and no agents');
select is(tests.recall('first') #>> '{settings,org_id}', tests.id('clinic')::text, 'and its settings');
select is(tests.begin_save('clinic'), '{"code": "busy", "retry_after_seconds": 5}', 'a second one has to wait');
select is(tests.begin_save('market') ->> 'code', 'began', 'another organization''s doesn''t');

create function tests.claim_save(p_claim_id text) returns jsonb language sql as $$
  select public.begin_workspace_save(jsonb_build_object(
    'org_id', tests.id('branch'), 'user_id', tests.id('owner'), 'request_id', 'r1', 'claim_id', p_claim_id, 'lease_seconds', 60
  ))
$$;
select tests.remember('claim', tests.claim_save('c1'));
select is(tests.recall('claim') ->> 'code', 'began', 'a claim');
select is(tests.claim_save('c1'), tests.recall('claim'), 'repeated after a lost answer is the same claim under the same token');
select is(tests.claim_save('c2') ->> 'code', 'busy', 'another claim of the same request has to wait');
select public.finish_workspace_save(jsonb_build_object(
  'org_id', tests.id('branch'), 'request_id', 'r1', 'fencing_token', tests.recall('claim') -> 'fencing_token',
  'operation', 'workspace_save', 'outcome', 'succeeded', 'duration_ms', 1, 'details', '{}'::jsonb
));
select isnt(
  tests.claim_save('c1') -> 'fencing_token', tests.recall('claim') -> 'fencing_token', 'once given back, a claim is a new one'
);

update public.leases set expires_at = now() - interval '1 second' where org_id = tests.id('clinic');
select tests.remember('second', tests.begin_save('clinic'));
select is(tests.recall('second') ->> 'code', 'began', 'once the lease has run out, the next begins');
select cmp_ok(
  (tests.recall('second') ->> 'fencing_token')::bigint, '>', (tests.recall('first') ->> 'fencing_token')::bigint,
  'under a higher token'
);

select throws_ok(
  $$ select public.begin_workspace_save('{"org_id": "00000000-0000-4000-8000-000000000000", "lease_seconds": 60}') $$,
  '23503', null, 'an organization that doesn''t exist has no workspace'
);

select * from finish();
rollback;
