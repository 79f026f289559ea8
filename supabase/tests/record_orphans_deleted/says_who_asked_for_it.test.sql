begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select is(
  public.record_orphans_deleted(jsonb_build_object(
    'org_id', tests.id('clinic'), 'user_id', tests.id('owner'), 'request_id', 'r1',
    'assistant_ids', jsonb_build_array('a1', 'a2')
  )),
  '{"code": "recorded"}', 'it answers its code alone'
);
select tests.act_as('operator');
select results_eq(
  $$
    select subject, actor, request_id from public.audit_log
    where org_id = tests.id('clinic') and action = 'assistant_deleted' order by subject
  $$,
  $$ values ('a1', tests.id('owner')::text, 'r1'), ('a2', tests.id('owner')::text, 'r1') $$,
  'each of them has a row'
);


create function tests.delete_orphan(p_id text) returns text language sql as $$
  select public.record_orphans_deleted(jsonb_build_object(
    'org_id', tests.id('clinic'), 'user_id', tests.id('owner'), 'request_id', 'r1', 'assistant_ids', jsonb_build_array(p_id)
  )) ->> 'code'
$$;
select tests.act_as('service role');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1')));
select tests.remember('token', tests.claim_sync() -> 'fencing_token');
select is(tests.delete_orphan('a3'), 'held', 'nothing is deleted while an agent is synced');
select tests.record_sync('{}');
select is(tests.delete_orphan('asst-1'), 'known', 'nor what that sync took over');
select is(tests.delete_orphan('a3'), 'recorded', 'other things are');
select is(tests.claim_sync() -> 'interrupted', 'false', 'and the next sync knows that none was interrupted');
update public.leases set claimed_at = now() - interval '2 hours', expires_at = now() - interval '1 hour' where resource = 'agent_sync:inbound';
select is(tests.delete_orphan('a4'), 'recorded', 'one that was interrupted holds nothing up');
select is(tests.claim_sync('inbound', 'r2') -> 'interrupted', 'true', 'and is still known');
select public.record_create_intent(jsonb_build_object(
  'org_id', tests.id('clinic'), 'role', 'inbound', 'fencing_token', (select fencing_token from public.leases where resource = 'agent_sync:inbound')
));
update public.leases set expires_at = now() - interval '1 hour' where resource = 'agent_sync:inbound';
select is(tests.delete_orphan('a5'), 'held', 'unless it may have just made one');
select tests.act_as('operator');
select is_empty($$ select 1 from public.audit_log where action = 'assistant_deleted' and subject in ('asst-1', 'a5') $$, 'what is refused is not written down');

select * from finish();
rollback;
