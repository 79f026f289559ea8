-- The canary: an organization that is no customer's, whose messages prove that a release answers. What
-- comes for its number goes the whole way, from a signed delivery to the outbox, and ends in a sink: it is
-- recorded as sent and never reaches a provider. It is inside the rollout at any percentage, and counted in
-- nothing. The kill switch stops it too, since that has no exceptions.

set local lock_timeout = '5s';

alter table public.organizations add column is_canary boolean not null default false;
-- accepted require-concurrent-index-creation: organizations are thousands at most, and none of them is in it
create unique index organizations_canary_unique on public.organizations (is_canary) where is_canary;

create function private.is_canary(p_org_id uuid) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return exists (
    select 1 from public.organizations as organization where organization.id = p_org_id and organization.is_canary
  );
end
$$;
revoke all on function private.is_canary(uuid) from public, anon, authenticated;
grant execute on function private.is_canary(uuid) to service_role;

-- Whatever credentials there are: none are handed out, so that a sender that knows nothing of sinks holds
-- the messages back.
alter function private.describe_sender(uuid) rename to describe_ordinary_sender;
create function private.describe_sender(p_org_id uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  if private.is_canary(p_org_id) then
    return private.describe_ordinary_sender(p_org_id) || '{"whatsapp": null, "sink": true}';
  end if;
  return private.describe_ordinary_sender(p_org_id);
end
$$;
revoke all on function private.describe_sender(uuid) from public, anon, authenticated;
grant execute on function private.describe_sender(uuid) to service_role;

-- ---------------------------------------------------------------- the rollout

-- Written into the flags that are in force, so that no message pays for it: an override of the percentage.
create function private.include_canary() returns trigger
language plpgsql set search_path = '' as $$
declare
  v_org_id constant text := (select organization.id from public.organizations as organization where organization.is_canary);
begin
  if v_org_id is not null then
    new.value := jsonb_set(new.value, '{overrides}', coalesce(new.value -> 'overrides', '{}') || jsonb_build_object(
      v_org_id,
      (coalesce(new.value #> array['overrides', v_org_id], '{}') - 'unifiedServiceEnabled')
        || '{"unifiedServiceRolloutPercent": 100}'
    ));
  end if;
  return new;
end
$$;
revoke all on function private.include_canary() from public, anon, authenticated;
create trigger app_config_in_force_include_canary before insert or update on private.app_config_in_force
  for each row when (new.key = 'unified_service_flags') execute function private.include_canary();

-- Security definer: what is in force is written by the owner alone.
create function private.renew_flags_in_force() returns void
language plpgsql security definer set search_path = '' as $$
begin
  update private.app_config_in_force as kept
  set value = private.name_people(kept.stored)
  where kept.key = 'unified_service_flags';
end
$$;
revoke all on function private.renew_flags_in_force() from public, anon, authenticated;
grant execute on function private.renew_flags_in_force() to service_role;

-- While the kill switch is pulled: the older service would answer for real.
create function private.keep_canary_message() returns trigger
language plpgsql set search_path = '' as $$
begin
  if private.is_canary(new.org_id) then
    new.disposition := 'ignored';
  end if;
  return new;
end
$$;
revoke all on function private.keep_canary_message() from public, anon, authenticated;
create trigger inbound_messages_keep_canary before insert or update of disposition on public.inbound_messages
  for each row when (new.disposition = 'forwarding') execute function private.keep_canary_message();

create function private.skip_canary_row() returns trigger
language plpgsql set search_path = '' as $$
begin
  return null;
end
$$;
revoke all on function private.skip_canary_row() from public, anon, authenticated;
create trigger legacy_deliveries_skip_canary before insert on public.legacy_deliveries
  for each row when (private.is_canary(new.org_id)) execute function private.skip_canary_row();

-- ---------------------------------------------------------------- not counted

-- Metrics, service levels, costs and the rollout's guard are made of these rows: there are none.
create trigger unified_agent_events_skip_canary before insert on public.unified_agent_events
  for each row when (private.is_canary(new.org_id)) execute function private.skip_canary_row();

-- Its conversations, and what else is counted from rows of their own.
alter function private.metric_rows(timestamptz, timestamptz) rename to metric_rows_of_all;
create function private.metric_rows(p_from timestamptz, p_to timestamptz) returns table (
  org_id uuid, metric text, label text, at timestamptz, succeeded integer, failed integer, value numeric,
  duration_ms numeric, duration_ms_total bigint
)
language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  v_canary_id constant uuid := (select organization.id from public.organizations as organization where organization.is_canary);
begin
  return query
  select * from private.metric_rows_of_all(p_from, p_to) as counted
  where v_canary_id is null or counted.org_id is distinct from v_canary_id;
end
$$;
revoke all on function private.metric_rows(timestamptz, timestamptz) from public, anon, authenticated;
grant execute on function private.metric_rows(timestamptz, timestamptz) to service_role;

-- What waits and what failed stays: a canary that stands is everybody's alarm.
alter function private.measure_gauges() rename to measure_gauges_of_all;
create function private.measure_gauges() returns void
language plpgsql set search_path = '' set plan_cache_mode = force_custom_plan as $$
begin
  perform private.measure_gauges_of_all();
  with uncounted as (
    delete from public.metric_gauges as gauge
    where gauge.gauge = 'active_sessions'
      and gauge.org_id = (select organization.id from public.organizations as organization where organization.is_canary)
    returning gauge.value
  )
  update public.metric_gauges as gauge
  set value = gauge.value - uncounted.value
  from uncounted
  where gauge.org_id is null and gauge.gauge = 'active_sessions';
end
$$;
revoke all on function private.measure_gauges() from public, anon, authenticated;
grant execute on function private.measure_gauges() to service_role;

-- ---------------------------------------------------------------- for a release

-- {request_id?} -> {code: 'ready', created, org_id, phone_number_id, business_account_id,
--   display_phone_number, from, text}: whom a delivery is to be for, and a person and words that no other
--   delivery has had. The id of the number is no Meta id, which are digits, and no number has the country code
--   999. Its agents go by keywords: its budget for the language model is nothing. Idempotent; clears away what
--   is older than an hour.
create function public.ensure_canary_organization(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id uuid;
  v_created boolean;
begin
  perform set_config('app.actor', 'system', true);
  insert into public.organizations (name, is_canary) values ('Canary', true)
  on conflict (is_canary) where is_canary do nothing
  returning id into v_org_id;
  v_created := v_org_id is not null;
  if v_created then
    perform private.record_audit(
      v_org_id, 'organization_created', v_org_id::text, request ->> 'request_id', '{"is_canary": true}'
    );
  else
    select organization.id into strict v_org_id from public.organizations as organization where organization.is_canary;
  end if;

  update public.organization_settings as settings
  set daily_token_budget = 0, daily_call_minutes = 0, auto_sync = false
  where settings.org_id = v_org_id
    and (settings.daily_token_budget > 0 or settings.daily_call_minutes > 0 or settings.auto_sync);
  -- Checked and subscribed for ever: there is nobody to ask.
  insert into public.integrations as integration (
    org_id, provider, connected, connected_at, fingerprint, public_config, last_checked_at
  )
  values (
    v_org_id, 'whatsapp', true, now(), 'sink', jsonb_build_object(
      'phone_number_id', 'canary', 'business_account_id', 'canary', 'display_phone_number', '999000000000',
      'verified_name', 'Canary', 'quality_rating', 'UNKNOWN', 'has_app_secret', false, 'subscribed_at', now()
    ), 'infinity'
  )
  on conflict on constraint integrations_org_id_provider_unique do update set
    connected = true, connected_at = excluded.connected_at, disconnected_at = null, fingerprint = excluded.fingerprint,
    public_config = excluded.public_config, last_checked_at = excluded.last_checked_at, last_error = null
  where not integration.connected or integration.last_error is not null
    or integration.public_config ->> 'phone_number_id' is distinct from 'canary';
  perform private.renew_flags_in_force();
  perform private.clear_canary(v_org_id, now() - interval '1 hour');

  return jsonb_build_object(
    'code', 'ready', 'created', v_created, 'org_id', v_org_id, 'phone_number_id', 'canary',
    'business_account_id', 'canary', 'display_phone_number', '999000000000',
    'from', '9991' || lpad(floor(random() * 1e10)::bigint::text, 10, '0'),
    'text', 'What services do you have?'
  );
end
$$;
revoke all on function public.ensure_canary_organization(jsonb) from public, anon, authenticated;
grant execute on function public.ensure_canary_organization(jsonb) to service_role;

-- People of the canary take everything of theirs with them. An agent that failed them five times answers again.
create function private.clear_canary(p_org_id uuid, p_before timestamptz) returns void
language plpgsql set search_path = '' as $$
begin
  if not private.is_canary(p_org_id) then
    raise exception 'Cannot clear organization "%": it is not the canary', p_org_id using errcode = 'check_violation';
  end if;
  delete from public.contacts as contact where contact.org_id = p_org_id and contact.created_at < p_before;
  delete from public.processed_webhook_events as event where event.org_id = p_org_id and event.created_at < p_before;
  delete from public.dead_letters as letter where letter.org_id = p_org_id and letter.dead_lettered_at < p_before;
  delete from public.agent_switches as switch where switch.org_id = p_org_id;
  delete from public.outbound_pauses as pause where pause.org_id = p_org_id;
end
$$;
revoke all on function private.clear_canary(uuid, timestamptz) from public, anon, authenticated;
grant execute on function private.clear_canary(uuid, timestamptz) to service_role;

-- {wamid?} (the last delivery's, where none is named) -> {code: 'read', org_id, answered (delivered, decided and in
--   the sink), is_switched_off, delivery {wamid, received_at} | null, turn {state, attempts, error, ended_at} | null,
--   sink [{id, state, wamid, type, queued_at, sent_at, error}], milliseconds (from the delivery to the sink) | null}
--  | {code: 'no_canary'}.
-- The turn's state is a message's disposition: 'received' while nobody has ended it, 'ignored' where it was
-- outside, 'dead_lettered' where it was given up.
create function public.read_canary(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_org_id constant uuid := (select organization.id from public.organizations as organization where organization.is_canary);
  v_flags constant jsonb := private.flags_in_force();
  v_message public.inbound_messages;
  v_sink jsonb;
  v_is_sunk boolean;
  v_sent_at timestamptz;
begin
  if v_org_id is null then
    return '{"code": "no_canary"}';
  end if;
  select message.* into v_message
  from public.inbound_messages as message
  where message.org_id = v_org_id and message.wamid = coalesce(request ->> 'wamid', message.wamid)
    and message.created_at > now() - interval '2 days'
  order by message.created_at desc
  limit 1;
  select
    coalesce(jsonb_agg(jsonb_build_object(
      'id', sent.id, 'state', sent.state, 'wamid', sent.wamid, 'type', sent.type, 'queued_at', sent.queued_at,
      'sent_at', sent.sent_at, 'error', sent.error
    ) order by sent.sequence), '[]'),
    coalesce(bool_and(sent.state = 'sent' and sent.wamid like 'sink.%'), false), max(sent.sent_at)
  into v_sink, v_is_sunk, v_sent_at
  from public.outbound_messages as sent
  where sent.org_id = v_org_id and sent.contact_id = v_message.contact_id and sent.created_at >= v_message.created_at;

  return jsonb_build_object(
    'code', 'read',
    'org_id', v_org_id,
    'answered', coalesce(v_message.disposition = 'answered', false) and v_is_sunk,
    'is_switched_off', v_flags -> 'unifiedServiceEnabled' is distinct from 'true',
    'delivery', case when v_message.id is not null then jsonb_build_object(
      'wamid', v_message.wamid, 'received_at', v_message.created_at
    ) end,
    'turn', case when v_message.id is not null then jsonb_build_object(
      'state', v_message.disposition, 'attempts', v_message.attempts, 'error', v_message.last_error,
      'ended_at', v_message.disposed_at
    ) end,
    'sink', v_sink,
    'milliseconds', round(extract(epoch from v_sent_at - v_message.created_at) * 1000)
  );
end
$$;
revoke all on function public.read_canary(jsonb) from public, anon, authenticated;
grant execute on function public.read_canary(jsonb) to service_role;
