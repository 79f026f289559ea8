-- What keeps an agent from doing harm: one that fails again and again is switched off for that
-- organization alone, tokens are counted by the day, and what failed is kept until somebody looked.

create table public.agent_switches (
  org_id uuid not null,
  agent text not null,
  consecutive_failures integer not null default 0,
  -- The messages of these failures: the same one again, retried or replayed, counts once.
  failed_message_ids uuid[] not null default '{}',
  last_error text,
  last_failed_at timestamptz,
  state text not null default 'on',
  switched_off_at timestamptz,
  switched_on_at timestamptz,
  constraint agent_switches_pkey primary key (org_id, agent),
  constraint agent_switches_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint agent_switches_agent_is_snake_case check (agent ~ '^[a-z][a-z0-9_]{0,99}$'),
  constraint agent_switches_failures_are_not_negative check (consecutive_failures >= 0),
  constraint agent_switches_state_is_known check (state in ('on', 'off')),
  constraint agent_switches_state_has_its_timestamp check (state <> 'off' or switched_off_at is not null)
);

-- By the day of UTC.
create table public.language_model_usage (
  org_id uuid not null,
  day date not null,
  turns integer not null default 0,
  input_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  cost_usd numeric(14, 6) not null default 0,
  constraint language_model_usage_pkey primary key (org_id, day),
  constraint language_model_usage_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint language_model_usage_counts_are_not_negative
    check (turns >= 0 and input_tokens >= 0 and output_tokens >= 0 and cost_usd >= 0)
) with (fillfactor = 70);

create table public.failed_conversations (
  id uuid not null default gen_random_uuid(),
  org_id uuid not null,
  contact_id uuid not null,
  session_id uuid not null,
  agent text,
  error text,
  -- Of the last turn that failed.
  correlation_id text not null,
  failures integer not null default 1,
  state text not null default 'failed',
  failed_at timestamptz not null default now(),
  last_failed_at timestamptz not null default now(),
  reviewed_at timestamptz,
  reviewed_by uuid,
  note text,
  constraint failed_conversations_pkey primary key (id),
  constraint failed_conversations_contact_fkey foreign key (org_id, contact_id)
    references public.contacts (org_id, id) on delete cascade,
  constraint failed_conversations_session_fkey foreign key (org_id, session_id)
    references public.unified_sessions (org_id, id) on delete cascade,
  constraint failed_conversations_reviewed_by_fkey foreign key (reviewed_by)
    references auth.users (id) on delete set null,
  constraint failed_conversations_note_is_at_most_2000_characters check (char_length(note) <= 2000),
  constraint failed_conversations_state_is_known check (state in ('failed', 'reviewed')),
  constraint failed_conversations_state_has_its_timestamp check ((state = 'reviewed') = (reviewed_at is not null))
);
create unique index failed_conversations_open_unique on public.failed_conversations (org_id, session_id)
  where state = 'failed';
create index failed_conversations_session_idx on public.failed_conversations (org_id, session_id);
create index failed_conversations_contact_idx on public.failed_conversations (org_id, contact_id);
create index failed_conversations_last_failed_at_idx on public.failed_conversations (org_id, last_failed_at desc, id);
create index failed_conversations_reviewed_by_idx on public.failed_conversations (reviewed_by);

do $$
declare
  v_table text;
begin
  foreach v_table in array array['agent_switches', 'language_model_usage', 'failed_conversations'] loop
    execute format('alter table public.%I enable row level security', v_table);
    execute format('revoke all on table public.%I from public, anon, authenticated, service_role', v_table);
    execute format('grant select on table public.%I to authenticated', v_table);
    execute format('grant select, insert, update, delete on table public.%I to service_role', v_table);
  end loop;
end
$$;
create policy "members read which agents are on in their organizations" on public.agent_switches
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('viewer'))::uuid[]));
create policy "members read what language models cost their organizations" on public.language_model_usage
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('viewer'))::uuid[]));
create policy "members read the failed conversations of their organizations" on public.failed_conversations
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));

