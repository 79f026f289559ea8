-- Dead letters, looked through and run again.

-- {source|null, org_id|null, replayed: boolean, before|null, limit} -> 'listed' {letters: [{id, org_id, source,
-- source_id, reason, attempts, dead_lettered_at, replayed_at}]}, the newest first; `before` is the id of
-- the last one of the page before. Never the payload: it is what somebody said.
create function public.list_dead_letters(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_limit constant integer := least(greatest((request ->> 'limit')::integer, 1), 500);
begin
  return jsonb_build_object('code', 'listed', 'letters', (
    select coalesce(jsonb_agg(to_jsonb(page) order by page.dead_lettered_at desc, page.id desc), '[]')
    from (
      select letter.id, letter.org_id, letter.source, letter.source_id, letter.reason, letter.attempts,
        letter.dead_lettered_at, letter.replayed_at
      from public.dead_letters as letter
      where (request ->> 'source' is null or letter.source = request ->> 'source')
        and (request ->> 'org_id' is null or letter.org_id = (request ->> 'org_id')::uuid)
        and ((request ->> 'replayed')::boolean or letter.replayed_at is null)
        and (request ->> 'before' is null or (letter.dead_lettered_at, letter.id) < (
          select last.dead_lettered_at, last.id
          from public.dead_letters as last
          where last.id = (request ->> 'before')::uuid
        ))
      order by letter.dead_lettered_at desc, letter.id desc
      limit v_limit
    ) as page
  ));
end
$$;
revoke all on function public.list_dead_letters(jsonb) from public, anon, authenticated;
grant execute on function public.list_dead_letters(jsonb) to service_role;

-- A message gets a turn again, behind what its contact has written since.
create function private.replay_inbound_message(p_letter public.dead_letters) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_message public.inbound_messages;
  v_sequence bigint;
begin
  select * into v_message
  from public.inbound_messages as message
  where message.id = (p_letter.payload ->> 'message_id')::uuid
    and message.created_at = (p_letter.payload ->> 'created_at')::timestamptz
    and message.org_id = p_letter.org_id and message.disposition = 'dead_lettered';
  if not found then
    return false;
  end if;
  update public.contact_queues as queue
  set received_sequence = queue.received_sequence + 1,
      turn_due_at = coalesce(queue.turn_due_at, clock_timestamp())
  where queue.org_id = v_message.org_id and queue.contact_id = v_message.contact_id
  returning queue.received_sequence into v_sequence;
  if not found then
    return false;
  end if;
  update public.inbound_messages as message
  set disposition = 'received', disposed_at = null, attempts = 0, last_error = null, sequence = v_sequence
  where message.id = v_message.id and message.created_at = v_message.created_at;
  return true;
end
$$;
revoke all on function private.replay_inbound_message(public.dead_letters) from public, anon, authenticated;
grant execute on function private.replay_inbound_message(public.dead_letters) to service_role;

-- Only what certainly was not sent is sent again.
create function private.replay_outbound_message(p_letter public.dead_letters) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_contact_id uuid;
begin
  select message.contact_id into v_contact_id
  from public.outbound_messages as message
  where message.id = (p_letter.payload ->> 'message_id')::uuid and message.org_id = p_letter.org_id;
  -- The contact's row first, as everyone does.
  update public.contact_queues as queue
  -- Whoever is sending now looks again when done.
  set send_due_at = case
    when queue.send_leased_until > clock_timestamp() then queue.send_due_at
    else least(queue.send_due_at, clock_timestamp())
  end
  where queue.org_id = p_letter.org_id and queue.contact_id = v_contact_id;
  if not found then
    return false;
  end if;
  update public.outbound_messages as message
  set state = 'queued', queued_at = now(), not_before = now(), expires_at = now() + interval '24 hours',
      attempts = 0, error = null, error_code = null, fencing_token = null, wamid = null, refused_at = null,
      sent_at = null, failed_at = null,
      refused_wamids = case
        when message.wamid is null then message.refused_wamids
        else message.refused_wamids || message.wamid
      end
  where message.id = (p_letter.payload ->> 'message_id')::uuid and message.org_id = p_letter.org_id
    and message.state = 'failed';
  return found;
end
$$;
revoke all on function private.replay_outbound_message(public.dead_letters) from public, anon, authenticated;
grant execute on function private.replay_outbound_message(public.dead_letters) to service_role;

create function private.replay_recording(p_letter public.dead_letters) returns boolean
language plpgsql set search_path = '' as $$
begin
  update public.recording_upload_queue as upload
  set state = 'queued', queued_at = now(), due_at = now(), attempts = 0, last_error = null
  where upload.org_id = p_letter.org_id and upload.vapi_call_id = p_letter.payload ->> 'vapi_call_id'
    and upload.state = 'dead_lettered';
  return found;
end
$$;
revoke all on function private.replay_recording(public.dead_letters) from public, anon, authenticated;
grant execute on function private.replay_recording(public.dead_letters) to service_role;

create function private.finish_replay(p_letter public.dead_letters, p_actor text, p_request_id text) returns void
language plpgsql set search_path = '' as $$
begin
  perform set_config('app.actor', coalesce(nullif(p_actor, ''), 'operator'), true);
  update public.dead_letters as letter set replayed_at = now() where letter.id = p_letter.id;
  perform private.record_audit(
    p_letter.org_id, 'dead_letter_replayed', p_letter.source_id, p_request_id,
    jsonb_build_object('dead_letter_id', p_letter.id, 'source', p_letter.source)
  );
  if not exists (
    select 1 from public.dead_letters as letter
    where letter.org_id is not distinct from p_letter.org_id and letter.source = p_letter.source
      and letter.replayed_at is null
  ) then
    perform public.resolve_alert(jsonb_build_object(
      'org_id', p_letter.org_id, 'rule', 'dead_letters', 'dedupe_key', p_letter.source
    ));
  end if;
end
$$;
revoke all on function private.finish_replay(public.dead_letters, text, text) from public, anon, authenticated;
grant execute on function private.finish_replay(public.dead_letters, text, text) to service_role;

-- {id, user_id|null, request_id} -> 'replayed' {source, source_id} (it is queued again, in this transaction) |
-- 'to_process' {org_id, source, source_id, payload} (whoever asks does it, then calls record_replay) |
-- 'already_replayed' | 'gone' (what failed isn't there any more, or has succeeded since) | 'not_found'.
create function public.replay_dead_letter(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_letter public.dead_letters;
  v_named jsonb;
  v_replayed boolean;
begin
  perform set_config('app.actor', coalesce(nullif(request ->> 'user_id', ''), 'operator'), true);
  select * into v_letter
  from public.dead_letters as letter
  where letter.id = (request ->> 'id')::uuid
  for update;
  if not found then
    return jsonb_build_object('code', 'not_found');
  end if;
  v_named := jsonb_build_object('source', v_letter.source, 'source_id', v_letter.source_id);
  if v_letter.replayed_at is not null then
    return v_named || '{"code": "already_replayed"}';
  elsif v_letter.source = 'vapi' then
    return v_named || jsonb_build_object(
      'code', 'to_process', 'org_id', v_letter.org_id, 'payload', v_letter.payload
    );
  end if;

  v_replayed := case
    when v_letter.source = 'whatsapp' then private.replay_inbound_message(v_letter)
    when v_letter.source = 'outbox' then private.replay_outbound_message(v_letter)
    when v_letter.source = 'legacy' then private.replay_legacy_delivery(v_letter)
    when v_letter.source_id like 'recording:%' then private.replay_recording(v_letter)
    else false
  end;
  if not v_replayed then
    return v_named || '{"code": "gone"}';
  end if;
  perform private.finish_replay(v_letter, request ->> 'user_id', request ->> 'request_id');
  return v_named || '{"code": "replayed"}';
end
$$;
revoke all on function public.replay_dead_letter(jsonb) from public, anon, authenticated;
grant execute on function public.replay_dead_letter(jsonb) to service_role;

-- {id, user_id|null, request_id, error|null} -> 'recorded' | 'not_found'. With an error it stays a dead letter.
create function public.record_replay(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_letter public.dead_letters;
begin
  select * into v_letter
  from public.dead_letters as letter
  where letter.id = (request ->> 'id')::uuid
  for update;
  if not found then
    return jsonb_build_object('code', 'not_found');
  elsif request ->> 'error' is null then
    perform private.finish_replay(v_letter, request ->> 'user_id', request ->> 'request_id');
  else
    update public.dead_letters as letter
    set attempts = letter.attempts + 1, reason = left(request ->> 'error', 2000)
    where letter.id = v_letter.id;
  end if;
  return jsonb_build_object('code', 'recorded');
end
$$;
revoke all on function public.record_replay(jsonb) from public, anon, authenticated;
grant execute on function public.record_replay(jsonb) to service_role;
