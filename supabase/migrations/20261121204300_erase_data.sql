-- Taking out and erasing what is kept of an organization or of a person, a page at a time. Scripts call
-- these (scripts/export_organization.ts and its three neighbours); they can be cut off after any page. The
-- data API takes a function's statement_timeout for the whole call: a page of a large organization is read first.

-- Only what may leave: no secret, and nothing that is made of the other columns.
create function private.exported_row(p_table text, p_row jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return case p_table
    when 'private.integration_credentials' then p_row - array['ciphertext', 'key_id']
    else p_row
  end - array['words', 'fts', 'embedding', 'resource_key'];
end
$$;
revoke all on function private.exported_row(text, jsonb) from public, anon, authenticated;
grant execute on function private.exported_row(text, jsonb) to service_role;

-- A page of the rows of one table by a condition, in the order of its key: {rows, last}: `last` is the
-- key to go on after, null at the end. p_person as private.describe_person answers it.
create function private.read_rows(
  p_table text, p_condition text, p_key text[], p_org_id uuid, p_person jsonb, p_after jsonb, p_limit integer
) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_columns constant text := (select string_agg(format('t.%I', part), ', ' order by place) from unnest(p_key) with ordinality as key (part, place));
  v_after text := 'true';
  v_page jsonb;
begin
  if p_after is not null then
    select format('(%s) > (%s)', v_columns, string_agg(
      format('%L::%s', p_after ->> (key.place - 1)::integer, format_type(attribute.atttypid, attribute.atttypmod)), ', ' order by key.place
    )) into v_after
    from unnest(p_key) with ordinality as key (part, place)
    join pg_catalog.pg_attribute as attribute on attribute.attrelid = p_table::regclass and attribute.attname = key.part;
  end if;
  execute format(
    'select jsonb_build_object(
       ''rows'', coalesce(jsonb_agg(private.exported_row(%1$L, page.exported) order by page.place), ''[]''),
       ''last'', case when count(*) = $8 then (array_agg(page.key order by page.place desc))[1] end
     ) from (
       select to_jsonb(t) as exported, jsonb_build_array(%2$s) as key, row_number() over (order by %2$s) as place
       from %1$s as t where (%3$s) and %4$s order by %2$s limit $8
     ) as page',
    p_table, v_columns, p_condition, v_after
  ) into v_page using p_org_id, private.person_ids(p_person), private.person_names(p_person), private.person_pattern(p_person),
    private.person_calls(p_person), private.person_texts(p_person, 'vapi_call_ids'), private.person_words(p_person), p_limit;
  return v_page;
end
$$;
revoke all on function private.read_rows(text, text, text[], uuid, jsonb, jsonb, integer) from public, anon, authenticated;
grant execute on function private.read_rows(text, text, text[], uuid, jsonb, jsonb, integer) to service_role;

create function private.person_texts(p_person jsonb, p_what text) returns text[]
language plpgsql immutable set search_path = '' as $$
begin
  return array(select jsonb_array_elements_text(coalesce(p_person -> p_what, '[]')));
end
$$;
create function private.person_ids(p_person jsonb) returns uuid[]
language plpgsql immutable set search_path = '' as $$
begin
  return private.person_texts(p_person, 'contact_ids')::uuid[];
end
$$;
create function private.person_calls(p_person jsonb) returns uuid[]
language plpgsql immutable set search_path = '' as $$
begin
  return private.person_texts(p_person, 'tracking_ids')::uuid[];
end
$$;
create function private.person_names(p_person jsonb) returns text[]
language plpgsql immutable set search_path = '' as $$
begin
  return private.person_texts(p_person, 'phones') || private.person_texts(p_person, 'bsuids');
end
$$;
create function private.person_words(p_person jsonb) returns text[]
language plpgsql immutable set search_path = '' as $$
begin
  return private.person_names(p_person) || private.person_texts(p_person, 'words');
