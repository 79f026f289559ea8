-- What people of the organization see of its agents and do about them: which are switched off and why,
-- conversations that failed looked at and run again, and what a person is told when we failed them.

alter table public.agent_switches
  -- Of whoever switched it by hand; null where failures did.
  add column reason text,
  add constraint agent_switches_reason_is_at_most_500_characters check (char_length(reason) <= 500);

alter table public.failed_conversations
  add column replayed_at timestamptz,
  add column replayed_messages integer,
  add constraint failed_conversations_replay_is_reviewed
    check (replayed_at is null or (state = 'reviewed' and replayed_messages > 0));

insert into private.agent_texts (key, language, text) values
  ('released', 'en', 'Our colleague has ended this conversation. Our assistant answers again: write MENU to see what it can do.'),
  ('released', 'fr', 'Notre collègue a terminé cette conversation. Notre assistant répond de nouveau : écrivez MENU pour voir ce qu''il peut faire.'),
  ('released', 'sw', 'Mwenzetu amemaliza mazungumzo haya. Msaidizi wetu anajibu tena: andika MENYU kuona anachoweza.'),
  ('released', 'rw', 'Mugenzi wacu yasoje iki kiganiro. Umufasha wacu arongera gusubiza: andika MENU urebe icyo yagufasha.'),
  -- The words of domain/orchestrator/words.ts. What is asked after a conversation, and its two buttons.
  ('rate', 'en', 'Did we help you?'),
  ('rate', 'fr', 'Avons-nous pu vous aider ?'),
  ('rate', 'sw', 'Je, tumekusaidia?'),
  ('rate', 'rw', 'Ese twabafashije?'),
  ('rate.up', 'en', '👍 Yes'),
  ('rate.up', 'fr', '👍 Oui'),
  ('rate.up', 'sw', '👍 Ndiyo'),
  ('rate.up', 'rw', '👍 Yego'),
  ('rate.down', 'en', '👎 No'),
  ('rate.down', 'fr', '👎 Non'),
  ('rate.down', 'sw', '👎 Hapana'),
  ('rate.down', 'rw', '👎 Oya'),
  ('failed', 'en', 'Sorry, something went wrong on our side. Please try again, or write MENU.'),
  ('failed', 'fr', 'Désolé, un problème est survenu de notre côté. Réessayez ou écrivez MENU.'),
  ('failed', 'sw', 'Samahani, kuna hitilafu upande wetu. Tafadhali jaribu tena, au andika MENYU.'),
  ('failed', 'rw', 'Mutwihanganire, habaye ikibazo iwacu. Ongera ugerageze, cyangwa wandike MENU.');

-- Says something that needs no answer and belongs to what the person wrote, once, in the language of the
-- conversation; answers whether it did: not when WhatsApp's 24 hours are over, nor to whoever has opted
-- out. Asks as well how the session was that is over (p_rate_session_id), once a day. The caller holds the
-- contact's queue.
create function private.say_to_contact(
  p_org_id uuid, p_contact_id uuid, p_key text, p_dedupe_key text, p_correlation_id text, p_rate_session_id uuid default null
) returns boolean
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  v_language text;
  v_words jsonb;
  v_rates boolean;
begin
  if not exists (
    select 1 from public.contact_queues as queue
    where queue.org_id = p_org_id and queue.contact_id = p_contact_id
      and queue.last_inbound_at > now() - interval '24 hours'
  ) or exists (
    select 1 from public.contact_opt_outs as opt_out
    where opt_out.org_id = p_org_id and opt_out.contact_id = p_contact_id and opt_out.state = 'opted_out'
  ) then
    return false;
  end if;
  select coalesce(
    (
      select coalesce(session.context ->> 'language', session.preferences ->> 'language')
      from public.unified_sessions as session
      where session.org_id = p_org_id and session.contact_id = p_contact_id
      order by session.started_at desc limit 1
    ),
    left(settings.language, 2)
  )
  into v_language
  from public.organization_settings as settings where settings.org_id = p_org_id;
  -- Of two languages the later one of a key stays.
  select jsonb_object_agg(known.key, known.text order by known.language = v_language) into v_words
  from private.agent_texts as known
  where known.key in (p_key, 'rate', 'rate.up', 'rate.down') and known.language in (v_language, 'en');
  v_rates := p_rate_session_id is not null and private.take_rating_turn(p_org_id, p_contact_id);
  perform private.queue_outbound_message(
    p_org_id, p_contact_id, 'reply', case when v_rates then 'buttons' else 'text' end,
    case when v_rates then jsonb_build_object(
      'text', concat_ws(E'\n\n', v_words ->> p_key, v_words ->> 'rate'),
      'buttons', (
        select jsonb_agg(jsonb_build_object(
          'id', format('rate:%s:%s', p_rate_session_id, answer.name), 'title', v_words ->> ('rate.' || answer.name)
        ) order by answer.place)
        from unnest(array['up', 'down']) with ordinality as answer (name, place)
      )
    ) else jsonb_build_object('text', v_words ->> p_key) end,
    p_dedupe_key, p_correlation_id
  );
  return true;
