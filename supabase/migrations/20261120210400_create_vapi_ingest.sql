-- The one question that every message from Vapi asks the database: what happened, and what do you
-- need to answer it?

-- What came, counted by the minute, whether or not we act on it.
create table public.webhook_event_stats (
  minute timestamptz not null,
  org_id uuid not null,
  source text not null,
  event_type text not null,
  event_count integer not null,
  constraint webhook_event_stats_pkey primary key (org_id, minute, source, event_type),
  constraint webhook_event_stats_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint webhook_event_stats_minute_is_whole check (minute = date_trunc('minute', minute, 'UTC')),
  constraint webhook_event_stats_source_is_known check (source in ('vapi', 'whatsapp')),
  constraint webhook_event_stats_event_type_is_1_to_100_characters
    check (char_length(event_type) between 1 and 100)
);
create index webhook_event_stats_minute_idx on public.webhook_event_stats (minute);

-- Events that could not be stored, until they are, or are given up as dead letters.
create table public.failed_webhook_events (
  org_id uuid not null,
  event_id text not null,
  source text not null,
  event_type text not null,
  reason text not null,
  payload jsonb not null,
  attempts integer not null default 1,
  failed_at timestamptz not null default now(),
  last_failed_at timestamptz not null default now(),
  constraint failed_webhook_events_pkey primary key (org_id, event_id),
  constraint failed_webhook_events_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint failed_webhook_events_source_is_known check (source in ('vapi', 'whatsapp')),
  constraint failed_webhook_events_event_id_is_1_to_1024_characters
    check (char_length(event_id) between 1 and 1024),
  constraint failed_webhook_events_attempts_is_positive check (attempts > 0)
);
create index failed_webhook_events_last_failed_at_idx on public.failed_webhook_events (last_failed_at);

alter table public.webhook_event_stats enable row level security;
revoke all on table public.webhook_event_stats from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.webhook_event_stats to service_role;
create policy "only the service role reaches webhook_event_stats" on public.webhook_event_stats
  for all to service_role using (true) with check (true);

alter table public.failed_webhook_events enable row level security;
revoke all on table public.failed_webhook_events from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.failed_webhook_events to service_role;
create policy "only the service role reaches failed_webhook_events" on public.failed_webhook_events
  for all to service_role using (true) with check (true);

-- Whose call it is, where the signature covers the whole account and names no organization.
create index agents_vapi_assistant_id_idx on public.agents (vapi_assistant_id)
  where vapi_assistant_id is not null;
create index agents_vapi_phone_number_id_idx on public.agents (vapi_phone_number_id)
  where vapi_phone_number_id is not null;
