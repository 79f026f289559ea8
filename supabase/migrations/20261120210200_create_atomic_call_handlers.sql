-- What moves a call. Everything here merges instead of assigning, so that events may come late,
-- twice and in any order and still leave the same rows: states only advance, times keep the earliest,
-- and the end of a call is told by whoever can be trusted most (an end-of-call report before an
-- ended status).

create function private.call_state_rank(p_state text) returns smallint
language sql immutable set search_path = '' as $$
  select case p_state
    when 'scheduled' then 0
    when 'queued' then 1
    when 'rung' then 2
    when 'answered' then 3
    when 'forwarded' then 4
    when 'ended' then 5
  end::smallint
$$;
revoke all on function private.call_state_rank(text) from public, anon, authenticated;
grant execute on function private.call_state_rank(text) to service_role;

-- An event takes effect in the transaction that claims it. Answers false when it already has.
create function private.claim_event(p_org_id uuid, p_event_id text, p_event_type text) returns boolean
language plpgsql set search_path = '' as $$
begin
  insert into public.processed_webhook_events (org_id, event_id, event_type)
  values (p_org_id, p_event_id, p_event_type)
  on conflict (org_id, event_id) do nothing;
  return found;
end
$$;
revoke all on function private.claim_event(uuid, text, text) from public, anon, authenticated;
grant execute on function private.claim_event(uuid, text, text) to service_role;

-- One organization named another's call: refused, and seen by a person.
create function private.refuse_foreign_call(
  p_org_id uuid,
  p_vapi_call_id text,
  p_operation text,
  p_request_id text
) returns void
language plpgsql set search_path = '' as $$
begin
  perform private.record_audit(p_org_id, 'foreign_call_refused', p_vapi_call_id, p_request_id,
    jsonb_build_object('operation', p_operation));
  perform public.raise_alert(jsonb_build_object(
    'org_id', p_org_id,
    'rule', 'foreign_call_refused',
    'dedupe_key', p_vapi_call_id,
    'severity', 'critical',
    'message', format('Cannot touch call "%s": it belongs to another organization', p_vapi_call_id),
    'details', jsonb_build_object('operation', p_operation)
  ));
end
$$;
revoke all on function private.refuse_foreign_call(uuid, text, text, text) from public, anon, authenticated;
grant execute on function private.refuse_foreign_call(uuid, text, text, text) to service_role;

-- The call's row, locked, made with its log if it isn't there yet; null when the id is another
-- organization's. What is known about a call is filled in where it was missing, never replaced.
create function private.ensure_call(
  p_org_id uuid,
  p_vapi_call_id text,
  p_agent_id uuid,
  p_direction text,
  p_phone_number text,
  p_contact_name text,
  p_lead_id uuid,
  p_state text,
  p_at timestamptz,
  p_metadata jsonb
) returns public.call_tracking
language plpgsql set search_path = '' as $$
declare
  v_call public.call_tracking;
  v_maximum integer;
  v_contact_id uuid;