end
$$;
create function private.person_pattern(p_person jsonb) returns text
language plpgsql immutable set search_path = '' as $$
begin
  return private.whole_words(
    private.person_names(p_person) || private.person_texts(p_person, 'contact_ids')
      || private.person_texts(p_person, 'tracking_ids') || private.person_texts(p_person, 'vapi_call_ids')
  );
end
$$;
do $$
declare
  v_function text;
begin
  foreach v_function in array array[
    'person_texts(jsonb, text)', 'person_ids(jsonb)', 'person_calls(jsonb)', 'person_names(jsonb)', 'person_words(jsonb)',
    'person_pattern(jsonb)'
  ] loop
    execute format('revoke all on function private.%s from public, anon, authenticated', v_function);
    execute format('grant execute on function private.%s to service_role', v_function);
  end loop;
end
$$;

-- Deletes or changes at most p_limit rows of a place; answers how many.
-- Security definer: history may be added to by the service role and not taken away, but for erasing.
create function private.erase_rows(
  p_table text, p_condition text, p_change text, p_key text[], p_org_id uuid, p_person jsonb, p_limit integer
) returns integer
language plpgsql security definer set search_path = '' set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
declare
  v_columns constant text := (select string_agg(format('t.%I', part), ', ' order by place) from unnest(p_key) with ordinality as key (part, place));
  v_count integer;
begin
  execute format(
    case when p_change is null then 'delete from %1$s as t' else 'update %1$s as t set ' || replace(p_change, '%', '%%') end
      || ' where (%2$s) in (select %2$s from %1$s as t where %3$s limit $8)',
    p_table, v_columns, p_condition
  ) using p_org_id, private.person_ids(p_person), private.person_names(p_person), private.person_pattern(p_person),
    private.person_calls(p_person), private.person_texts(p_person, 'vapi_call_ids'), private.person_words(p_person), p_limit;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
revoke all on function private.erase_rows(text, text, text, text[], uuid, jsonb, integer) from public, anon, authenticated, service_role;

-- What tells a table's rows apart: the primary key, or where the row is, for a table without one.
create function private.key_of(p_table text) returns text[]
language plpgsql stable set search_path = '' as $$
begin
  return coalesce((
    select array_agg(attribute.attname::text order by place.position)
    from pg_catalog.pg_constraint as primary_key
    cross join unnest(primary_key.conkey) with ordinality as place (attnum, position)
    join pg_catalog.pg_attribute as attribute on attribute.attrelid = primary_key.conrelid and attribute.attnum = place.attnum
    where primary_key.conrelid = p_table::regclass and primary_key.contype = 'p'
  ), '{ctid}');
end
$$;
revoke all on function private.key_of(text) from public, anon, authenticated;
grant execute on function private.key_of(text) to service_role;

