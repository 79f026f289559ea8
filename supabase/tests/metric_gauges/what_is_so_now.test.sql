begin;
\ir ../people.psql
\ir ../metrics.psql
select no_plan();

select tests.act_as('operator');
insert into public.background_jobs (org_id, kind, dedupe_key, available_at)
select tests.id(org), 'sync_agent', key, now() - make_interval(secs => age)
from (values ('clinic', 'a', 100), ('clinic', 'b', 300), ('market', 'c', 50), ('market', 'later', -600)) as job (org, key, age);
insert into public.contacts (id, org_id, name, rollout_key) values ('dddddddd-0000-4000-8000-000000000001', tests.id('clinic'), 'Ann', 'ann');
insert into public.unified_sessions (org_id, contact_id, last_message_at) values (tests.id('clinic'), 'dddddddd-0000-4000-8000-000000000001', now());
insert into public.contact_queues (org_id, contact_id, turn_due_at) values (tests.id('clinic'), 'dddddddd-0000-4000-8000-000000000001', now() - interval '40 seconds');
insert into public.legacy_deliveries (org_id, body, is_whole, created_at, due_at, state, forwarded_at)
select tests.id('clinic'), case state when 'queued' then 'x'::bytea end, false, now() - interval '10 minutes', due_at, state, case state when 'forwarded' then now() end
from (values ('queued', now() + interval '1 minute'), ('queued', now()), ('forwarded', null)) as delivery (state, due_at);
select private.record_dead_letter(tests.id('clinic'), 'vapi', 'v1', 'It broke', '{}', 5);

create function tests.gauge(p_organization text, p_gauge text, p_label text) returns integer language sql as $$
  select value::integer from public.metric_gauges
  where org_id is not distinct from tests.id(p_organization) and gauge = p_gauge and label = p_label
$$;
select tests.act_as('service role');
select tests.aggregate();
select is(array[tests.gauge('clinic', 'queue_depth', 'jobs'), tests.gauge('market', 'queue_depth', 'jobs'), tests.gauge(null, 'queue_depth', 'jobs')],
  '{2,1,3}', 'what is due waits; depths add up');
select cmp_ok(tests.gauge('clinic', 'queue_age_seconds', 'jobs'), '>=', 300, 'the oldest tells the age');
select is(tests.gauge(null, 'queue_age_seconds', 'jobs'), tests.gauge('clinic', 'queue_age_seconds', 'jobs'), 'over all it is the oldest of all');
select is(array[tests.gauge('clinic', 'queue_depth', 'turns'), tests.gauge(null, 'queue_depth', 'outbox'), tests.gauge('clinic', 'active_sessions', ''),
  tests.gauge('clinic', 'dead_letters', 'vapi'), tests.gauge('clinic', 'open_alerts', 'critical')], '{1,0,1,1,1}', 'turns, sessions, dead letters, alerts');
select is(tests.gauge('market', 'queue_depth', 'turns'), null, 'what an organization has none of has no row');
select is(array[tests.gauge('clinic', 'queue_depth', 'legacy'), tests.gauge(null, 'queue_depth', 'legacy')], '{2,2}',
  'what the older service hasn''t got yet, in its backoff too');
select cmp_ok(tests.gauge(null, 'queue_age_seconds', 'legacy'), '>=', 600, 'is as old as it is');
update public.legacy_deliveries set state = 'ignored', ignored_at = now(), due_at = null, body = null where state = 'queued';

update public.background_jobs set state = 'completed', completed_at = now();
update public.unified_sessions set last_message_at = now() - interval '2 days';
select tests.aggregate();
select is(array[tests.gauge('clinic', 'queue_depth', 'jobs'), tests.gauge('clinic', 'active_sessions', ''), tests.gauge(null, 'queue_depth', 'jobs'),
  tests.gauge(null, 'queue_age_seconds', 'legacy')], '{null,null,0,0}', 'what is over is gone, and 0 over all');

select * from finish();
rollback;
