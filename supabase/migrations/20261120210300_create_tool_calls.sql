-- What an assistant asked us to do during a conversation, and what came of it. The row is written in
-- the transaction of the effect: asked again, the stored answer is given again and nothing happens.

create table public.tool_calls (
  id uuid not null default gen_random_uuid(),
  org_id uuid not null,
  channel text not null,
  -- The call, or the session of a chat, in which it was asked.
  conversation_id text not null,
  -- Given by whoever runs the assistant, unique in its conversation.
  tool_call_id text not null,
  tool text not null,
  arguments jsonb not null default '{}',
  result text,
  error text,
  duration_ms integer,
  -- Something was written for the caller; and for one who is known by no number.
  acted boolean not null default false,
  withheld boolean not null default false,
  -- Of a question: when its yes was taken. A yes is good for one time.
  used_at timestamptz,
  created_at timestamptz not null default now(),
  constraint tool_calls_pkey primary key (id),
  constraint tool_calls_tool_call_id_unique unique (org_id, channel, conversation_id, tool_call_id),
  constraint tool_calls_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint tool_calls_channel_is_known check (channel in ('voice', 'whatsapp')),
  constraint tool_calls_conversation_id_is_1_to_256_characters
    check (char_length(conversation_id) between 1 and 256),
  constraint tool_calls_tool_call_id_is_1_to_256_characters
    check (char_length(tool_call_id) between 1 and 256),
  constraint tool_calls_tool_is_1_to_100_characters check (char_length(tool) between 1 and 100),
  constraint tool_calls_has_a_result_or_an_error check ((result is null) <> (error is null)),
  constraint tool_calls_duration_ms_is_not_negative check (duration_ms >= 0)
);
create index tool_calls_org_id_created_at_idx on public.tool_calls (org_id, created_at desc);
-- What callers without a number did lately: their limits are their organization's and their call's.
create index tool_calls_withheld_idx on public.tool_calls (org_id, created_at) where withheld and acted;

-- What a caller wants somebody to know.
create table public.taken_messages (
  id uuid not null default gen_random_uuid(),
  org_id uuid not null,
  channel text not null,
  call_tracking_id uuid,
  contact_id uuid,
  caller_name text,
  callback_number text,
  body text not null,
  urgent boolean not null default false,
  state text not null default 'taken',
  taken_at timestamptz not null default now(),
  read_at timestamptz,
  created_at timestamptz not null default now(),
  constraint taken_messages_pkey primary key (id),
  constraint taken_messages_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint taken_messages_call_tracking_fkey foreign key (org_id, call_tracking_id)
    references public.call_tracking (org_id, id) on delete set null (call_tracking_id),
  constraint taken_messages_contact_fkey foreign key (org_id, contact_id)
    references public.contacts (org_id, id) on delete set null (contact_id),
  constraint taken_messages_channel_is_known check (channel in ('voice', 'whatsapp')),
  constraint taken_messages_body_is_1_to_4000_characters check (char_length(body) between 1 and 4000),
  constraint taken_messages_caller_name_is_at_most_200_characters check (char_length(caller_name) <= 200),
  constraint taken_messages_callback_number_is_at_most_64_characters
    check (char_length(callback_number) <= 64),
  constraint taken_messages_state_is_known check (state in ('taken', 'read')),
  constraint taken_messages_state_has_its_timestamp check ((state = 'read') = (read_at is not null))
);
create index taken_messages_org_id_taken_at_idx on public.taken_messages (org_id, taken_at desc);
create index taken_messages_call_tracking_idx on public.taken_messages (org_id, call_tracking_id);
create index taken_messages_contact_idx on public.taken_messages (org_id, contact_id);

alter table public.tool_calls enable row level security;
revoke all on table public.tool_calls from public, anon, authenticated, service_role;
grant select on table public.tool_calls to authenticated;
grant select, insert, update, delete on table public.tool_calls to service_role;
create policy "members read the tool calls of their organizations" on public.tool_calls
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));

alter table public.taken_messages enable row level security;
revoke all on table public.taken_messages from public, anon, authenticated, service_role;
grant select on table public.taken_messages to authenticated;
-- All that a person does with a message is to mark it as read.
grant update (state, read_at) on table public.taken_messages to authenticated;
grant select, insert, update, delete on table public.taken_messages to service_role;
create policy "members read the messages taken for their organizations" on public.taken_messages
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));
create policy "members mark the messages taken for their organizations as read" on public.taken_messages
  for update to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]))
  with check (org_id = any ((select private.my_organization_ids('member'))::uuid[]));

