-- Data: none of it is touched. Each attempt of a turn that fails counts as a failed turn again.
set local lock_timeout = '5s';
alter table public.unified_agent_events drop constraint unified_agent_events_outcome_is_known;
alter table public.unified_agent_events add constraint unified_agent_events_outcome_is_known
  check (outcome in ('succeeded', 'failed', 'ignored', 'forwarded', 'retried')) not valid;
create or replace function public.complete_turn(request jsonb) returns jsonb
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_contact_id constant uuid := (request ->> 'contact_id')::uuid;
  v_outcome constant text := request ->> 'outcome';
  v_session constant jsonb := nullif(request -> 'session', 'null');
  v_effects constant jsonb := coalesce(nullif(request -> 'effects', 'null'), '[]');
  v_until constant timestamptz :=
    clock_timestamp() + make_interval(secs => least(greatest(coalesce((request ->> 'send_lease_seconds')::integer, 30), 1), 600));
  v_held uuid[];
  v_refusals jsonb;
  v_queue public.contact_queues;
  v_completed bigint;
  v_waits boolean;
  v_retry_at timestamptz;
  v_sends_now boolean := false;
  v_paused boolean;
  v_token bigint;
  v_messages jsonb;
  v_send jsonb;
  v_message_id uuid;
begin
  if v_effects <> '[]' then
    v_held := private.hold_effect_contacts(v_org_id, v_contact_id, v_effects);
  end if;
  select * into v_queue
  from public.contact_queues as queue
  where queue.org_id = v_org_id and queue.contact_id = v_contact_id
    and queue.turn_fencing_token = (request ->> 'fencing_token')::bigint
  for update;
  if not found then
    return jsonb_build_object('code', 'lease_lost');
  end if;
  if v_queue.claimed_sequence is null then
    return private.repeat_completed_turn(v_queue, request ->> 'correlation_id');
  end if;
  if v_queue.send_due_at is not null then
    -- What may be claimed further down, before anything that a status locks after its message.
    perform private.lock_outbound_messages(array[v_org_id], array[v_contact_id]);
  end if;
  if v_effects <> '[]' then
    -- Before anything else is written: what is refused leaves nothing behind.
    v_refusals := private.apply_agent_effects(
      jsonb_build_object(
        'org_id', v_org_id, 'contact_id', v_contact_id, 'channel', 'whatsapp',
        'correlation_id', request -> 'correlation_id'
      ),
      v_effects, v_held
    );
    if v_refusals is not null then
      return jsonb_build_object(
        'code', 'refused', 'refusals', v_refusals,
        'is_switched_off', private.is_switched_off(v_org_id, v_contact_id)
      );
    end if;
    -- An effect may have put something into the outbox, for this contact too.
    select * into v_queue
    from public.contact_queues as queue
    where queue.org_id = v_org_id and queue.contact_id = v_contact_id;
  end if;

  if v_outcome = 'failed' then
    -- The newest of the turn names what failed.
    select message.id into v_message_id
    from public.inbound_messages as message
    where message.org_id = v_org_id and message.contact_id = v_contact_id
      and message.sequence > v_queue.completed_sequence and message.sequence <= v_queue.claimed_sequence
      and message.created_at between now() - interval '35 days' and now() + interval '1 day'
    order by message.sequence desc
    limit 1;
    perform private.fail_inbound_messages(
      v_org_id, v_contact_id, v_queue.completed_sequence, v_queue.claimed_sequence,
      coalesce(request ->> 'error', 'no reason given'),
      least(greatest(coalesce((request ->> 'max_attempts')::integer, 5), 1), 100)
    );
  elsif v_outcome = 'forwarding' then
    perform private.forward_claimed_messages(
      v_org_id, v_contact_id, v_queue.completed_sequence, v_queue.claimed_sequence
    );
  else
    update public.inbound_messages as message
    set disposition = v_outcome, disposed_at = now()
    where message.org_id = v_org_id and message.contact_id = v_contact_id
      and message.sequence > v_queue.completed_sequence and message.sequence <= v_queue.claimed_sequence
      and message.created_at between now() - interval '35 days' and now() + interval '1 day'
      and message.disposition = 'received';
  end if;

  select min(message.sequence) into v_completed
  from public.inbound_messages as message
  where message.org_id = v_org_id and message.contact_id = v_contact_id
    and message.sequence > v_queue.completed_sequence and message.disposition = 'received'
    and message.created_at between now() - interval '35 days' and now() + interval '1 day';
  v_waits := v_completed is not null;
  -- Everything below the oldest that still waits is done with.
  v_completed := coalesce(v_completed - 1, v_queue.received_sequence);
  if v_outcome = 'failed' and v_waits then
    v_retry_at := clock_timestamp()
      + make_interval(secs => least(greatest(coalesce((request ->> 'retry_after_seconds')::double precision, 5), 0), 3600));
  end if;

  if v_session is not null then
    update public.unified_sessions as session
    set status = coalesce(v_session ->> 'status', session.status),
        completed_at = case v_session ->> 'status' when 'completed' then now() else session.completed_at end,
        current_agent = case when v_session ? 'current_agent' then v_session ->> 'current_agent' else session.current_agent end,
        flow = case when v_session ? 'flow' then v_session ->> 'flow' else session.flow end,
        flow_step = case when v_session ? 'flow_step' then v_session ->> 'flow_step' else session.flow_step end,
        collected_data = coalesce(nullif(v_session -> 'collected_data', 'null'), session.collected_data),
        messages = coalesce(nullif(v_session -> 'messages', 'null'), session.messages),
        location = case when v_session ? 'location' then nullif(v_session -> 'location', 'null') else session.location end,
        preferences = coalesce(nullif(v_session -> 'preferences', 'null'), session.preferences),
        context = coalesce(nullif(v_session -> 'context', 'null'), session.context),
        last_message_at = now()
    where session.org_id = v_org_id and session.contact_id = v_contact_id
      and session.id = (v_session ->> 'id')::uuid and session.status = 'active';
  end if;

  insert into public.unified_agent_events (
    org_id, contact_id, session_id, correlation_id, event_type, outcome, agent, intent, intent_confidence,
    intent_method, flow, flow_step, tools, handed_off_from, message_count, duration_ms, response_ms,
    input_tokens, output_tokens, cost_usd, error, details
  )
  select
    v_org_id, v_contact_id, (v_session ->> 'id')::uuid,
    coalesce(request ->> 'correlation_id', request ->> 'request_id', ''),
    event.event_type, event.outcome, event.agent, event.intent, event.intent_confidence, event.intent_method,
    event.flow, event.flow_step, coalesce(event.tools, '[]'), event.handed_off_from,
    coalesce(event.message_count, 1), event.duration_ms, event.response_ms, event.input_tokens,
    event.output_tokens, event.cost_usd, left(event.error, 2000), coalesce(event.details, '{}')
  from jsonb_to_recordset(request -> 'events') as event (
    event_type text, outcome text, agent text, intent text, intent_confidence real, intent_method text,
    flow text, flow_step text, tools jsonb, handed_off_from text, message_count integer, duration_ms integer,
    response_ms integer, input_tokens integer, output_tokens integer, cost_usd numeric, error text, details jsonb
  );
  perform private.count_turn(
    jsonb_build_object(
      'org_id', v_org_id, 'contact_id', v_contact_id, 'session_id', v_session -> 'id',
      'correlation_id', coalesce(request ->> 'correlation_id', request ->> 'request_id', ''),
      'message_id', v_message_id
    ),
    coalesce(nullif(request -> 'events', 'null'), '[]')
  );

  if jsonb_array_length(coalesce(nullif(request -> 'outbound', 'null'), '[]')) > 0 then
    v_paused := exists (
      select 1 from public.outbound_pauses as pause
      where pause.org_id = v_org_id and pause.paused_until > clock_timestamp()
    );
    -- Nothing else is on its way to this contact: the replies are born claimed.
    v_sends_now := v_queue.send_due_at is null and not v_paused;
    if v_sends_now then
      v_token := nextval('private.fencing_tokens');
    end if;
    with queued as (
      insert into public.outbound_messages (
        org_id, contact_id, session_id, correlation_id, kind, type, content, reply_to_wamid, state,
        claimed_at, fencing_token, attempts
      )
      select
        v_org_id, v_contact_id, (v_session ->> 'id')::uuid, request ->> 'correlation_id', 'reply',
        message.value ->> 'type', message.value -> 'content', message.value ->> 'reply_to_wamid',
        case when v_sends_now then 'claimed' else 'queued' end,
        case when v_sends_now then clock_timestamp() end,
        v_token,
        case when v_sends_now then 1 else 0 end
      from jsonb_array_elements(request -> 'outbound') with ordinality as message (value, place)
      order by message.place
      returning *
    )
    select jsonb_agg(private.describe_outbound(queued) order by queued.sequence)
    into v_messages
    from queued;
  end if;

  update public.contact_queues as queue
  set completed_sequence = v_completed,
      claimed_sequence = null,
      turn_leased_until = null,
      turn_retry_at = v_retry_at,
      turn_due_at = case when v_waits then coalesce(v_retry_at, clock_timestamp() + interval '15 seconds') end,
      send_due_at = case
        when v_messages is null then queue.send_due_at
        when v_sends_now then v_until
        when queue.send_leased_until > clock_timestamp() then queue.send_due_at
        else least(queue.send_due_at, clock_timestamp())
      end,
      send_leased_until = case when v_sends_now then v_until else queue.send_leased_until end,
      send_fencing_token = coalesce(v_token, queue.send_fencing_token)
  where queue.org_id = v_org_id and queue.contact_id = v_contact_id
  returning * into v_queue;

  if v_sends_now then
    v_send := jsonb_build_object(
      'org_id', v_org_id, 'contact_id', v_contact_id, 'fencing_token', v_token,
      'recipient', private.describe_recipient(v_org_id, v_contact_id), 'messages', v_messages
    );
  elsif v_messages is not null and not v_paused
    and coalesce(v_queue.send_leased_until, '-infinity') <= clock_timestamp() then
    v_send := private.claim_contact_sends(
      v_org_id, v_contact_id,
      least(greatest(coalesce((request ->> 'send_lease_seconds')::integer, 30), 1), 600), 5
    );
  end if;
  return jsonb_build_object('code', 'completed', 'again', v_waits and v_retry_at is null, 'send', v_send);