-- The places of a person, or of an organization for null, in the order in which they are erased.
create function private.places_of(p_person jsonb)
returns table (place bigint, table_name text, condition text, change text, told boolean)
language plpgsql stable set search_path = '' as $$
begin
  if p_person is not null then
    return query select * from private.person_places();
    return;
  end if;
  return query
  select row_number() over (), listed.* from (
    select 'public.unroutable_deliveries',
      't.phone_number_id in (select number.id from private.whatsapp_numbers($1) as number (id)) and t.signed_by_org_id is distinct from $1',
      null::text, false
    union all
    -- Of no organization: what is this one's alone is deleted, and where others are in it too only its own is
    -- taken out. What waits is still the others' as well.
    select 'public.legacy_deliveries',
      't.org_id is null and t.state not in (''queued'', ''claimed'') and private.names_organization(t.messages || t.statuses, $1)
        and not private.names_other_organization(t.messages || t.statuses, $1)',
      null, false
    union all
    select 'public.legacy_deliveries',
      't.org_id is null and t.state not in (''queued'', ''claimed'') and private.names_organization(t.messages || t.statuses, $1)
        and private.names_other_organization(t.messages || t.statuses, $1)',
      'messages = private.others_than(t.messages, $1), statuses = private.others_than(t.statuses, $1),
       body = private.body_of_others(t.body, t.messages || t.statuses, $1),
       is_whole = t.is_whole and t.body is null, signature = case when t.body is null then t.signature end', true
    union all
    -- Others' claims are in the same answer.
    select 'private.send_claims', 'private.names_organization(t.answer -> ''sends'', $1)',
      'answer = t.answer || jsonb_build_object(''sends'', private.others_than(t.answer -> ''sends'', $1))', true
    union all
    -- What nobody could read, and that has a number or an assistant of this one and of nobody else in it.
    select 'public.unparsed_deliveries',
      't.signed_by_org_id is null and exists (
         select 1 from (
           select number.id from private.whatsapp_numbers($1) as number (id)
           union all
           select agent.vapi_assistant_id from public.agents as agent where agent.org_id = $1
         ) as own (id)
         where position(''"'' || own.id || ''"'' in encode(t.body, ''escape'')) > 0
       ) and not exists (
         select 1 from (
           select other.public_config ->> ''phone_number_id'' from public.integrations as other
           where other.org_id <> $1 and other.provider = ''whatsapp''
           union all
           select agent.vapi_assistant_id from public.agents as agent where agent.org_id <> $1
         ) as others (id)
         where position(''"'' || others.id || ''"'' in encode(t.body, ''escape'')) > 0
       )',
      null, false
    union all
    (
      select owned.table_name, format('t.%I = $1', owned.column_name), null, false
      from private.organization_tables() as owned
      -- The keys to the providers last: until nothing else is left, what they have can be looked for again.
      order by owned.table_name in ('private.integration_credentials', 'public.integrations'), owned.depth desc,
        owned.table_name, owned.column_name
    )
    union all
    select 'public.organizations', 't.id = $1', null, false
  ) as listed;
end
$$;
revoke all on function private.places_of(jsonb) from public, anon, authenticated;
grant execute on function private.places_of(jsonb) to service_role;

-- A setting without what it says of one organization: lists lose its id, objects what is under it.
create function private.without_organization(p_value jsonb, p_org_id uuid) returns jsonb
language plpgsql immutable set search_path = '' as $$
begin
  case jsonb_typeof(p_value)
    when 'array' then
      return (
        select coalesce(jsonb_agg(private.without_organization(item.value, p_org_id) order by item.place), '[]')
        from jsonb_array_elements(p_value) with ordinality as item (value, place)
        where item.value <> to_jsonb(p_org_id::text)
      );
    when 'object' then
      return (
        select coalesce(jsonb_object_agg(item.key, private.without_organization(item.value, p_org_id)), '{}')
        from jsonb_each(p_value) as item
        where item.key <> p_org_id::text
      );
    else
      return p_value;
  end case;
end
$$;
revoke all on function private.without_organization(jsonb, uuid) from public, anon, authenticated;
grant execute on function private.without_organization(jsonb, uuid) to service_role;

-- The pages of an organization's rows, then the organization itself: {counts, done}.
-- Security definer: as above. It takes no condition from its caller.
create function private.erase_organization_page(p_org_id uuid, p_limit integer) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_left integer := p_limit;
  v_count integer;
  v_counts jsonb := '{}';
  v_place record;
begin
  for v_place in
    select * from private.places_of(null) as listed where listed.table_name <> 'public.organizations' order by listed.place
  loop
    v_count := private.erase_rows(
      v_place.table_name, v_place.condition, v_place.change, private.key_of(v_place.table_name), p_org_id, null, v_left
    );
    if v_count > 0 then
      v_counts := v_counts || jsonb_build_object(
        v_place.table_name, coalesce((v_counts ->> v_place.table_name)::integer, 0) + v_count
      );
      v_left := v_left - v_count;
    end if;
    if v_left <= 0 then
      return jsonb_build_object('counts', v_counts, 'done', false);
    end if;
  end loop;
  perform set_config('app.reason', 'An organization was erased', true);
  update public.app_config as config set value = private.without_organization(config.value, p_org_id)
  where config.value::text like '%' || p_org_id || '%';
  update public.app_config_history as history
  set value_before = private.without_organization(history.value_before, p_org_id),
    value_after = private.without_organization(history.value_after, p_org_id)
  where history.value_before::text like '%' || p_org_id || '%' or history.value_after::text like '%' || p_org_id || '%';
  delete from public.organizations as organization where organization.id = p_org_id;
  return jsonb_build_object('counts', v_counts, 'done', true);