-- What a tool decided, done. p_effect: {kind: 'take_message', body, caller_name?, callback_number?,
-- urgent} | {kind: 'send_whatsapp', text} | {kind: 'request_transfer', at}. A new kind is a line here
-- and one in the tools' union of effects.
create function private.apply_tool_effect(
  p_call public.call_tracking,
  p_tool_call_id text,
  p_effect jsonb
) returns void
language plpgsql set search_path = '' as $$
begin
  case p_effect ->> 'kind'
    when 'take_message' then
      insert into public.taken_messages
        (org_id, channel, call_tracking_id, contact_id, caller_name, callback_number, body, urgent)
      values (
        p_call.org_id, 'voice', p_call.id, p_call.contact_id, p_effect ->> 'caller_name',
        coalesce(p_effect ->> 'callback_number', p_call.phone_number), p_effect ->> 'body',
        coalesce((p_effect ->> 'urgent')::boolean, false)
      );
    when 'send_whatsapp' then
      perform private.queue_outbound_message(
        p_call.org_id, p_call.contact_id, 'initiated', 'text',
        jsonb_build_object('text', p_effect ->> 'text'),
        format('tool_call:%s:%s', p_call.vapi_call_id, p_tool_call_id), p_call.vapi_call_id
      );
    when 'request_transfer' then
      perform private.advance_call(p_call, jsonb_build_object('transfer_requested_at', p_effect ->> 'at'));
    else
      raise exception 'Cannot apply tool effect "%": it is not known', p_effect ->> 'kind'
        using errcode = 'invalid_parameter_value';
  end case;
end
$$;
revoke all on function private.apply_tool_effect(public.call_tracking, text, jsonb) from public, anon, authenticated;
grant execute on function private.apply_tool_effect(public.call_tracking, text, jsonb) to service_role;

-- Whether a caller whom no number names has done as much as one call or one day of the organization may
-- (10 and 100 tool calls that write): others' limits are their contact's.
create function private.is_withheld_limit_reached(p_org_id uuid, p_vapi_call_id text) returns boolean
language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan as $$
begin
  return (
    select count(*) from public.tool_calls as done
    where done.org_id = p_org_id and done.channel = 'voice' and done.conversation_id = p_vapi_call_id and done.acted
  ) >= 10 or (
    select count(*) from (
      select 1 from public.tool_calls as done
      where done.org_id = p_org_id and done.withheld and done.acted and done.created_at > now() - interval '1 day'
      limit 100
    ) as lately
  ) >= 100;
end
$$;
revoke all on function private.is_withheld_limit_reached(uuid, text) from public, anon, authenticated;
grant execute on function private.is_withheld_limit_reached(uuid, text) to service_role;

-- {org_id, vapi_call_id, request_id, tool_calls: [{tool_call_id, tool, arguments, result|null,
-- error|null, duration_ms, effects: [], confirms?: [tool_call_id]}]} -> 'recorded' {results: [{tool_call_id, tool, result, error,
-- replayed, refusals?: [{place, code}]}]} in the order asked | 'call_unknown'. Refused effects leave nothing
-- of their tool call behind, not even its answer: it may be decided and recorded anew. Each tool call takes effect once, however often and
-- from however many places at once it is delivered: whoever comes second waits, and gets what the
-- first one stored. `confirms`: the questions that were said yes to; one of them must be unused still, else
-- what would be written is refused as `unconfirmed`, and all of them are used up by it.
create function public.record_tool_calls(request jsonb) returns jsonb
language plpgsql set search_path = ''
-- Plans made while the tables are small would walk through all of an organization's calls later.
set plan_cache_mode = force_custom_plan as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_vapi_call_id constant text := request ->> 'vapi_call_id';
  v_call public.call_tracking;
  v_asked jsonb;
  v_effect jsonb;
  v_tool_call_id text;
  v_done public.tool_calls;
  v_results jsonb := '[]';
  v_replayed boolean;
  v_held uuid[];
  v_refusals jsonb;
  v_acts boolean;
  v_confirms text[];
