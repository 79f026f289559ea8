-- What the evaluation may resolve, what it must not, and that one bad rule spoils nothing.
begin;
\ir ../people.psql
\ir ../alerts.psql
select no_plan();

select tests.act_as('service role');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1')));

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

-- An open alert has the figures of now; what somebody else has written there stays.
create function tests.said(p_rule text) returns text language sql as $$
  select string_agg(format('%s, %s: %s', occurrences, details ->> 'seconds', message), ', ') from public.alerts
  where rule = p_rule and state <> 'resolved'
$$;
insert into public.background_jobs (kind, available_at) values ('expire_rows', now() - interval '10 minutes');
select tests.evaluate(2);
select matches(tests.said('queue_waits'), '^1, 60.: Queue "jobs" stands: what waits longest has waited 60. seconds$', 'it says what was so');
select public.claim_alert_deliveries('{"channels": ["webhook"], "limit": 100, "lease_seconds": 60}');
update public.background_jobs set available_at = now() - interval '30 minutes';
update public.alerts set last_raised_at = now() - interval '1 hour';
select tests.evaluate(1);
select matches(tests.said('queue_waits'), '^1, 180.: Queue "jobs" stands: what waits longest has waited 180. seconds$', 'and then what is');
select is((select max(last_raised_at) from public.alerts where rule = 'queue_waits'), now(), 'it was seen now');
select is(
  jsonb_array_length(public.claim_alert_deliveries('{"channels": ["webhook"], "limit": 100, "lease_seconds": 60}') -> 'deliveries'),
  0, 'none of it is told again'
);
select public.raise_alert('{"rule": "queue_waits", "dedupe_key": "jobs", "severity": "critical", "message": "Somebody knows why"}');
select tests.evaluate(2);
select is(tests.said('queue_waits'), '2, : Somebody knows why', 'whoever else raises it knows more');
delete from public.background_jobs;
select tests.evaluate(5);

-- A slip of the hand in one rule.
update public.alert_rules set threshold = '{"seconds": "soon"}' where rule = 'heartbeat_missing';
insert into public.worker_heartbeats (kind, worker_id, phase, last_heartbeat_at) values ('send_outbox', 'w', 'started', now());
insert into public.dead_letters (org_id, source, source_id, reason) values (tests.id('clinic'), 'vapi', 'vapi:1', 'it broke');
select is(tests.evaluate(1) -> 'failed', '["heartbeat_missing"]', 'a rule that can''t be looked at is named');
select is(tests.state('dead_letters'), 'raised 1', 'the others are looked at');
select is(tests.state('alert_rule_failed'), null, 'once is nobody''s');
select is(public.evaluate_alert_rule('{"rule": "heartbeat_missing"}') -> 'failed', 'true', 'nor is it twice in the same minute');
select is(tests.state('alert_rule_failed'), null, 'as where the answer was lost');
select tests.evaluate(1);
select is(tests.state('alert_rule_failed'), 'raised 1', 'and the second time it is an alert itself');
update public.alert_rules set threshold = '{"seconds": 600}' where rule = 'heartbeat_missing';
select tests.evaluate(1);
select is(tests.state('alert_rule_failed'), 'resolved 1', 'which is over when it can be');
update public.alert_rules set threshold = '{"seconds": "soon"}' where rule = 'heartbeat_missing';
select tests.evaluate(1);
update public.alert_rules set threshold = '{"seconds": 600}' where rule = 'heartbeat_missing';
select tests.evaluate(1);
update public.alert_rules set threshold = '{"seconds": "soon"}' where rule = 'heartbeat_missing';
select tests.evaluate(1);
select is(tests.state('alert_rule_failed'), 'resolved 1', 'and isn''t again by every second minute');
update public.alert_rules set threshold = '{"seconds": 600}' where rule = 'heartbeat_missing';

-- A rule whose call never answers, or that there is no time for.
create function tests.evaluate_but(p_rule text) returns jsonb language plpgsql as $$
declare
  v_rules constant jsonb := public.begin_alert_evaluation('{}') -> 'rules';
begin
  perform public.evaluate_alert_rule(jsonb_build_object('rule', rule)) from jsonb_array_elements_text(v_rules) as rule where rule <> p_rule;
  return v_rules;
end
$$;
select tests.evaluate_but('breaker_gone');
select tests.evaluate_but('dead_letters');
select is(tests.evaluate_but('dead_letters') ->> -1, 'dead_letters', 'who gave no answer is asked last');
select is(tests.state('alert_rule_failed'), 'resolved 1', 'what wasn''t answered once is no alert');
select public.begin_alert_evaluation('{}');
select is(
  (select concat_ws(' ', dedupe_key, message) from public.alerts where rule = 'alert_rule_failed' and state <> 'resolved'),
  'dead_letters Cannot evaluate the alert rule "dead_letters": it gave no answer', 'twice it is'
);
select tests.evaluate(1);
select is(tests.state('alert_rule_failed'), 'resolved 1, resolved 1', 'until it answers');

-- A rule that runs into the statement's time: no `others` catches that.
select tests.act_as('operator');
create or replace function private.find_access_refused(p_threshold jsonb)
returns table (org_id uuid, dedupe_key text, message text, details jsonb)
language plpgsql stable set search_path = '' as $$
begin
  raise exception 'canceling statement due to statement timeout' using errcode = 'query_canceled';
end
$$;
insert into public.dead_letters (org_id, source, source_id, reason) values (tests.id('clinic'), 'whatsapp', 'wa:1', 'it broke');
select tests.act_as('service role');
select is(tests.evaluate(1) -> 'failed', '["access_refused_across_tenants"]', 'a rule that takes too long is named');
select tests.evaluate(1);
select is(
  (select count(*) from public.alerts where rule = 'dead_letters' and dedupe_key = 'whatsapp' and state = 'raised'), 1::bigint,
  'those behind it are looked at'
);
select is(
  (select format('%s %s %s', dedupe_key, details ->> 'sqlstate', state) from public.alerts where rule = 'alert_rule_failed' and state <> 'resolved'),
  'access_refused_across_tenants 57014 raised', 'and it is an alert itself'
);
select is(
  public.read_control_state('{}') -> 'failed_alert_rules', '["access_refused_across_tenants"]', 'which health names'
);
select is(
  public.begin_alert_evaluation('{}') -> 'rules' ->> -1, 'access_refused_across_tenants', 'the next time it comes last'
);
select is(
  (select proconfig @> '{statement_timeout=3s}' from pg_proc where oid = 'public.evaluate_alert_rule(jsonb)'::regprocedure),
  true, 'the data API gives each rule its own three seconds'
);
update public.alert_rules set enabled = false where kind = 'access_refused';
select tests.evaluate(1);
select is(public.read_control_state('{}') -> 'failed_alert_rules', '[]', 'switched off it fails no more');
select is(public.evaluate_alert_rule('{"rule": "access_refused_across_tenants"}') ->> 'code', 'not_found', 'and is not looked at');

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
