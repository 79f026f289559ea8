-- Sending: one sender per contact at a time, in order, each message claimed before it leaves. A claim
-- that ran out may have sent: its message becomes `unknown` and is never sent again.

-- A message as whoever sends it takes it.
create function private.describe_outbound(p_message public.outbound_messages) returns jsonb
language plpgsql immutable set search_path = '' as $$
begin
  return jsonb_build_object(
    'id', p_message.id, 'kind', p_message.kind, 'type', p_message.type, 'content', p_message.content,
    'reply_to_wamid', p_message.reply_to_wamid, 'attempts', p_message.attempts,
    'correlation_id', p_message.correlation_id
  );
end
$$;
revoke all on function private.describe_outbound(public.outbound_messages) from public, anon, authenticated;
grant execute on function private.describe_outbound(public.outbound_messages) to service_role;

-- A contact's messages that are queued or claimed, in their order: by the index of what is open, whatever
-- the planner thinks of a contact's long history. Whoever asks for their state says so by coalesce: the
-- bare condition would let a plan walk through all that is open for anyone.
create function private.open_message_ids(p_org_id uuid, p_contact_id uuid) returns uuid[]
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_sort = off as $$
begin
  return array(
    select message.id
    from public.outbound_messages as message
    where message.org_id = p_org_id and message.contact_id = p_contact_id and message.state in ('queued', 'claimed')
    order by message.sequence
    limit 10000
  );
end
$$;
revoke all on function private.open_message_ids(uuid, uuid) from public, anon, authenticated;
grant execute on function private.open_message_ids(uuid, uuid) to service_role;

-- Locks what is open for these contacts (their organizations beside them), and p_ids, in the order in which statuses do. The caller holds
-- the contacts' queues, and asks before it touches any of these messages.
create function private.lock_outbound_messages(p_org_ids uuid[], p_contact_ids uuid[], p_ids uuid[] default '{}') returns void
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  perform 1
  from public.outbound_messages as message
  where message.id = any (array(
    select asked.id from unnest(p_ids) as asked (id)
    union
    select open.id
    from unnest(p_org_ids, p_contact_ids) as holder (org_id, contact_id)
    cross join lateral unnest(private.open_message_ids(holder.org_id, holder.contact_id)) as open (id)
  ))
  order by message.id
  for update;
end
$$;
revoke all on function private.lock_outbound_messages(uuid[], uuid[], uuid[]) from public, anon, authenticated;
grant execute on function private.lock_outbound_messages(uuid[], uuid[], uuid[]) to service_role;

-- Takes a claim's id, which nobody but the first may use: a call that is made again waits here for the
-- first one's commit, and gets its answer. Null to the first, and where no id is given.
create function private.begin_send_claim(p_claim_id uuid) returns jsonb
language plpgsql set search_path = '' as $$
begin
  if p_claim_id is null then
    return null;
  end if;
  insert into private.send_claims (id) values (p_claim_id) on conflict (id) do nothing;
  if found then
    return null;
  end if;
  return (
    select coalesce(claim.answer, '{"lost": [], "sends": []}') from private.send_claims as claim where claim.id = p_claim_id
  );
end
$$;
revoke all on function private.begin_send_claim(uuid) from public, anon, authenticated;
grant execute on function private.begin_send_claim(uuid) to service_role;

create function private.keep_send_claim(p_claim_id uuid, p_lost jsonb, p_sends jsonb[]) returns void
language plpgsql set search_path = '' as $$
begin
  if p_claim_id is null or (p_lost = '[]' and cardinality(p_sends) = 0) then
    return;
  end if;
  update private.send_claims as claim
  set answer = jsonb_build_object('lost', p_lost, 'sends', coalesce((
    select jsonb_agg(jsonb_build_object(
      'org_id', send -> 'org_id', 'contact_id', send -> 'contact_id', 'fencing_token', send -> 'fencing_token'
    )) from unnest(p_sends) as send
  ), '[]'))
  where claim.id = p_claim_id;
end
$$;
revoke all on function private.keep_send_claim(uuid, jsonb, jsonb[]) from public, anon, authenticated;
grant execute on function private.keep_send_claim(uuid, jsonb, jsonb[]) to service_role;