begin
  -- Whoever comes second waits here for the first one's commit, and then finds the row.
  insert into public.call_tracking as call (
    org_id, vapi_call_id, direction, direction_told, state, report_due_at, scheduled_at, queued_at,
    rung_at, answered_at, forwarded_at, ended_at
  )
  values (
    p_org_id, p_vapi_call_id, coalesce(p_direction, 'inbound'), p_direction is not null, p_state,
    private.report_due_at(now(), null, case when p_state = 'ended' then p_at end, 43200),
    case when p_state = 'scheduled' then p_at end,
    case when p_state = 'queued' then p_at end,
    case when p_state = 'rung' then p_at end,
    case when p_state = 'answered' then p_at end,
    case when p_state = 'forwarded' then p_at end,
    case when p_state = 'ended' then p_at end
  )
  on conflict (vapi_call_id) do nothing;

  select * into v_call
  from public.call_tracking as call
  where call.vapi_call_id = p_vapi_call_id and call.org_id = p_org_id
  for update;
  if not found then
    return null;
  end if;

  if v_call.agent_id is null and p_agent_id is not null then
    select agent.max_call_duration into v_maximum
    from public.agents as agent
    where agent.org_id = p_org_id and agent.id = p_agent_id;
  end if;
  if v_call.contact_id is null and p_phone_number is not null then
    v_contact_id := private.resolve_contact(p_org_id, p_phone_number, null, p_contact_name);
  end if;
  if v_maximum is not null or v_contact_id is not null
    or (v_call.lead_id is null and p_lead_id is not null)
    or (v_call.phone_number is null and p_phone_number is not null)
    or (not v_call.direction_told and p_direction is not null)
    or coalesce(p_metadata, '{}') <> '{}'
  then
    update public.call_tracking as call set
      agent_id = case when v_maximum is not null then p_agent_id else call.agent_id end,
      max_duration_seconds = coalesce(v_maximum, call.max_duration_seconds),
      contact_id = coalesce(call.contact_id, v_contact_id),
      lead_id = coalesce(call.lead_id, p_lead_id),
      phone_number = coalesce(call.phone_number, p_phone_number),
      direction = case
        when call.direction_told then call.direction
        else coalesce(p_direction, call.direction)
      end,
      direction_told = call.direction_told or p_direction is not null,
      metadata = coalesce(p_metadata, '{}') || call.metadata,
      report_due_at = private.report_due_at(
        call.created_at, call.answered_at, call.ended_at, coalesce(v_maximum, call.max_duration_seconds)
      )
    where call.id = v_call.id
    returning * into v_call;
  end if;

  insert into public.call_logs as log
    (org_id, vapi_call_id, call_tracking_id, agent_id, contact_id, direction, phone_number)
  values (
    p_org_id, p_vapi_call_id, v_call.id, v_call.agent_id, v_call.contact_id, v_call.direction,
    v_call.phone_number
  )
  on conflict (vapi_call_id) do update set
    agent_id = coalesce(log.agent_id, excluded.agent_id),
    contact_id = coalesce(log.contact_id, excluded.contact_id),
    phone_number = coalesce(log.phone_number, excluded.phone_number),
    direction = excluded.direction
  where log.direction <> excluded.direction
    or (log.agent_id is null and excluded.agent_id is not null)
    or (log.contact_id is null and excluded.contact_id is not null)
    or (log.phone_number is null and excluded.phone_number is not null);
  return v_call;
end
$$;
revoke all on function private.ensure_call(uuid, text, uuid, text, text, text, uuid, text, timestamptz, jsonb)
  from public, anon, authenticated;
grant execute on function private.ensure_call(uuid, text, uuid, text, text, text, uuid, text, timestamptz, jsonb)
  to service_role;

-- A report follows within seconds of a call's end. A call that runs longer than it may has lost its
-- events; five minutes allow for ringing and a slow delivery.
create function private.report_due_at(
  p_created_at timestamptz,
  p_answered_at timestamptz,
  p_ended_at timestamptz,
  p_max_duration_seconds integer
) returns timestamptz
language sql stable set search_path = '' as $$
  select case
    when p_ended_at is not null then p_ended_at + interval '10 minutes'
    else coalesce(p_answered_at, p_created_at)
      + make_interval(secs => p_max_duration_seconds) + interval '5 minutes'
  end
$$;
revoke all on function private.report_due_at(timestamptz, timestamptz, timestamptz, integer)
  from public, anon, authenticated;
grant execute on function private.report_due_at(timestamptz, timestamptz, timestamptz, integer)
  to service_role;