-- What a turn may use: {switched_off_agents: [text], tokens_left: n}.
create function private.describe_turn_limits(p_org_id uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object(
    'switched_off_agents', coalesce((
      select jsonb_agg(switch.agent order by switch.agent) from public.agent_switches as switch
      where switch.org_id = p_org_id and switch.state = 'off'
    ), '[]'),
    'tokens_left', (
      select greatest(0, settings.daily_token_budget - coalesce((
        select usage.input_tokens + usage.output_tokens from public.language_model_usage as usage
        where usage.org_id = p_org_id and usage.day = (now() at time zone 'UTC')::date
      ), 0))
      from public.organization_settings as settings where settings.org_id = p_org_id
    )
  );
end
$$;
revoke all on function private.describe_turn_limits(uuid) from public, anon, authenticated;
grant execute on function private.describe_turn_limits(uuid) to service_role;

-- A turn's events, counted: tokens of the day, failures in a row of each agent, and the conversation
-- itself where something failed. p_events as in complete_turn, p_turn {org_id, contact_id, session_id,
-- correlation_id, message_id|null}. Five failures in a row, of as many messages, switch an agent off here;
-- an event without an agent blames none.
create function private.count_turn(p_turn jsonb, p_events jsonb) returns void
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (p_turn ->> 'org_id')::uuid;
  v_message_id constant uuid := (p_turn ->> 'message_id')::uuid;
  v_event record;
  v_switch public.agent_switches;
begin
  insert into public.language_model_usage as usage (org_id, day, turns, input_tokens, output_tokens, cost_usd)
  select v_org_id, (now() at time zone 'UTC')::date, 1, used.input_tokens, used.output_tokens, used.cost_usd
  from (
    select
      coalesce(sum(event.input_tokens), 0) as input_tokens, coalesce(sum(event.output_tokens), 0) as output_tokens,
      coalesce(sum(event.cost_usd), 0) as cost_usd
    from jsonb_to_recordset(p_events) as event (input_tokens bigint, output_tokens bigint, cost_usd numeric)
  ) as used
  where used.input_tokens + used.output_tokens > 0
  on conflict (org_id, day) do update set
    turns = usage.turns + 1,
    input_tokens = usage.input_tokens + excluded.input_tokens,
    output_tokens = usage.output_tokens + excluded.output_tokens,
    cost_usd = usage.cost_usd + excluded.cost_usd;

  -- One event an agent and turn: the last one tells.
  for v_event in
    select distinct on (event.value ->> 'agent')
      event.value ->> 'agent' as agent, event.value ->> 'outcome' as outcome, left(event.value ->> 'error', 2000) as error
    from jsonb_array_elements(p_events) with ordinality as event (value, place)
    where event.value ->> 'agent' is not null and event.value ->> 'outcome' in ('succeeded', 'failed')
    order by 1, event.place desc
  loop
    if v_event.outcome = 'succeeded' then
      -- As a rule there is nothing to write.
      update public.agent_switches as switch set consecutive_failures = 0, failed_message_ids = '{}'
      where switch.org_id = v_org_id and switch.agent = v_event.agent
        and switch.consecutive_failures > 0 and switch.state = 'on';
      continue;
    end if;
    insert into public.agent_switches as switch (
      org_id, agent, consecutive_failures, failed_message_ids, last_error, last_failed_at
    )
    values (v_org_id, v_event.agent, 1, array_remove(array[v_message_id], null), v_event.error, now())
    on conflict (org_id, agent) do update set
      consecutive_failures = switch.consecutive_failures
        + case when v_message_id = any (switch.failed_message_ids) then 0 else 1 end,
      failed_message_ids = case
        when v_message_id is null or v_message_id = any (switch.failed_message_ids) then switch.failed_message_ids
        -- More than switch it off need not be told apart.
        else (array[v_message_id] || switch.failed_message_ids)[1:20]
      end,
      last_error = excluded.last_error, last_failed_at = excluded.last_failed_at
    returning * into v_switch;
    if v_switch.consecutive_failures >= 5 and v_switch.state = 'on' then
      update public.agent_switches as switch set state = 'off', switched_off_at = now(), reason = null
      where switch.org_id = v_org_id and switch.agent = v_event.agent;
      perform public.raise_alert(jsonb_build_object(
        'org_id', v_org_id, 'rule', 'agent_switched_off', 'dedupe_key', v_event.agent, 'severity', 'critical',
        'message', format('Agent "%s" failed %s times in a row and is switched off', v_event.agent, v_switch.consecutive_failures),
        'details', jsonb_build_object('agent', v_event.agent, 'error', left(v_event.error, 300))
      ));
    end if;
  end loop;

  insert into public.failed_conversations as failed (org_id, contact_id, session_id, agent, error, correlation_id)
  select v_org_id, (p_turn ->> 'contact_id')::uuid, session.id, event.value ->> 'agent',
    left(event.value ->> 'error', 2000), coalesce(p_turn ->> 'correlation_id', '')
  from jsonb_array_elements(p_events) with ordinality as event (value, place)
  join public.unified_sessions as session
    on session.org_id = v_org_id and session.id = (
      select coalesce((p_turn ->> 'session_id')::uuid, (
        select active.id from public.unified_sessions as active
        where active.org_id = v_org_id and active.contact_id = (p_turn ->> 'contact_id')::uuid and active.status = 'active'
      ))
    )
  where event.value ->> 'outcome' = 'failed'
  order by event.place desc
  limit 1
  on conflict (org_id, session_id) where state = 'failed' do update set
    agent = excluded.agent, error = excluded.error, correlation_id = excluded.correlation_id,
    failures = failed.failures + 1, last_failed_at = now();
end
$$;
revoke all on function private.count_turn(jsonb, jsonb) from public, anon, authenticated;
grant execute on function private.count_turn(jsonb, jsonb) to service_role;

-- {org_id, user_id|null, request_id?, agent, on: boolean, reason?} -> 'switched' {agent, state} | 'forbidden'.
-- An admin's to do.
create function public.switch_agent(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_agent constant text := request ->> 'agent';
  v_state constant text := case when (request ->> 'on')::boolean then 'on' else 'off' end;
begin
  perform set_config('app.actor', coalesce(request ->> 'user_id', 'system'), true);
  if not private.may_act(v_org_id, (request ->> 'user_id')::uuid, 'admin') then
    return jsonb_build_object('code', 'forbidden');
  end if;
  insert into public.agent_switches as switch (org_id, agent, state, switched_off_at, switched_on_at)
  values (
    v_org_id, v_agent, v_state, case v_state when 'off' then now() end, case v_state when 'on' then now() end
  )
  on conflict (org_id, agent) do update set
    state = excluded.state, consecutive_failures = 0, failed_message_ids = '{}',
    switched_off_at = coalesce(excluded.switched_off_at, switch.switched_off_at),
    switched_on_at = coalesce(excluded.switched_on_at, switch.switched_on_at);
  update public.agent_switches as switch set reason = left(request ->> 'reason', 500)
  where switch.org_id = v_org_id and switch.agent = v_agent;
  if v_state = 'on' then
    perform public.resolve_alert(jsonb_build_object('org_id', v_org_id, 'rule', 'agent_switched_off', 'dedupe_key', v_agent));
  end if;
  perform private.record_audit(
    v_org_id, 'agent_switched_' || v_state, v_agent, request ->> 'request_id',
    jsonb_strip_nulls(jsonb_build_object('reason', left(request ->> 'reason', 500)))
  );
  perform private.record_event(
    v_org_id, 'agent_switch', 'succeeded', request ->> 'request_id', null,
    jsonb_build_object('agent', v_agent, 'state', v_state)
  );
  return jsonb_build_object('code', 'switched', 'agent', v_agent, 'state', v_state);
end
$$;
revoke all on function public.switch_agent(jsonb) from public, anon, authenticated;
grant execute on function public.switch_agent(jsonb) to service_role;

-- {org_id, user_id|null, state?: 'failed' | 'reviewed', limit?, before?, before_id?} -> 'listed'
-- {conversations: [row]}, newest first | 'forbidden'.
create function public.list_failed_conversations(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_before constant timestamptz := coalesce((request ->> 'before')::timestamptz, 'infinity');
  v_before_id constant uuid := coalesce((request ->> 'before_id')::uuid, '00000000-0000-0000-0000-000000000000');
begin
  if not private.may_act(v_org_id, (request ->> 'user_id')::uuid, 'member') then
    return jsonb_build_object('code', 'forbidden');
  end if;
  return jsonb_build_object('code', 'listed', 'conversations', coalesce((
    select jsonb_agg(to_jsonb(page) order by page.last_failed_at desc, page.id)
    from (
      select failed.* from public.failed_conversations as failed
      where failed.org_id = v_org_id and failed.state = coalesce(request ->> 'state', 'failed')
        and (failed.last_failed_at < v_before or failed.last_failed_at = v_before and failed.id > v_before_id)
      order by failed.last_failed_at desc, failed.id
      limit least(greatest(coalesce((request ->> 'limit')::integer, 50), 1), 100)
    ) as page
  ), '[]'));
end
$$;
revoke all on function public.list_failed_conversations(jsonb) from public, anon, authenticated;
grant execute on function public.list_failed_conversations(jsonb) to service_role;

-- {org_id, user_id|null, request_id?, id, note} -> 'reviewed', also when it was before | 'not_found' | 'forbidden'.
create function public.review_conversation(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
begin
  perform set_config('app.actor', coalesce(request ->> 'user_id', 'operator'), true);
  if not private.may_act(v_org_id, (request ->> 'user_id')::uuid, 'member') then
    return jsonb_build_object('code', 'forbidden');
  end if;
  update public.failed_conversations as failed
  set state = 'reviewed', reviewed_at = coalesce(failed.reviewed_at, now()),
      reviewed_by = coalesce(failed.reviewed_by, (request ->> 'user_id')::uuid),
      note = coalesce(left(request ->> 'note', 2000), failed.note)
  where failed.org_id = v_org_id and failed.id = (request ->> 'id')::uuid;
  if not found then
    return jsonb_build_object('code', 'not_found');
  end if;
  perform private.record_event(
    v_org_id, 'conversation_review', 'succeeded', request ->> 'request_id', null,
    jsonb_build_object('failed_conversation_id', request -> 'id')
  );
  return jsonb_build_object('code', 'reviewed');
end
$$;
revoke all on function public.review_conversation(jsonb) from public, anon, authenticated;
grant execute on function public.review_conversation(jsonb) to service_role;