end
$$;
revoke all on function private.erase_organization_page(uuid, integer) from public, anon, authenticated;
grant execute on function private.erase_organization_page(uuid, integer) to service_role;

-- The same for a person.
-- Security definer: as above. It takes no condition from its caller.
create function private.erase_person_page(p_org_id uuid, p_person jsonb, p_limit integer) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_left integer := p_limit;
  v_count integer;
  v_counts jsonb := '{}';
  v_place record;
begin
  for v_place in select * from private.places_of(p_person) as listed order by listed.place loop
    v_count := private.erase_rows(
      v_place.table_name, v_place.condition, v_place.change, private.key_of(v_place.table_name), p_org_id, p_person, v_left
    );
    if v_count > 0 then
      v_counts := v_counts || jsonb_build_object(
        v_place.table_name, coalesce((v_counts ->> v_place.table_name)::integer, 0) + v_count
      );
      v_left := v_left - v_count;
    end if;
    if v_left <= 0 then
      return jsonb_build_object('counts', v_counts, 'done', false);
    end if;
  end loop;
  return jsonb_build_object('counts', v_counts, 'done', true);
end
$$;
revoke all on function private.erase_person_page(uuid, jsonb, integer) from public, anon, authenticated;
grant execute on function private.erase_person_page(uuid, jsonb, integer) to service_role;

-- {org_id, contact_id|phone|bsuid?} -> 'listed' {name, places: [{place, table, told, rows}]}, only those with
-- rows | 'not_found'. Of the person where one is named, of the organization else.
create function public.list_kept_data(request jsonb) returns jsonb
language plpgsql stable set search_path = '' set statement_timeout = '110s' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_name text;
  v_person jsonb;
  v_place record;
  v_places jsonb := '[]';
  v_rows bigint;
begin
  select organization.name into v_name from public.organizations as organization where organization.id = v_org_id;
  if request ?| array['contact_id', 'phone', 'bsuid'] then
    v_person := private.describe_person(v_org_id, request);
  end if;
  if v_name is null or request ?| array['contact_id', 'phone', 'bsuid'] and v_person is null then
    return jsonb_build_object('code', 'not_found');
  end if;
  for v_place in select * from private.places_of(v_person) as listed order by listed.place loop
    execute format('select count(*) from %s as t where %s', v_place.table_name, v_place.condition) into v_rows
    using v_org_id, private.person_ids(v_person), private.person_names(v_person), private.person_pattern(v_person),
      private.person_calls(v_person), private.person_texts(v_person, 'vapi_call_ids'), private.person_words(v_person);
    if v_rows > 0 then
      v_places := v_places || jsonb_build_object(
        'place', v_place.place, 'table', v_place.table_name, 'told', v_place.told, 'rows', v_rows
      );
    end if;
  end loop;
  return jsonb_build_object('code', 'listed', 'name', v_name, 'places', v_places);
end
$$;
revoke all on function public.list_kept_data(jsonb) from public, anon, authenticated;
grant execute on function public.list_kept_data(jsonb) to service_role;

-- {org_id, contact_id|phone|bsuid?, place, after, limit} -> 'read' {rows, last}: a page of what
-- list_kept_data named, without secrets; `last` is the next page's `after`, null at the end.
create function public.read_kept_data(request jsonb) returns jsonb
language plpgsql stable set search_path = '' set statement_timeout = '110s' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_person jsonb;
  v_place record;
