-- A year's hours and two days' minutes of many: what is shown of one organization, or of all, reads their own
-- rows of the time that is asked for.
begin;
\ir ../people.psql
\ir ../metrics.psql
select no_plan();

insert into public.organizations (id, name)
select ('e0000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Organization ' || n from generate_series(1, 30) as n;
create temporary table scopes as
select ('e0000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid as org_id from generate_series(1, 30) as n
union all values (tests.id('clinic')), (null::uuid);
insert into public.metric_minutes (org_id, metric, label, minute, succeeded_count, duration_counts)
select scopes.org_id, 'turn', 'jobs', date_trunc('minute', now(), 'UTC') - make_interval(mins => ago), 1, array(select 1 from generate_series(1, 20))
from scopes, generate_series(0, 2879) as ago;
insert into public.metric_hours (org_id, metric, label, hour, succeeded_count, duration_counts)
select scopes.org_id, 'turn', 'jobs', date_trunc('hour', now(), 'UTC') - make_interval(hours => ago), 60, array(select 60 from generate_series(1, 20))
from scopes, generate_series(0, 8759) as ago;
analyze public.metric_minutes, public.metric_hours;

create function tests.rows_read(p_table text) returns numeric language sql as $$
  select pg_stat_get_xact_tuples_returned(p_table::regclass) + pg_stat_get_xact_tuples_fetched(p_table::regclass)
$$;
-- The rows of hours and of minutes that the second of two calls read: the first one also reads catalogues.
create function tests.cost(p_call text, p_request jsonb) returns numeric[] language plpgsql as $$
declare
  v_minutes numeric;
  v_hours numeric;
begin
  execute format('select public.%I($1)', p_call) using p_request;
  v_minutes := tests.rows_read('public.metric_minutes');
  v_hours := tests.rows_read('public.metric_hours');
  execute format('select public.%I($1)', p_call) using p_request;
  return array[tests.rows_read('public.metric_hours') - v_hours, tests.rows_read('public.metric_minutes') - v_minutes];
end
$$;

select is(asked.most >= all (tests.cost(asked.call, asked.request || jsonb_build_object('org_id', tests.id(who)))), true,
  format('%s of %s reads no more than %s rows of hours and of minutes', asked.call, coalesce(who, 'everybody'), asked.most))
from (values
  ('read_metrics', '{}'::jsonb, 250), ('read_service_levels', '{}', 750),
  ('read_costs', jsonb_build_object('from_month', to_char(now(), 'YYYY-MM-01'), 'to_month', to_char(now(), 'YYYY-MM-01')), 745)
) as asked (call, request, most), unnest(array['clinic', null]) as who
where asked.call <> 'read_costs' or who is not null;
-- At the answer's own time: another hour may have begun since the transaction did.
select tests.remember('all', public.read_metrics('{}'));
create function tests.answered_at() returns timestamptz language sql as $$
  select (tests.recall('all') ->> 'generated_at')::timestamptz
$$;
select is(
  tests.total(tests.recall('all'), '7d', 'turn', 'jobs') ->> 'succeeded',
  (select sum(succeeded_count)::text from public.metric_hours
   where org_id is null and hour > tests.answered_at() - interval '7 days' and hour < date_trunc('hour', tests.answered_at(), 'UTC'))
    ::bigint + (select count(*) from public.metric_minutes where org_id is null and minute >= date_trunc('hour', tests.answered_at(), 'UTC')) || '',
  'and all of them'
);

select * from finish();
rollback;
