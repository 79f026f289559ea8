-- Alerts of what happens, and is never seen to be over: nobody resolved them, and while one was open every later
-- occurrence counted up in silence. They are over when it hasn't happened for so many hours: what happens then
-- is a new alert, and told.

set local lock_timeout = '5s';

create table public.alert_quiet_periods (
  rule text not null,
  -- An operator's to change; without a row the alert waits for whatever else resolves it.
  hours integer not null,
  description text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint alert_quiet_periods_pkey primary key (rule),
  constraint alert_quiet_periods_rule_is_snake_case check (rule ~ '^[a-z][a-z0-9_]{0,99}$'),
  constraint alert_quiet_periods_hours_are_1_to_2160 check (hours between 1 and 2160),
  constraint alert_quiet_periods_description_is_1_to_500_characters check (char_length(description) between 1 and 500)
);
create trigger alert_quiet_periods_touch_updated_at before update on public.alert_quiet_periods
  for each row execute function private.touch_updated_at();

alter table public.alert_quiet_periods enable row level security;
revoke all on table public.alert_quiet_periods from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.alert_quiet_periods to service_role;
create policy "only the service role reaches alert_quiet_periods" on public.alert_quiet_periods
  for all to service_role using (true) with check (true);

insert into public.alert_quiet_periods (rule, hours, description) values
  ('unparsed_delivery', 24, 'A signed delivery couldn''t be read; what is kept of it stays'),
  ('unroutable_delivery', 24, 'A delivery was for a number that nobody has; what is kept of it stays'),
  ('whatsapp_error', 24, 'Meta reported an error of the account'),
  ('outbox_unknown', 24, 'It wasn''t known whether messages were sent; their status comes within a day, if ever'),
  ('foreign_call_refused', 24, 'An event named another organization''s call'),
  ('call_not_reconciled', 72, 'Vapi didn''t tell how a call ended'),
  ('call_back_failed', 24, 'A call back was given up'),
  ('call_back_unknown', 168, 'It isn''t known whether a call back was made; it is over sooner when it is found'),
  ('job_dead_lettered', 168, 'A job was given up; it is over sooner when the same is done');

create or replace function public.begin_alert_evaluation(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_resolved integer;
  v_quiet integer;
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
  -- What only happens, and hasn't again for so long.
  update public.alerts as alert
  set state = 'resolved', resolved_at = now(),
      details = alert.details || jsonb_build_object('quiet_hours', period.hours)
  from public.alert_quiet_periods as period
  where alert.rule = period.rule and alert.state <> 'resolved'
    and alert.last_raised_at < now() - make_interval(hours => period.hours);
  get diagnostics v_quiet = row_count;
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
  return jsonb_build_object('code', 'begun', 'resolved', v_resolved + v_quiet, 'rules', (
    select coalesce(jsonb_agg(asked.rule order by asked.evaluations > 1, asked.rule), '[]')
    from private.alert_rules_unanswered as asked
  ));
end
$$;
