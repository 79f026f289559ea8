begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select set_config('app.actor', tests.id('owner')::text, true);
select private.record_audit(tests.id('market'), 'integration_stored', 'vapi', 'request-1', null);
select results_eq(
  'select org_id, actor, action, subject, request_id from public.audit_log where request_id = ''request-1''',
  $$ values (tests.id('market'), tests.id('owner')::text, 'integration_stored', 'vapi', 'request-1') $$,
  'an entry says who did what to whom'
);
select throws_ok('update public.audit_log set actor = ''nobody''', '42501', null, 'the service role can''t rewrite it');
select throws_ok('delete from public.audit_log', '42501', null, 'nor erase it');

select tests.act_as('operator');
delete from public.organizations where id = tests.id('market');
select results_eq(
  'select org_id from public.audit_log where request_id = ''request-1''', array[null::uuid], 'it outlives the organization'
);

select tests.act_as('owner');
select throws_ok('select * from public.audit_log', '42501', null, 'an owner doesn''t read it');

select * from finish();
rollback;
