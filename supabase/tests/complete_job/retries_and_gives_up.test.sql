begin;
\ir ../people.psql
select no_plan();

insert into public.background_jobs (kind, org_id, dedupe_key, max_attempts)
values ('sync_agent', tests.id('clinic'), 'inbound', 3);
-- Claims the one job and answers it as {id, fencing_token}.
create function tests.claim() returns jsonb language plpgsql as $$
begin
  update public.background_jobs set available_at = now() - interval '1 second' where state = 'queued';
  return tests.remember('job', (
    select jsonb_build_object('id', job -> 'id', 'fencing_token', job -> 'fencing_token')
    from jsonb_array_elements(
      public.claim_jobs('{"kind": "sync_agent", "limit": 1, "lease_seconds": 60, "worker_id": "w"}') -> 'jobs'
    ) as job
  ));
end
$$;
create function tests.complete(p_changes jsonb) returns jsonb language sql as $$
  select public.complete_job(tests.recall('job') || '{"outcome": "failed", "error": "Vapi answered 500"}' || p_changes)
$$;
create function tests.waits(p_from interval, p_to interval) returns boolean language sql as $$
  select available_at between clock_timestamp() + p_from and clock_timestamp() + p_to from public.background_jobs
$$;

select tests.act_as('service role');
select is(
  public.complete_job('{"id": "00000000-0000-4000-8000-000000000000", "fencing_token": 1, "outcome": "completed"}'),
  '{"code": "lease_lost"}', 'a job that is gone can''t be completed'
);
select tests.claim();
select throws_ok($$ select tests.complete('{"outcome": "maybe"}') $$, '22023', null, 'it is completed or failed');
select is(
  tests.complete('{"provider_calls": [{"provider": "vapi", "operation": "get_assistant", "outcome": "failed", "duration_ms": 5}]}'),
  '{"code": "recorded", "state": "queued"}', 'a failed job is queued again'
);
select ok(tests.waits('20 seconds', '35 seconds'), 'in half a minute, more or less');
select is((select call_count from public.provider_call_stats), 1, 'its calls are counted');
select is(
  tests.complete('{"provider_calls": [{"provider": "vapi", "operation": "get_assistant", "outcome": "failed", "duration_ms": 5}]}'),
  '{"code": "recorded", "state": "queued"}', 'recording again after a lost answer'
);
select results_eq(
  'select attempts, (select call_count from public.provider_call_stats) from public.background_jobs', $$ values (1, 1) $$, 'changes nothing'
);

select tests.claim();
select is(tests.complete('{"retry_after_seconds": 300}') ->> 'state', 'queued', 'who says how long to wait');
select ok(tests.waits('295 seconds', '305 seconds'), 'is obeyed');

select tests.claim();
select is(tests.complete('{}'), '{"code": "recorded", "state": "dead_lettered"}', 'after its attempts it is given up');
select results_eq(
  'select state, last_error, dead_lettered_at is not null from public.background_jobs',
  $$ values ('dead_lettered', 'Vapi answered 500', true) $$, 'with its reason'
);
select results_eq(
  'select org_id, severity, state, details ->> ''error'' from public.alerts',
  $$ values (tests.id('clinic'), 'warning', 'raised', 'Vapi answered 500') $$, 'and an alert'
);

select private.queue_job('sync_agent', tests.id('clinic'), 'inbound', '{}');
select tests.claim();
select is(tests.complete('{"outcome": "completed"}'), '{"code": "recorded", "state": "completed"}', 'a later one that succeeds');
select is((select state from public.alerts), 'resolved', 'resolves it');
select is(tests.complete('{"outcome": "completed"}'), '{"code": "recorded", "state": "completed"}', 'completing twice is once');

select private.queue_job('sync_agent', tests.id('clinic'), 'inbound', '{}');
select tests.claim();
select is(tests.complete('{"retry_after_seconds": 31536000}') ->> 'state', 'queued', 'who says to come again in a year');
select ok(
  (select available_at from public.background_jobs where state = 'queued')
    between clock_timestamp() + interval '23 hours' and clock_timestamp() + interval '25 hours', 'is asked again in a day'
);
select is(private.queue_job('sync_agent', tests.id('clinic'), 'inbound', '{}'), false, 'a live job isn''t queued twice');
select is(private.queue_job('sync_agent', tests.id('clinic'), 'outbound', '{}'), true, 'another is');
select is(private.queue_job('sync_agent', tests.id('market'), 'inbound', '{}'), true, 'so is another organization''s');
-- Whoever is blind without it can't wait an hour.
insert into public.background_jobs (kind, dedupe_key, state, claimed_at, fencing_token, attempts, max_attempts, worker_id)
select kind, 'late', 'claimed', now(), 1, 8, 100, 'w'
from unnest(array['aggregate_metrics', 'advance_rollout', 'expire_rows']) as kind;
select public.complete_job(jsonb_build_object('id', id, 'fencing_token', 1, 'outcome', 'failed', 'error', 'it broke'))
from public.background_jobs where dedupe_key = 'late';
select results_eq(
  $$ select kind from public.background_jobs
     where dedupe_key = 'late' and available_at <= clock_timestamp() + interval '61 seconds' order by kind $$,
  $$ values ('advance_rollout'), ('aggregate_metrics') $$, 'what is due each minute comes back within one, after many failures too'
);
select throws_ok($$ select private.queue_job('paint_fence', null, null, '{}') $$, '23514', null, 'of the kinds that somebody does');

select * from finish();
rollback;
