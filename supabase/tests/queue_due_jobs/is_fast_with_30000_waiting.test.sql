-- What the worker asks before its runs, with 30,000 agents of 15,000 organizations out of step and 30,000
-- credentials not looked at for long. A run queues 5,000; the backlog is worked off run by run.
begin;
\ir ../people.psql
select no_plan();

insert into public.organizations (id, name)
select md5(n::text)::uuid, 'Organization ' || n from generate_series(1, 15000) as n;
insert into public.integrations (org_id, provider, connected, last_checked_at, fingerprint, public_config)
select
  md5(n::text)::uuid, provider, true, now() - interval '2 days', provider || n,
  case provider when 'twilio' then jsonb_build_object('from_number', '+1' || 2000000000 + n) else '{}' end
from generate_series(1, 15000) as n, unnest(array['vapi', 'twilio']) as provider;
insert into public.agents (org_id, role, name, system_prompt, first_message, voice, voice_provider, sync_status, sync_queued_at, consecutive_failures)
select md5(n::text)::uuid, role, 'Anna', 'x', 'x', 'Elliot', 'vapi', 'queued', now(), 0
from generate_series(1, 15000) as n, unnest(array['inbound', 'outbound']) as role;

create function tests.tables() returns setof oid language sql as $$
  select unnest(array[
    'public.agents'::regclass, 'public.integrations', 'public.leases', 'public.background_jobs'
  ])::oid
$$;
create function tests.read() returns bigint language sql as $$
  select sum(pg_stat_get_xact_tuples_returned(oid))::bigint + (
    select sum(pg_stat_get_xact_tuples_returned(indexrelid)) from pg_index where indrelid in (select tests.tables())
  )::bigint
  from tests.tables() as oid
$$;
create function tests.queue(p_kind text) returns text language sql as $$
  select tests.remember('read', to_jsonb(tests.read()));
  select string_agg(public.queue_due_jobs(jsonb_build_object('kind', p_kind, 'run', run)) ->> 'count', ' ')
  from generate_series(1, 3) as run
$$;

select is(tests.queue('sync_agent'), '5000 5000 5000', 'agents are queued a page at a time');
select cmp_ok(tests.read() - tests.recall('read')::text::bigint, '<', 600000::bigint, 'by reading a few entries for each that waits');
select is(tests.queue('verify_credentials'), '5000 5000 5000', 'and credentials');
select cmp_ok(tests.read() - tests.recall('read')::text::bigint, '<', 600000::bigint, 'in the same way');
select is(tests.queue('push_workspace'), '5000 5000 5000', 'and what a save left unfinished');
select cmp_ok(tests.read() - tests.recall('read')::text::bigint, '<', 600000::bigint, 'in the same way');

-- Of a tier that is for few, what the others have waiting holds nobody up.
delete from public.background_jobs;
update public.app_config set value = '{"rolloutPercent": 10}' where key = 'agent_tier_flags';
select is(
  tests.queue('sync_agent'), 2 * (
    select count(*) from public.organizations as organization
    where private.is_tier_on('agent_tier_flags', organization.id) and organization.name like 'Organization%'
  ) || ' 0 0', 'agents of a tier''s few organizations are queued at once'
);
select cmp_ok(tests.read() - tests.recall('read')::text::bigint, '<', 600000::bigint, 'in the same way');
select * from finish();
rollback;
