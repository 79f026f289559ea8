begin;
\ir ../people.psql
select no_plan();

insert into public.organizations (id, name)
select md5(n::text)::uuid, 'Organization ' || n from generate_series(1, 15000) as n;
insert into public.integrations (org_id, provider, connected, fingerprint)
select md5(n::text)::uuid, 'vapi', true, 'fp' from generate_series(1, 15000) as n;
insert into private.integration_credentials (org_id, provider, ciphertext, key_id)
select md5(n::text)::uuid, 'vapi', tests.ciphertext('a'), 'k1' from generate_series(1, 15000) as n;
insert into public.agents (
  org_id, role, name, system_prompt, first_message, voice, voice_provider, sync_status, last_synced_at, vapi_assistant_id, drift_claimed_at
)
select md5(n::text)::uuid, role, 'A', 'p', 'f', 'Elliot', 'vapi', 'synced', now(), 'asst-' || n || role, now() - n * interval '1 second'
from generate_series(1, 15000) as n cross join unnest(array['inbound', 'outbound']) as role;

create function tests.scans() returns bigint language sql as $$
  select sum(pg_stat_get_xact_numscans(oid))::bigint from unnest(array[
    'public.agents'::regclass, 'public.integrations', 'public.leases', 'private.integration_credentials'
  ]) as oid
$$;
create function tests.agents_read() returns bigint language sql as $$
  select pg_stat_get_xact_tuples_returned('public.agents'::regclass)
    + (select sum(pg_stat_get_xact_tuples_returned(indexrelid)) from pg_index where indrelid = 'public.agents'::regclass)::bigint
$$;
create function tests.claim_ten_times() returns bigint language sql as $$
  select sum(jsonb_array_length(public.claim_drift_checks(
    jsonb_build_object('limit', 100, 'lease_seconds', 60, 'worker_id', 'w' || n)
  ) -> 'checks'))::bigint from generate_series(1, 10) as n
$$;

-- 15,000 seconds are not the 16,200 of the shortest wait: nothing is due.
select tests.remember('read', to_jsonb(tests.agents_read()));
select is(tests.claim_ten_times(), 0::bigint, 'nothing is due yet');
select cmp_ok(tests.agents_read() - tests.recall('read')::text::bigint, '<', 100::bigint, 'which is known without looking at 30,000 agents');

update public.agents set drift_claimed_at = drift_claimed_at - interval '1 day';
select tests.remember('scans', to_jsonb(tests.scans()));
select tests.remember('read', to_jsonb(tests.agents_read()));
select is(tests.claim_ten_times(), 1000::bigint, 'ten pages of a backlog of 30,000');
select is(to_jsonb(tests.scans()), tests.recall('scans'), 'without one sequential scan');
select cmp_ok(
  tests.agents_read() - tests.recall('read')::text::bigint, '<', 20000::bigint, 'and read a few agents for each, however many wait'
);
select is(
  (select count(distinct org_id) from public.leases where resource like 'agent_sync:%'), 500::bigint, 'the longest unchecked, of as many organizations as can be'
);

select * from finish();
rollback;
