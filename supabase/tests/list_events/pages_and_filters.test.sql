begin;
\ir ../people.psql
\ir ../metrics.psql
select no_plan();

select tests.act_as('operator');
-- Many of the same moment: only the id tells them apart.
select tests.turn(case when n % 2 = 0 then 'clinic' else 'market' end, case when n % 10 = 0 then 'failed' else 'succeeded' end, n, n / 7)
from generate_series(1, 90) as n;
insert into public.operation_events (org_id, operation, outcome, actor, request_id, details, created_at)
select tests.id('clinic'), 'agent_sync', 'failed', 'system', 'r' || n, '{"error": "It broke"}', now() - make_interval(mins => n / 3)
from generate_series(1, 20) as n;
insert into public.contacts (id, org_id, name, rollout_key) values ('dddddddd-0000-4000-8000-000000000001', tests.id('clinic'), 'Ann', 'ann');
insert into public.unified_agent_events (org_id, contact_id, correlation_id, event_type, outcome)
values (tests.id('clinic'), 'dddddddd-0000-4000-8000-000000000001', 'c', 'turn', 'ignored');

-- All of it, page after page.
create function tests.page_through(p_request jsonb) returns text[] language plpgsql as $$
declare
  v_ids text[] := '{}';
  v_page jsonb;
  v_cursor jsonb := '{}';
begin
  loop
    v_page := public.list_events(p_request || v_cursor);
    v_ids := v_ids || array(select value ->> 'id' from jsonb_array_elements(v_page -> 'events'));
    exit when v_page -> 'next' = 'null';
    v_cursor := jsonb_build_object('before', v_page #> '{next,at}', 'before_id', v_page #> '{next,id}');
  end loop;
  return v_ids;
end
$$;
create function tests.all_events(p_org_id uuid) returns text[] language sql as $$
  select array_agg(id::text order by created_at desc, id desc) from (
    select id, org_id, created_at from public.unified_agent_events
    union all
    select id, org_id, created_at from public.operation_events
  ) as event
  where p_org_id is null or org_id = p_org_id
$$;

select is(
  tests.page_through(jsonb_build_object('org_id', tests.id(org), 'limit', size)), tests.all_events(tests.id(org)),
  format('%s in pages of %s: every event once, in order', coalesce(org, 'everybody'), size)
)
from unnest(array['clinic', 'market', null]) as org, unnest(array[1, 7, 100]) as size;

create function tests.count_events(p_filter jsonb) returns bigint language sql as $$
  select count(*) from unnest(tests.page_through('{"limit": 50}' || p_filter))
$$;
select is(tests.count_events(filter), found, filter::text)
from (values
  ('{"source": "agents"}'::jsonb, 91::bigint), ('{"source": "operations"}', 20), ('{"type": "agent_sync"}', 20),
  ('{"type": "turn", "outcome": "failed"}', 9), ('{"outcome": "failed"}', 29), ('{"agent": "jobs"}', 90), ('{"agent": "rides"}', 0),
  ('{"contact_id": "dddddddd-0000-4000-8000-000000000001"}', 1), ('{"contact_id": "dddddddd-0000-4000-8000-000000000002"}', 0),
  (jsonb_build_object('from', now() - interval '2 minutes', 'source', 'operations'), 8),
  (jsonb_build_object('to', now() - interval '2 minutes', 'source', 'operations'), 12)
) as asked (filter, found);
select is(
  public.list_events(jsonb_build_object('org_id', tests.id('clinic'), 'source', 'operations', 'limit', 1)) #>> '{events,0,error}',
  'It broke', 'an operation says why it failed'
);
select is(
  public.list_events(jsonb_build_object('org_id', tests.id('market'), 'contact_id', 'dddddddd-0000-4000-8000-000000000001')) -> 'events',
  '[]'::jsonb, 'another''s contact has no events'
);

select * from finish();
rollback;
