begin;
\ir ../people.psql
select no_plan();

create function tests.beat(p_kind text, p_phase text, p_duration_ms integer) returns jsonb language sql as $$
  select public.record_heartbeat(jsonb_build_object(
    'kind', p_kind, 'worker_id', 'w1', 'request_id', 'r-' || p_phase, 'phase', p_phase, 'duration_ms', p_duration_ms,
    'details', jsonb_build_object('phase', p_phase)
  ))
$$;

select tests.act_as('service role');
select is(tests.beat('sync_agent', 'started', null), '{"code": "recorded"}', 'a start is recorded');
select tests.beat('sync_agent', 'completed', 40);
select tests.beat('expire_rows', 'failed', 7);
select results_eq(
  $$ select kind, phase, request_id, duration_ms, started_at is not null, completed_at is not null, failed_at is not null, details ->> 'phase'
     from public.worker_heartbeats order by kind $$,
  $$ values
    ('expire_rows', 'failed', 'r-failed', 7, false, false, true, 'failed'),
    ('sync_agent', 'completed', 'r-completed', 40, true, true, false, 'completed') $$,
  'one row a kind: its last phase, and when each phase last was'
);
select throws_ok($$ select tests.beat('sync_agent', 'wandered off', null) $$, '23514', null, 'there are three phases');

select * from finish();
rollback;