create index integrations_vapi_phone_number_id_idx
  on public.integrations ((public_config #>> '{number,phone_number_id}'))
  where provider = 'vapi' and connected;

create function private.count_webhook_event(p_org_id uuid, p_source text, p_event_type text) returns void
language plpgsql set search_path = '' as $$
begin
  insert into public.webhook_event_stats as stats (minute, org_id, source, event_type, event_count)
  values (date_trunc('minute', now(), 'UTC'), p_org_id, p_source, left(p_event_type, 100), 1)
  on conflict (org_id, minute, source, event_type) do update set event_count = stats.event_count + 1;
end
$$;
revoke all on function private.count_webhook_event(uuid, text, text) from public, anon, authenticated;
grant execute on function private.count_webhook_event(uuid, text, text) to service_role;

-- The organization that a call's assistant, number or id belongs to; null when nothing or more than
-- one organization answers. Our own tables only: what the message says of an organization is not asked.
create function private.find_organization_of_call(p_call jsonb) returns uuid
language plpgsql stable set search_path = '' as $$
declare
  v_org_ids uuid[];
begin
  select array_agg(distinct found.org_id) into v_org_ids
  from (
    select agent.org_id from public.agents as agent
    where agent.vapi_assistant_id = p_call ->> 'assistant_id'
    union all
    select agent.org_id from public.agents as agent
    where agent.vapi_phone_number_id = p_call ->> 'phone_number_id'
    union all
    select integration.org_id from public.integrations as integration
    where integration.provider = 'vapi' and integration.connected
      and integration.public_config #>> '{number,phone_number_id}' = p_call ->> 'phone_number_id'
    union all
    select integration.org_id from public.integrations as integration
    where integration.provider = 'twilio' and integration.connected
      and integration.public_config ->> 'from_number' = p_call ->> 'dialled_number'
  ) as found;
  if v_org_ids is null then
    -- A transient assistant on a number that isn't ours: the call itself may be known.
    select array_agg(call.org_id) into v_org_ids
    from public.call_tracking as call
    where call.vapi_call_id = p_call ->> 'id' and call.org_id is not null;
  end if;
  return case when cardinality(v_org_ids) = 1 then v_org_ids[1] end;
end
$$;
revoke all on function private.find_organization_of_call(jsonb) from public, anon, authenticated;
grant execute on function private.find_organization_of_call(jsonb) to service_role;

-- The agent that a call is with: the one whose assistant speaks, else the organization's agent for that
-- direction. Whoever calls the outbound agent's number back is answered by the inbound one.
create function private.find_agent_of_call(p_org_id uuid, p_call jsonb) returns public.agents
language plpgsql stable set search_path = '' as $$
declare
  v_agent public.agents;
begin
  select agent.* into v_agent
  from public.agents as agent
  where agent.org_id = p_org_id
  order by
    agent.vapi_assistant_id is not distinct from p_call ->> 'assistant_id'
      and agent.vapi_assistant_id is not null desc,
    agent.role = case when p_call ->> 'direction' = 'outbound' then 'outbound' else 'inbound' end desc
  limit 1;
  return v_agent;
end
$$;
revoke all on function private.find_agent_of_call(uuid, jsonb) from public, anon, authenticated;
grant execute on function private.find_agent_of_call(uuid, jsonb) to service_role;

-- The caller nobody spoke to gets a message, once, where the organization has switched it on (never
-- somebody we may have called: an event has to have told that the call was inbound): the
-- template that template_names.missed_call names ("name" or {name, language}), else a text, which only
-- arrives where the person wrote lately. Sending keeps to opt-outs and quiet hours.
create function private.follow_up_missed_call(p_call public.call_tracking) returns void
language plpgsql set search_path = '' as $$
declare
  v_settings public.organization_settings;
  v_template jsonb;
begin
  select * into v_settings
  from public.organization_settings as settings
  where settings.org_id = p_call.org_id;
  if not v_settings.missed_call_follow_up or p_call.contact_id is null
    or p_call.direction <> 'inbound' or not p_call.direction_told then
    return;
  end if;
  if not exists (
    select 1 from public.integrations as integration
    where integration.org_id = p_call.org_id and integration.provider = 'whatsapp' and integration.connected
  ) then
    return;
  end if;

  v_template := v_settings.template_names -> 'missed_call';
  if jsonb_typeof(v_template) = 'string' then
    v_template := jsonb_build_object('name', v_template);
  end if;
  if jsonb_typeof(v_template -> 'name') = 'string' then
    perform private.queue_outbound_message(
      p_call.org_id, p_call.contact_id, 'initiated', 'template',
      jsonb_build_object(
        'name', v_template -> 'name', 'language', coalesce(v_template ->> 'language', v_settings.language)
      ),
      format('missed_call:%s', p_call.vapi_call_id), p_call.vapi_call_id
    );
    return;
  end if;
  perform private.queue_outbound_message(
    p_call.org_id, p_call.contact_id, 'initiated', 'text',
    jsonb_build_object('text', case split_part(v_settings.language, '-', 1)
      when 'fr' then 'Désolé, nous avons manqué votre appel. Écrivez-nous ici et nous vous aiderons.'
      when 'sw' then 'Samahani, hatukuweza kupokea simu yako. Tuandikie hapa na tutakusaidia.'
      when 'rw' then 'Mutwihanganire, ntitwashoboye kwitaba telefone yanyu. Mutwandikire hano tubafashe.'
      else 'Sorry that we missed your call. Write to us here and we will help you.'
    end),
    format('missed_call:%s', p_call.vapi_call_id), p_call.vapi_call_id
  );
end
$$;
revoke all on function private.follow_up_missed_call(public.call_tracking) from public, anon, authenticated;
grant execute on function private.follow_up_missed_call(public.call_tracking) to service_role;

-- What a report or a reconciliation says about a call, all of it. p_report: {change, content, missed}.
create function private.apply_call_report(p_call public.call_tracking, p_report jsonb)
returns public.call_tracking
language plpgsql set search_path = '' as $$
declare
  v_call public.call_tracking;
begin
  v_call := private.advance_call(p_call, p_report -> 'change');
  perform private.store_call_content(v_call, p_report -> 'content');
  update public.call_tracking as call set reported_at = now()
  where call.id = v_call.id and call.reported_at is null
  returning * into v_call;
  if not found then
    select * into v_call from public.call_tracking as call where call.id = p_call.id;
  end if;
  if (p_report ->> 'missed')::boolean then
    perform private.follow_up_missed_call(v_call);
  end if;
  return v_call;
end
$$;
revoke all on function private.apply_call_report(public.call_tracking, jsonb) from public, anon, authenticated;
grant execute on function private.apply_call_report(public.call_tracking, jsonb) to service_role;

-- {request_id, org_id|null, secret_version|null (both null: signed for the whole account),
--  event: {id|null, type}, answer: boolean,
--  call: {id, assistant_id, phone_number_id, dialled_number, direction, customer_number, customer_name, name?}|null,
--  change|null, report: {content, missed}|null, tool_call_ids: []}
-- -> {code: 'ingested' | 'duplicate', org_id, call|null, and where `answer`: agent|null, settings, flags,
--     whatsapp_connected, stored_results: [{tool_call_id, tool, result, error}],
--     questions: [{tool_call_id, tool, arguments}], preferences: {rollout_key, values}|null}
--  | 'secret_superseded' | 'organization_unknown' | 'foreign_call' (nothing written but the refusal).
-- An event with an id takes effect once; one without an id is counted, and answered from what is there.
create function public.ingest_vapi_event(request jsonb) returns jsonb
language plpgsql set search_path = ''
-- Plans made while the tables are small would walk through all of an organization's calls later.
set plan_cache_mode = force_custom_plan as $$
declare
  v_call_asked constant jsonb := coalesce(nullif(request -> 'call', 'null'), '{}');
  v_vapi_call_id constant text := v_call_asked ->> 'id';
  v_change constant jsonb := nullif(request -> 'change', 'null');
  v_report constant jsonb := nullif(request -> 'report', 'null');
  v_event_id constant text := request #>> '{event,id}';
  v_event_type constant text := request #>> '{event,type}';
  v_org_id uuid := (request ->> 'org_id')::uuid;
  v_settings public.organization_settings;
  v_agent public.agents;
  v_call public.call_tracking;
  v_duplicate boolean := false;
  v_answer jsonb;
begin
  perform set_config('app.actor', 'vapi', true);
  if v_org_id is null then
    v_org_id := private.find_organization_of_call(v_call_asked);
  end if;
  select * into v_settings
  from public.organization_settings as settings
  where settings.org_id = v_org_id;
  if not found then
    return jsonb_build_object('code', 'organization_unknown');
  end if;
  if (request ->> 'secret_version')::integer <> v_settings.webhook_secret_version then
    return jsonb_build_object('code', 'secret_superseded', 'org_id', v_org_id);
  end if;

  if v_vapi_call_id is not null and v_change is not null then
    v_agent := private.find_agent_of_call(v_org_id, v_call_asked);
    v_call := private.ensure_call(
      v_org_id, v_vapi_call_id, v_agent.id, v_call_asked ->> 'direction',
      v_call_asked ->> 'customer_number', v_call_asked ->> 'customer_name', null,
      coalesce(v_change ->> 'state', 'queued'), coalesce((v_change ->> 'at')::timestamptz, now()), null
    );
    if v_call.id is null then
      perform private.refuse_foreign_call(v_org_id, v_vapi_call_id, v_event_type, request ->> 'request_id');
      return jsonb_build_object('code', 'foreign_call', 'org_id', v_org_id);
    end if;
    -- A call back whose answer was lost: whoever placed it gave it its request's name.
    if v_call_asked ->> 'name' like 'cb-%' then
      perform private.recognise_call_back(v_call, v_call_asked ->> 'name');
    end if;
    if v_event_id is not null and not private.claim_event(v_org_id, v_event_id, v_event_type) then
      v_duplicate := true;
    elsif v_report is not null then
      v_call := private.apply_call_report(v_call, v_report || jsonb_build_object('change', v_change));
    else
      v_call := private.advance_call(v_call, v_change);
    end if;
    delete from public.failed_webhook_events as failed
    where failed.org_id = v_org_id and failed.event_id = v_event_id;
  end if;

  v_answer := jsonb_build_object(
    'code', case when v_duplicate then 'duplicate' else 'ingested' end,
    'org_id', v_org_id
  );
  if (request ->> 'answer')::boolean then
    if v_agent.id is null then
      v_agent := private.find_agent_of_call(v_org_id, v_call_asked);
    end if;
    v_answer := v_answer || jsonb_build_object(
      'call', case when v_call.id is not null then jsonb_build_object(
        'id', v_call.id, 'vapi_call_id', v_call.vapi_call_id, 'direction', v_call.direction,
        'state', v_call.state, 'contact_id', v_call.contact_id, 'phone_number', v_call.phone_number
      ) end,
      'agent', case when v_agent.id is not null then jsonb_build_object(
        'id', v_agent.id, 'role', v_agent.role, 'state', v_agent.state,
        'activation_mode', v_agent.activation_mode, 'vapi_assistant_id', v_agent.vapi_assistant_id
      ) end,
      'settings', to_jsonb(v_settings),
      -- Those of the service are those in force, as in a chat: a slip of an operator's hand changes nothing.
      'flags', (
        select coalesce(jsonb_object_agg(kept.key, kept.value), '{}')
        from private.app_config_in_force as kept
        where kept.key in ('unified_service_flags', 'vapi_tier_flags')
      ),
      'whatsapp_connected', exists (
        select 1 from public.integrations as integration
        where integration.org_id = v_org_id and integration.provider = 'whatsapp' and integration.connected
      ),
      'stored_results', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'tool_call_id', done.tool_call_id, 'tool', done.tool, 'result', done.result, 'error', done.error
        )), '[]')
        from public.tool_calls as done
        where done.org_id = v_org_id and done.channel = 'voice' and done.conversation_id = v_vapi_call_id
          and done.tool_call_id in (
            select asked.value #>> '{}'
            from jsonb_array_elements(coalesce(nullif(request -> 'tool_call_ids', 'null'), '[]')) as asked
          )
      ),
      -- What the caller may have said yes to: the tool calls that were answered with a question.
      'questions', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'tool_call_id', latest.tool_call_id, 'tool', latest.tool, 'arguments', latest.arguments
        )), '[]')
        from (
          select done.tool_call_id, done.tool, done.arguments
          from public.tool_calls as done
          where done.org_id = v_org_id and done.channel = 'voice' and done.conversation_id = v_vapi_call_id
            and jsonb_array_length(coalesce(nullif(request -> 'tool_call_ids', 'null'), '[]')) > 0
            and done.result like '%"confirmed":false}' and done.used_at is null
          order by done.created_at desc
          limit 50
        ) as latest
      ),
      -- What is known of the caller from the chat: the latest session's, and what decides whether it is shared.
      'preferences', case
        when v_call.contact_id is not null
          and jsonb_array_length(coalesce(nullif(request -> 'tool_call_ids', 'null'), '[]')) > 0
        then (
          select jsonb_build_object('rollout_key', contact.rollout_key, 'values', coalesce((
            select session.preferences
            from public.unified_sessions as session
            where session.org_id = v_org_id and session.contact_id = contact.id
            order by session.started_at desc
            limit 1
          ), '{}'))
          from public.contacts as contact
          where contact.org_id = v_org_id and contact.id = v_call.contact_id
        )
      end
    );
  end if;
  -- Last, because events of one kind meet in its row.
  perform private.count_webhook_event(v_org_id, 'vapi', v_event_type);
  return v_answer;