begin
  if request ?| array['contact_id', 'phone', 'bsuid'] then
    v_person := private.describe_person(v_org_id, request);
    if v_person is null then
      return jsonb_build_object('code', 'read', 'rows', '[]'::jsonb, 'last', null);
    end if;
  end if;
  select * into v_place from private.places_of(v_person) as listed
  where listed.place = (request ->> 'place')::bigint and not listed.told;
  if not found then
    return jsonb_build_object('code', 'read', 'rows', '[]'::jsonb, 'last', null);
  end if;
  return jsonb_build_object('code', 'read') || private.read_rows(
    v_place.table_name, v_place.condition, private.key_of(v_place.table_name), v_org_id, v_person,
    nullif(request -> 'after', 'null'), least(greatest(coalesce((request ->> 'limit')::integer, 500), 1), 1000)
  );
end
$$;
revoke all on function public.read_kept_data(jsonb) from public, anon, authenticated;
grant execute on function public.read_kept_data(jsonb) to service_role;

-- {org_id, contact_id|phone|bsuid?, after, limit} -> 'listed' {in_progress, calls: [{id, vapi_call_id,
-- recording_storage_path}], last, call_requests: [{id, state, intended_at, intent}], files, assistant_ids,
-- knowledge_tool_ids, knowledge_file_ids}: what is kept outside the database. A page of calls; calls back of which
-- nobody knows whether they were made come with the first page, files and what follows with an organization's.
create function public.list_kept_outside(request jsonb) returns jsonb
language plpgsql stable set search_path = '' set statement_timeout = '110s' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_is_person constant boolean := request ?| array['contact_id', 'phone', 'bsuid'];
  v_limit constant integer := least(greatest(coalesce((request ->> 'limit')::integer, 500), 1), 1000);
  v_person constant jsonb := case when v_is_person then private.describe_person(v_org_id, request) end;
  v_calls jsonb;
begin
  select coalesce(jsonb_agg(to_jsonb(page) order by page.id), '[]') into v_calls
  from (
    select call.id, call.vapi_call_id, coalesce(content.recording_storage_path, upload.storage_path) as recording_storage_path
    from public.call_tracking as call
    left join public.recording_upload_queue as upload on upload.vapi_call_id = call.vapi_call_id
    left join public.calls as content on content.org_id = call.org_id and content.call_tracking_id = call.id
    where call.org_id = v_org_id and (not v_is_person or call.id = any (private.person_calls(v_person)))
      and (request ->> 'after' is null or call.id > (request ->> 'after')::uuid)
    order by call.id
    limit v_limit
  ) as page;
  return jsonb_build_object(
    'code', 'listed',
    'calls', v_calls,
    'last', case when jsonb_array_length(v_calls) = v_limit then v_calls -> -1 -> 'id' end,
    'in_progress', private.calls_in_progress(v_org_id, v_person),
    'call_requests', case when request ->> 'after' is null then coalesce((
      select jsonb_agg(jsonb_build_object(
        'id', asked.id, 'state', asked.state, 'intended_at', asked.intended_at, 'intent', asked.intent
      ) order by asked.id)
      from public.call_requests as asked
      where asked.org_id = v_org_id and asked.state in ('intended', 'unknown') and asked.vapi_call_id is null
        and asked.intended_at is not null
        and (not v_is_person or asked.contact_id = any (private.person_ids(v_person)))
    ), '[]') else '[]' end
  ) || case when v_is_person or request ->> 'after' is not null then '{}'::jsonb else jsonb_build_object(
    'files', coalesce((
      select jsonb_agg(distinct version.storage_path) from public.knowledge_base_versions as version
      where version.org_id = v_org_id and version.storage_path is not null
    ), '[]'),
    'assistant_ids', coalesce((
      select jsonb_agg(agent.vapi_assistant_id) from public.agents as agent
      where agent.org_id = v_org_id and agent.vapi_assistant_id is not null
    ), '[]'),
    'knowledge_tool_ids', coalesce((
      select jsonb_agg(tool.id) from public.knowledge_syncs as sync
      cross join unnest(array_remove(sync.retired_tool_ids || sync.tool_id, null)) as tool (id)
      where sync.org_id = v_org_id
    ), '[]'),
    'knowledge_file_ids', coalesce((
      select jsonb_agg(file.vapi_file_id) from public.knowledge_files as file
      where file.org_id = v_org_id and file.vapi_file_id is not null
    ), '[]')
  ) end;