-- p_change: {state?, at?, answered_at?, ended_at?, ended_reason?, ended_authority?, outcome?,
-- duration_seconds?, hung_at?, transfer_requested_at?, forwarded_to?}, times in ISO. Merges it into
-- the live state and into the log, and answers the row as it is now.
create function private.advance_call(p_call public.call_tracking, p_change jsonb)
returns public.call_tracking
language plpgsql set search_path = '' as $$
declare
  v_state constant text := p_change ->> 'state';
  v_at constant timestamptz := coalesce((p_change ->> 'at')::timestamptz, now());
  v_authority constant smallint := coalesce((p_change ->> 'ended_authority')::smallint, 0);
  v_call public.call_tracking := p_call;
begin
  v_call.state := case
    when private.call_state_rank(v_state) > private.call_state_rank(p_call.state) then v_state
    else p_call.state
  end;
  -- least() passes over nulls.
  v_call.scheduled_at := least(p_call.scheduled_at, case when v_state = 'scheduled' then v_at end);
  v_call.queued_at := least(p_call.queued_at, case when v_state = 'queued' then v_at end);
  v_call.rung_at := least(p_call.rung_at, case when v_state = 'rung' then v_at end);
  v_call.answered_at := least(
    p_call.answered_at,
    case when v_state = 'answered' then v_at end,
    (p_change ->> 'answered_at')::timestamptz
  );
  v_call.forwarded_at := least(p_call.forwarded_at, case when v_state = 'forwarded' then v_at end);
  v_call.forwarded_to := coalesce(p_call.forwarded_to, p_change ->> 'forwarded_to');
  v_call.hung_at := least(
    p_call.hung_at,
    case when p_change ? 'hung_at' then coalesce((p_change ->> 'hung_at')::timestamptz, v_at) end
  );
  v_call.transfer_requested_at := least(
    p_call.transfer_requested_at,
    case when p_change ? 'transfer_requested_at'
      then coalesce((p_change ->> 'transfer_requested_at')::timestamptz, v_at) end
  );

  if v_state = 'ended' then
    if v_authority > p_call.ended_authority then
      v_call.ended_at := coalesce((p_change ->> 'ended_at')::timestamptz, v_at);
      v_call.ended_reason := p_change ->> 'ended_reason';
      v_call.duration_seconds := (p_change ->> 'duration_seconds')::integer;
      v_call.ended_authority := v_authority;
    elsif v_authority = p_call.ended_authority then
      v_call.ended_at := least(p_call.ended_at, coalesce((p_change ->> 'ended_at')::timestamptz, v_at));
      v_call.ended_reason := least(p_call.ended_reason, p_change ->> 'ended_reason');
      v_call.duration_seconds := least(p_call.duration_seconds, (p_change ->> 'duration_seconds')::integer);
    end if;
  end if;
  if v_call is not distinct from p_call and v_state is distinct from 'ended' then
    return p_call;
  end if;

  update public.call_tracking as call set
    state = v_call.state,
    scheduled_at = v_call.scheduled_at,
    queued_at = v_call.queued_at,
    rung_at = v_call.rung_at,
    answered_at = v_call.answered_at,
    forwarded_at = v_call.forwarded_at,
    forwarded_to = v_call.forwarded_to,
    ended_at = v_call.ended_at,
    ended_reason = v_call.ended_reason,
    ended_authority = v_call.ended_authority,
    duration_seconds = v_call.duration_seconds,
    hung_at = v_call.hung_at,
    transfer_requested_at = v_call.transfer_requested_at,
    report_due_at = private.report_due_at(
      call.created_at, v_call.answered_at, v_call.ended_at, call.max_duration_seconds
    )
  where call.id = p_call.id
  returning * into v_call;

  -- Once a call, by the first event that tells how it ended, which may be the first that tells of it.
  if v_state = 'ended' and v_call.agent_id is not null
    and coalesce(p_change ->> 'outcome', 'unknown') <> 'unknown'
    and exists (
      select 1
      from public.call_logs as log
      where log.org_id = v_call.org_id
        and log.vapi_call_id = v_call.vapi_call_id
        and log.outcome in ('in_progress', 'unknown')
    ) then
    perform private.record_agent_call(
      v_call.org_id, v_call.agent_id, p_change ->> 'outcome' = 'failed', p_change ->> 'ended_reason'
    );
  end if;

  update public.call_logs as log set
    started_at = coalesce(v_call.answered_at, log.started_at),
    ended_at = v_call.ended_at,
    duration_seconds = v_call.duration_seconds,
    ended_reason = v_call.ended_reason,
    outcome = case
      when v_state is distinct from 'ended' then log.outcome
      when v_authority > p_call.ended_authority then coalesce(p_change ->> 'outcome', 'unknown')
      when v_authority < p_call.ended_authority then log.outcome
      else least(nullif(log.outcome, 'in_progress'), coalesce(p_change ->> 'outcome', 'unknown'))
    end
  where log.org_id = v_call.org_id and log.vapi_call_id = v_call.vapi_call_id;
  return v_call;
