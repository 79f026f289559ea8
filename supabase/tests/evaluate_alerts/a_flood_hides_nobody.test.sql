-- Where more is wrong than is followed: the worst is, what is open stays open, and what is of all organizations
-- is never left out.
begin;
\ir ../people.psql
\ir ../alerts.psql
select no_plan();

update public.alert_rules set enabled = false where kind <> 'burn_rate_of_one';
-- Failures of so many organizations' last minute, each by the letter that its ids begin with.
create function tests.organization(p_letter text, p_number integer) returns uuid language sql as $$
  select (p_letter || '0000000-0000-4000-8000-' || lpad(p_number::text, 12, '0'))::uuid
$$;
create function tests.burn(p_letter text, p_count integer, p_failures integer) returns void language sql as $$
  insert into public.organizations (id, name)
  select tests.organization(p_letter, n), p_letter || n from generate_series(1, p_count) as n;
  insert into public.metric_minutes (org_id, metric, label, minute, succeeded_count, failed_count)
  select tests.organization(p_letter, n), 'turn', 'jobs', date_trunc('minute', now(), 'UTC'), 10, p_failures
  from generate_series(1, p_count) as n;
$$;
create function tests.burning(p_letter text) returns text language sql as $$
  select format('%s open, %s over', count(*) filter (where state <> 'resolved'), count(*) filter (where state = 'resolved'))
  from public.alerts where rule = 'service_level_burns_for_one' and org_id::text like p_letter || '0000000-%'
$$;
create function tests.judge(p_times integer) returns jsonb language plpgsql as $$
declare
  v_answer jsonb;
begin
  perform tests.act_as('service role');
  v_answer := tests.evaluate(p_times);
  perform tests.act_as('operator');
  return v_answer;
end
$$;

select tests.burn('1', 120, 10);
select tests.burn('9', 1, 60);
select tests.judge(2);
select is(tests.burning('9'), '1 open, 0 over', 'whoever fails most is named, however many others do');
select is(tests.burning('1'), '19 open, 0 over', 'with as many of the others as are named at all');
select tests.burn('0', 120, 90);
select tests.judge(17);
select is(tests.burning('9'), '1 open, 0 over', 'while it burns it is not over');
select is(tests.burning('1'), '19 open, 0 over', 'for nobody, though others fail more by now');
select is(tests.burning('0'), '0 open, 0 over', 'whose failures are everybody''s');
update public.metric_minutes set failed_count = 0 where org_id::text like '1%';
select tests.judge(16);
select is(tests.burning('1'), '0 open, 19 over', 'it is over where it is');
select is(tests.burning('0'), '19 open, 0 over', 'and others are named then');

-- Two windows that see the same.
delete from public.metric_minutes where org_id::text not like '9%';
update public.alert_rules
set threshold = jsonb_set(threshold, '{windows}', (threshold -> 'windows') || '{"long_minutes": 360, "short_minutes": 30, "rate": 6}')
where rule = 'service_level_burns_for_one';
select is(tests.judge(2) -> 'failed', '[]', 'what two windows see can be looked at');
select is(tests.burning('9'), '1 open, 0 over', 'and is one alert');
select is(
  (select details -> 'long_minutes' from public.alerts where org_id = tests.organization('9', 1) and state <> 'resolved'), '60', 'of the first of them'
);

-- Any rule that finds more than is followed.
create or replace function private.find_access_refused(p_threshold jsonb)
returns table (org_id uuid, dedupe_key text, message text, details jsonb)
language plpgsql stable set search_path = '' as $$
begin
  return query
  select organization.id, key.name::text, 'Wrong', '{}'::jsonb
  from public.organizations as organization
  cross join generate_series((p_threshold ->> 'from')::integer, 9) as key (name)
  union all
  select null, '', 'Wrong', '{}';
end
$$;
update public.alert_rules set enabled = kind = 'access_refused', threshold = '{"from": 5}';
select tests.judge(1);
select is(
  (select format('%s of all, %s', count(*) filter (where org_id is null), count(*)) from public.alerts
   where rule = 'access_refused_across_tenants' and state <> 'resolved'),
  '1 of all, 500', 'what is of all organizations is followed first'
);
update public.alert_rules set threshold = '{"from": 1}' where kind = 'access_refused';
select tests.judge(6);
select is(
  (select format('%s open, %s over', count(*) filter (where state <> 'resolved'), count(*) filter (where state = 'resolved'))
   from public.alerts where rule = 'access_refused_across_tenants'),
  '500 open, 0 over', 'and then what was followed already'
);

select * from finish();
rollback;
