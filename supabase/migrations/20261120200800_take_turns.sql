-- A turn answers what one contact wrote: claimed under a lease, completed in one transaction, and
-- found again by the worker when whoever had it died. What has waited for more than a month is no
-- longer answered: that bound keeps the queries below to the partitions of the last weeks.

-- These messages weren't answered: their attempts count up, and those that have had the last one are
-- given up, so that the conversation goes on behind them; answers how many those are. p_through null:
-- nothing was claimed.
create function private.fail_inbound_messages(
  p_org_id uuid,
  p_contact_id uuid,
  p_after bigint,
  p_through bigint,
  p_error text,
  p_max_attempts integer
) returns integer
language plpgsql set search_path = '' as $$
declare
  v_message record;
  v_given_up integer := 0;
begin
  update public.inbound_messages as message
  set attempts = message.attempts + 1,
      last_error = left(p_error, 2000),
      disposition = case when message.attempts + 1 >= p_max_attempts then 'dead_lettered' else 'received' end,
      disposed_at = case when message.attempts + 1 >= p_max_attempts then now() end
  where message.org_id = p_org_id and message.contact_id = p_contact_id
    and message.sequence > p_after and message.sequence <= p_through
    and message.created_at between now() - interval '35 days' and now() + interval '1 day'
    and message.disposition = 'received';
  for v_message in
    select message.wamid, message.id, message.created_at, message.attempts
    from public.inbound_messages as message
    where message.org_id = p_org_id and message.contact_id = p_contact_id
      and message.sequence > p_after and message.sequence <= p_through
      and message.created_at between now() - interval '35 days' and now() + interval '1 day'
      and message.disposition = 'dead_lettered' and message.disposed_at = now()
    order by message.sequence
  loop
    perform private.record_dead_letter(
      p_org_id, 'whatsapp', 'whatsapp:' || v_message.wamid, p_error,
      jsonb_build_object('message_id', v_message.id, 'created_at', v_message.created_at, 'contact_id', p_contact_id),
      v_message.attempts
    );
    v_given_up := v_given_up + 1;
  end loop;
  return v_given_up;
end
$$;
revoke all on function private.fail_inbound_messages(uuid, uuid, bigint, bigint, text, integer)
  from public, anon, authenticated;
grant execute on function private.fail_inbound_messages(uuid, uuid, bigint, bigint, text, integer) to service_role;

-- What the sender needs to know about a contact: where to send, whether it may.
create function private.describe_recipient(p_org_id uuid, p_contact_id uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    select jsonb_build_object(
      'phone', (
        select identity.value from public.contact_identities as identity
        where identity.org_id = p_org_id and identity.contact_id = p_contact_id and identity.kind = 'phone'
        order by identity.created_at desc, identity.value limit 1
      ),
      'bsuid', (
        select identity.value from public.contact_identities as identity
        where identity.org_id = p_org_id and identity.contact_id = p_contact_id and identity.kind = 'bsuid'
        order by identity.created_at desc, identity.value limit 1
      ),
      'opted_out', exists (
        select 1 from public.contact_opt_outs as opt_out
        where opt_out.org_id = p_org_id and opt_out.contact_id = p_contact_id and opt_out.state = 'opted_out'
      ),
      'last_inbound_at', (
        select queue.last_inbound_at from public.contact_queues as queue
        where queue.org_id = p_org_id and queue.contact_id = p_contact_id
      )
    )
  );
end
$$;
revoke all on function private.describe_recipient(uuid, uuid) from public, anon, authenticated;
grant execute on function private.describe_recipient(uuid, uuid) to service_role;

-- How an organization is reached and wants to be: its WhatsApp number and token (sealed), and settings.
create function private.describe_sender(p_org_id uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    select jsonb_build_object(
      'org_id', p_org_id,
      'settings', jsonb_build_object(
        'language', settings.language, 'time_zone', settings.time_zone,
        'quiet_hours', settings.quiet_hours, 'business_hours', settings.business_hours,
        'template_names', settings.template_names, 'fallback_text', settings.fallback_text
      ),
      'whatsapp', (
        select jsonb_build_object(
          'public_config', integration.public_config, 'fingerprint', integration.fingerprint,
          'ciphertext', credential.ciphertext, 'key_id', credential.key_id
        )
        from public.integrations as integration
        join private.integration_credentials as credential
          on credential.org_id = integration.org_id and credential.provider = integration.provider
        where integration.org_id = p_org_id and integration.provider = 'whatsapp' and integration.connected
      ),
      'paused_until', (
        select pause.paused_until from public.outbound_pauses as pause
        where pause.org_id = p_org_id and pause.paused_until > clock_timestamp()
      )
    )
    from public.organization_settings as settings
    where settings.org_id = p_org_id
  );