end
$$;
revoke all on function private.advance_call(public.call_tracking, jsonb) from public, anon, authenticated;
grant execute on function private.advance_call(public.call_tracking, jsonb) to service_role;

-- What was said and what it cost. p_content: {authority, summary?, transcript?, structured_data?,
-- success_evaluation?, cost?, cost_breakdown?, recording_url?, recording_storage_path?}. A higher
-- authority replaces, an equal or lower one fills in. Answers whether the log and the content changed.
create function private.store_call_content(
  p_call public.call_tracking,
  p_content jsonb,
  out log_changed boolean,
  out content_changed boolean
)
language plpgsql set search_path = '' as $$
declare
  v_authority constant smallint := coalesce((p_content ->> 'authority')::smallint, 1);
  v_wins boolean;
  v_content public.calls;
  v_was public.calls;
begin
  insert into public.calls (org_id, vapi_call_id, call_tracking_id, direction)
  values (p_call.org_id, p_call.vapi_call_id, p_call.id, p_call.direction)
  on conflict (vapi_call_id) do nothing;
  content_changed := found;

  select * into v_was
  from public.calls as content
  where content.vapi_call_id = p_call.vapi_call_id and content.org_id = p_call.org_id
  for update;
  v_content := v_was;
  v_content.direction := p_call.direction;
  v_wins := v_authority > v_was.content_authority;
  if v_wins then
    v_content.transcript := coalesce(p_content ->> 'transcript', v_was.transcript);
    v_content.structured_data := coalesce(nullif(p_content -> 'structured_data', 'null'), v_was.structured_data);
    v_content.recording_url := coalesce(p_content ->> 'recording_url', v_was.recording_url);
    v_content.content_authority := v_authority;
  else
    v_content.transcript := coalesce(v_was.transcript, p_content ->> 'transcript');
    v_content.structured_data := coalesce(v_was.structured_data, nullif(p_content -> 'structured_data', 'null'));
    v_content.recording_url := coalesce(v_was.recording_url, p_content ->> 'recording_url');
  end if;
  v_content.recording_storage_path :=
    coalesce(v_was.recording_storage_path, p_content ->> 'recording_storage_path');

  if v_content is distinct from v_was then
    update public.calls as content set
      direction = v_content.direction,
      transcript = v_content.transcript,
      structured_data = v_content.structured_data,
      recording_url = v_content.recording_url,
      recording_storage_path = v_content.recording_storage_path,
      content_authority = v_content.content_authority
    where content.id = v_was.id;
    content_changed := true;
  end if;

  update public.call_logs as log set
    summary = case when v_wins then coalesce(p_content ->> 'summary', log.summary)
      else coalesce(log.summary, p_content ->> 'summary') end,
    success_evaluation = case when v_wins
      then coalesce(p_content ->> 'success_evaluation', log.success_evaluation)
      else coalesce(log.success_evaluation, p_content ->> 'success_evaluation') end,
    cost = case when v_wins then coalesce((p_content ->> 'cost')::numeric, log.cost)
      else coalesce(log.cost, (p_content ->> 'cost')::numeric) end,
    cost_breakdown = case when v_wins
      then coalesce(nullif(p_content -> 'cost_breakdown', 'null'), log.cost_breakdown)
      else coalesce(log.cost_breakdown, nullif(p_content -> 'cost_breakdown', 'null')) end
  where log.org_id = p_call.org_id and log.vapi_call_id = p_call.vapi_call_id
    and (p_content ->> 'summary' is not null or p_content ->> 'success_evaluation' is not null
      or p_content ->> 'cost' is not null or p_content ->> 'cost_breakdown' is not null);
  log_changed := found;

  if v_content.recording_url is not null and v_content.recording_storage_path is null then
    insert into public.recording_upload_queue as upload
      (org_id, vapi_call_id, call_tracking_id, source_url)
    values (p_call.org_id, p_call.vapi_call_id, p_call.id, v_content.recording_url)
    on conflict (vapi_call_id) do update set source_url = excluded.source_url
    where upload.state = 'queued' and upload.source_url <> excluded.source_url;
  end if;
