-- Every rule is raised by what it is about and by nothing else, once, and is over by itself some
-- evaluations after that is gone. A rule without a case here fails.
begin;
\ir ../people.psql
\ir ../alerts.psql
select no_plan();

select tests.act_as('service role');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1')));

create temporary table cases (
  id serial, rule text not null, org text, dedupe_key text not null, plant text not null, clear text not null
);
insert into cases (rule, org, dedupe_key, plant, clear) values
  (
    'service_level_burns_fast', null, 'workspace_save',
    $$insert into public.metric_minutes (metric, minute, succeeded_count, failed_count) values ('workspace_save', date_trunc('minute', now(), 'UTC'), 11, 9)$$,
    'delete from public.metric_minutes'
  ),
  (
    'service_level_burns_slowly', null, 'workspace_save',
    $$insert into public.metric_minutes (metric, minute, succeeded_count, failed_count) values ('workspace_save', date_trunc('minute', now(), 'UTC'), 240, 10)$$,
    'delete from public.metric_minutes'
  ),
  (
    'service_level_burns_for_one', 'clinic', 'messages',
    $$insert into public.metric_minutes (org_id, metric, label, minute, succeeded_count, failed_count)
      values (tests.id('clinic'), 'turn', 'jobs', date_trunc('minute', now(), 'UTC'), 100, 10),
        (tests.id('market'), 'turn', 'jobs', date_trunc('minute', now(), 'UTC'), 10, 9),
        (null, 'turn', 'jobs', date_trunc('minute', now(), 'UTC'), 100000, 19)$$,
    'delete from public.metric_minutes'
  ),
  (
    'service_level_burns_for_one', 'clinic', 'response_time',
    $$insert into public.metric_minutes (org_id, metric, label, minute, succeeded_count, duration_counts)
      select tests.id('clinic'), 'turn', 'jobs', date_trunc('minute', now(), 'UTC'), 40,
        array(select case place when 10 then 10 when 11 then 25 when 20 then 5 else 0 end from generate_series(1, 20) as place)$$,
    'delete from public.metric_minutes'
  ),
  (
    'queue_waits', null, 'jobs',
    $$insert into public.background_jobs (kind, available_at) values ('expire_rows', now() - interval '6 minutes')$$,
    'delete from public.background_jobs'
  ),
  (
    'queue_waits', null, 'outbox',
    $$with person as (insert into public.contacts (org_id, rollout_key) values (tests.id('clinic'), 'k') returning id)
      insert into public.contact_queues (org_id, contact_id, send_due_at) select tests.id('clinic'), id, now() - interval '6 minutes' from person$$,
    'update public.contact_queues set send_due_at = null'
  ),
  (
    'queue_waits', null, 'turns',
    $$update public.contact_queues set turn_due_at = now() - interval '6 minutes'$$, 'update public.contact_queues set turn_due_at = null'
  ),
  (
    'queue_waits', null, 'legacy',
    $$insert into public.legacy_deliveries (org_id, body, is_whole, created_at, attempts, due_at)
      values (tests.id('clinic'), '', false, now() - interval '6 minutes', 5, now() + interval '1 hour')$$,
    'delete from public.legacy_deliveries'
  ),
  (
    'dead_letters', 'clinic', 'vapi',
    $$insert into public.dead_letters (org_id, source, source_id, reason) values (tests.id('clinic'), 'vapi', 'vapi:1', 'it broke')$$,
    'update public.dead_letters set replayed_at = now()'
  ),
  (
    'credential_failed', 'clinic', 'vapi', $$update public.integrations set last_error = '401'$$,
    'update public.integrations set last_error = null'
  ),
  (
    'credential_checks_fail', null, 'vapi',
    $$insert into public.integrations (org_id, provider, connected, fingerprint, last_error)
      select tests.id(name), 'vapi', true, 'fp-' || name, '401' from unnest(array['branch', 'desk', 'market']) as name$$,
    'update public.integrations set last_error = null'
  ),
  (
    'breaker_open', 'clinic', 'vapi',
    $$insert into public.provider_call_stats (minute, org_id, provider, operation, outcome, call_count, duration_ms_total, duration_ms_max)
      values (date_trunc('minute', now(), 'UTC'), tests.id('clinic'), 'vapi', 'get_assistant', 'rejected_by_breaker', 2, 0, 0)$$,
    'delete from public.provider_call_stats'
  ),
  (
    'agent_in_error', 'clinic', 'inbound', $$update public.agents set state = 'error' where role = 'inbound'$$,
    $$update public.agents set state = 'active' where role = 'inbound'$$
  ),
  (
    'duplicate_agents', 'clinic', 'assistant:shared', $$update public.agents set vapi_assistant_id = 'shared'$$,
    'update public.agents set vapi_assistant_id = null'
  ),
  (
    'duplicate_agents', 'clinic', 'role:outbound',
    $plant$do $do$ begin alter table public.agents drop constraint agents_org_id_role_unique; update public.agents set role = 'outbound'; end $do$ $plant$,
    $$delete from public.agents where name = (select min(name) from public.agents)$$
  ),
  (
    'rate_limit_storm', 'clinic', 'read',
    $$insert into public.rate_limits (org_id, operation, tokens, capacity, refill_per_second, refilled_at, refused_count, refused_from)
      values (tests.id('clinic'), 'read', 0, 1, 1, now(), 100, now())$$,
    $$update public.rate_limits set refused_from = now() - interval '6 minutes'$$
  ),
  (
    'slow_sync', 'clinic', 'agent_sync',
    $$insert into public.operation_events (org_id, operation, outcome, actor, duration_ms) values (tests.id('clinic'), 'agent_sync', 'succeeded', 'system', 10001)$$,
    $$update public.operation_events set created_at = now() - interval '16 minutes'$$
  ),
  (
    'database_growth', null, 'size', $$update public.alert_rules set threshold = threshold || '{"megabytes": 1}' where rule = 'database_growth'$$,
    $$update public.alert_rules set threshold = threshold || '{"megabytes": 7000}' where rule = 'database_growth'$$
  ),
  (
    'database_growth', null, 'growth',
    $$with smaller as (insert into private.database_sizes values (date_trunc('hour', now(), 'UTC') - interval '1 day', 1024))
      update public.alert_rules set threshold = threshold || '{"growth_megabytes": 1}' where rule = 'database_growth'$$,
    $$update public.alert_rules set threshold = threshold || '{"growth_megabytes": 500}' where rule = 'database_growth'$$
  ),
  (
    'pool_exhausted', null, '', $$update public.alert_rules set threshold = '{"percent": 0}' where rule = 'pool_exhausted'$$,
    $$update public.alert_rules set threshold = '{"percent": 101}' where rule = 'pool_exhausted'$$
  ),
  (
    'heartbeat_missing', null, 'send_outbox',
    $$insert into public.worker_heartbeats (kind, worker_id, phase, last_heartbeat_at, started_at, completed_at, failed_at)
      values ('send_outbox', 'w', 'failed', now(), now(), now() - interval '11 minutes', now())$$,
    'update public.worker_heartbeats set completed_at = now()'
  ),
  (
    'heartbeat_missing', null, 'place_calls',
    $$insert into private.worker_schedules (kind, schedule, watched_since) values ('place_calls', '* * * * *', now() - interval '11 minutes'),
      ('verify_credentials', '7 * * * *', now() - interval '2 hours'), ('sync_agent', '* * * * *', null)$$,
    $$insert into public.worker_heartbeats (kind, worker_id, phase, last_heartbeat_at, completed_at) values ('place_calls', 'w', 'completed', now(), now())$$
  ),
  (
    'access_refused_across_tenants', 'market', '',
    $$insert into public.audit_log (org_id, actor, action) values (tests.id('market'), tests.id('owner')::text, 'access_refused')$$,
    'delete from public.audit_log'
  );
