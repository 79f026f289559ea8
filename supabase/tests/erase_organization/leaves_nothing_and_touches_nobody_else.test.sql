begin;
\ir ../people.psql
\ir ../messaging.psql
\ir ../agents.psql
select no_plan();

-- The market is erased; the clinic stays as it is. Its rows are made by the functions, and in every table
-- of an organization that they leave empty one is planted from the catalogue.
insert into public.unroutable_deliveries (reason, phone_number_id, payload) values
  ('sender_unknown', '2001', '{"market": 1}'), ('sender_unknown', '1001', '{"clinic": 1}');
insert into public.audit_log (org_id, actor, action) select tests.id(organization), 'system', 'x' from unnest(array['market', 'clinic']) as organization;
insert into public.operation_events (org_id, operation, outcome, actor) select tests.id(organization), 'x', 'succeeded', 'system' from unnest(array['market', 'clinic']) as organization;
insert into public.unified_agent_events (org_id, correlation_id, event_type, outcome) select tests.id(organization), 'c', 'turn', 'succeeded' from unnest(array['market', 'clinic']) as organization;
insert into public.call_tracking (id, org_id, vapi_call_id, queued_at) select tests.id(organization), tests.id(organization), organization, now() from unnest(array['market', 'clinic']) as organization;
insert into public.call_logs (org_id, vapi_call_id, call_tracking_id) select org_id, vapi_call_id, id from public.call_tracking;
insert into public.calls (org_id, vapi_call_id, call_tracking_id, recording_storage_path) select org_id, vapi_call_id, id, org_id || '/a.wav' from public.call_tracking;
insert into public.leads (org_id, name) select tests.id(organization), 'x' from unnest(array['market', 'clinic']) as organization;
insert into public.organization_settings (org_id) select tests.id(organization) from unnest(array['market', 'clinic']) as organization on conflict do nothing;
insert into public.kb_sync_log (org_id, started_by, actor, request_id) values (tests.id('market'), 'request', 'system', 'r');
insert into public.knowledge_syncs (org_id, tool_id, retired_tool_ids) values (tests.id('market'), 'tool-1', '{tool-0}');
insert into public.knowledge_files (org_id, content_hash, vapi_file_id, key_fingerprint, state) values (tests.id('market'), 'h', 'file-1', 'f', 'done');
select public.create_knowledge_document(jsonb_build_object(
  'org_id', tests.id('market'), 'user_id', tests.id('owner'), 'request_id', 'r', 'id', gen_random_uuid(), 'title', 'Hours', 'category', 'operations',
  'version', '{"source": "text", "content": "We open at nine.", "content_hash": "h", "embed": true,
    "chunks": [{"position": 0, "heading_path": [], "content": "We open at nine.", "from": 0, "to": 16, "content_hash": "c"}]}'::jsonb
));
select tests.effect('far', tests.listing('far', '{"title": "Market lamp"}'));

update public.app_config
set value = value || jsonb_build_object('allow', jsonb_build_array('x', tests.id('market')), 'overrides', jsonb_build_object(tests.id('market')::text, '{}'::jsonb, tests.id('clinic')::text, '{}'::jsonb))
where key = 'unified_service_flags';

select is_empty(
  $$ select format('%I.%I', nspname, relname) from pg_class join pg_namespace on pg_namespace.oid = relnamespace
     join pg_attribute on attrelid = pg_class.oid and attname = 'org_id'
     where relkind in ('r', 'p') and not relispartition and nspname in ('public', 'private')
     except select table_name from private.organization_tables() $$,
  'every table with an organization is known'
);
select is_empty(
  $$ select table_name from private.organization_tables() join pg_class on pg_class.oid = table_name::regclass
     where relkind = 'p' and private.key_of(table_name) = '{ctid}' $$, 'and can be read in pages'
);
create table public.without_key (org_id uuid, body text);
insert into public.without_key select tests.id('market'), 'x' || n from generate_series(1, 7) as n;
insert into public.without_key values (tests.id('clinic'), 'x');
insert into public.legacy_deliveries (body, is_whole, messages, state, dead_lettered_at, due_at)
select 'x', false, jsonb_build_array(jsonb_build_object('org_id', tests.id(organization))), 'dead_lettered', now(), null
from unnest(array['market', 'clinic']) as organization;

