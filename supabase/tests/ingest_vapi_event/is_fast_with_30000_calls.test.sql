begin;
\ir ../people.psql
\ir ../calls.psql
select no_plan();

-- Plans are kept: these are made while the tables are empty, as on the day a project is set up.
create function tests.life(p_id text) returns void language sql as $$
  select public.create_inbound_call_atomically(tests.id('clinic'), p_id, null, '+250788000111', null, '{}');
  select public.update_call_completed_atomically(tests.id('clinic'), p_id, 10, null);
  select public.record_tool_calls(jsonb_build_object('org_id', tests.id('clinic'), 'vapi_call_id', p_id, 'tool_calls',
    '[{"tool_call_id": "t", "tool": "take_message", "result": "ok", "duration_ms": 1, "effects": [{"kind": "take_message", "body": "hi"}]}]'::jsonb));
  select public.ingest_vapi_event(jsonb_build_object('org_id', tests.id('clinic'), 'event', jsonb_build_object('id', 'x' || p_id, 'type', 'status-update'), 'answer', true,
    'call', jsonb_build_object('id', p_id, 'direction', 'inbound', 'customer_number', '+250788000111'), 'change', '{"state": "answered"}'::jsonb, 'tool_call_ids', '["t"]'::jsonb));
$$;
select tests.life('early' || n) from generate_series(1, 10) as n;
insert into public.call_tracking (org_id, vapi_call_id, direction, direction_told, state, queued_at, report_due_at)
select tests.id('clinic'), 'c' || n, 'inbound', true, 'queued', now(), now() + interval '1 hour' from generate_series(1, 30000) as n;
insert into public.call_logs (org_id, vapi_call_id, call_tracking_id, direction) select org_id, vapi_call_id, id, 'inbound' from public.call_tracking where vapi_call_id like 'c%';
insert into public.calls (org_id, vapi_call_id, call_tracking_id, direction) select org_id, vapi_call_id, id, 'inbound' from public.call_tracking where vapi_call_id like 'c%';
create function tests.tables() returns setof oid language sql as $$
  select unnest(array['public.call_tracking'::regclass, 'public.call_logs', 'public.calls', 'public.tool_calls', 'public.contacts', 'public.contact_identities'])::oid
$$;
create function tests.read() returns bigint language sql as $$
  select sum(pg_stat_get_xact_tuples_returned(oid))::bigint + (
    select sum(pg_stat_get_xact_tuples_returned(indexrelid)) from pg_index where indrelid in (select tests.tables())
  )::bigint
  from tests.tables() as oid
$$;

select tests.remember('read', to_jsonb(tests.read()));
select tests.life('late' || n) from generate_series(1, 10) as n;
select cmp_ok(tests.read() - tests.recall('read')::text::bigint, '<', 3000::bigint, 'read what belongs to them and nothing else');
select is((select count(*) from public.call_tracking where vapi_call_id like 'late%' and state = 'ended'), 10::bigint, 'ten calls, begun, served and ended');
select * from finish();
rollback;
