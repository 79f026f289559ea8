-- Each minute every rule is looked at: what is found is raised once, and what was raised by it is resolved
-- when it is over. What other code raises and no evaluation has seen, none resolves.

-- Looks at one rule. Answers how many alerts it raised and resolved. At most 500 findings of a rule are
-- followed, what is of all organizations and what was followed already first: a flood is an alert, not a flood
-- of alerts. What a rule finds twice, by two of its windows, is what it found first.
create function private.judge_alert_rule(p_rule public.alert_rules, out raised integer, out resolved integer)
language plpgsql set search_path = '' as $$
declare
  v_found jsonb;
begin
  execute format(
    $query$
      select coalesce(jsonb_agg(to_jsonb(followed) - 'place'), '[]')
      from (
        select one.*
        from (
          select distinct on (found.org_id, found.dedupe_key) found.*
          from private.%I($1) with ordinality as found (org_id, dedupe_key, message, details, place)
          order by found.org_id, found.dedupe_key, found.place
        ) as one
        left join private.alert_conditions as known
          on known.rule = $2 and known.org_id is not distinct from one.org_id and known.dedupe_key = one.dedupe_key
        order by one.org_id is not null, known.rule is null, one.org_id, one.dedupe_key
        limit 500
      ) as followed
    $query$,
    'find_' || p_rule.kind
  ) into v_found using p_rule.threshold, p_rule.rule;

  -- One that something else has raised is the same alert, and from now on this rule's to resolve. It keeps the
  -- words of whoever raised it: they know why. What this rule has said it says with the figures of now; none
  -- of that is told again.
  update public.alerts as alert
  set evaluated = true,
      severity = p_rule.severity,
      last_raised_at = now(),
      message = case when alert.message = known.message then found.message else alert.message end,
      details = case when alert.message = known.message then found.details else alert.details end
  from jsonb_to_recordset(v_found) as found (org_id uuid, dedupe_key text, message text, details jsonb)
  left join private.alert_conditions as known
    on known.rule = p_rule.rule and known.org_id is not distinct from found.org_id
    and known.dedupe_key = found.dedupe_key
  where alert.rule = p_rule.rule and alert.state <> 'resolved'
    and alert.org_id is not distinct from found.org_id and alert.dedupe_key = found.dedupe_key;

  insert into private.alert_conditions as known (rule, org_id, dedupe_key, message)
  select p_rule.rule, found.org_id, found.dedupe_key, found.message
  from jsonb_to_recordset(v_found) as found (org_id uuid, dedupe_key text, message text)
  on conflict (rule, scope, dedupe_key) do update set
    seen_count = known.seen_count + 1, missed_count = 0, message = excluded.message;

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

-- That a rule can't be looked at, from the second time in a row: a single slow minute is nobody's.
create function private.raise_failed_rule(p_rule text, p_reason text, p_sqlstate text) returns void
language plpgsql set search_path = '' as $$
begin
  if not exists (
    select 1 from private.alert_rules_unanswered as asked where asked.rule = p_rule and asked.evaluations >= 2
  ) then
    return;
  end if;
  perform public.raise_alert(jsonb_build_object(
    'rule', 'alert_rule_failed', 'dedupe_key', p_rule, 'severity', 'critical',
    'message', format('Cannot evaluate the alert rule "%s": %s', p_rule, p_reason),
    'details', jsonb_build_object('rule', p_rule, 'sqlstate', p_sqlstate)
  ));
end
$$;
revoke all on function private.raise_failed_rule(text, text, text) from public, anon, authenticated;
grant execute on function private.raise_failed_rule(text, text, text) to service_role;