begin
  perform set_config('app.actor', 'vapi', true);
  -- The lock makes the tool calls of one call take turns, so that no two wait for each other crosswise.
  select * into v_call
  from public.call_tracking as call
  where call.org_id = v_org_id and call.vapi_call_id = v_vapi_call_id
  for update;
  if not found then
    return jsonb_build_object('code', 'call_unknown');
  end if;
  if jsonb_path_exists(request, '$.tool_calls[*].effects[*]') then
    v_held := private.hold_effect_contacts(
      v_org_id, v_call.contact_id, jsonb_path_query_array(request, '$.tool_calls[*].effects[*]')
    );
  end if;

  for v_asked in select asked.value from jsonb_array_elements(request -> 'tool_calls') as asked loop
    v_tool_call_id := v_asked ->> 'tool_call_id';
    select * into v_done
    from public.tool_calls as done
    where done.org_id = v_org_id and done.channel = 'voice'
      and done.conversation_id = v_vapi_call_id and done.tool_call_id = v_tool_call_id;
    v_replayed := found;

    if not v_replayed then
      -- To be put through is no write.
      v_acts := jsonb_path_exists(v_asked, '$.effects[*] ? (@.kind != "request_transfer")');
      v_confirms := array(select jsonb_array_elements_text(coalesce(nullif(v_asked -> 'confirms', 'null'), '[]')));
      v_refusals := case
        when not v_acts then null
        when v_confirms <> '{}' and not exists (
          select 1 from public.tool_calls as question
          where question.org_id = v_org_id and question.channel = 'voice' and question.conversation_id = v_vapi_call_id
            and question.tool_call_id = any (v_confirms) and question.used_at is null
        ) then '[{"place": 0, "code": "unconfirmed"}]'::jsonb
        when v_call.contact_id is null and private.is_withheld_limit_reached(v_org_id, v_vapi_call_id)
          then '[{"place": 0, "code": "limit"}]'::jsonb
      end;
      begin
        v_refusals := coalesce(v_refusals, private.apply_agent_effects(
          jsonb_build_object(
            'org_id', v_org_id, 'contact_id', v_call.contact_id, 'channel', 'voice', 'correlation_id', v_vapi_call_id
          ),
          jsonb_path_query_array(v_asked, '$.effects[*]'), v_held, true
        ));
        for v_effect in
          select effect.value from jsonb_array_elements(coalesce(v_asked -> 'effects', '[]')) as effect
          where not private.is_agent_effect(effect.value) and v_refusals is null
        loop
          perform private.apply_tool_effect(v_call, v_tool_call_id, v_effect);
        end loop;
        v_done.result := v_asked ->> 'result';
        v_done.error := case when v_done.result is null
          then coalesce(v_asked ->> 'error', 'That did not work.') end;
      exception when data_exception or integrity_constraint_violation then
        -- It would fail again every time, and must not take its neighbours with it.
        v_done.result := null;
        v_done.error := 'That did not work.';
        raise warning 'Tool call "%" of call "%" was refused: %', v_tool_call_id, v_vapi_call_id, sqlstate;
      end;
      if v_refusals is not null then
        v_results := v_results || jsonb_build_object(
          'tool_call_id', v_tool_call_id, 'tool', v_asked ->> 'tool', 'result', null,
          'error', 'That did not work.', 'replayed', false, 'refusals', v_refusals
        );
        continue;
      end if;
      insert into public.tool_calls as done (
        org_id, channel, conversation_id, tool_call_id, tool, arguments, result, error, duration_ms, acted, withheld
      )
      values (
        v_org_id, 'voice', v_vapi_call_id, v_tool_call_id, v_asked ->> 'tool',
        coalesce(nullif(v_asked -> 'arguments', 'null'), '{}'), v_done.result, v_done.error,
        round((v_asked ->> 'duration_ms')::numeric)::integer,
        v_acts and v_done.result is not null, v_call.contact_id is null
      )
      returning * into v_done;
      if v_done.acted then
        update public.tool_calls as question set used_at = clock_timestamp()
        where question.org_id = v_org_id and question.channel = 'voice' and question.conversation_id = v_vapi_call_id
          and question.tool_call_id = any (v_confirms) and question.used_at is null;
      end if;
      perform private.claim_event(
        v_org_id, format('vapi:%s:tool-calls:%s', v_vapi_call_id, v_tool_call_id), 'tool-calls'
      );
    end if;
    v_results := v_results || jsonb_build_object(
      'tool_call_id', v_tool_call_id,
      'tool', v_done.tool,
      'result', v_done.result,
      'error', v_done.error,
      'replayed', v_replayed
    );
  end loop;
  return jsonb_build_object('code', 'recorded', 'results', v_results);
end
$$;
revoke all on function public.record_tool_calls(jsonb) from public, anon, authenticated;
grant execute on function public.record_tool_calls(jsonb) to service_role;
