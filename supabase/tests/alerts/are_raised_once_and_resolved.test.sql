begin;
\ir ../people.psql
select no_plan();

create function tests.alert(p_org_id uuid, p_severity text) returns jsonb language sql as $$
  select jsonb_build_object(
    'org_id', p_org_id, 'rule', 'credential_failed', 'dedupe_key', 'vapi', 'severity', p_severity,
    'message', 'Cannot use the vapi credentials: 401', 'details', '{"provider": "vapi"}'::jsonb
  )
$$;

select tests.act_as('service role');
select tests.remember('first', public.raise_alert(tests.alert(tests.id('clinic'), 'warning')));
select is(tests.recall('first') - 'id', '{"code": "raised", "occurrences": 1}', 'a new alert is raised');
select is(
  public.raise_alert(tests.alert(tests.id('clinic'), 'critical')),
  tests.recall('first') || '{"occurrences": 2}', 'raised again it is the same alert, counted'
);
select is(public.raise_alert(tests.alert(null, 'info')) ->> 'occurrences', '1', 'one of no organization is another');
select is(public.raise_alert(tests.alert(null, 'info')) ->> 'occurrences', '2', 'and is deduplicated as well');
select is(public.raise_alert(tests.alert(tests.id('market'), 'info')) ->> 'occurrences', '1', 'so is one of each organization');

select is(
  public.resolve_alert(tests.alert(tests.id('clinic'), 'info')),
  jsonb_build_object('code', 'resolved', 'id', tests.recall('first') ->> 'id'), 'it is resolved by its rule and key'
);
select is(public.resolve_alert(tests.alert(tests.id('clinic'), 'info')), '{"code": "not_raised"}', 'once');
select isnt(
  public.raise_alert(tests.alert(tests.id('clinic'), 'warning')) ->> 'id', tests.recall('first') ->> 'id',
  'raised after that, it is a new one'
);
select throws_ok(
  $$ select public.raise_alert(tests.alert(tests.id('clinic'), 'catastrophic')) $$, '23514', null, 'there are three severities'
);

select tests.act_as('viewer');
select is((select count(*) from public.alerts), 2::bigint, 'a viewer reads the own organization''s');
select tests.act_as('market owner');
select is((select count(*) from public.alerts), 1::bigint, 'another owner only theirs');
select tests.act_as('outsider');
select is_empty('select * from public.alerts', 'an outsider none');
select tests.act_as('owner');
select throws_ok('update public.alerts set severity = ''info''', '42501', null, 'nobody signed in changes one');

select * from finish();
rollback;