end
$$;
revoke all on function private.say_to_contact(uuid, uuid, text, text, text, uuid) from public, anon, authenticated;
grant execute on function private.say_to_contact(uuid, uuid, text, text, text, uuid) to service_role;

-- Messages were given up because every turn with them was interrupted: the conversation is marked, and the
-- person told, once for what they have written so far. No agent is blamed, since none has answered. The
-- caller holds the contact's queue.
create function private.mark_interrupted(
  p_org_id uuid, p_contact_id uuid, p_messages integer, p_received_sequence bigint
) returns void
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_correlation_id constant text := gen_random_uuid()::text;
  v_error constant text := 'The turn was interrupted again and again';
  v_session_id uuid;
begin
  select session.id into v_session_id
  from public.unified_sessions as session
  where session.org_id = p_org_id and session.contact_id = p_contact_id
  order by session.started_at desc
  limit 1;
  insert into public.unified_agent_events (
    org_id, contact_id, session_id, correlation_id, event_type, outcome, message_count, error
  )
  values (p_org_id, p_contact_id, v_session_id, v_correlation_id, 'turn', 'failed', p_messages, v_error);
  perform private.count_turn(
    jsonb_build_object(
      'org_id', p_org_id, 'contact_id', p_contact_id, 'session_id', v_session_id, 'correlation_id', v_correlation_id
    ),
    jsonb_build_array(jsonb_build_object('event_type', 'turn', 'outcome', 'failed', 'error', v_error))
  );
  if private.is_switched_off(p_org_id, p_contact_id) then
    -- What waits for a turn was taken while inside, and is ours to apologise for until we are to be silent.
    return;
  end if;
  perform private.say_to_contact(
    p_org_id, p_contact_id, 'failed', format('interrupted:%s:%s', p_contact_id, p_received_sequence), v_correlation_id
  );
end
$$;
revoke all on function private.mark_interrupted(uuid, uuid, integer, bigint) from public, anon, authenticated;
grant execute on function private.mark_interrupted(uuid, uuid, integer, bigint) to service_role;