-- The sends of an earlier answer, as far as they are still held by whoever claimed them.
create function private.repeat_sends(p_sends jsonb) returns jsonb
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_send record;
  v_messages jsonb;
  v_sends jsonb := '[]';
begin
  for v_send in
    select claimed.org_id, claimed.contact_id, claimed.fencing_token
    from jsonb_to_recordset(p_sends) as claimed (org_id uuid, contact_id uuid, fencing_token bigint)
    where exists (
      select 1 from public.contact_queues as queue
      where queue.org_id = claimed.org_id and queue.contact_id = claimed.contact_id
        and queue.send_fencing_token = claimed.fencing_token and queue.send_leased_until > clock_timestamp()
    )
  loop
    select jsonb_agg(private.describe_outbound(message) order by message.sequence) into v_messages
    from public.outbound_messages as message
    where message.id = any (private.open_message_ids(v_send.org_id, v_send.contact_id))
      and coalesce(message.state, '') = 'claimed' and message.fencing_token = v_send.fencing_token;
    continue when v_messages is null;
    v_sends := v_sends || jsonb_build_object(
      'org_id', v_send.org_id, 'contact_id', v_send.contact_id, 'fencing_token', v_send.fencing_token,
      'recipient', private.describe_recipient(v_send.org_id, v_send.contact_id), 'messages', v_messages
    );
  end loop;
  return v_sends;
end
$$;
revoke all on function private.repeat_sends(jsonb) from public, anon, authenticated;
grant execute on function private.repeat_sends(jsonb) to service_role;

-- Claims what one contact may be sent now. The caller holds the lock on the contact's queue, and those on
-- its open messages; no sender's lease is running, or it is the caller's own. Replies
-- and messages that we start are two lanes, so that a reply never waits behind a message held back
-- for the morning; within a lane nothing overtakes. Null when there is nothing to send now.
create function private.claim_contact_sends(
  p_org_id uuid,
  p_contact_id uuid,
  p_lease_seconds integer,
  p_max_messages integer
) returns jsonb
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_open constant uuid[] := private.open_message_ids(p_org_id, p_contact_id);
  v_token bigint;
  v_until constant timestamptz := clock_timestamp() + make_interval(secs => p_lease_seconds);
  v_messages jsonb;
  v_next timestamptz;
begin
  -- Claimed, and the lease is over: sent or not, nobody can tell.
  update public.outbound_messages as message
  set state = 'unknown', unknown_at = now(), error = 'The sender ended before recording what became of it'
  where message.id = any (v_open) and coalesce(message.state, '') = 'claimed';
  if found then
    perform public.raise_alert(jsonb_build_object(
      'org_id', p_org_id, 'rule', 'outbox_unknown', 'severity', 'warning',
      'message', 'Cannot tell whether some WhatsApp messages were sent: waiting for their status',
      'details', jsonb_build_object('contact_id', p_contact_id)
    ));
  end if;
  update public.outbound_messages as message
  set state = 'expired', expired_at = now()
  where message.id = any (v_open) and coalesce(message.state, '') = 'queued'
    and message.expires_at <= clock_timestamp();

  v_token := nextval('private.fencing_tokens');
  with lanes as (
    select message.id, message.sequence,
      bool_and(message.not_before <= clock_timestamp())
        over (partition by message.kind order by message.sequence) as is_ready
    from public.outbound_messages as message
    where message.id = any (v_open) and coalesce(message.state, '') = 'queued'
  ),
  claimed as (
    update public.outbound_messages as message
    set state = 'claimed', claimed_at = clock_timestamp(), fencing_token = v_token,
        attempts = message.attempts + 1
    where message.id = any (array(
      select lanes.id from lanes where lanes.is_ready
      order by lanes.sequence limit least(greatest(p_max_messages, 1), 20)
    ))
    returning message.*
  )
  select jsonb_agg(private.describe_outbound(claimed) order by claimed.sequence)
  into v_messages
  from claimed;

  if v_messages is null then
    select min(lane.not_before) into v_next
    from (
      -- The first of a lane holds the others back.
      select distinct on (message.kind) message.not_before
      from public.outbound_messages as message
      where message.id = any (v_open) and coalesce(message.state, '') = 'queued'
      order by message.kind, message.sequence
    ) as lane;
    update public.contact_queues as queue
    set send_due_at = v_next, send_leased_until = null
    where queue.org_id = p_org_id and queue.contact_id = p_contact_id
      and (queue.send_due_at is distinct from v_next or queue.send_leased_until is not null);
    return null;
  end if;

  update public.contact_queues as queue
  set send_due_at = v_until, send_leased_until = v_until, send_fencing_token = v_token
  where queue.org_id = p_org_id and queue.contact_id = p_contact_id;
  return jsonb_build_object(
    'org_id', p_org_id, 'contact_id', p_contact_id, 'fencing_token', v_token,
    'recipient', private.describe_recipient(p_org_id, p_contact_id), 'messages', v_messages
  );
