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

-- What is of both: of one delivery each has a message, and one sender claimed for both.
create function tests.change(p_number text, p_text text) returns jsonb language sql as $$
  select jsonb_build_object('field', 'messages', 'value', jsonb_build_object(
    'metadata', jsonb_build_object('phone_number_id', p_number), 'messages', jsonb_build_array(jsonb_build_object('text', p_text))
  ))
$$;
create function tests.shared(p_id text, p_state text, p_body bytea) returns void language sql as $$
  insert into public.legacy_deliveries (id, body, signature, is_whole, messages, statuses, state, dead_lettered_at, forwarded_at, due_at)
  select tests.uuid(p_id), p_body, 's', true, (
    select jsonb_agg(jsonb_build_object('org_id', tests.id(organization), 'phone_number_id', number, 'wamid', organization || '.1'))
    from (values ('market', '2001'), ('clinic', '1001')) as told (organization, number)
  ), jsonb_build_array(jsonb_build_object('org_id', tests.id('market'), 'phone_number_id', '2001', 'wamid', 'market.2')),
  p_state, case p_state when 'dead_lettered' then now() end, case p_state when 'forwarded' then now() end,
  case p_state when 'queued' then now() end
$$;
select tests.shared('dead', 'dead_lettered', convert_to(jsonb_build_object('object', 'x', 'entry', jsonb_build_array(
  jsonb_build_object('id', 'account', 'changes', jsonb_build_array(tests.change('2001', 'of market'), tests.change('1001', 'of clinic'))),
  jsonb_build_object('id', 'account of market', 'changes', jsonb_build_array(tests.change('2001', 'of market')))
))::text, 'utf8'));
select tests.shared('unread', 'dead_lettered', 'of market, not JSON');
select tests.shared('forwarded', 'forwarded', null);
insert into private.send_claims (id, answer) values (tests.uuid('claim'), jsonb_build_object('lost', '[]'::jsonb, 'sends', jsonb_build_array(
  jsonb_build_object('org_id', tests.id('market'), 'contact_id', tests.person('far'), 'fencing_token', 1),
  jsonb_build_object('org_id', tests.id('clinic'), 'contact_id', tests.person('ann'), 'fencing_token', 2)
)));
-- What nobody could read: of the market, of both, of a number that begins with the market's, of nobody.
insert into public.unparsed_deliveries (id, source, reason, body)
select tests.uuid(name), 'whatsapp', 'x', body::bytea from (values
  ('of market', '{"phone_number_id": "2001", '), ('of both', '{"phone_number_id": "2001"} {"phone_number_id": "1001"}'),
  ('of another', '{"phone_number_id": "20012", '), ('of nobody', '{')
) as kept (name, body);

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
create function tests.both() returns text language sql as $$
  select string_agg(tests.uuid(name)::text, '|') from unnest(array['dead', 'unread', 'forwarded', 'claim']) as name
$$;
create temporary table before as select * from tests.dump();
select cmp_ok((select count(distinct name) from before where row_text ~ tests.id('market')::text), '>', 25::bigint, 'rows of many tables are there');

select tests.act_as('service role');
select tests.remember('listed', public.list_kept_data(jsonb_build_object('org_id', tests.id('market'))));
select is(
  (select sum((place ->> 'rows')::integer) from jsonb_array_elements(tests.recall('listed') -> 'places') as place where not (place ->> 'told')::boolean),
  (select count(*) from (
    select 1 from jsonb_array_elements(tests.recall('listed') -> 'places') as place,
      public.read_kept_data(jsonb_build_object('org_id', tests.id('market'), 'place', place -> 'place', 'limit', 1000)) as page,
      jsonb_array_elements(page -> 'rows')
  ) as exported), 'all that is listed can be read, but what is others'' too'
);
select is(
  (select jsonb_object_agg(place ->> 'table', place -> 'rows') from jsonb_array_elements(tests.recall('listed') -> 'places') as place
   where (place ->> 'told')::boolean),
  '{"public.legacy_deliveries": 3, "private.send_claims": 1}', 'of which only how much is told'
);
select is_empty(
  $$ select page -> 'rows' from jsonb_array_elements(tests.recall('listed') -> 'places') as place,
       public.read_kept_data(jsonb_build_object('org_id', tests.id('market'), 'place', place -> 'place', 'limit', 1000)) as page
     where place ->> 'table' <> 'public.organizations' and page::text ~ (tests.id('clinic') || '|' || tests.person('ann') || '|clinic\.1') $$,
  'and nothing of theirs is read'
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
    'last', null, 'in_progress', 1, 'call_requests', '[]'::jsonb, 'knowledge_tool_ids', '["tool-0", "tool-1"]'::jsonb, 'knowledge_file_ids', '["file-1"]'::jsonb
  ), 'what others keep is known'
);