-- {} -> 'begun' {rules: [rule], resolved}: the rules that are to be looked at, each by a call of its own. Those
-- that couldn't be looked at the last time come last, so that they take nobody's time but their own. Whoever was
-- asked and gave no answer, or wasn't asked for want of time, is told of here: nothing else knows.
create function public.begin_alert_evaluation(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_resolved integer;
begin
  perform set_config('app.actor', 'system', true);
  perform private.measure_database();
  update private.worker_schedules as planned set watched_since = now() where planned.watched_since is null;
  -- Switched off, or gone.
  update public.alerts as alert
  set state = 'resolved', resolved_at = now()
  where alert.state <> 'resolved' and (alert.evaluated or alert.rule = 'alert_rule_failed')
    and not exists (
      select 1
      from public.alert_rules as rule
      where rule.enabled and rule.rule = case alert.rule when 'alert_rule_failed' then alert.dedupe_key else alert.rule end
    );
  get diagnostics v_resolved = row_count;
  delete from private.alert_conditions as known
  where not exists (select 1 from public.alert_rules as rule where rule.rule = known.rule and rule.enabled);
  delete from private.alert_rules_unanswered as asked
  where not exists (select 1 from public.alert_rules as rule where rule.rule = asked.rule and rule.enabled);
  perform private.raise_failed_rule(asked.rule, 'it gave no answer', null)
  from private.alert_rules_unanswered as asked
  where not exists (
    select 1
    from public.alerts as failed
    where failed.org_id is null and failed.rule = 'alert_rule_failed' and failed.dedupe_key = asked.rule
      and failed.state <> 'resolved'
  );
  insert into private.alert_rules_unanswered as asked (rule)
  select rule.rule from public.alert_rules as rule where rule.enabled order by rule.rule
  on conflict (rule) do update set evaluations = asked.evaluations + 1;
  return jsonb_build_object('code', 'begun', 'resolved', v_resolved, 'rules', (
    select coalesce(jsonb_agg(asked.rule order by asked.evaluations > 1, asked.rule), '[]')
    from private.alert_rules_unanswered as asked
  ));
end
$$;
revoke all on function public.begin_alert_evaluation(jsonb) from public, anon, authenticated;
grant execute on function public.begin_alert_evaluation(jsonb) to service_role;

-- {rule} -> 'evaluated' {raised, resolved, failed: boolean} | 'not_found'. A rule that can't be looked at twice in
-- a row is an alert itself, and says nothing about what it looks for. One rule a statement, and of little time: a timer that
-- has run out isn't set again inside a statement, so that a slow rule would be the end of all behind it. The
-- data API takes this function's statement_timeout for the call.
create function public.evaluate_alert_rule(request jsonb) returns jsonb
language plpgsql set search_path = '' set statement_timeout = '3s' as $$
declare
  v_rule public.alert_rules;
  v_judged record;
begin
  perform set_config('app.actor', 'system', true);
  select * into v_rule from public.alert_rules as rule where rule.rule = request ->> 'rule' and rule.enabled;
  if not found then
    return jsonb_build_object('code', 'not_found');
  end if;
  begin
    -- Two at once would count each thing twice.
    perform pg_advisory_xact_lock(hashtext('public.evaluate_alert_rule'), hashtext(v_rule.rule));
    select * into v_judged from private.judge_alert_rule(v_rule);
  -- Others are all but this one: https://www.postgresql.org/docs/17/plpgsql-control-structures.html
  exception when query_canceled or others then
    perform private.raise_failed_rule(v_rule.rule, sqlerrm, sqlstate);
    return jsonb_build_object('code', 'evaluated', 'raised', 0, 'resolved', 0, 'failed', true);
  end;
  delete from private.alert_rules_unanswered as asked where asked.rule = v_rule.rule;
  perform public.resolve_alert(jsonb_build_object('rule', 'alert_rule_failed', 'dedupe_key', v_rule.rule));
  return jsonb_build_object(
    'code', 'evaluated', 'raised', v_judged.raised, 'resolved', v_judged.resolved, 'failed', false
  );
end
$$;
revoke all on function public.evaluate_alert_rule(jsonb) from public, anon, authenticated;
grant execute on function public.evaluate_alert_rule(jsonb) to service_role;

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
