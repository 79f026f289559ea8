begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
do $$
declare
  v_place integer := 0;
  v_org text;
begin
  foreach v_org in array array['clinic', 'clinic', 'market', 'nobody'] loop
    v_place := v_place + 1;
    perform public.raise_alert(jsonb_build_object(
      'org_id', tests.id(v_org), 'rule', 'slow_sync', 'dedupe_key', v_place::text,
      'severity', case v_place when 1 then 'critical' else 'warning' end, 'message', 'Slow'
    ));
  end loop;
  update public.alerts set raised_at = now() - make_interval(mins => 10 - dedupe_key::integer);
end
$$;
create function tests.keys(p_request jsonb) returns text language sql as $$
  select coalesce((
    select string_agg(alert ->> 'dedupe_key', ' ' order by place)
    from jsonb_array_elements(answer -> 'alerts') with ordinality as listed (alert, place)
  ), answer ->> 'code')
  from public.list_alerts(p_request) as answer
$$;
create function tests.of(p_org text, p_user text) returns jsonb language sql as $$
  select jsonb_build_object('org_id', tests.id(p_org), 'user_id', tests.id(p_user))
$$;

select is(tests.keys('{}'), '4 3 2 1', 'the service sees all, the newest first');
select is(tests.keys(tests.of('clinic', 'owner')), '2 1', 'an owner the own');
select is(tests.keys(tests.of('clinic', 'admin')), 'forbidden', 'an admin none here');
select is(tests.keys(tests.of('market', 'owner')), 'forbidden', 'nor does an owner see another''s');
select is(tests.keys(tests.of(null, 'owner')), 'forbidden', 'nor everybody''s');
select is(tests.keys('{"severity": "critical"}'), '1', 'by severity');
select is(tests.keys('{"rule": "queue_waits"}'), 'listed', 'by rule');
select is(tests.keys('{"limit": 2}'), '4 3', 'page by page');
select is(
  tests.keys((select jsonb_build_object('limit', 2, 'before', raised_at, 'before_id', id) from public.alerts where dedupe_key = '3')),
  '2 1', 'and the page behind it'
);

create function tests.acknowledge(p_key text, p_who jsonb) returns text language sql as $$
  select concat_ws(' ', answer ->> 'code', answer #>> '{alert,acknowledged_by}')
  from public.acknowledge_alert(
    jsonb_build_object('id', (select id from public.alerts where dedupe_key = p_key), 'request_id', 'r') || p_who
  ) as answer
$$;
select is(tests.acknowledge('1', tests.of('clinic', 'owner')), 'acknowledged ' || tests.id('owner'), 'an owner acknowledges the own');
select is(tests.acknowledge('1', '{}'), 'acknowledged ' || tests.id('owner'), 'the first who does is kept');
select is(tests.acknowledge('3', tests.of('clinic', 'owner')), 'not_found', 'another''s is not there');
select is(tests.acknowledge('4', tests.of('clinic', 'owner')), 'not_found', 'nor is what is nobody''s');
select is(tests.acknowledge('2', tests.of('clinic', 'member')), 'forbidden', 'a member may not');
select is(tests.acknowledge('4', '{}'), 'acknowledged operator', 'an operator may');
select is(tests.acknowledge('none', '{}'), 'not_found', 'what isn''t there is not found');
select is(tests.keys('{"state": "open"}'), '4 3 2 1', 'acknowledged is still open');
select is(tests.keys('{"state": "acknowledged"}'), '4 1', 'by state');
select public.resolve_alert(jsonb_build_object('org_id', tests.id('market'), 'rule', 'slow_sync', 'dedupe_key', '3'));
select is(tests.keys('{"state": "open"}'), '4 2 1', 'what is resolved is not open');
select is(tests.acknowledge('3', '{}'), 'resolved', 'what is over can''t be acknowledged');
select is(
  (select count(*) from public.audit_log where action = 'alert_acknowledged'), 2::bigint, 'each acknowledgement is audited once'
);

select is(
  public.read_control_state('{}') #>> '{flags,unifiedServiceRolloutPercent}',
  (select value ->> 'unifiedServiceRolloutPercent' from public.app_config where key = 'unified_service_flags'), 'the flags in force'
);
select ok(not (public.read_control_state('{}') -> 'flags') ?| array['allow', 'deny', 'overrides'], 'without the people in them');
select is(public.read_control_state('{}') -> 'open_alerts', '{"critical": 1, "warning": 2, "info": 0}', 'and what is open');

select * from finish();
rollback;