create function tests.erase(p_changes jsonb default '{}') returns jsonb language sql as $$
  select public.erase_organization(jsonb_build_object('org_id', tests.id('market'), 'name', 'Market', 'limit', 3, 'dry_run', false) || p_changes)
$$;
select is(public.erase_organization(jsonb_build_object('org_id', tests.id('market'), 'name', 'Market', 'force', true)) ->> 'code', 'erasable', 'who doesn''t say that it is no dry run erases nothing');
select is(tests.erase('{"name": "market"}') ->> 'code', 'name_differs', 'a wrong name erases nothing');
select is(tests.erase() ->> 'code', 'calls_in_progress', 'nor while somebody is on the phone');
select is(tests.erase(jsonb_build_object('org_id', tests.id('clinic'), 'name', 'Clinic')) ->> 'code', 'has_children', 'nor one that others belong to');
create function tests.erase_all() returns integer language plpgsql as $$
declare
  v_page jsonb;
  v_rows jsonb := '{}';
begin
  for round in 1 .. 500 loop
    v_page := tests.erase('{"force": true, "request_id": "r1", "actor": "ada"}'::jsonb || jsonb_build_object('rows', v_rows));
    v_rows := private.add_counts(v_rows, v_page -> 'counts');
    if (v_page ->> 'done')::boolean then
      perform tests.remember('rows', v_rows);
      return round;
    end if;
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
select is(
  (select jsonb_build_object('actor', actor, 'request_id', request_id, 'details', details) from public.audit_log where action = 'organization_erased'),
  jsonb_build_object('actor', 'ada', 'request_id', 'r1', 'details', jsonb_build_object('rows', tests.recall('rows'))), 'by whom, and how much'
);
select is_empty(
  $$ select name, row_text from after where row_text like '%market.1%' or row_text like '%market.2%' or row_text like '%' || encode('of market', 'hex') || '%' $$,
  'nor of what was both''s'
);
select is(
  (select jsonb_agg(jsonb_build_array(messages #>> '{0,wamid}', jsonb_array_length(messages), statuses, is_whole, signature) order by id) from public.legacy_deliveries
   where id in (tests.uuid('dead'), tests.uuid('unread'), tests.uuid('forwarded'))),
  (select jsonb_agg(jsonb_build_array('clinic.1', 1, '[]'::jsonb, name = 'forwarded', case name when 'forwarded' then 's' end) order by tests.uuid(name))
   from unnest(array['dead', 'unread', 'forwarded']) as name), 'of which the other''s part stays'
);
select is(
  (select convert_from(body, 'utf8')::jsonb from public.legacy_deliveries where id = tests.uuid('dead')),
  jsonb_build_object('object', 'x', 'entry', jsonb_build_array(jsonb_build_object('id', 'account', 'changes', jsonb_build_array(tests.change('1001', 'of clinic'))))),
  'in the body too'
);
select is((select length(body) from public.legacy_deliveries where id = tests.uuid('unread')), 0, 'and nothing of a body that can''t be told apart');
select is(
  (select answer #> '{sends,0,org_id}' from private.send_claims where id = tests.uuid('claim') and jsonb_array_length(answer -> 'sends') = 1),
  to_jsonb(tests.id('clinic')), 'a claim of both is the other''s'
);
select is(
  (select array_agg(name order by name) from unnest(array['of market', 'of both', 'of another', 'of nobody']) as name
   where exists (select 1 from public.unparsed_deliveries where id = tests.uuid(name))),
  array['of another', 'of both', 'of nobody'], 'what nobody could read is gone where it names nobody else'
);

select results_eq(
  $$ select name, row_text from before where (row_text ~ tests.id('clinic')::text or row_text ~ '"clinic"') and name !~ 'app_config' and row_text !~ tests.both() order by 1, 2 $$,
  $$ select name, row_text from after where (row_text ~ tests.id('clinic')::text or row_text ~ '"clinic"') and name !~ 'app_config' and row_text !~ tests.both() order by 1, 2 $$,
  'the other organization is untouched'
);
select is(
  (select jsonb_build_array(value -> 'allow', value -> 'overrides') from public.app_config where key = 'unified_service_flags'),
  jsonb_build_array('["x"]'::jsonb, jsonb_build_object(tests.id('clinic'), '{}'::jsonb)), 'flags say nothing of it, and what they said of others'
);
select * from finish();
rollback;