end
$$;
revoke all on function public.ingest_vapi_event(jsonb) from public, anon, authenticated;
grant execute on function public.ingest_vapi_event(jsonb) to service_role;

-- {org_id|null, call, event_id, event_type, reason, payload, max_attempts}
-- -> 'recorded' {attempts, dead_lettered} | 'organization_unknown'.
-- An event whose data the database refuses is kept with its reason; after the last attempt it becomes
-- a dead letter, and its sender is told to stop.
create function public.record_failed_event(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := coalesce(
    (request ->> 'org_id')::uuid, private.find_organization_of_call(request -> 'call')
  );
  v_failed public.failed_webhook_events;
begin
  perform set_config('app.actor', 'vapi', true);
  if not exists (select 1 from public.organizations as organization where organization.id = v_org_id) then
    return jsonb_build_object('code', 'organization_unknown');
  end if;
  insert into public.failed_webhook_events as failed
    (org_id, event_id, source, event_type, reason, payload)
  values (
    v_org_id, request ->> 'event_id', 'vapi', left(request ->> 'event_type', 100),
    left(request ->> 'reason', 2000), coalesce(request -> 'payload', '{}')
  )
  on conflict (org_id, event_id) do update set
    reason = excluded.reason,
    payload = excluded.payload,
    attempts = failed.attempts + 1,
    last_failed_at = now()
  returning * into v_failed;
  if v_failed.attempts >= (request ->> 'max_attempts')::integer then
    perform private.record_dead_letter(
      v_failed.org_id, 'vapi', v_failed.event_id, v_failed.reason, v_failed.payload, v_failed.attempts
    );
    delete from public.failed_webhook_events as failed
    where failed.org_id = v_failed.org_id and failed.event_id = v_failed.event_id;
    return jsonb_build_object('code', 'recorded', 'attempts', v_failed.attempts, 'dead_lettered', true);
  end if;
  return jsonb_build_object('code', 'recorded', 'attempts', v_failed.attempts, 'dead_lettered', false);
end
$$;
revoke all on function public.record_failed_event(jsonb) from public, anon, authenticated;
grant execute on function public.record_failed_event(jsonb) to service_role;

-- {org_id|null, reason: 'not_json' | 'organization_unknown', body_base64} -> 'recorded'. What was signed and yet
-- can't be used is kept as it came, and a person is told.
create function public.record_unreadable_event(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id uuid;
begin
  perform set_config('app.actor', 'vapi', true);
  select organization.id into v_org_id
  from public.organizations as organization
  where organization.id = (request ->> 'org_id')::uuid;
  insert into public.unparsed_deliveries (source, signed_by_org_id, reason, body)
  values ('vapi', v_org_id, request ->> 'reason', decode(request ->> 'body_base64', 'base64'));
  perform public.raise_alert(jsonb_build_object(
    'org_id', v_org_id,
    'rule', 'unparsed_delivery',
    'dedupe_key', 'vapi:' || (request ->> 'reason'),
    'severity', 'warning',
    'message', case request ->> 'reason'
      when 'not_json' then 'Cannot read a signed Vapi message: it is kept whole in unparsed_deliveries'
      else 'Cannot tell whose a signed Vapi message is: it is kept whole in unparsed_deliveries'
    end
  ));
  return jsonb_build_object('code', 'recorded');
end
$$;
revoke all on function public.record_unreadable_event(jsonb) from public, anon, authenticated;
grant execute on function public.record_unreadable_event(jsonb) to service_role;