end
$$;
revoke all on function private.store_call_content(public.call_tracking, jsonb) from public, anon, authenticated;
grant execute on function private.store_call_content(public.call_tracking, jsonb) to service_role;

-- Null, or why these can't be the organization and id of a call.
create function private.explain_invalid_call(p_org_id uuid, p_vapi_call_id text) returns text
language plpgsql stable set search_path = '' as $$
begin
  return case
    when p_org_id is null then 'VALIDATION_ERROR: p_org_id is required'
    when coalesce(btrim(p_vapi_call_id), '') = '' then 'VALIDATION_ERROR: p_vapi_call_id is required'
    when char_length(p_vapi_call_id) > 256
      then 'VALIDATION_ERROR: p_vapi_call_id must be at most 256 characters'
    when not exists (select 1 from public.organizations as organization where organization.id = p_org_id)
      then format('VALIDATION_ERROR: organization "%s" does not exist', p_org_id)
  end;
end
$$;
revoke all on function private.explain_invalid_call(uuid, text) from public, anon, authenticated;
grant execute on function private.explain_invalid_call(uuid, text) to service_role;

create function private.describe_collision(p_vapi_call_id text) returns text
language sql immutable set search_path = '' as $$
  select format('COLLISION_ERROR: call "%s" belongs to another organization', p_vapi_call_id)
$$;
revoke all on function private.describe_collision(text) from public, anon, authenticated;
grant execute on function private.describe_collision(text) to service_role;

-- A call that begins. `success` with an error_message that starts ALREADY_PROCESSED is a retry,
-- answered with the same ids. A refusal is success = false and nothing written:
-- VALIDATION_ERROR or, for another organization's call id, COLLISION_ERROR.
create function public.create_inbound_call_atomically(
  p_org_id uuid,
  p_vapi_call_id text,
  p_agent_id uuid default null,
  p_phone_number text default null,
  p_lead_id uuid default null,
  p_metadata jsonb default '{}'
) returns table (call_tracking_id uuid, call_logs_id uuid, success boolean, error_message text)
language plpgsql set search_path = ''
-- Plans made while the tables are small would walk through all of an organization's calls later.
set plan_cache_mode = force_custom_plan as $$
declare
  v_call public.call_tracking;