create function tests.dump() returns table (name text, row_text text) language plpgsql as $$
declare
  v_name text;
begin
  for v_name in
    select format('%I.%I', nspname, relname) from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where relkind in ('r', 'p') and not relispartition and nspname in ('public', 'private')
  loop
    return query execute format('select %L::text, t::text from %s as t', v_name, v_name);
  end loop;
end
$$;
create temporary table before as select * from tests.dump();
select cmp_ok((select count(distinct name) from before where row_text ~ tests.id('market')::text), '>', 25::bigint, 'rows of many tables are there');

select tests.act_as('service role');
select tests.remember('listed', public.list_kept_data(jsonb_build_object('org_id', tests.id('market'))));
select is(
  (select sum((place ->> 'rows')::integer) from jsonb_array_elements(tests.recall('listed') -> 'places') as place),
  (select count(*) from (
    select 1 from jsonb_array_elements(tests.recall('listed') -> 'places') as place,
      public.read_kept_data(jsonb_build_object('org_id', tests.id('market'), 'place', place -> 'place', 'limit', 1000)) as page,
      jsonb_array_elements(page -> 'rows')
  ) as exported), 'all that is listed can be read'
);
select is(
  (select jsonb_agg(page #> '{rows,0}') from jsonb_array_elements(tests.recall('listed') -> 'places') as place,
     public.read_kept_data(jsonb_build_object('org_id', tests.id('market'), 'place', place -> 'place', 'limit', 1)) as page
   where place ->> 'table' = 'private.integration_credentials')::text !~ 'eyJ',
  true, 'credentials leave without their secret'
);
select is(
  public.list_kept_outside(jsonb_build_object('org_id', tests.id('market'))) - 'code' - 'files' - 'assistant_ids',
  jsonb_build_object(
    'calls', jsonb_build_array(jsonb_build_object('id', tests.id('market'), 'vapi_call_id', 'market', 'recording_storage_path', tests.id('market') || '/a.wav')),
    'last', null, 'in_progress', 1, 'knowledge_tool_ids', '["tool-0", "tool-1"]'::jsonb, 'knowledge_file_ids', '["file-1"]'::jsonb
  ), 'what others keep is known'
);

create function tests.erase(p_changes jsonb default '{}') returns jsonb language sql as $$
  select public.erase_organization(jsonb_build_object('org_id', tests.id('market'), 'name', 'Market', 'limit', 3) || p_changes)
$$;
select is(tests.erase('{"name": "market"}') ->> 'code', 'name_differs', 'a wrong name erases nothing');
select is(tests.erase() ->> 'code', 'calls_in_progress', 'nor while somebody is on the phone');
select is(tests.erase(jsonb_build_object('org_id', tests.id('clinic'), 'name', 'Clinic')) ->> 'code', 'has_children', 'nor one that others belong to');
create function tests.erase_all() returns integer language plpgsql as $$
begin
  for round in 1 .. 500 loop
    if (tests.erase('{"force": true}') ->> 'done')::boolean then return round; end if;
  end loop;
  return -1;
end
$$;
select cmp_ok(tests.erase_all(), '>', 5, 'page by page it ends');
select is(tests.erase() ->> 'code', 'not_found', 'and is done once');

select tests.act_as('operator');
create temporary table after as select * from tests.dump();
select is(
  (select string_agg(name || ': ' || row_text, e'\n') from after
   where (row_text ~ tests.id('market')::text or row_text ~ '"market"') and row_text !~ 'organization_erased'),
  null, 'nothing of it is left but that it was erased'
);

select results_eq(
  $$ select name, row_text from before where (row_text ~ tests.id('clinic')::text or row_text ~ '"clinic"') and name !~ 'app_config' order by 1, 2 $$,
  $$ select name, row_text from after where (row_text ~ tests.id('clinic')::text or row_text ~ '"clinic"') and name !~ 'app_config' order by 1, 2 $$,
  'the other organization is untouched'
);
select is(
  (select jsonb_build_array(value -> 'allow', value -> 'overrides') from public.app_config where key = 'unified_service_flags'),
  jsonb_build_array('["x"]'::jsonb, jsonb_build_object(tests.id('clinic'), '{}'::jsonb)), 'flags say nothing of it, and what they said of others'
);
select * from finish();
rollback;