end
$$;
revoke all on function private.claim_contact_sends(uuid, uuid, integer, integer) from public, anon, authenticated;
grant execute on function private.claim_contact_sends(uuid, uuid, integer, integer) to service_role;

-- For the worker. {claim_id?, limit (contacts), lease_seconds, max_messages?} -> {code: 'claimed', sends:
-- [{org_id, contact_id, fencing_token, recipient {phone, bsuid, opted_out, last_inbound_at}, messages
-- [{id, kind, type, content, reply_to_wamid, attempts, correlation_id}]}], senders: {org_id: sender}}.
-- Going round the organizations; one that is paused or not connected is left out. The same claim_id
-- again, after a lost answer, claims nothing and gives the same answer.
create function public.claim_outbound(request jsonb) returns jsonb
language plpgsql set search_path = '' set enable_seqscan = off as $$
declare
  v_claim_id constant uuid := (request ->> 'claim_id')::uuid;
  v_limit constant integer := least(greatest(coalesce((request ->> 'limit')::integer, 25), 1), 100);
  v_repeated jsonb;
  v_org_ids uuid[];
  v_share integer;
  v_org_id uuid;
  v_contact_id uuid;
  v_holder_ids uuid[] := '{}';
  v_contact_ids uuid[] := '{}';
  v_row record;
  v_claim jsonb;
  v_sends jsonb[] := '{}';
begin
  v_repeated := private.begin_send_claim(v_claim_id);
  if v_repeated is not null then
    select coalesce(array_agg(send.value), '{}') into v_sends
    from jsonb_array_elements(private.repeat_sends(v_repeated -> 'sends')) as send;
    return private.describe_claim(v_sends);
  end if;

  v_org_ids := private.organizations_with_due_queue('send', v_limit);
  v_share := ceil(v_limit::numeric / greatest(cardinality(v_org_ids), 1));
  foreach v_org_id in array v_org_ids loop
    for v_contact_id in
      select queue.contact_id
      from public.contact_queues as queue
      where queue.org_id = v_org_id and queue.send_due_at <= clock_timestamp()
        and coalesce(queue.send_leased_until, '-infinity') <= clock_timestamp()
      order by queue.send_due_at
      limit least(v_share, 100)
      for update skip locked
    loop
      v_contact_id := private.follow_contact(v_org_id, v_contact_id);
      if v_contact_id is not null then
        v_holder_ids := v_holder_ids || v_org_id;
        v_contact_ids := v_contact_ids || v_contact_id;
      end if;
    end loop;
    exit when cardinality(v_contact_ids) >= v_limit;
  end loop;

  perform private.lock_outbound_messages(v_holder_ids, v_contact_ids);
  for v_row in
    select distinct held.org_id, held.contact_id
    from unnest(v_holder_ids, v_contact_ids) as held (org_id, contact_id)
    -- A survivor may be somebody's.
    where coalesce((
      select queue.send_leased_until from public.contact_queues as queue
      where queue.org_id = held.org_id and queue.contact_id = held.contact_id
    ), '-infinity') <= clock_timestamp()
    order by held.org_id, held.contact_id
  loop
    v_claim := private.claim_contact_sends(
      v_row.org_id, v_row.contact_id,
      least(greatest((request ->> 'lease_seconds')::integer, 1), 600),
      coalesce((request ->> 'max_messages')::integer, 5)
    );
    if v_claim is not null then
      v_sends := v_sends || v_claim;
    end if;
  end loop;
  perform private.keep_send_claim(v_claim_id, '[]', v_sends);
  return private.describe_claim(v_sends);
