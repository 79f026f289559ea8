-- A hundred thousand events, of which hardly any are what is asked for: a page reads a stretch of them and
-- says where the next one begins.
begin;
\ir ../people.psql
select no_plan();

insert into public.unified_agent_events (org_id, correlation_id, event_type, outcome, agent, created_at)
select tests.id(case when n % 2 = 0 then 'clinic' else 'market' end), 'c', 'turn',
  case when n % 1000 = 0 then 'failed' else 'succeeded' end, case when n % 30000 = 0 then 'rides' else 'jobs' end,
  now() - make_interval(secs => n * 20)
from generate_series(1, 100000) as n;
insert into public.operation_events (org_id, operation, outcome, actor, created_at)
select tests.id('market'), case when n % 10000 = 0 then 'knowledge_sync' else 'agent_sync' end, 'succeeded', 'system',
  now() - make_interval(secs => n * 60)
from generate_series(1, 30000) as n;
analyze public.unified_agent_events, public.operation_events;

-- Rows read of all partitions by this transaction.
create function tests.rows_read() returns numeric language sql as $$
  select sum(pg_stat_get_xact_tuples_returned(part.inhrelid) + pg_stat_get_xact_tuples_fetched(part.inhrelid))
  from pg_inherits as part
  where part.inhparent in ('public.unified_agent_events'::regclass, 'public.operation_events'::regclass)
$$;
-- Page after page: how many there were, what was found, and the most that one of them read.
create function tests.walk(p_request jsonb, out pages integer, out events integer, out most_read numeric) language plpgsql as $$
declare
  v_page jsonb;
  v_cursor jsonb := '{}';
  v_before numeric;
begin
  pages := 0;
  events := 0;
  most_read := 0;
  loop
    v_before := tests.rows_read();
    v_page := public.list_events('{"limit": 50}' || p_request || v_cursor);
    most_read := greatest(most_read, tests.rows_read() - v_before);
    pages := pages + 1;
    events := events + jsonb_array_length(v_page -> 'events');
    exit when v_page -> 'next' = 'null';
    v_cursor := jsonb_build_object('before', v_page #> '{next,at}', 'before_id', v_page #> '{next,id}');
  end loop;
end
$$;

select is((walked.pages between 2 and 8, walked.events, walked.most_read < 100000), (true, asked.found, true), asked.request::text || ' is found, a stretch at a time')
from (values
  ('{"agent": "rides"}'::jsonb, 3), ('{"type": "knowledge_sync"}', 3), ('{"outcome": "forwarded"}', 0),
  (jsonb_build_object('org_id', tests.id('clinic'), 'agent', 'rides'), 3), ('{"outcome": "succeeded", "type": "knowledge_sync"}', 3)
) as asked (request, found)
cross join lateral tests.walk(asked.request) as walked;
select is((walked.pages, walked.events, walked.most_read < 1000), asked.expected, asked.request::text || ' is found by an index')
from (values
  ('{"outcome": "failed"}'::jsonb, (3, 100, true)), (jsonb_build_object('org_id', tests.id('clinic'), 'outcome', 'failed'), (3, 100, true)),
  (jsonb_build_object('org_id', tests.id('market'), 'outcome', 'failed'), (1, 0, true)),
  ('{"contact_id": "dddddddd-0000-4000-8000-000000000001"}', (1, 0, true))
) as asked (request, expected)
cross join lateral tests.walk(asked.request) as walked;
create temporary table first_page as
select tests.rows_read() as before, public.list_events('{"limit": 50}') as page, 0::numeric as after;
select ok(tests.rows_read() - before < 1000, 'a page of all events reads little more than itself') from first_page;

select * from finish();
rollback;
