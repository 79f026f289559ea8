-- Data: the hours after which alerts are over go, an operator's changes of them too. Alerts that are resolved stay so.
set local lock_timeout = '5s';
create or replace function public.begin_alert_evaluation(request jsonb) returns jsonb
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
drop table public.alert_quiet_periods;