-- {org_id, user_id|null} -> 'listed' {switches: [row]}, of those agents that ever failed or were switched
-- | 'forbidden'.
create function public.list_agent_switches(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
begin
  if not private.may_act(v_org_id, (request ->> 'user_id')::uuid, 'member') then
    return jsonb_build_object('code', 'forbidden');
  end if;
  return jsonb_build_object('code', 'listed', 'switches', coalesce((
    select jsonb_agg(to_jsonb(switch) order by switch.agent)
    from public.agent_switches as switch
    where switch.org_id = v_org_id
  ), '[]'));
end
$$;
revoke all on function public.list_agent_switches(jsonb) from public, anon, authenticated;
grant execute on function public.list_agent_switches(jsonb) to service_role;

-- The dead letters of a conversation's messages that were not run again, in the order in which they were
-- written, locked.
create function private.lock_conversation_letters(p_failed public.failed_conversations)
returns setof public.dead_letters
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  return query
  select letter.*
  from public.inbound_messages as message
  join public.dead_letters as letter
    on letter.source = 'whatsapp' and letter.source_id = 'whatsapp:' || message.wamid and letter.org_id = message.org_id
  where message.org_id = p_failed.org_id and message.contact_id = p_failed.contact_id
    and message.disposition = 'dead_lettered'
    and message.disposed_at between p_failed.failed_at and p_failed.last_failed_at
    and message.created_at between now() - interval '35 days' and now() + interval '1 day'
    and letter.replayed_at is null
  order by message.sequence
  for update of letter;
end
$$;
revoke all on function private.lock_conversation_letters(public.failed_conversations) from public, anon, authenticated;
grant execute on function private.lock_conversation_letters(public.failed_conversations) to service_role;

-- {org_id, user_id|null, id, limit?} -> 'read' {conversation: row, messages: [as in read_hand_over]}
-- | 'not_found' | 'forbidden'.
create function public.read_failed_conversation(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_failed public.failed_conversations;
begin
  if not private.may_act(v_org_id, (request ->> 'user_id')::uuid, 'member') then
    return jsonb_build_object('code', 'forbidden');
  end if;
  select * into v_failed
  from public.failed_conversations as failed
  where failed.org_id = v_org_id and failed.id = (request ->> 'id')::uuid;
  if not found then
    return jsonb_build_object('code', 'not_found');
  end if;
  return jsonb_build_object(
    'code', 'read',
    'conversation', to_jsonb(v_failed),
    'messages', private.recent_messages(
      v_org_id, v_failed.contact_id, least(greatest(coalesce((request ->> 'limit')::integer, 50), 1), 200)
    )
  );
end
$$;
revoke all on function public.read_failed_conversation(jsonb) from public, anon, authenticated;
grant execute on function public.read_failed_conversation(jsonb) to service_role;

-- {org_id, user_id|null, request_id, id} -> 'replayed' {messages: how many have a turn again, again: whether
-- they had it before} | 'nothing_to_replay' no message of it was given up | 'handed_over' a person has the
-- conversation | 'outside_window' {last_inbound_at}: nobody could be answered | 'not_found' | 'forbidden'.
-- An admin's to do. A message has its turn once, whoever asks twice, and one that was answered never again.
create function public.replay_conversation(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_failed public.failed_conversations;
  v_letter public.dead_letters;
  v_letters public.dead_letters[] := '{}';
  v_last_inbound_at timestamptz;
  v_messages integer := 0;
begin
  perform set_config('app.actor', coalesce(request ->> 'user_id', 'operator'), true);
  if not private.may_act(v_org_id, (request ->> 'user_id')::uuid, 'admin') then
    return jsonb_build_object('code', 'forbidden');
  end if;
  select * into v_failed
  from public.failed_conversations as failed
  where failed.org_id = v_org_id and failed.id = (request ->> 'id')::uuid;
  if not found then
    return jsonb_build_object('code', 'not_found');
  end if;
  -- Letters before the queue, as the replay of one letter does; then the conversation, as a turn does.
  for v_letter in select * from private.lock_conversation_letters(v_failed) loop
    v_letters := v_letters || v_letter;
  end loop;
  select queue.last_inbound_at into v_last_inbound_at
  from public.contact_queues as queue
  where queue.org_id = v_org_id and queue.contact_id = v_failed.contact_id
  for update;
  select * into v_failed
  from public.failed_conversations as failed
  where failed.org_id = v_org_id and failed.id = v_failed.id
  for update;
  if v_failed.replayed_at is not null then
    return jsonb_build_object('code', 'replayed', 'messages', v_failed.replayed_messages, 'again', true);
  elsif cardinality(v_letters) = 0 then
    return jsonb_build_object('code', 'nothing_to_replay');
  elsif exists (
    select 1 from public.hand_overs as open
    where open.org_id = v_org_id and open.contact_id = v_failed.contact_id and open.state <> 'released'
  ) then
    return jsonb_build_object('code', 'handed_over');
  elsif coalesce(v_last_inbound_at, '-infinity') <= now() - interval '24 hours' then
    return jsonb_build_object('code', 'outside_window', 'last_inbound_at', v_last_inbound_at);
  end if;

  foreach v_letter in array v_letters loop
    if private.replay_inbound_message(v_letter) then
      perform private.finish_replay(v_letter, request ->> 'user_id', request ->> 'request_id');
      v_messages := v_messages + 1;
    end if;
  end loop;
  if v_messages = 0 then
    return jsonb_build_object('code', 'nothing_to_replay');
  end if;
  update public.failed_conversations as failed
  set state = 'reviewed', reviewed_at = coalesce(failed.reviewed_at, now()),
      reviewed_by = coalesce(failed.reviewed_by, (request ->> 'user_id')::uuid),
      replayed_at = now(), replayed_messages = v_messages
  where failed.id = v_failed.id;
  perform private.record_event(
    v_org_id, 'conversation_replay', 'succeeded', request ->> 'request_id', null,
    jsonb_build_object('failed_conversation_id', v_failed.id, 'messages', v_messages)
  );
  return jsonb_build_object('code', 'replayed', 'messages', v_messages, 'again', false);
end
$$;
revoke all on function public.replay_conversation(jsonb) from public, anon, authenticated;
grant execute on function public.replay_conversation(jsonb) to service_role;