end
$$;
revoke all on function public.list_kept_outside(jsonb) from public, anon, authenticated;
grant execute on function public.list_kept_outside(jsonb) to service_role;

-- Calls of the last twelve hours whose report is still to come: it would bring back what was said. Vapi
-- ends each before that, and a report that doesn't come is fetched within minutes. With calls back of which
-- nobody knows yet whether they were made: the worker looks for them within minutes.
create function private.calls_in_progress(p_org_id uuid, p_person jsonb) returns integer
language plpgsql stable set search_path = '' as $$
begin
  return (
    select count(*) from public.call_tracking as call
    where call.org_id = p_org_id and call.reported_at is null
      and call.created_at > now() - interval '12 hours'
      and (p_person is null or call.id = any (private.person_calls(p_person)))
  ) + (
    select count(*) from public.call_requests as asked
    where asked.org_id = p_org_id and asked.state = 'intended'
      and (p_person is null or asked.contact_id = any (private.person_ids(p_person)))
  );
end
$$;
revoke all on function private.calls_in_progress(uuid, jsonb) from public, anon, authenticated;
grant execute on function private.calls_in_progress(uuid, jsonb) to service_role;

-- What was done with whose data, without whose: {request_id, rows: {table: number}} of p_request. Once for each
-- request: a page whose answer was lost is asked for again.
create function private.record_data_request(p_org_id uuid, p_action text, p_subject text, p_request jsonb) returns void
language plpgsql set search_path = '' as $$
begin
  if not exists (
    select 1 from public.audit_log as kept
    where kept.org_id = p_org_id and kept.created_at > now() - interval '1 day' and kept.action = p_action
      and kept.request_id = p_request ->> 'request_id'
  ) then
    perform private.record_audit(
      p_org_id, p_action, p_subject, p_request ->> 'request_id', jsonb_build_object('rows', coalesce(p_request -> 'rows', '{}'))
    );
  end if;
end
$$;
revoke all on function private.record_data_request(uuid, text, text, jsonb) from public, anon, authenticated;
grant execute on function private.record_data_request(uuid, text, text, jsonb) to service_role;

-- {"a": 1}, {"a": 2, "b": 3} -> {"a": 3, "b": 3}
create function private.add_counts(p_counts jsonb, p_more jsonb) returns jsonb
language plpgsql immutable set search_path = '' as $$
begin
  return (
    select coalesce(jsonb_object_agg(summed.key, summed.count), '{}')
    from (
      select counted.key, sum(counted.value::bigint) as count
      from (
        select * from jsonb_each_text(p_counts) union all select * from jsonb_each_text(p_more)
      ) as counted
      group by counted.key
    ) as summed
  );
end
$$;
revoke all on function private.add_counts(jsonb, jsonb) from public, anon, authenticated;
grant execute on function private.add_counts(jsonb, jsonb) to service_role;

