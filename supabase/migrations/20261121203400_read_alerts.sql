-- What people see of alerts, and that somebody has seen one: an organization's owners of their own (user_id),
-- the service itself of all (user_id null). And what health says of the flags.

-- {org_id|null, user_id|null, state|null: 'open'|'raised'|'acknowledged'|'resolved', severity?, rule?, limit?,
-- before?, before_id? (of the last alert seen)} -> 'listed' {alerts: [{id, org_id, rule, dedupe_key, severity,
-- message, details, state, occurrences, raised_at, last_raised_at, acknowledged_at, acknowledged_by,
-- resolved_at}]}, newest first | 'forbidden'.
create function public.list_alerts(request jsonb) returns jsonb
language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_state constant text := request ->> 'state';
  v_severity constant text := request ->> 'severity';
  v_rule constant text := request ->> 'rule';
  v_limit constant integer := least(greatest(coalesce((request ->> 'limit')::integer, 50), 1), 100);
  v_before constant timestamptz := coalesce((request ->> 'before')::timestamptz, 'infinity');
  v_before_id constant uuid := coalesce((request ->> 'before_id')::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
  v_alerts jsonb;
begin
  if not private.may_act(v_org_id, (request ->> 'user_id')::uuid, 'owner') then
    return jsonb_build_object('code', 'forbidden');
  end if;
  -- Open ones have an index of their own, which is found only by these very words.
  if v_state = 'open' then
    select coalesce(jsonb_agg(to_jsonb(page) order by page.raised_at desc, page.id desc), '[]') into v_alerts
    from (
      select alert.*
      from public.alerts as alert
      where alert.state <> 'resolved'
        and (v_org_id is null or alert.org_id = v_org_id)
        and (v_severity is null or alert.severity = v_severity)
        and (v_rule is null or alert.rule = v_rule)
        and (alert.raised_at, alert.id) < (v_before, v_before_id)
      order by alert.raised_at desc, alert.id desc
      limit v_limit
    ) as page;
  else
    select coalesce(jsonb_agg(to_jsonb(page) order by page.raised_at desc, page.id desc), '[]') into v_alerts
    from (
      select alert.*
      from public.alerts as alert
      where (v_state is null or alert.state = v_state)
        and (v_org_id is null or alert.org_id = v_org_id)
        and (v_severity is null or alert.severity = v_severity)
        and (v_rule is null or alert.rule = v_rule)
        and (alert.raised_at, alert.id) < (v_before, v_before_id)
      order by alert.raised_at desc, alert.id desc
      limit v_limit
    ) as page;
  end if;
  return jsonb_build_object('code', 'listed', 'alerts', v_alerts);
end
$$;
revoke all on function public.list_alerts(jsonb) from public, anon, authenticated;
grant execute on function public.list_alerts(jsonb) to service_role;

-- {id, org_id|null, user_id|null, request_id} -> 'acknowledged' {alert} (again: as it was the first time) |
-- 'resolved' {alert}: it is over | 'not_found' | 'forbidden'.
create function public.acknowledge_alert(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_user_id constant uuid := (request ->> 'user_id')::uuid;
  v_alert public.alerts;
begin
  perform set_config('app.actor', coalesce(v_user_id::text, 'operator'), true);
  if not private.may_act(v_org_id, v_user_id, 'owner') then
    return jsonb_build_object('code', 'forbidden');
  end if;
  select * into v_alert
  from public.alerts as alert
  where alert.id = (request ->> 'id')::uuid and (v_org_id is null or alert.org_id = v_org_id)
  for update;
  if not found then
    return jsonb_build_object('code', 'not_found');
  elsif v_alert.state = 'raised' then
    update public.alerts as alert
    set state = 'acknowledged', acknowledged_at = clock_timestamp(), acknowledged_by = private.current_actor()
    where alert.id = v_alert.id
    returning * into v_alert;
    perform private.record_audit(
      v_alert.org_id, 'alert_acknowledged', v_alert.id::text, request ->> 'request_id',
      jsonb_build_object('rule', v_alert.rule, 'dedupe_key', v_alert.dedupe_key)
    );
  end if;
  return jsonb_build_object('code', v_alert.state, 'alert', to_jsonb(v_alert));
end
$$;
revoke all on function public.acknowledge_alert(jsonb) from public, anon, authenticated;
grant execute on function public.acknowledge_alert(jsonb) to service_role;

-- {} -> 'read' {flags|null, valid, changed_at|null, open_alerts: {critical, warning, info}, failed_alert_rules:
-- [rule]}: the flags in force, without the lists of people and without organizations, since anybody may ask for
-- health; and the rules that see nothing now.
create function public.read_control_state(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object(
    'code', 'read',
    'valid', private.unified_service_flags_are_valid(),
    'flags', (
      select kept.value - array['allow', 'deny', 'overrides']
      from private.app_config_in_force as kept
      where kept.key = 'unified_service_flags'
    ),
    'changed_at', (
      select kept.taken_at from private.app_config_in_force as kept where kept.key = 'unified_service_flags'
    ),
    'open_alerts', (
      select jsonb_build_object(
        'critical', count(*) filter (where alert.severity = 'critical'),
        'warning', count(*) filter (where alert.severity = 'warning'),
        'info', count(*) filter (where alert.severity = 'info')
      )
      from (select found.severity from public.alerts as found where found.state <> 'resolved' limit 10000) as alert
    ),
    'failed_alert_rules', (
      select coalesce(jsonb_agg(alert.dedupe_key order by alert.dedupe_key), '[]')
      from public.alerts as alert
      where alert.org_id is null and alert.rule = 'alert_rule_failed' and alert.state <> 'resolved'
    )
  );
end
$$;
revoke all on function public.read_control_state(jsonb) from public, anon, authenticated;
grant execute on function public.read_control_state(jsonb) to service_role;
