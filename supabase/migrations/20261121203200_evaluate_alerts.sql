-- Each minute every rule is looked at: what is found is raised once, and what was raised by it is resolved
-- when it is over. What other code raises and no evaluation has seen, none resolves.

-- Looks at one rule. Answers how many alerts it raised and resolved. At most 500 findings of a rule are
-- followed, in the order of organizations: a flood is an alert, not a flood of alerts.
create function private.judge_alert_rule(p_rule public.alert_rules, out raised integer, out resolved integer)
language plpgsql set search_path = '' as $$
declare
  v_found jsonb;
begin
  execute format(
    $query$
      select coalesce(jsonb_agg(to_jsonb(found)), '[]')
      from (select * from private.%I($1) as found order by found.org_id, found.dedupe_key limit 500) as found
    $query$,
    'find_' || p_rule.kind
  ) into v_found using p_rule.threshold;

  insert into private.alert_conditions as known (rule, org_id, dedupe_key)
  select p_rule.rule, found.org_id, found.dedupe_key
  from jsonb_to_recordset(v_found) as found (org_id uuid, dedupe_key text)
  on conflict (rule, scope, dedupe_key) do update set seen_count = known.seen_count + 1, missed_count = 0;

  update private.alert_conditions as known
  set missed_count = known.missed_count + 1, seen_count = 0
  where known.rule = p_rule.rule
    and not exists (
      select 1
      from jsonb_to_recordset(v_found) as found (org_id uuid, dedupe_key text)
      where found.org_id is not distinct from known.org_id and found.dedupe_key = known.dedupe_key
    );
  delete from private.alert_conditions as known
  where known.rule = p_rule.rule and known.missed_count >= p_rule.resolve_after;

  -- One that something else has raised is the same alert, and from now on this rule's to resolve.
  update public.alerts as alert
  set evaluated = true, severity = p_rule.severity, last_raised_at = now()
  from jsonb_to_recordset(v_found) as found (org_id uuid, dedupe_key text)
  where alert.rule = p_rule.rule and alert.state <> 'resolved'
    and alert.org_id is not distinct from found.org_id and alert.dedupe_key = found.dedupe_key;

  insert into public.alerts (org_id, rule, dedupe_key, severity, message, details, evaluated)
  select found.org_id, p_rule.rule, found.dedupe_key, p_rule.severity, found.message, found.details, true
  from jsonb_to_recordset(v_found) as found (org_id uuid, dedupe_key text, message text, details jsonb)
  join private.alert_conditions as known
    on known.rule = p_rule.rule and known.org_id is not distinct from found.org_id
    and known.dedupe_key = found.dedupe_key and known.seen_count >= p_rule.raise_after
  on conflict (org_id, rule, dedupe_key) where state <> 'resolved' do nothing;
  get diagnostics raised = row_count;

  update public.alerts as alert
  set state = 'resolved', resolved_at = now()
  where alert.rule = p_rule.rule and alert.evaluated and alert.state <> 'resolved'
    and not exists (
      select 1
      from private.alert_conditions as known
      where known.rule = alert.rule and known.org_id is not distinct from alert.org_id
        and known.dedupe_key = alert.dedupe_key
    );
  get diagnostics resolved = row_count;
end
$$;
revoke all on function private.judge_alert_rule(public.alert_rules) from public, anon, authenticated;
grant execute on function private.judge_alert_rule(public.alert_rules) to service_role;

create function private.measure_database() returns void
language plpgsql set search_path = '' as $$
begin
  insert into private.database_sizes (hour, bytes)
  values (date_trunc('hour', now(), 'UTC'), pg_database_size(current_database()))
  on conflict (hour) do nothing;
  delete from private.database_sizes as size where size.hour < now() - interval '7 days';
end
$$;
revoke all on function private.measure_database() from public, anon, authenticated;
grant execute on function private.measure_database() to service_role;

-- {} -> 'evaluated' {rules, raised, resolved, failed: [rule]}. A rule that can't be looked at is an alert
-- itself, says nothing about what it looks for, and keeps no other from being looked at.
create function public.evaluate_alerts(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_rule public.alert_rules;
  v_judged record;
  v_rules integer := 0;
  v_raised integer := 0;
  v_resolved integer := 0;
  v_over integer;
  v_failed text[] := '{}';
begin
  perform set_config('app.actor', 'system', true);
  -- Two at once would count each thing twice.
  perform pg_advisory_xact_lock(hashtext('public.evaluate_alerts'));
  perform private.measure_database();

  for v_rule in select * from public.alert_rules as rule where rule.enabled order by rule.rule loop
    begin
      select * into v_judged from private.judge_alert_rule(v_rule);
      v_rules := v_rules + 1;
      v_raised := v_raised + v_judged.raised;
      v_resolved := v_resolved + v_judged.resolved;
    exception when others then
      v_failed := v_failed || v_rule.rule;
      perform public.raise_alert(jsonb_build_object(
        'rule', 'alert_rule_failed', 'dedupe_key', v_rule.rule, 'severity', 'critical',
        'message', format('Cannot evaluate the alert rule "%s": %s', v_rule.rule, sqlerrm),
        'details', jsonb_build_object('rule', v_rule.rule, 'sqlstate', sqlstate)
      ));
    end;
  end loop;

  update public.alerts as alert
  set state = 'resolved', resolved_at = now()
  where alert.state <> 'resolved'
    and case alert.rule
      when 'alert_rule_failed' then alert.dedupe_key <> all (v_failed)
      -- Switched off, or gone.
      else alert.evaluated and not exists (
        select 1 from public.alert_rules as rule where rule.rule = alert.rule and rule.enabled
      )
    end;
  get diagnostics v_over = row_count;
  delete from private.alert_conditions as known
  where not exists (select 1 from public.alert_rules as rule where rule.rule = known.rule and rule.enabled);

  return jsonb_build_object(
    'code', 'evaluated', 'rules', v_rules, 'raised', v_raised, 'resolved', v_resolved + v_over, 'failed', to_jsonb(v_failed)
  );
end
$$;
revoke all on function public.evaluate_alerts(jsonb) from public, anon, authenticated;
grant execute on function public.evaluate_alerts(jsonb) to service_role;

do $$
begin
  perform private.add_job_kinds(array['evaluate_alerts', 'deliver_alerts']);
end
$$;

create function private.queue_due_evaluate_alerts() returns integer
language plpgsql set search_path = '' as $$
begin
  return private.queue_job('evaluate_alerts', null, 'all', '{}')::integer;
end
$$;
revoke all on function private.queue_due_evaluate_alerts() from public, anon, authenticated;
grant execute on function private.queue_due_evaluate_alerts() to service_role;

create function private.queue_due_deliver_alerts() returns integer
language plpgsql set search_path = '' as $$
begin
  return private.queue_job('deliver_alerts', null, 'all', '{}')::integer;
end
$$;
revoke all on function private.queue_due_deliver_alerts() from public, anon, authenticated;
grant execute on function private.queue_due_deliver_alerts() to service_role;

do $$
begin
  if exists (select 1 from pg_catalog.pg_extension as installed where installed.extname = 'pg_cron') then
    perform private.schedule_worker('evaluate_alerts', '* * * * *');
    perform private.schedule_worker('deliver_alerts', '* * * * *');
  end if;
end
$$;