select tests.act_as('operator');
select is_empty(
  $$select rule from public.alert_rules except select rule from cases$$, 'every rule has a case'
);

create function tests.evaluate_as_service(p_times integer) returns jsonb language plpgsql as $$
declare
  v_answer jsonb;
begin
  perform tests.act_as('service role');
  v_answer := tests.evaluate(p_times);
  perform tests.act_as('operator');
  return v_answer;
end
$$;
create function tests.open_alerts(p_rule text, p_org text, p_key text) returns bigint language sql as $$
  select count(*) from public.alerts
  where rule = p_rule and dedupe_key = p_key and org_id is not distinct from tests.id(p_org) and state <> 'resolved'
$$;

select is(tests.evaluate_as_service(3), jsonb_build_object(
  'rules', (select count(*) from public.alert_rules), 'raised', 0, 'resolved', 0, 'failed', '[]'::jsonb
), 'where nothing is wrong nothing is raised');

create function tests.run_case(p_case cases) returns setof text language plpgsql as $$
declare
  v_rule public.alert_rules;
  v_name constant text := format('%s "%s"', p_case.rule, p_case.dedupe_key);
  v_severity text;
begin
  select * into v_rule from public.alert_rules where rule = p_case.rule;
  execute p_case.plant;
  perform tests.evaluate_as_service(v_rule.raise_after - 1);
  return next is(tests.open_alerts(p_case.rule, p_case.org, p_case.dedupe_key), 0::bigint, v_name || ' is not raised too early');
  perform tests.evaluate_as_service(1);
  return next is(tests.open_alerts(p_case.rule, p_case.org, p_case.dedupe_key), 1::bigint, v_name || ' is raised');
  perform tests.evaluate_as_service(2);
  return next is(
    (select format('%s %s %s', count(*), max(severity), max(occurrences)) from public.alerts
     where rule = p_case.rule and dedupe_key = p_case.dedupe_key),
    format('1 %s 1', v_rule.severity), v_name || ' is one alert of its severity'
  );
  execute p_case.clear;
  perform tests.evaluate_as_service(v_rule.resolve_after - 1);
  return next is(
    tests.open_alerts(p_case.rule, p_case.org, p_case.dedupe_key),
    1::bigint, v_name || ' is not over at once'
  );
  perform tests.evaluate_as_service(1);
  return next is(tests.open_alerts(p_case.rule, p_case.org, p_case.dedupe_key), 0::bigint, v_name || ' is over');
  perform tests.evaluate_as_service(4);
  return next is_empty(
    'select rule, dedupe_key, org_id from public.alerts where state <> ''resolved''', v_name || ' leaves nothing behind'
  );
end
$$;
select tests.run_case(one) from cases as one order by one.id;

select * from finish();
rollback;