end
$$;
revoke all on function public.claim_outbound(jsonb) from public, anon, authenticated;
grant execute on function public.claim_outbound(jsonb) to service_role;

create function private.describe_claim(p_sends jsonb[]) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object(
    'code', 'claimed',
    'sends', to_jsonb(p_sends),
    'senders', coalesce((
      select jsonb_object_agg(claimed.org_id, private.describe_sender(claimed.org_id::uuid))
      from (select distinct send ->> 'org_id' as org_id from unnest(p_sends) as send) as claimed
    ), '{}')
  );
end
$$;
revoke all on function private.describe_claim(jsonb[]) from public, anon, authenticated;
grant execute on function private.describe_claim(jsonb[]) to service_role;

-- What refusals mean for a person, an organization or its token; see record_sent for their shapes.
create function private.apply_send_consequences(p_request jsonb) returns void
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_row record;
begin
  insert into public.contact_opt_outs as opt_out (org_id, contact_id, reason)
  select distinct refused.org_id, coalesce(contact.merged_into_id, refused.contact_id), 'provider'
  from jsonb_to_recordset(p_request -> 'opted_out') as refused (org_id uuid, contact_id uuid)
  cross join lateral (
    select known.merged_into_id from public.contacts as known
    where known.org_id = refused.org_id and known.id = refused.contact_id
  ) as contact
  order by 1, 2
  on conflict (org_id, contact_id) do update set
    state = 'opted_out', reason = excluded.reason, opted_out_at = now(), opted_in_at = null
  where opt_out.state = 'opted_in';

  insert into public.outbound_pauses as kept (org_id, reason, paused_until)
  select distinct on (pause.org_id)
    pause.org_id, left(pause.reason, 500),
    clock_timestamp() + make_interval(secs => least(greatest(pause.seconds, 1), 3600))
  from jsonb_to_recordset(p_request -> 'pauses') as pause (org_id uuid, seconds double precision, reason text)
  order by pause.org_id, pause.seconds desc
  on conflict (org_id) do update set
    reason = excluded.reason, paused_at = now(), paused_until = greatest(kept.paused_until, excluded.paused_until);

  for v_row in
    select distinct on (failed.org_id) failed.*
    from jsonb_to_recordset(p_request -> 'failed_integrations') as failed (org_id uuid, fingerprint text, error text)
    order by failed.org_id
  loop
    -- Not when another token has been saved since.
    update public.integrations as integration
    set last_error = left(v_row.error, 500), last_checked_at = now()
    where integration.org_id = v_row.org_id and integration.provider = 'whatsapp' and integration.connected
      and (v_row.fingerprint is null or integration.fingerprint = v_row.fingerprint);
    if found then
      perform public.raise_alert(jsonb_build_object(
        'org_id', v_row.org_id, 'rule', 'credential_failed', 'dedupe_key', 'whatsapp', 'severity', 'critical',
        'message', format('Cannot send WhatsApp messages: %s', left(v_row.error, 300)),
        'details', jsonb_build_object('provider', 'whatsapp')
      ));
    end if;
  end loop;
end
$$;
revoke all on function private.apply_send_consequences(jsonb) from public, anon, authenticated;
grant execute on function private.apply_send_consequences(jsonb) to service_role;

