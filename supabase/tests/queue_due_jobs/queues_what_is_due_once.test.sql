begin;
\ir ../people.psql
select no_plan();

create function tests.queue(p_kind text) returns integer language sql as $$
  select (public.queue_due_jobs(jsonb_build_object('kind', p_kind)) ->> 'count')::integer
$$;

select tests.act_as('service role');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1'), tests.integration('twilio', 'tok1')));
select tests.save_workspace('market', jsonb_build_array(tests.integration('whatsapp', 'wat1')));

select is(public.queue_due_jobs('{"kind": "sync_agent"}'), '{"code": "queued", "count": 2}', 'agents that wait for a sync, where Vapi is connected');
select is(tests.queue('sync_agent'), 0, 'once');
select set_eq(
  'select org_id, kind, dedupe_key, payload from public.background_jobs',
  $$ values
    (tests.id('clinic'), 'sync_agent', 'inbound', '{"role": "inbound"}'::jsonb),
    (tests.id('clinic'), 'sync_agent', 'outbound', '{"role": "outbound"}') $$, 'a job each'
);

delete from public.background_jobs;
update public.agents set sync_status = 'synced', last_synced_at = now() where role = 'inbound';
update public.agents set sync_status = 'failed', sync_failed_at = now(), consecutive_failures = 3 where role = 'outbound';
select is(tests.queue('sync_agent'), 1, 'a failed one again, a synced one not');
select cmp_ok((select available_at from public.background_jobs), '>', now() + interval '100 seconds', 'after its backoff');

update public.agents set sync_queued_at = now() - interval '1 hour';
update public.background_jobs set state = 'dead_lettered', dead_lettered_at = now();
select is(tests.queue('sync_agent'), 0, 'what was given up today stays given up');
update public.agents set sync_queued_at = now() + interval '1 second' where role = 'outbound';
select is(tests.queue('sync_agent'), 1, 'unless somebody asked for it since');
delete from public.background_jobs where state = 'queued';
update public.agents set sync_queued_at = now() - interval '3 days' where role = 'outbound';
update public.background_jobs set dead_lettered_at = now() - interval '2 days';
select is(tests.queue('sync_agent'), 1, 'or it was given up yesterday');

delete from public.background_jobs;
select tests.claim_sync('outbound');
select is(tests.queue('sync_agent'), 0, 'not while somebody syncs it');
update public.leases set expires_at = now() - interval '1 second';
select is(tests.queue('sync_agent'), 1, 'but when that somebody is gone');
delete from public.background_jobs;
select public.begin_workspace_save(jsonb_build_object('org_id', tests.id('clinic'), 'lease_seconds', 60));
select is(tests.queue('sync_agent'), 0, 'nor while a save is about to');

select is(tests.queue('verify_credentials'), 0, 'credentials just stored need no check');
update public.integrations set last_checked_at = now() - interval '25 hours' where provider <> 'twilio';
select is(tests.queue('verify_credentials'), 2, 'those checked longest ago do');
select is(tests.queue('verify_credentials'), 0, 'once');
select set_eq(
  $$ select org_id, dedupe_key, payload from public.background_jobs where kind = 'verify_credentials' $$,
  $$ values (tests.id('clinic'), 'vapi', '{"provider": "vapi"}'::jsonb), (tests.id('market'), 'whatsapp', '{"provider": "whatsapp"}') $$,
  'a job each'
);
delete from public.background_jobs;
update public.app_config set value = '100' where key = 'credential_check_hours';
select is(tests.queue('verify_credentials'), 0, 'how long is configuration');
update public.app_config set value = '"soon"' where key = 'credential_check_hours';
select is(tests.queue('verify_credentials'), 2, 'and a day when that makes no sense');
delete from public.background_jobs;
update public.integrations set connected = false, fingerprint = null where provider = 'whatsapp';
select is(tests.queue('verify_credentials'), 1, 'what was disconnected isn''t checked');

select is(tests.queue('expire_rows'), 1, 'clearing away is one job for everybody');
select is(tests.queue('expire_rows'), 0, 'at a time');
select is((select org_id from public.background_jobs where kind = 'expire_rows'), null, 'and nobody''s');
select is(tests.queue('send_outbox_of_another_issue'), 0, 'a kind that nothing queues by the clock queues nothing');
select is(tests.queue('x(); select 1; --'), 0, 'whatever it is called');

select * from finish();
rollback;