end
$$;
create or replace function private.metric_rows_of_all(p_from timestamptz, p_to timestamptz) returns table (
  org_id uuid, metric text, label text, at timestamptz, succeeded integer, failed integer, value numeric,
  duration_ms numeric, duration_ms_total bigint
)
language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan as $$
begin
  -- An event of an agent's is read once, whatever it stands for.
  return query
  select
    fact.org_id, fact.metric, fact.label, event.created_at, fact.succeeded, fact.failed, fact.value, fact.duration_ms,
    ceil(fact.duration_ms)::bigint
  from public.unified_agent_events as event
  cross join lateral (values
    (
      event.org_id, 'turn', coalesce(event.agent, 'none'), (event.outcome = 'succeeded')::integer,
      (event.outcome = 'failed')::integer, event.message_count::numeric, event.response_ms::numeric,
      event.event_type = 'turn' and event.outcome in ('succeeded', 'failed')
    ),
    -- What a turn was taken for and agents didn't answer. What ingest itself leaves to the older service makes no
    -- turn: it is in the queue gauges (legacy) until it is given.
    (
      event.org_id, 'turn_left', event.outcome, 1, 0, event.message_count::numeric, null::numeric,
      event.outcome in ('ignored', 'forwarded')
    ),
    (event.org_id, 'tokens', 'input', 0, 0, event.input_tokens::numeric, null::numeric, event.input_tokens > 0),
    (event.org_id, 'tokens', 'output', 0, 0, event.output_tokens::numeric, null::numeric, event.output_tokens > 0),
    (event.org_id, 'cost_usd', 'language_model', 0, 0, event.cost_usd, null::numeric, event.cost_usd > 0),
    (
      event.org_id, 'handoff', coalesce(event.agent, 'none'), 1, 0, 0::numeric, (event.details ->> 'decision_ms')::numeric,
      event.handed_off_from is not null
    ),
    -- Nobody's own: all wait for one database.
    (null::uuid, 'database', 'turn', 1, 0, 0::numeric, event.database_ms, event.database_ms is not null)
  ) as fact (org_id, metric, label, succeeded, failed, value, duration_ms, counts)
  where event.created_at >= p_from and event.created_at < p_to and fact.counts;
  return query
  select
    null::uuid, 'database', 'operation', event.created_at, 1, 0, 0::numeric, event.database_ms,
    ceil(event.database_ms)::bigint
  from public.operation_events as event
  where event.created_at >= p_from and event.created_at < p_to and event.database_ms is not null;

  -- A refusal is whoever was refused's, and no failure of ours. A knowledge base that got to Vapi in part is not
  -- what its service level calls a sync that succeeds; a round that goes on in the next one hasn't ended. A save of
  -- which a part is still to be pushed has stored everything: what is pushed is counted by itself.
  return query
  select
    event.org_id,
    case
      when event.outcome = 'refused' then 'refusal'
      when event.is_one then event.operation
      else 'operation'
    end,
    case when event.outcome <> 'refused' and event.is_one then '' else event.operation end,
    event.created_at, (not event.is_bad)::integer, event.is_bad::integer, 0::numeric,
    event.duration_ms::numeric, event.duration_ms::bigint
  from (
    select
      one.*,
      one.operation in ('workspace_save', 'agent_sync', 'knowledge_sync') and not round.goes_on as is_one,
      not round.goes_on and (
        one.outcome = 'failed' or one.operation = 'knowledge_sync' and one.outcome = 'partially_succeeded'
      ) as is_bad
    from public.operation_events as one
    cross join lateral (
      select one.operation = 'knowledge_sync' and coalesce(one.details -> 'goes_on' = 'true', false) as goes_on
    ) as round
    where one.created_at >= p_from and one.created_at < p_to
  ) as event;

  -- A call that the provider refused is an answer.
  return query
  select
    stats.org_id, 'provider_call', stats.provider, stats.minute,
    case when stats.outcome in ('succeeded', 'refused') then stats.call_count else 0 end,
    case when stats.outcome in ('succeeded', 'refused') then 0 else stats.call_count end,
    case when stats.outcome = 'rejected_by_breaker' then stats.call_count else 0 end::numeric,
    null::numeric, stats.duration_ms_total
  from public.provider_call_stats as stats
  where stats.minute >= p_from and stats.minute < p_to;

  return query
  select
    call.org_id, 'inbound_routing', '', call.ended_at, (not private.is_unrouted(call.ended_reason))::integer,
    private.is_unrouted(call.ended_reason)::integer, 0::numeric, null::numeric, 0::bigint
  from public.call_tracking as call
  where call.ended_at >= p_from and call.ended_at < p_to and call.direction = 'inbound';
  return query
  select
    call.org_id, 'call', call.direction, call.ended_at, 1, 0, coalesce(call.duration_seconds, 0)::numeric, null::numeric,
    0::bigint
  from public.call_tracking as call
  where call.ended_at >= p_from and call.ended_at < p_to;
  return query
  select call.org_id, 'cost_usd', 'calls', call.ended_at, 0, 0, log.cost::numeric, null::numeric, 0::bigint
  from public.call_tracking as call
  join public.call_logs as log on log.org_id = call.org_id and log.call_tracking_id = call.id
  where call.ended_at >= p_from and call.ended_at < p_to and log.cost > 0;

  -- A delivery that nobody could read is a conversation that didn't come about.
  return query
  select session.org_id, 'session', '', session.started_at, 1, 0, 0::numeric, null::numeric, 0::bigint
  from public.unified_sessions as session
  where session.started_at >= p_from and session.started_at < p_to;
  return query
  select delivery.signed_by_org_id, 'session', '', delivery.received_at, 0, 1, 0::numeric, null::numeric, 0::bigint
  from public.unparsed_deliveries as delivery
  where delivery.received_at >= p_from and delivery.received_at < p_to and delivery.source = 'whatsapp';
  return query
  select waiting.org_id, 'hand_over', '', waiting.waiting_at, 1, 0, 0::numeric, null::numeric, 0::bigint
  from public.hand_overs as waiting
  where waiting.waiting_at >= p_from and waiting.waiting_at < p_to;
  return query
  select ticket.org_id, 'ticket', '', ticket.opened_at, 1, 0, 0::numeric, null::numeric, 0::bigint
  from public.tickets as ticket
  where ticket.opened_at >= p_from and ticket.opened_at < p_to;
  return query
  select
    rating.org_id, 'satisfaction', '', rating.rated_at, (rating.rating = 'up')::integer, (rating.rating = 'down')::integer,
    0::numeric, null::numeric, 0::bigint
  from public.session_ratings as rating
  where rating.rated_at >= p_from and rating.rated_at < p_to;
end
$$;
create or replace function private.metric_names() returns text[]
language sql immutable set search_path = '' as $$
  select array[
    'turn', 'turn_left', 'tokens', 'cost_usd', 'handoff', 'database', 'workspace_save', 'agent_sync', 'knowledge_sync',
    'operation', 'refusal', 'provider_call', 'inbound_routing', 'call', 'session', 'hand_over', 'ticket', 'satisfaction'
  ]
$$;
