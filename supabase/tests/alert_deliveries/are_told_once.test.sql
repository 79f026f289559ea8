-- Raised and resolved are told once each on each channel, in this order, again only by whoever may.
begin;
\ir ../people.psql
select no_plan();

create function tests.claim(p_channels text default '["webhook"]', p_limit integer default 10) returns jsonb language sql as $$
  select public.claim_alert_deliveries(jsonb_build_object('channels', p_channels::jsonb, 'limit', p_limit, 'lease_seconds', 60)) -> 'deliveries'
$$;
create function tests.told(p_claimed jsonb) returns text language sql as $$
  select coalesce(string_agg(concat_ws(' ', d ->> 'channel', d ->> 'event', d #>> '{alert,rule}'), ', ' order by d ->> 'channel', d ->> 'event'), 'nothing')
  from jsonb_array_elements(p_claimed) as d
$$;
create function tests.record(p_delivery jsonb, p_changes jsonb) returns jsonb language sql as $$
  select public.record_alert_delivery(
    jsonb_build_object('id', p_delivery -> 'id', 'fencing_token', p_delivery -> 'fencing_token', 'max_attempts', 3) || p_changes
  )
$$;
create function tests.alert(p_severity text) returns jsonb language sql as $$
  select jsonb_build_object('rule', 'queue_waits', 'dedupe_key', p_severity, 'severity', p_severity, 'message', 'It stands')
$$;

select tests.act_as('service role');
select is(tests.claim('[]'), '[]', 'nobody is told where nothing is configured');
select public.raise_alert(tests.alert('info'));
select is(tests.claim(), '[]', 'what is only informative is not told');
select public.raise_alert(tests.alert('critical'));
select tests.remember('first', tests.claim() -> 0);
select is(tests.recall('first') #>> '{alert,message}', 'It stands', 'what is raised is told');
select is(tests.claim(), '[]', 'by one worker');
select public.raise_alert(tests.alert('critical'));
select is(tests.claim(), '[]', 'raised again it is the same');

select public.resolve_alert(tests.alert('critical'));
select is(tests.claim(), '[]', 'no end is told before its beginning');
select is(
  tests.record(tests.recall('first'), '{"outcome": "held", "retry_after_seconds": 0}') ->> 'state', 'queued', 'what was not tried waits'
);
select tests.remember('first', tests.claim() -> 0);
select is(tests.recall('first') -> 'attempts', '1', 'and has spent no attempt');

-- Killed between telling and recording: the lease runs out.
update public.alert_deliveries set available_at = now() - interval '1 second';
select tests.remember('second', tests.claim() -> 0);
select is(tests.recall('second') -> 'id', tests.recall('first') -> 'id', 'what a dead worker had is told again under its id');
select is(tests.record(tests.recall('first'), '{"outcome": "sent"}') ->> 'code', 'lease_lost', 'whoever comes late is told so');
select is(tests.record(tests.recall('second'), '{"outcome": "sent"}') ->> 'state', 'sent', 'the holder records');
select is(tests.record(tests.recall('second'), '{"outcome": "sent"}') ->> 'code', 'lease_lost', 'once');
select tests.remember('end', tests.claim() -> 0);
select is(tests.told(jsonb_build_array(tests.recall('end'))), 'webhook resolved queue_waits', 'then the end is told');
select tests.record(tests.recall('end'), '{"outcome": "sent"}');
select is(tests.claim(), '[]', 'and nothing more');

-- A new channel begins with what is open; of what is over it tells what has just been.
select public.raise_alert(tests.alert('warning'));
select is(tests.told(tests.claim('["webhook", "sentry"]')), 'sentry raised queue_waits, sentry raised queue_waits, webhook raised queue_waits',
  'each channel is told for itself');
update public.alerts set resolved_at = now() - interval '2 hours' where state = 'resolved';
delete from public.alert_deliveries;
select is(tests.told(tests.claim('["sentry"]')), 'sentry raised queue_waits', 'what has long been over is not told anew');

-- Given up: an alert of its own, until the channel works again.
select tests.remember('failing', (select jsonb_build_object('id', id, 'fencing_token', fencing_token) from public.alert_deliveries));
select is(
  tests.record(tests.recall('failing'), '{"outcome": "failed", "error": "it answered 500", "retry_after_seconds": 90}') ->> 'state',
  'queued', 'what failed is tried again'
);
select ok(
  (select available_at between clock_timestamp() + interval '80 seconds' and clock_timestamp() + interval '91 seconds' from public.alert_deliveries),
  'when the other side wants it'
);
update public.alert_deliveries set available_at = now(), attempts = 2;
select tests.remember('failing', tests.claim('["sentry"]') -> 0);
select is(
  tests.record(tests.recall('failing'), '{"outcome": "failed", "error": "it answered 500"}') ->> 'state',
  'dead_lettered', 'until its attempts are spent'
);
select is((select state from public.alerts where rule = 'alert_delivery_failed'), 'raised', 'which is an alert');
select tests.remember('next', tests.claim('["sentry"]') -> 0);
select is(tests.recall('next') #>> '{alert,rule}', 'alert_delivery_failed', 'that is told when it can be');
select tests.record(tests.recall('next'), '{"outcome": "sent"}');
select is((select state from public.alerts where rule = 'alert_delivery_failed'), 'resolved', 'and is over then');

-- What was given up meanwhile is told, once more and if it still matters.
select tests.remember('again', tests.claim('["sentry"]', 1) -> 0);
-- The end of the failure is told in between: the channel takes other things.
select tests.record(delivery, '{"outcome": "sent"}') from jsonb_array_elements(tests.claim('["sentry"]')) as delivery;
select is(tests.recall('again') -> 'id', tests.recall('failing') -> 'id', 'what was given up and is still so is tried again');
select is(tests.recall('again') -> 'attempts', '1', 'from the beginning');
create function tests.give_up(p_delivery jsonb) returns text language plpgsql as $$
begin
  return tests.record(p_delivery, '{"outcome": "failed", "error": "it answered 400", "max_attempts": 1}') ->> 'state';
end
$$;
select is(tests.give_up(tests.recall('again')), 'dead_lettered', 'where nobody takes it');
select public.raise_alert(tests.alert('critical'));
select tests.remember('over', delivery) from jsonb_array_elements(tests.claim('["sentry"]')) as delivery
where delivery #>> '{alert,dedupe_key}' = 'critical';
select tests.give_up(tests.recall('over'));
select public.resolve_alert(tests.alert('critical'));
-- The end of the first failure of the channel is the next thing that it takes.
update public.alert_deliveries set available_at = now() where state in ('queued', 'claimed');
select tests.record(delivery, '{"outcome": "sent"}') from jsonb_array_elements(tests.claim('["sentry"]')) as delivery;
select is((select count(*) from public.alerts where rule = 'alert_delivery_failed' and state <> 'resolved'), 0::bigint, 'the channel works again');
select results_eq(
  $$select alert.dedupe_key, delivery.state from public.alert_deliveries as delivery join public.alerts as alert on alert.id = delivery.alert_id
    where delivery.event = 'raised' and delivery.channel = 'sentry' and alert.rule = 'queue_waits' order by 1$$,
  $$values ('critical', 'dead_lettered'), ('warning', 'dead_lettered')$$,
  'what was tried again already is left, and what is over'
);

select * from finish();
rollback;