-- {org_id, is_person, request_id, actor, rows} -> 'recorded' | 'not_found': somebody takes data out.
create function public.record_export(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
begin
  perform set_config('app.actor', coalesce(request ->> 'actor', 'system'), true);
  if not exists (select 1 from public.organizations as organization where organization.id = v_org_id) then
    return jsonb_build_object('code', 'not_found');
  end if;
  perform private.record_data_request(
    v_org_id, case when (request ->> 'is_person')::boolean then 'person_exported' else 'organization_exported' end, null, request
  );
  return jsonb_build_object('code', 'recorded');
end
$$;
revoke all on function public.record_export(jsonb) from public, anon, authenticated;
grant execute on function public.record_export(jsonb) to service_role;

-- {org_id, name, force, limit, dry_run, request_id, actor, rows} -> 'erased' {counts, done}, to be called until
-- `done` | 'erasable' (in a dry run) | 'not_found' | 'name_differs' | 'has_children' | 'calls_in_progress'. What providers have must be gone before. `dry_run`
-- unless it says false. `rows` is what the pages before erased; the last page writes into audit_log who erased
-- how much of which table, and nothing of whom.
create function public.erase_organization(request jsonb) returns jsonb
language plpgsql set search_path = '' set statement_timeout = '110s' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_name text;
  v_page jsonb;
begin
  perform set_config('app.actor', coalesce(request ->> 'actor', 'system'), true);
  -- Nobody is called back in between: whoever wants to call waits here (intend_call).
  perform pg_advisory_xact_lock(hashtextextended('call_requests/' || v_org_id::text, 0));
  select organization.name into v_name from public.organizations as organization where organization.id = v_org_id for update;
  if not found then
    return jsonb_build_object('code', 'not_found');
  elsif v_name is distinct from request ->> 'name' then
    return jsonb_build_object('code', 'name_differs');
  elsif exists (select 1 from public.organizations as child where child.parent_id = v_org_id) then
    return jsonb_build_object('code', 'has_children');
  elsif not coalesce((request ->> 'force')::boolean, false) and private.calls_in_progress(v_org_id, null) > 0 then
    return jsonb_build_object('code', 'calls_in_progress');
  elsif coalesce((request ->> 'dry_run')::boolean, true) then
    return jsonb_build_object('code', 'erasable');
  end if;
  v_page := private.erase_organization_page(v_org_id, least(greatest(coalesce((request ->> 'limit')::integer, 1000), 1), 10000));
  if (v_page ->> 'done')::boolean then
    -- All that is left of it.
    perform private.record_data_request(
      null, 'organization_erased', v_org_id::text,
      request || jsonb_build_object('rows', private.add_counts(request -> 'rows', v_page -> 'counts'))
    );
  end if;
  return v_page || '{"code": "erased"}';
end
$$;
revoke all on function public.erase_organization(jsonb) from public, anon, authenticated;
grant execute on function public.erase_organization(jsonb) to service_role;

-- {org_id, name, contact_id|phone|bsuid, force, limit, dry_run, request_id, actor, rows} -> the same, of a person of that organization.
create function public.erase_person(request jsonb) returns jsonb
language plpgsql set search_path = '' set statement_timeout = '110s' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_name text;
  v_person jsonb;
  v_page jsonb;
begin
  perform set_config('app.actor', coalesce(request ->> 'actor', 'system'), true);
  perform pg_advisory_xact_lock(hashtextextended('call_requests/' || v_org_id::text, 0));
  select organization.name into v_name from public.organizations as organization where organization.id = v_org_id;
  v_person := private.describe_person(v_org_id, request);
  if v_name is null or v_person is null then
    return jsonb_build_object('code', 'not_found');
  elsif v_name is distinct from request ->> 'name' then
    return jsonb_build_object('code', 'name_differs');
  elsif not coalesce((request ->> 'force')::boolean, false) and private.calls_in_progress(v_org_id, v_person) > 0 then
    return jsonb_build_object('code', 'calls_in_progress');
  elsif coalesce((request ->> 'dry_run')::boolean, true) then
    return jsonb_build_object('code', 'erasable');
  end if;
  v_page := private.erase_person_page(v_org_id, v_person, least(greatest(coalesce((request ->> 'limit')::integer, 1000), 1), 10000));
  if (v_page ->> 'done')::boolean then
    perform private.record_data_request(
      v_org_id, 'person_erased', null,
      request || jsonb_build_object('rows', private.add_counts(request -> 'rows', v_page -> 'counts'))
    );
  end if;
  return v_page || '{"code": "erased"}';
end
$$;
revoke all on function public.erase_person(jsonb) from public, anon, authenticated;
grant execute on function public.erase_person(jsonb) to service_role;
