-- What is worst is told first, and a flood of one rule is one message that says how many there are.
begin;
\ir ../people.psql
select no_plan();
select tests.act_as('service role');

create function tests.claim(p_limit integer default 10, p_channels text default '["webhook"]') returns jsonb language sql as $$
  select public.claim_alert_deliveries(jsonb_build_object('channels', p_channels::jsonb, 'limit', p_limit, 'lease_seconds', 60)) -> 'deliveries'
$$;
create function tests.told(p_claimed jsonb) returns text language sql as $$
  select coalesce(string_agg(concat_ws(' ', d ->> 'event', d #>> '{alert,rule}', d #>> '{alert,details,folded}'), ', ' order by place), 'nothing')
  from jsonb_array_elements(p_claimed) with ordinality as listed (d, place)
$$;
create function tests.record(p_delivery jsonb, p_changes jsonb default '{"outcome": "sent"}') returns text language sql as $$
  select public.record_alert_delivery(
    jsonb_build_object('id', p_delivery -> 'id', 'fencing_token', p_delivery -> 'fencing_token', 'max_attempts', 1) || p_changes
  ) ->> 'state'
$$;
create function tests.raise(p_rule text, p_severity text, p_count integer) returns void language sql as $$
  select public.raise_alert(jsonb_build_object(
    'rule', p_rule, 'dedupe_key', place, 'severity', p_severity, 'message', format('%s %s', p_rule, place)
  )) from generate_series(1, p_count) as place
$$;
create function tests.resolve(p_rule text, p_count integer) returns void language sql as $$
  select public.resolve_alert(jsonb_build_object('rule', p_rule, 'dedupe_key', place)) from generate_series(1, p_count) as place
$$;
create function tests.states(p_rule text, p_event text) returns text language sql as $$
  select string_agg(counted.state || ' ' || counted.total, ', ' order by counted.state) from (
    select delivery.state, count(*) as total
    from public.alert_deliveries as delivery join public.alerts as alert on alert.id = delivery.alert_id
    where alert.rule = p_rule and delivery.event = p_event
    group by delivery.state
  ) as counted
$$;
create function tests.pass_time() returns void language sql as $$
  update public.alert_deliveries set available_at = now() - interval '1 minute' where state in ('queued', 'claimed')
$$;

-- The critical one comes last, and is told first.
select tests.raise('whatsapp_error', 'warning', 20);
update public.alerts set raised_at = now() - interval '1 hour';
select tests.remember('first', tests.claim(2));
select is(tests.told(tests.recall('first')), 'raised whatsapp_error, raised whatsapp_error', 'twenty of a rule are told one by one');
select tests.raise('queue_waits', 'critical', 1);
select is(tests.told(tests.claim(2)), 'raised queue_waits, raised whatsapp_error', 'what is worse is told before what waits longer');
select tests.pass_time();
select is(
  tests.told(tests.claim(30)), 'raised queue_waits, ' || array_to_string(array_fill('raised whatsapp_error'::text, array[20]), ', '), 'in one claim too'
);
select tests.pass_time();
select tests.record(delivery) from jsonb_array_elements(tests.claim(30)) as delivery;
select is(tests.claim(), '[]', 'each once');

-- A flood.
select tests.raise('agent_in_error', 'critical', 300);
select tests.raise('breaker_open', 'warning', 21);
select tests.remember('flood', tests.claim(10));
select is(tests.told(tests.recall('flood')), 'raised agent_in_error 299, raised breaker_open 20', 'a flood of one rule is one message');
select matches(
  tests.recall('flood') #>> '{0,alert,message}', '^agent_in_error \d+ \(and 299 more alerts like it: GET /ops/alerts\?rule=agent_in_error\)$',
  'which says how many and where they are'
);
select is(tests.states('agent_in_error', 'raised'), 'claimed 1, sent 299', 'the others count as told');

-- Nobody told of it yet, one of the many is over.
select tests.resolve('agent_in_error', 300);
select is(tests.claim(), '[]', 'no end before the beginning that tells of it');
select is(tests.record(tests.recall('flood') -> 0), 'sent', 'then it is told');
select is(tests.told(tests.claim()), 'resolved agent_in_error 299', 'and that they are over, in one message as well');

-- The channel is dead: whatever was to be told with it isn't told.
select is(tests.record(tests.recall('flood') -> 1, '{"outcome": "failed", "error": "refused"}'), 'dead_lettered', 'it is given up');
select is(tests.states('breaker_open', 'raised'), 'dead_lettered 21', 'with all that it tells of');
select tests.resolve('breaker_open', 1);
select tests.pass_time();
create function tests.find(p_claimed jsonb, p_rule text) returns jsonb language sql as $$
  select d from jsonb_array_elements(p_claimed) as d where d #>> '{alert,rule}' = p_rule limit 1
$$;
select tests.remember('again', tests.claim());
select is(tests.record(tests.find(tests.recall('again'), 'alert_delivery_failed')), 'sent', 'the channel works again');
select is(tests.states('breaker_open', 'raised'), 'dead_lettered 1, queued 20', 'and is to be told of the twenty that still are so');

-- A message that waited is one of many itself when more have come.
select tests.pass_time();
select tests.record(delivery, '{"outcome": "held", "retry_after_seconds": 0}') from jsonb_array_elements(tests.claim(100)) as delivery;
select tests.pass_time();
select tests.record(delivery) from jsonb_array_elements(tests.claim(100)) as delivery;
select tests.raise('slow_sync', 'warning', 22);
select tests.remember('waits', tests.find(tests.claim(), 'slow_sync'));
select public.raise_alert(jsonb_build_object('rule', 'slow_sync', 'dedupe_key', 'later' || place, 'severity', 'warning', 'message', 'x'))
from generate_series(1, 24) as place;
select private.queue_alert_deliveries('{webhook}');
select tests.act_as('operator');
update public.alert_deliveries set queued_at = queued_at + interval '1 hour', available_at = now() - interval '1 minute'
where id = (tests.recall('waits') ->> 'id')::uuid;
select tests.act_as('service role');
select is(tests.told(jsonb_build_array(tests.find(tests.claim(), 'slow_sync'))), 'raised slow_sync 45', 'none of those that it told of is forgotten');

-- Each channel for itself.
select tests.raise('database_growth', 'critical', 21);
select is(
  (select count(*) from jsonb_array_elements(tests.claim(100, '["webhook", "sentry"]')) as d where d #>> '{alert,rule}' = 'database_growth'),
  2::bigint, 'each channel has one message of its own'
);

select * from finish();
rollback;