begin
  success := false;
  error_message := private.explain_invalid_call(p_org_id, p_vapi_call_id);
  if error_message is null then
    error_message := case
      when char_length(p_phone_number) > 64
        then 'VALIDATION_ERROR: p_phone_number must be at most 64 characters'
      when jsonb_typeof(coalesce(p_metadata, '{}')) <> 'object'
        then 'VALIDATION_ERROR: p_metadata must be an object'
      when p_agent_id is not null and not exists (
        select 1 from public.agents as agent where agent.org_id = p_org_id and agent.id = p_agent_id
      ) then format('VALIDATION_ERROR: agent "%s" does not exist in this organization', p_agent_id)
      when p_lead_id is not null and not exists (
        select 1 from public.leads as lead where lead.org_id = p_org_id and lead.id = p_lead_id
      ) then format('VALIDATION_ERROR: lead "%s" does not exist in this organization', p_lead_id)
    end;
  end if;
  if error_message is not null then
    return next;
    return;
  end if;

  v_call := private.ensure_call(
    p_org_id, p_vapi_call_id, p_agent_id, 'inbound', p_phone_number, null, p_lead_id, 'rung', now(),
    p_metadata
  );
  if v_call.id is null then
    perform private.refuse_foreign_call(p_org_id, p_vapi_call_id, 'create_inbound_call', null);
    error_message := private.describe_collision(p_vapi_call_id);
    return next;
    return;
  end if;

  success := true;
  call_tracking_id := v_call.id;
  select log.id into call_logs_id
  from public.call_logs as log
  where log.org_id = p_org_id and log.vapi_call_id = p_vapi_call_id;
  if private.claim_event(
    p_org_id, format('vapi:%s:create-inbound-call', p_vapi_call_id), 'create-inbound-call'
  ) then
    perform private.advance_call(v_call, jsonb_build_object('state', 'rung', 'at', now()));
  else
    error_message := format('ALREADY_PROCESSED: call "%s" was created before', p_vapi_call_id);
  end if;
  return next;
end
$$;
revoke all on function public.create_inbound_call_atomically(uuid, text, uuid, text, uuid, jsonb)
  from public, anon, authenticated;
grant execute on function public.create_inbound_call_atomically(uuid, text, uuid, text, uuid, jsonb)
  to service_role;

-- A call that ended. It makes the call when nothing was heard of it before. Answers as
-- create_inbound_call_atomically does; a retry updates nothing.
create function public.update_call_completed_atomically(
  p_org_id uuid,
  p_vapi_call_id text,
  p_duration_seconds integer default null,
  p_call_tracking_id uuid default null
) returns table (
  call_logs_updated boolean, call_tracking_updated boolean, success boolean, error_message text
)
language plpgsql set search_path = ''
-- Plans made while the tables are small would walk through all of an organization's calls later.
set plan_cache_mode = force_custom_plan as $$
declare
  v_call public.call_tracking;
begin
  call_logs_updated := false;
  call_tracking_updated := false;
  success := false;
  error_message := private.explain_invalid_call(p_org_id, p_vapi_call_id);
  if error_message is null and p_duration_seconds < 0 then
    error_message := 'VALIDATION_ERROR: p_duration_seconds must not be negative';
  end if;
  if error_message is not null then
    return next;
    return;
  end if;

  if p_call_tracking_id is not null and not exists (
    select 1 from public.call_tracking as call
    where call.org_id = p_org_id and call.id = p_call_tracking_id and call.vapi_call_id = p_vapi_call_id
  ) then
    if exists (
      select 1 from public.call_tracking as call
      where call.id = p_call_tracking_id and call.org_id is distinct from p_org_id
    ) then
      perform private.refuse_foreign_call(p_org_id, p_vapi_call_id, 'update_call_completed', null);
      error_message := private.describe_collision(p_vapi_call_id);
    else
      error_message := format(
        'VALIDATION_ERROR: p_call_tracking_id "%s" is not the row of call "%s"',
        p_call_tracking_id, p_vapi_call_id
      );
    end if;
    return next;
    return;
  end if;

  v_call := private.ensure_call(
    p_org_id, p_vapi_call_id, null, null, null, null, null, 'ended', now(), null
  );
  if v_call.id is null then
    perform private.refuse_foreign_call(p_org_id, p_vapi_call_id, 'update_call_completed', null);
    error_message := private.describe_collision(p_vapi_call_id);
    return next;
    return;
  end if;

  success := true;
  if private.claim_event(
    p_org_id, format('vapi:%s:update-call-completed', p_vapi_call_id), 'update-call-completed'
  ) then
    perform private.advance_call(v_call, jsonb_build_object(
      'state', 'ended',
      'at', now(),
      'ended_authority', 1,
      'outcome', 'completed',
      'duration_seconds', p_duration_seconds
    ));
    call_logs_updated := true;
    call_tracking_updated := true;
  else
    error_message := format('ALREADY_PROCESSED: call "%s" was completed before', p_vapi_call_id);
  end if;
  return next;