end
$$;
revoke all on function private.describe_sender(uuid) from public, anon, authenticated;
grant execute on function private.describe_sender(uuid) to service_role;

-- The session that a turn continues: the active one, unless nobody wrote for a day; then a new one,
-- with the preferences of the one before.
create function private.open_session(p_org_id uuid, p_contact_id uuid, out session public.unified_sessions, out returned boolean)
language plpgsql set search_path = '' as $$
declare
  v_preferences jsonb;
begin
  returned := false;
  select * into session
  from public.unified_sessions as active
  where active.org_id = p_org_id and active.contact_id = p_contact_id and active.status = 'active'
  for update;
  if session.id is not null and session.last_message_at >= now() - interval '24 hours' then
    return;
  end if;
  if session.id is not null then
    update public.unified_sessions as stale
    set status = 'expired', expired_at = now()
    where stale.id = session.id;
    returned := true;
  end if;
  select before.preferences into v_preferences
  from public.unified_sessions as before
  where before.org_id = p_org_id and before.contact_id = p_contact_id
  order by before.started_at desc
  limit 1;
  returned := returned or v_preferences is not null;
  insert into public.unified_sessions (org_id, contact_id, preferences)
  values (p_org_id, p_contact_id, coalesce(v_preferences, '{}'))
  returning * into session;
end
$$;
revoke all on function private.open_session(uuid, uuid) from public, anon, authenticated;
grant execute on function private.open_session(uuid, uuid) to service_role;

-- Takes the lease on one contact's waiting messages. A first attempt takes the whole burst; whatever
-- failed before is taken alone, so that one message can't take others down with it. A contact that was
-- merged has its survivor's turn.
create function private.claim_contact_turn(
  p_org_id uuid,
  p_contact_id uuid,
  p_lease_seconds integer,
  p_max_attempts integer,
  p_max_messages integer
) returns jsonb
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
declare
  v_queue public.contact_queues;
  v_session record;
  v_messages jsonb;
  v_through bigint;
  v_until timestamptz;
  v_hand_over jsonb;
  v_given_up integer;
begin
  p_contact_id := private.follow_contact(p_org_id, p_contact_id);
  if p_contact_id is null then
    return jsonb_build_object('code', 'held');
  end if;
  select * into v_queue
  from public.contact_queues as queue
  where queue.org_id = p_org_id and queue.contact_id = p_contact_id
  for update;
  if not found then
    return jsonb_build_object('code', 'nothing');
  end if;
  if v_queue.turn_leased_until > clock_timestamp() then
    return jsonb_build_object('code', 'held');
  end if;
  v_hand_over := private.open_hand_over(p_org_id, p_contact_id);
  if v_hand_over is not null then
    perform private.keep_messages_for_person(p_org_id, p_contact_id, v_queue.completed_sequence);
    return v_hand_over;
  end if;
  if v_queue.turn_retry_at > clock_timestamp() then
    return jsonb_build_object('code', 'waiting', 'retry_at', v_queue.turn_retry_at);
  end if;
  -- Claimed, and the lease ran out: whoever had it is gone.
  if v_queue.claimed_sequence is not null then
    v_given_up := private.fail_inbound_messages(
      p_org_id, p_contact_id, v_queue.completed_sequence, v_queue.claimed_sequence,
      'The turn was interrupted: its function ended before completing it', p_max_attempts
    );
    if v_given_up > 0 then
      perform private.mark_interrupted(p_org_id, p_contact_id, v_given_up, v_queue.received_sequence);
    end if;
  end if;

  with waiting as (
    select message.*,
      row_number() over (order by message.sequence, message.id) as nth,
      sum(case when message.attempts > 0 then 1 else 0 end) over (order by message.sequence, message.id) as failed_so_far
    from (
      select candidate.*
      from public.inbound_messages as candidate
      where candidate.org_id = p_org_id and candidate.contact_id = p_contact_id
        and candidate.sequence > v_queue.completed_sequence and candidate.disposition = 'received'
        and candidate.created_at between now() - interval '35 days' and now() + interval '1 day'
      order by candidate.sequence, candidate.id
      limit least(greatest(p_max_messages, 1), 100)
    ) as message
  )
  select
    jsonb_agg(jsonb_build_object(
      'id', waiting.id, 'wamid', waiting.wamid, 'sequence', waiting.sequence, 'type', waiting.type,
      'content', waiting.content, 'sent_at', waiting.sent_at, 'created_at', waiting.created_at,
      'attempts', waiting.attempts, 'phone_number_id', waiting.phone_number_id
    ) order by waiting.nth),
    max(waiting.sequence)
  into v_messages, v_through
  from waiting
  where waiting.nth = 1 or waiting.failed_so_far = 0;

  if v_messages is null then
    update public.contact_queues as queue
    set completed_sequence = queue.received_sequence, claimed_sequence = null,
        turn_due_at = null, turn_retry_at = null, turn_leased_until = null
    where queue.org_id = p_org_id and queue.contact_id = p_contact_id;
    return jsonb_build_object('code', 'nothing');
  end if;

  v_until := clock_timestamp() + make_interval(secs => p_lease_seconds);
  update public.contact_queues as queue
  set claimed_sequence = v_through,
      turn_leased_until = v_until,
      turn_due_at = v_until,
      turn_retry_at = null,
      turn_fencing_token = nextval('private.fencing_tokens')
  where queue.org_id = p_org_id and queue.contact_id = p_contact_id
  returning * into v_queue;
  select * into v_session from private.open_session(p_org_id, p_contact_id);

  return jsonb_build_object(
    'code', 'claimed',
    'org_id', p_org_id,
    'contact_id', p_contact_id,
    'fencing_token', v_queue.turn_fencing_token,
    'contact', (
      select jsonb_build_object(
        'id', contact.id, 'name', contact.name, 'username', contact.username, 'rollout_key', contact.rollout_key
      )
      from public.contacts as contact where contact.id = p_contact_id
    ) || private.describe_recipient(p_org_id, p_contact_id),
    'session', to_jsonb(v_session.session),
    'returned', v_session.returned,
    'limits', private.describe_turn_limits(p_org_id),
    'messages', v_messages
  );