-- What became of messages that were claimed, for several contacts at once.
-- {claim_id?, lease_seconds, max_attempts?, max_messages?,
--  results: [{org_id, contact_id, fencing_token, id, outcome, wamid, error_code, error, retry_at,
--    type, content}],
--  opted_out: [{org_id, contact_id}], pauses: [{org_id, seconds, reason}],
--  failed_integrations: [{org_id, fingerprint, error}], provider_calls: [{org_id, calls}]}
-- outcome: 'sent' (with wamid) | 'failed' for good | 'unknown' nobody can tell | 'retry' not sent, try
-- at retry_at | 'held' not sent and not its fault, try at retry_at, costs no attempt | 'replaced' by
-- type and content, try again at once | 'cancelled' | 'expired'.
-- -> {code: 'recorded', lost: [id] (claims that somebody else has settled), sends: [what the same
-- contacts may be sent next, claimed already]}. The same claim_id again, after a lost answer, records and
-- claims nothing and gives the same answer.
create function public.record_sent(request jsonb) returns jsonb
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_claim_id constant uuid := (request ->> 'claim_id')::uuid;
  v_max_attempts constant integer := least(greatest(coalesce((request ->> 'max_attempts')::integer, 8), 1), 100);
  v_repeated jsonb;
  v_holders jsonb;
  v_settled uuid[];
  v_given_up jsonb;
  v_lost jsonb;
  v_sends jsonb[] := '{}';
  v_claim jsonb;
  v_row record;