end
$$;
revoke all on function public.update_call_completed_atomically(uuid, text, integer, uuid)
  from public, anon, authenticated;
grant execute on function public.update_call_completed_atomically(uuid, text, integer, uuid)
  to service_role;

-- A call's recording and transcript, whichever of them is known. Parts that come later are added;
-- a call that brings nothing new updates nothing and says so. p_call_type: inbound, outbound or web,
-- or Vapi's name of it. Answers as create_inbound_call_atomically does.
create function public.update_call_with_recording_atomically(
  p_org_id uuid,
  p_vapi_call_id text,
  p_recording_url text default null,
  p_recording_storage_path text default null,
  p_transcript text default null,
  p_call_type text default null
) returns table (call_logs_updated boolean, calls_updated boolean, success boolean, error_message text)
language plpgsql set search_path = ''
-- Plans made while the tables are small would walk through all of an organization's calls later.
set plan_cache_mode = force_custom_plan as $$
declare
  v_call public.call_tracking;
  v_direction constant text := case p_call_type
    when 'inboundPhoneCall' then 'inbound'
    when 'outboundPhoneCall' then 'outbound'
    when 'webCall' then 'web'
    else p_call_type
  end;
begin
  call_logs_updated := false;
  calls_updated := false;
  success := false;
  error_message := private.explain_invalid_call(p_org_id, p_vapi_call_id);
  if error_message is null then
    error_message := case
      when char_length(p_transcript) > 1000000
        then 'VALIDATION_ERROR: p_transcript must be at most 1000000 characters'
      when char_length(p_recording_url) > 4096
        then 'VALIDATION_ERROR: p_recording_url must be at most 4096 characters'
      when p_recording_url !~ '^https?://'
        then 'VALIDATION_ERROR: p_recording_url must be an http or https address'
      when char_length(p_recording_storage_path) > 1024
        then 'VALIDATION_ERROR: p_recording_storage_path must be at most 1024 characters'
      when v_direction not in ('inbound', 'outbound', 'web')
        then 'VALIDATION_ERROR: p_call_type must be inbound, outbound or web'
    end;
  end if;
  if error_message is not null then
    return next;
    return;
  end if;

  v_call := private.ensure_call(
    p_org_id, p_vapi_call_id, null, v_direction, null, null, null, 'queued', now(), null
  );
  if v_call.id is null then
    perform private.refuse_foreign_call(p_org_id, p_vapi_call_id, 'update_call_with_recording', null);
    error_message := private.describe_collision(p_vapi_call_id);
    return next;
    return;
  end if;

  success := true;
  perform private.claim_event(
    p_org_id, format('vapi:%s:update-call-with-recording', p_vapi_call_id), 'update-call-with-recording'
  );
  select content.content_changed into calls_updated
  from private.store_call_content(v_call, jsonb_build_object(
    'authority', 1,
    'recording_url', p_recording_url,
    'recording_storage_path', p_recording_storage_path,
    'transcript', p_transcript
  )) as content;
  if calls_updated then
    -- The list shows that there is something to read.
    update public.call_logs as log set updated_at = now()
    where log.org_id = p_org_id and log.vapi_call_id = p_vapi_call_id;
    call_logs_updated := found;
  else
    error_message := format('ALREADY_PROCESSED: call "%s" has this content', p_vapi_call_id);
  end if;
  return next;
end
$$;
revoke all on function public.update_call_with_recording_atomically(uuid, text, text, text, text, text)
  from public, anon, authenticated;
grant execute on function public.update_call_with_recording_atomically(uuid, text, text, text, text, text)
  to service_role;
