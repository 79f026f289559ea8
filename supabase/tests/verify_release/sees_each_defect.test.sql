begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();

-- Whether the check passes, and everything that fails.
create function tests.failing() returns text language sql as $$
  select coalesce(string_agg(checked ->> 'check', ', ' order by place), 'nothing')
  from jsonb_array_elements(public.verify_release('{}') -> 'checks') with ordinality as listed (checked, place)
  where not (checked ->> 'passed')::boolean
$$;
-- Does it, tells what fails then, and takes it back.
create function tests.failing_after(variadic p_statements text[]) returns text language plpgsql as $$
declare
  v_failing text;
  v_statement text;
begin
  foreach v_statement in array p_statements loop
    execute v_statement;
  end loop;
  v_failing := tests.failing();
  raise exception using errcode = 'P0099', message = v_failing;
exception when sqlstate 'P0099' then
  return sqlerrm;
end
$$;

select tests.act_as('service role');
select is(tests.failing(), 'nothing', 'two organizations without a message pass');
select is(public.verify_release('{}') -> 'passed', 'true'::jsonb, 'and so do all');
select tests.act_as('operator');
select is(tests.failing_after('truncate public.organizations cascade'), 'nothing', 'so does an empty database');

select is(tests.failing_after(statement), expected, format('%s: %s', expected, statement))
from (values
  ('functions', 'drop function public.claim_turn(jsonb)'),
  ('functions', 'drop function public.update_call_completed_atomically(uuid, text, integer, uuid)'),
  ('functions', 'drop function public.evaluate_alert_rule(jsonb)'),
  ('functions', 'alter function public.read_legacy_use(jsonb) rename to read_use'),
  ('constraints', 'alter table public.agents drop constraint agents_org_id_role_unique'),
  ('constraints', 'alter table public.call_logs drop constraint call_logs_org_id_not_null'),
  ('constraints', 'alter table public.call_logs drop constraint call_logs_org_id_not_null,
     add constraint call_logs_org_id_not_null check (org_id is not null) not valid'),
  ('indexes', 'drop index public.idx_processed_events_org_event'),
  ('indexes', 'drop index public.unified_sessions_active_unique'),
  ('indexes', 'update pg_index set indisvalid = false where indexrelid = ''public.idx_call_logs_org_vapi_call_id''::regclass'),
  ('unified_tables', 'alter table public.unified_matches rename to matches'),
  ('control_tables', 'alter table public.alert_deliveries rename to deliveries'),
  ('views', 'drop view public.jobs'),
  ('row_level_security', 'alter table public.contacts disable row level security'),
  ('policies', 'drop policy "members read the matches of their organizations" on public.unified_matches'),
  ('policies, row_level_security', 'create table private.something (id integer)'),
  ('nothing', 'create table public.something_of_others (id integer)'),
  ('partitions', format('drop table partitions.inbound_messages_%s', to_char(now() at time zone 'UTC' + interval '1 month', 'YYYY_MM')))
) as defect (expected, statement);

select is(tests.failing_after(
  'alter table public.call_tracking drop constraint call_tracking_org_id_not_null',
  'insert into public.call_tracking (vapi_call_id, queued_at) values (''c'', now())',
  'alter table public.call_tracking add constraint call_tracking_org_id_not_null check (org_id is not null) not valid',
  'update pg_constraint set convalidated = true where conname = ''call_tracking_org_id_not_null'''
), 'org_id', 'a row of nobody, though the constraint is there again');
select is(tests.failing_after(
  'drop index public.idx_processed_events_org_event',
  'insert into public.processed_webhook_events (org_id, event_id, event_type) select id, ''e'', ''x'' from public.organizations, generate_series(1, 2)'
), 'indexes, duplicate_events', 'an event twice');
select is(tests.failing_after(
  'alter table public.call_tracking drop constraint call_tracking_vapi_call_id_unique',
  'insert into public.call_tracking (org_id, vapi_call_id, queued_at) select id, ''c'', now() from public.organizations'
), 'constraints, duplicate_calls', 'a call twice');
select is(tests.failing_after(
  'alter table public.agents drop constraint agents_org_id_role_unique',
  format('insert into public.agents (org_id, role, name, system_prompt, first_message, voice, voice_provider) select %L, ''inbound'', ''x'', ''x'', ''x'', ''x'', ''x'' from generate_series(1, 2)', tests.id('clinic'))
), 'constraints, one_agent_per_role', 'two agents of one role');
select is(tests.failing_after(
  'drop index public.unified_sessions_active_unique',
  format('insert into public.contacts (id, org_id, rollout_key) values (%L, %L, ''k'')', tests.id('owner'), tests.id('clinic')),
  format('insert into public.unified_sessions (org_id, contact_id) select %L, %L from generate_series(1, 2)', tests.id('clinic'), tests.id('owner'))
), 'indexes, active_sessions', 'two active sessions of one contact');

insert into public.unified_agent_events (org_id, correlation_id, event_type, outcome, agent)
select tests.id('clinic'), n::text, 'turn', case when n <= 2 then 'failed' else 'succeeded' end, 'sales'
from generate_series(1, 300) as n;
create function tests.check(p_name text, p_request jsonb default '{}') returns jsonb language sql as $$
  select checked from jsonb_array_elements(public.verify_release(p_request) -> 'checks') as checked where checked ->> 'check' = p_name
$$;
select is(tests.check('error_rate') -> 'passed', 'false'::jsonb, 'two of 300 turns are too many');
select is(tests.check('error_rate', '{"max_error_rate": 0.01}') -> 'passed', 'true'::jsonb, 'unless more is allowed');
select is(tests.check('error_rate', '{"minimum_turns": 301}') -> 'passed', 'true'::jsonb, 'or so few turns say nothing');
select is(tests.check('messages_by_agent') -> 'figures', '{"sales": 300}', 'figures are shown');

-- What isn't ours is a figure. A table of ours that is missing in private.own_tables() would be one here.
select is(tests.check('policies') -> 'figures', '{"tables of others without one": 0}', 'every table that the migrations make is ours');
create table public.something_of_others (id integer);
alter table public.something_of_others enable row level security;
create table public.more_of_others (id integer);
select is(
  jsonb_build_array(tests.check('policies') -> 'figures', tests.check('row_level_security') -> 'figures'),
  '[{"tables of others without one": 2}, {"tables of others without it": 1}]', 'and what others made is counted'
);
select set_eq(
  $$ select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname !~ 'of_others$' $$,
  $$ select unnest(private.own_tables()) $$, 'the list is complete'
);
select * from finish();
rollback;