begin
  v_repeated := private.begin_send_claim(v_claim_id);
  if v_repeated is not null then
    return jsonb_build_object(
      'code', 'recorded', 'lost', v_repeated -> 'lost', 'sends', private.repeat_sends(v_repeated -> 'sends')
    );
  end if;
  -- Whose messages they are by now: a contact that was merged meanwhile is its survivor.
  select coalesce(jsonb_agg(distinct jsonb_build_object(
    'org_id', result.org_id, 'fencing_token', result.fencing_token,
    'contact_id', coalesce(
      (
        select contact.merged_into_id from public.contacts as contact
        where contact.org_id = result.org_id and contact.id = result.contact_id
      ),
      result.contact_id
    )
  )), '[]')
  into v_holders
  from jsonb_to_recordset(request -> 'results') as result (org_id uuid, contact_id uuid, fencing_token bigint);
  -- The contacts first, always in this order, as everyone does; then the messages.
  for v_row in
    select distinct holder.org_id, holder.contact_id
    from jsonb_to_recordset(v_holders) as holder (org_id uuid, contact_id uuid)
    order by holder.org_id, holder.contact_id
  loop
    perform 1
    from public.contact_queues as queue
    where queue.org_id = v_row.org_id and queue.contact_id = v_row.contact_id
    for update;
  end loop;
  perform private.lock_outbound_messages(
    array(select holder.org_id from jsonb_to_recordset(v_holders) as holder (org_id uuid)),
    array(select holder.contact_id from jsonb_to_recordset(v_holders) as holder (contact_id uuid)),
    array(
      select message.id
      from jsonb_to_recordset(request -> 'results') as result (org_id uuid, id uuid)
      cross join lateral (
        select own.id from public.outbound_messages as own where own.id = result.id and own.org_id = result.org_id limit 1
      ) as message
    )
  );

  with input as materialized (
    select result.*,
      case
        when result.outcome = 'retry' and message.attempts >= v_max_attempts then 'failed'
        when result.outcome = 'replaced' then 'held'
        else result.outcome
      end as decided,
      -- A status may have come before this record.
      message.state in ('claimed', 'unknown') as is_open
    from jsonb_to_recordset(request -> 'results') as result (
      org_id uuid, id uuid, fencing_token bigint, outcome text, wamid text, error_code integer, error text,
      retry_at timestamptz, type text, content jsonb
    )
    cross join lateral (
      select claimed.state, claimed.attempts
      from public.outbound_messages as claimed
      where claimed.id = result.id and claimed.org_id = result.org_id
        and claimed.fencing_token = result.fencing_token
      limit 1
    ) as message
  ),
  settled as (
    update public.outbound_messages as message
    set state = case
          when not input.is_open then message.state
          when input.decided in ('retry', 'held') then 'queued'
          else input.decided
        end,
        wamid = coalesce(message.wamid, input.wamid),
        sent_at = case when input.decided = 'sent' then coalesce(message.sent_at, now()) else message.sent_at end,
        failed_at = case when input.is_open and input.decided = 'failed' then now() else message.failed_at end,
        unknown_at = case when input.is_open and input.decided = 'unknown' then now() else message.unknown_at end,
        cancelled_at = case when input.is_open and input.decided = 'cancelled' then now() else message.cancelled_at end,
        expired_at = case when input.is_open and input.decided = 'expired' then now() else message.expired_at end,
        not_before = case
          when input.is_open and input.decided in ('retry', 'held') then coalesce(input.retry_at, now())
          else message.not_before
        end,
        attempts = case
          when input.is_open and input.decided = 'held' then message.attempts - 1 else message.attempts
        end,
        type = case when input.is_open then coalesce(input.type, message.type) else message.type end,
        content = case when input.is_open then coalesce(input.content, message.content) else message.content end,
        fencing_token = case
          when input.is_open and input.decided in ('retry', 'held') then null else message.fencing_token
        end,
        error_code = coalesce(input.error_code, message.error_code),
        error = coalesce(left(input.error, 2000), message.error)
    from input
    where message.id = input.id and message.id = any (array(select input.id from input))
    returning message.id, message.org_id, message.contact_id, message.state, message.attempts,
      message.error, message.error_code, input.outcome
  )
  select
    coalesce(array_agg(settled.id), '{}'),
    coalesce(jsonb_agg(to_jsonb(settled) order by settled.id) filter (
      where settled.state = 'failed' and settled.outcome = 'retry'
    ), '[]')
  into v_settled, v_given_up
  from settled;
  for v_row in
    select message.*
    from jsonb_to_recordset(v_given_up) as message (
      id uuid, org_id uuid, contact_id uuid, attempts integer, error text, error_code integer
    )
    order by message.org_id, message.id
  loop
    perform private.record_dead_letter(
      v_row.org_id, 'outbox', v_row.id::text, v_row.error,
      jsonb_build_object('message_id', v_row.id, 'contact_id', v_row.contact_id, 'error_code', v_row.error_code),
      v_row.attempts
    );
  end loop;

  perform private.apply_send_consequences(request);

  -- What else the same contacts may be sent, for those whose sender this is.
  for v_row in
    select mine.org_id, mine.contact_id,
      cardinality(private.open_message_ids(mine.org_id, mine.contact_id)) > 0 as has_more,
      exists (
        select 1 from public.outbound_pauses as pause
        where pause.org_id = mine.org_id and pause.paused_until > clock_timestamp()
      ) as is_paused
    from jsonb_to_recordset(v_holders) as mine (org_id uuid, contact_id uuid, fencing_token bigint)
    where mine.fencing_token = (
      select queue.send_fencing_token from public.contact_queues as queue
      where queue.org_id = mine.org_id and queue.contact_id = mine.contact_id
    )
    order by mine.org_id, mine.contact_id
  loop
    if v_row.has_more and not v_row.is_paused then
      v_claim := private.claim_contact_sends(
        v_row.org_id, v_row.contact_id,
        least(greatest((request ->> 'lease_seconds')::integer, 1), 600),
        coalesce((request ->> 'max_messages')::integer, 5)
      );
      if v_claim is not null then
        v_sends := v_sends || v_claim;
      end if;
    else
      update public.contact_queues as queue
      set send_leased_until = null,
          send_due_at = case when v_row.has_more then clock_timestamp() end
      where queue.org_id = v_row.org_id and queue.contact_id = v_row.contact_id;
    end if;
  end loop;

  for v_row in
    select call.org_id, call.calls
    from jsonb_to_recordset(request -> 'provider_calls') as call (org_id uuid, calls jsonb)
    order by call.org_id
  loop
    perform private.record_provider_calls(v_row.org_id, v_row.calls);
  end loop;
  select coalesce(jsonb_agg(result.id), '[]') into v_lost
  from jsonb_to_recordset(request -> 'results') as result (id uuid)
  where result.id <> all (v_settled);
  perform private.keep_send_claim(v_claim_id, v_lost, v_sends);
  return jsonb_build_object('code', 'recorded', 'lost', v_lost, 'sends', to_jsonb(v_sends));
end
$$;
revoke all on function public.record_sent(jsonb) from public, anon, authenticated;
grant execute on function public.record_sent(jsonb) to service_role;
