begin;
\ir ../people.psql
\ir ../alerts.psql
select no_plan();

-- Whatever has something to tell in this database by itself has told it.
select tests.evaluate(3);

create function tests.open_alerts(p_rule text) returns integer language sql as $$
  select count(*)::integer from public.alerts as alert where alert.rule = p_rule and alert.state <> 'resolved'
$$;
create function tests.raise_again(p_rule text) returns jsonb language sql as $$
  select public.raise_alert(jsonb_build_object(
    'rule', p_rule, 'dedupe_key', '1', 'severity', 'warning', 'message', 'It happened',
    'details', jsonb_build_object('attempts', 3)
  ))
$$;
-- Evaluated so long after it was raised last.
create function tests.look_after(p_rule text, p_after interval) returns integer language plpgsql as $$
begin
  update public.alerts as alert set last_raised_at = now() - p_after where alert.rule = p_rule and alert.state <> 'resolved';
  perform tests.evaluate(1);
  return tests.open_alerts(p_rule);
end
$$;

select tests.raise_again(rule) from public.alert_quiet_periods;
select is(tests.open_alerts(rule), 1, format('%s is open', rule)) from public.alert_quiet_periods;
select is(tests.look_after(rule, make_interval(hours => hours) - interval '1 minute'), 1, format('%s waits its hours', rule))
from public.alert_quiet_periods;
select is(tests.look_after(rule, make_interval(hours => hours) + interval '1 minute'), 0, format('%s is over then', rule))
from public.alert_quiet_periods;
select is(
  (select details from public.alerts where rule = 'unparsed_delivery'), '{"attempts": 3, "quiet_hours": 24}',
  'an alert says why it is over'
);
select is(
  tests.raise_again(rule) -> 'occurrences', '1'::jsonb, format('%s that happens again is a new alert', rule)
) from public.alert_quiet_periods;
update public.alerts set state = 'acknowledged', acknowledged_at = now(), acknowledged_by = 'operator'
where rule = 'whatsapp_error' and state = 'raised';
select is(tests.look_after('whatsapp_error', interval '2 days'), 0, 'one that somebody has seen is over as well');

update public.alert_quiet_periods set hours = 100 where rule = 'foreign_call_refused';
select is(tests.look_after('foreign_call_refused', interval '2 days'), 1, 'the hours are an operator''s to change');
select tests.raise_again('flags_malformed');
select is(tests.look_after('flags_malformed', interval '90 days'), 1, 'what goes on is over only when it ends');

-- Every alert that any function raises is resolved by something.
create function tests.rules_after(p_call text) returns setof text language sql as $$
  select distinct found.rule[1]
  from pg_catalog.pg_proc as function
  cross join lateral regexp_matches(
    function.prosrc, p_call || '[^;]*?(?:''rule'', ''|"rule": ")([a-z_]+)[''"]', 'g'
  ) as found (rule)
  where function.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
$$;
create temporary table raised as
select rule from tests.rules_after('raise_alert\(') as rule where rule <> 'call_back_'
-- 'call_back_' || the state.
union values ('call_back_failed'), ('call_back_unknown');
select cmp_ok((select count(*) from raised), '>=', 19::bigint, 'they were found');
select is(
  (
    select array_agg(raised.rule order by raised.rule) from raised
    where raised.rule not in (
      select rule from public.alert_rules
      union all select rule from public.alert_quiet_periods
      union all select tests.rules_after('resolve_alert\(')
    )
  ),
  null, 'none of them is open for ever'
);

select * from finish();
rollback;
