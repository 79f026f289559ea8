begin;
\ir ../people.psql
select no_plan();

create function tests.set_tiers(p_flags jsonb) returns void language sql as $$
  update public.app_config set value = p_flags where key in ('workspace_tier_flags', 'agent_tier_flags', 'knowledge_tier_flags')
$$;
-- What is queued for each organization, as often as the worker asks.
create function tests.queue(p_kind text) returns text language sql as $$
  select public.queue_due_jobs(jsonb_build_object('kind', p_kind, 'run', run)) from generate_series(1, 2) as run;
  select coalesce(string_agg(distinct organization.name, ' '), 'nobody')
  from public.background_jobs as job join public.organizations as organization on organization.id = job.org_id
  where job.kind = p_kind
$$;
create function tests.drifting() returns text language sql as $$
  select coalesce(string_agg(distinct organization.name, ' '), 'nobody')
  from private.due_drift_checks(100) as due join public.organizations as organization on organization.id = due.org_id
$$;

-- Agents that were never pushed, documents that Vapi doesn't have, numbers that aren't bound.
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1'), tests.integration('twilio', 'tok1')));
select tests.save_workspace('market', jsonb_build_array(tests.integration('vapi', 'key2'), tests.integration('twilio', 'tok2')));
insert into public.knowledge_syncs (org_id, due_at) values (tests.id('clinic'), now() - interval '1 minute'), (tests.id('market'), now() - interval '1 minute');
update public.integrations set public_config = public_config || jsonb_build_object('from_number', case org_id when tests.id('clinic') then '+15550000001' else '+15550000002' end) where provider = 'twilio';
update public.leases set released_at = now();
delete from public.background_jobs;

select tests.set_tiers('{"enabled": false}');
select is(tests.queue(kind), 'nobody', format('%s of nobody where its tier is off', kind)) from unnest(array['sync_agent', 'sync_knowledge', 'push_workspace']) as kind;
select ok(
  not private.queue_job('sync_agent', tests.id('clinic'), 'inbound', '{"role": "inbound"}'), 'nor does a repair queue one'
);
select private.queue_knowledge_sync(tests.id('clinic'), interval '0');
select is((select count(*) from public.background_jobs), 0::bigint, 'nor a change of a document');
select tests.set_tiers('{"rolloutPercent": 0}');
select is(tests.queue(kind), 'nobody', format('%s of nobody at 0 %%', kind)) from unnest(array['sync_agent', 'sync_knowledge', 'push_workspace']) as kind;
select tests.set_tiers(jsonb_build_object('rolloutPercent', 0, 'allow', jsonb_build_array(tests.id('clinic'))));
select is(tests.queue(kind), 'Clinic', format('%s of whom the tier is for', kind)) from unnest(array['sync_agent', 'sync_knowledge', 'push_workspace']) as kind;
select tests.set_tiers('{}');
select is(tests.queue(kind), 'Clinic Market', format('%s stayed due meanwhile', kind)) from unnest(array['sync_agent', 'sync_knowledge', 'push_workspace']) as kind;

update public.agents set sync_status = 'synced', last_synced_at = now(), vapi_assistant_id = 'asst-' || id, drift_claimed_at = now() - interval '1 day';
select tests.set_tiers('{"enabled": false}');
select is(tests.drifting(), 'nobody', 'assistants of nobody are looked at where the tier is off');
select tests.set_tiers(jsonb_build_object('deny', jsonb_build_array(tests.id('clinic'))));
select is(tests.drifting(), 'Market', 'nor of whom it isn''t for');
select tests.set_tiers('{}');
select is(tests.drifting(), 'Clinic Market', 'and of everybody else');
select * from finish();
rollback;
