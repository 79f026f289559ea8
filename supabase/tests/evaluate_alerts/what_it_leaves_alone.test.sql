-- What the evaluation may resolve, what it must not, and that one bad rule spoils nothing.
begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1')));

create function tests.evaluate(p_times integer) returns jsonb language plpgsql as $$
declare
  v_answer jsonb;
begin
  for v_time in 1 .. p_times loop
    v_answer := public.evaluate_alerts('{}');
  end loop;
  return v_answer;
end
$$;
create function tests.state(p_rule text) returns text language sql as $$
  select string_agg(state || ' ' || occurrences, ', ' order by state desc) from public.alerts where rule = p_rule
$$;

-- Raised elsewhere and never seen by a rule: an unread delivery, and a draft that doesn't get ready.
select public.raise_alert('{"rule": "unparsed_delivery", "severity": "warning", "message": "Cannot read a delivery"}');
select public.raise_alert(jsonb_build_object(
  'org_id', tests.id('clinic'), 'rule', 'agent_in_error', 'dedupe_key', 'inbound', 'severity', 'critical', 'message', 'Cannot get it ready'
));
select tests.evaluate(20);
select is(tests.state('unparsed_delivery'), 'raised 1', 'what no rule looks for stays');
select is(tests.state('agent_in_error'), 'raised 1', 'and so does what a rule has not seen for itself');

-- Seen by the rule it is the same alert, which the rule resolves.
update public.agents set state = 'error' where role = 'inbound';
select tests.evaluate(1);
select is(tests.state('agent_in_error'), 'raised 1', 'what is open already is not raised again');
update public.agents set state = 'paused' where role = 'inbound';
select tests.evaluate(1);
select is(tests.state('agent_in_error'), 'resolved 1', 'and is over when the rule sees that it is');

-- Neither of a condition that comes and goes is there a second alert.
insert into public.provider_call_stats (minute, org_id, provider, operation, outcome, call_count, duration_ms_total, duration_ms_max)
values (date_trunc('minute', now(), 'UTC'), tests.id('clinic'), 'vapi', 'get', 'rejected_by_breaker', 2, 0, 0);
create function tests.flap() returns void language plpgsql as $$
begin
  for v_time in 1 .. 5 loop
    update public.provider_call_stats set outcome = 'rejected_by_breaker';
    perform tests.evaluate(1);
    update public.provider_call_stats set outcome = 'succeeded';
    perform tests.evaluate(4);
  end loop;
end
$$;
select tests.flap();
select is(tests.state('breaker_open'), 'raised 1', 'what comes and goes is one alert');
select tests.evaluate(1);
select is(tests.state('breaker_open'), 'resolved 1', 'until it stays away');

-- An acknowledged one is resolved too, and one of a rule that is switched off.
update public.provider_call_stats set outcome = 'rejected_by_breaker';
select tests.evaluate(1);
update public.alerts set state = 'acknowledged', acknowledged_at = now() where rule = 'breaker_open' and state = 'raised';
select tests.evaluate(3);
select is(tests.state('breaker_open'), 'resolved 1, acknowledged 1', 'acknowledged, it is not raised beside');
update public.alert_rules set enabled = false where rule = 'breaker_open';
select tests.evaluate(1);
select is(tests.state('breaker_open'), 'resolved 1, resolved 1', 'a rule that is switched off leaves no alert open');
select is_empty('select * from private.alert_conditions', 'and remembers nothing');

-- A slip of the hand in one rule.
update public.alert_rules set threshold = '{"seconds": "soon"}' where rule = 'heartbeat_missing';
insert into public.worker_heartbeats (kind, worker_id, phase, last_heartbeat_at) values ('send_outbox', 'w', 'started', now());
insert into public.dead_letters (org_id, source, source_id, reason) values (tests.id('clinic'), 'vapi', 'vapi:1', 'it broke');
select is(tests.evaluate(1) -> 'failed', '["heartbeat_missing"]', 'a rule that can''t be looked at is named');
select is(tests.state('dead_letters'), 'raised 1', 'the others are looked at');
select is(tests.state('alert_rule_failed'), 'raised 1', 'and it is an alert itself');
update public.alert_rules set threshold = '{"seconds": 600}' where rule = 'heartbeat_missing';
select tests.evaluate(1);
select is(tests.state('alert_rule_failed'), 'resolved 1', 'which is over when it can be');

-- Refusals for their number are counted where they happen.
update public.dead_letters set replayed_at = now();
do $$
begin
  for v_time in 1 .. 103 loop
    perform private.take_rate_limit_token(tests.id('clinic'), 'read', '{"capacity": 3, "refill_per_second": 0}');
  end loop;
end
$$;
select is((select refused_count from public.rate_limits where operation = 'read'), 100, 'every refusal is counted, and no token');
select tests.evaluate(1);
select is(tests.state('rate_limit_storm'), 'raised 1', 'a hundred are a storm');

select * from finish();
rollback;