end
$$;
revoke all on function private.claim_contact_turn(uuid, uuid, integer, integer, integer) from public, anon, authenticated;
grant execute on function private.claim_contact_turn(uuid, uuid, integer, integer, integer) to service_role;

-- {org_id, contact_id, lease_seconds, max_attempts?, max_messages?} ->
--   {code: 'claimed', org_id, contact_id, fencing_token, contact {id, name, username, rollout_key, phone,
--    bsuid, opted_out, last_inbound_at}, session (row), returned, limits {switched_off_agents, tokens_left},
--    messages [{id, wamid, sequence, type, content, sent_at, created_at, attempts, phone_number_id}], flags,
--    sender {settings, whatsapp, …}}
--   | {code: 'handed_over', hand_over_id, state} a person answers: the messages are kept for them
--   | {code: 'held'} somebody has it | {code: 'waiting', retry_at} it failed a moment ago
--   | {code: 'nothing'}.
create function public.claim_turn(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_claim jsonb;
begin
  v_claim := private.claim_contact_turn(
    v_org_id,
    (request ->> 'contact_id')::uuid,
    least(greatest((request ->> 'lease_seconds')::integer, 1), 600),
    least(greatest(coalesce((request ->> 'max_attempts')::integer, 5), 1), 100),
    least(greatest(coalesce((request ->> 'max_messages')::integer, 20), 1), 100)
  );
  if v_claim ->> 'code' <> 'claimed' then
    return v_claim;
  end if;
  return v_claim || jsonb_build_object(
    'flags', private.flags_in_force(),
    'sender', private.describe_sender(v_org_id)
  );
end
$$;
revoke all on function public.claim_turn(jsonb) from public, anon, authenticated;
grant execute on function public.claim_turn(jsonb) to service_role;

-- Organizations whose earliest entry in a queue is due, beginning at a random one and going round, so
-- that none of them is always first. One index probe each, at most p_limit of them are returned.
-- Without sorts: a planner that knows nothing of the table may else walk the primary key and sort all
-- that waits for an organization, only to look at the first.
create function private.organizations_with_due_queue(p_queue text, p_limit integer) returns uuid[]
language plpgsql set search_path = ''
set enable_seqscan = off set jit = off set enable_sort = off set enable_incremental_sort = off as $$
declare
  v_start constant uuid := gen_random_uuid();
  v_after uuid := v_start;
  v_wrapped boolean := false;
  v_org_id uuid;
  v_due_at timestamptz;
  v_found uuid[] := '{}';
begin
  for v_probe in 1 .. 10000 loop
    if p_queue = 'turn' then
      select queue.org_id, queue.turn_due_at into v_org_id, v_due_at
      from public.contact_queues as queue
      where queue.turn_due_at is not null and queue.org_id > v_after
      order by queue.org_id, queue.turn_due_at
      limit 1;
    else
      select queue.org_id, queue.send_due_at into v_org_id, v_due_at
      from public.contact_queues as queue
      where queue.send_due_at is not null and queue.org_id > v_after
      order by queue.org_id, queue.send_due_at
      limit 1;
    end if;
    if not found then
      exit when v_wrapped;
      v_wrapped := true;
      v_after := '00000000-0000-0000-0000-000000000000';
      continue;
    end if;
    exit when v_wrapped and v_org_id > v_start;
    v_after := v_org_id;
    if v_due_at <= clock_timestamp() and not exists (
      select 1 from public.outbound_pauses as pause
      where p_queue = 'send' and pause.org_id = v_org_id and pause.paused_until > clock_timestamp()
    ) then
      v_found := v_found || v_org_id;
      exit when cardinality(v_found) >= p_limit;
    end if;
  end loop;
  return v_found;
end
$$;
revoke all on function private.organizations_with_due_queue(text, integer) from public, anon, authenticated;
grant execute on function private.organizations_with_due_queue(text, integer) to service_role;

-- Locks an organization's contacts that are due, the longest due first. Without sorts, for the same reason.
create function private.lock_due_contacts(p_queue text, p_org_id uuid, p_limit integer) returns uuid[]
language plpgsql set search_path = ''
set enable_seqscan = off set jit = off set enable_sort = off set enable_incremental_sort = off as $$
declare
  v_contact_id uuid;
  v_found uuid[] := '{}';
begin
  if p_queue = 'turn' then
    for v_contact_id in
      select queue.contact_id
      from public.contact_queues as queue
      where queue.org_id = p_org_id and queue.turn_due_at <= clock_timestamp()
      order by queue.turn_due_at
      limit least(p_limit, 100)
      for update skip locked
    loop
      v_found := v_found || v_contact_id;
    end loop;
  else
    for v_contact_id in
      select queue.contact_id
      from public.contact_queues as queue
      where queue.org_id = p_org_id and queue.send_due_at <= clock_timestamp()
        and coalesce(queue.send_leased_until, '-infinity') <= clock_timestamp()
      order by queue.send_due_at
      limit least(p_limit, 100)
      for update skip locked
    loop
      v_found := v_found || v_contact_id;
    end loop;
  end if;
  return v_found;
end
$$;
revoke all on function private.lock_due_contacts(text, uuid, integer) from public, anon, authenticated;
grant execute on function private.lock_due_contacts(text, uuid, integer) to service_role;

-- For the worker: turns that nobody took, or whose holder died. {limit, lease_seconds, max_attempts?,
-- max_messages?} -> {code: 'claimed', turns: [as claim_turn, without flags and sender], flags,
-- senders: {org_id: sender}}.
create function public.claim_due_turns(request jsonb) returns jsonb
language plpgsql set search_path = '' set enable_seqscan = off set jit = off as $$
declare
  v_limit constant integer := least(greatest(coalesce((request ->> 'limit')::integer, 10), 1), 100);
  v_org_ids uuid[];
  v_share integer;
  v_org_id uuid;
  v_contact_id uuid;
  v_claim jsonb;
  v_turns jsonb := '[]';
begin
  v_org_ids := private.organizations_with_due_queue('turn', v_limit);
  v_share := ceil(v_limit::numeric / greatest(cardinality(v_org_ids), 1));
  foreach v_org_id in array v_org_ids loop
    foreach v_contact_id in array private.lock_due_contacts('turn', v_org_id, v_share) loop
      v_claim := private.claim_contact_turn(
        v_org_id, v_contact_id,
        least(greatest((request ->> 'lease_seconds')::integer, 1), 600),
        least(greatest(coalesce((request ->> 'max_attempts')::integer, 5), 1), 100),
        least(greatest(coalesce((request ->> 'max_messages')::integer, 20), 1), 100)
      );
      if v_claim ->> 'code' = 'claimed' then
        v_turns := v_turns || v_claim;
      end if;
    end loop;
    exit when jsonb_array_length(v_turns) >= v_limit;
  end loop;
  return jsonb_build_object(
    'code', 'claimed',
    'turns', v_turns,
    'flags', private.flags_in_force(),
    'senders', coalesce((
      select jsonb_object_agg(claimed.org_id, private.describe_sender(claimed.org_id::uuid))
      from (select distinct turn.value ->> 'org_id' as org_id from jsonb_array_elements(v_turns) as turn) as claimed
    ), '{}')
  );
end
$$;
revoke all on function public.claim_due_turns(jsonb) from public, anon, authenticated;
grant execute on function public.claim_due_turns(jsonb) to service_role;
