-- A channel that was dead for longer than anything is tried is found to work again, by itself, and so is one that
-- dies again before what was given up could be told.
begin;
\ir ../people.psql
select no_plan();

create function tests.claim() returns jsonb language plpgsql as $$
begin
  update public.alert_deliveries set available_at = now() where state = 'queued';
  return public.claim_alert_deliveries('{"channels": ["webhook"], "limit": 10, "lease_seconds": 60}') -> 'deliveries';
end
$$;
create function tests.record(p_claimed jsonb, p_outcome text) returns text language sql as $$
  select string_agg(public.record_alert_delivery(jsonb_build_object(
    'id', delivery -> 'id', 'fencing_token', delivery -> 'fencing_token', 'max_attempts', 3, 'outcome', p_outcome, 'error', 'it answered 404'
  )) ->> 'state', ', ') from jsonb_array_elements(p_claimed) as delivery
$$;
create function tests.fail(p_rounds integer) returns text language plpgsql as $$
declare
  v_states text;
begin
  for v_round in 1 .. p_rounds loop
    v_states := tests.record(tests.claim(), 'failed');
  end loop;
  return v_states;
end
$$;
create function tests.told() returns text language sql as $$
  select string_agg(concat_ws(' ', alert.rule, delivery.event, delivery.state), ', ' order by alert.rule, delivery.event, delivery.queued_at)
  from public.alert_deliveries as delivery join public.alerts as alert on alert.id = delivery.alert_id
$$;
create function tests.alert() returns jsonb language sql as $$
  select '{"rule": "queue_waits", "dedupe_key": "jobs", "severity": "critical", "message": "It stands"}'::jsonb
$$;

select tests.act_as('service role');
select public.raise_alert(tests.alert());
select is(tests.fail(3), 'dead_lettered', 'what nobody takes is given up');
select is(tests.fail(30), 'queued', 'that nobody takes anything is not');
select is(tests.told(), 'alert_delivery_failed raised queued, queue_waits raised dead_lettered', 'and is all that is tried');
select is((select occurrences from public.alerts where rule = 'alert_delivery_failed'), 1, 'by one alert');
select public.record_alert_delivery(tests.claim() -> 0 || '{"outcome": "failed", "max_attempts": 3}');
select ok(
  (select available_at between clock_timestamp() + interval '50 minutes' and clock_timestamp() + interval '70 minutes'
   from public.alert_deliveries where state = 'queued'),
  'each hour'
);

-- It works for one, and is dead again.
select is(tests.record(tests.claim(), 'sent'), 'sent', 'the channel is mended');
select is(
  tests.told(), 'alert_delivery_failed raised sent, queue_waits raised queued', 'and is found to be: what was given up waits again'
);
select is(tests.fail(3), 'dead_lettered, queued', 'the channel is dead again before that is told');
select is(tests.fail(3), 'queued, queued', 'for long');
select is(tests.record(tests.claim(), 'sent'), 'sent, sent', 'mended again');
select is(tests.record(tests.claim(), 'sent'), 'sent, sent', 'it takes all that waits');
select is((select count(*) from public.alerts where rule = 'alert_delivery_failed' and state <> 'resolved'), 0::bigint, 'nothing fails');
select is(
  (select state from public.alert_deliveries where event = 'raised' and alert_id = (select id from public.alerts where rule = 'queue_waits')),
  'sent', 'and what was given up twice is told'
);

select * from finish();
rollback;
