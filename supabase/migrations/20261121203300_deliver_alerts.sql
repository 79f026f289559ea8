-- Telling people: each alert is told once when it is raised and once when it is resolved, on every channel
-- that is configured. At least once: whoever dies between telling and recording has it told again, under
-- the same id.

create table public.alert_deliveries (
  id uuid not null default gen_random_uuid(),
  alert_id uuid not null,
  channel text not null,
  event text not null,
  state text not null default 'queued',
  attempts integer not null default 0,
  -- When it may next be claimed: where its backoff ends while queued, where its lease ends while claimed.
  available_at timestamptz not null default now(),
  fencing_token bigint not null default 0,
  last_error text,
  queued_at timestamptz not null default now(),
  claimed_at timestamptz,
  sent_at timestamptz,
  dead_lettered_at timestamptz,
  -- When it was taken up again, its channel working anew. Once, unless the channel has taken nothing else since:
  -- what no channel takes isn't tried for ever.
  reopened_at timestamptz,
  constraint alert_deliveries_pkey primary key (id),
  constraint alert_deliveries_alert_id_channel_event_unique unique (alert_id, channel, event),
  constraint alert_deliveries_alert_id_fkey foreign key (alert_id)
    references public.alerts (id) on delete cascade,
  constraint alert_deliveries_channel_is_known check (channel in ('webhook', 'sentry')),
  constraint alert_deliveries_event_is_known check (event in ('raised', 'resolved')),
  constraint alert_deliveries_state_is_known check (state in ('queued', 'claimed', 'sent', 'dead_lettered')),
  constraint alert_deliveries_state_has_its_timestamp check (
    case state
      when 'claimed' then claimed_at is not null
      when 'sent' then sent_at is not null
      when 'dead_lettered' then dead_lettered_at is not null
      else true
    end
  ),
  constraint alert_deliveries_attempts_are_not_negative check (attempts >= 0)
);
create index alert_deliveries_live_idx on public.alert_deliveries (available_at) where state in ('queued', 'claimed');
create index alert_deliveries_given_up_idx on public.alert_deliveries (channel)
  where state = 'dead_lettered' and reopened_at is null;
create index alert_deliveries_sent_idx on public.alert_deliveries (channel, sent_at) where state = 'sent';
create index alerts_open_idx on public.alerts (raised_at desc, id desc) where state <> 'resolved';
create index alerts_raised_at_idx on public.alerts (raised_at desc, id desc);
create index alerts_resolved_at_idx on public.alerts (resolved_at) where state = 'resolved';

alter table public.alert_deliveries enable row level security;
revoke all on table public.alert_deliveries from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.alert_deliveries to service_role;
create policy "only the service role reaches alert_deliveries" on public.alert_deliveries
  for all to service_role using (true) with check (true);

do $$
begin
  perform set_config('app.actor', 'migration', true);
  perform set_config('app.reason', 'Defaults of a new installation', true);
  insert into public.app_config (key, value) values ('alert_minimum_severity', '"warning"') on conflict (key) do nothing;
  perform set_config('app.actor', '', true);
  perform set_config('app.reason', '', true);
end
$$;

-- The severities that are told: app_config['alert_minimum_severity'] and those above it.
create function private.told_severities() returns text[]
language plpgsql stable set search_path = '' as $$
declare
  v_all constant text[] := array['info', 'warning', 'critical'];
  v_minimum text;
begin
  select config.value #>> '{}' into v_minimum
  from public.app_config as config
  where config.key = 'alert_minimum_severity';
  return v_all[coalesce(array_position(v_all, v_minimum), 2):];
end
$$;
revoke all on function private.told_severities() from public, anon, authenticated;
grant execute on function private.told_severities() to service_role;

-- What is to be told on these channels and isn't queued yet. Every open alert, however old: a channel that
-- is new begins with what is wrong now. What was over before anybody could tell is told within an hour;
-- the end of what was told within a week.
create function private.queue_alert_deliveries(p_channels text[]) returns void
language plpgsql set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  v_severities constant text[] := private.told_severities();
begin
  insert into public.alert_deliveries (alert_id, channel, event)
  select alert.id, channel.name, 'raised'
  from (
    select open_alert.id, open_alert.severity from public.alerts as open_alert where open_alert.state <> 'resolved'
    union all
    select short.id, short.severity
    from public.alerts as short
    where short.state = 'resolved' and short.resolved_at > now() - interval '1 hour'
  ) as alert
  cross join unnest(p_channels) as channel (name)
  where alert.severity = any (v_severities)
    and not exists (
      select 1
      from public.alert_deliveries as known
      where known.alert_id = alert.id and known.channel = channel.name and known.event = 'raised'
    )
  on conflict (alert_id, channel, event) do nothing;

  insert into public.alert_deliveries (alert_id, channel, event)
  select alert.id, told.channel, 'resolved'
  from public.alerts as alert
  join public.alert_deliveries as told on told.alert_id = alert.id and told.event = 'raised'
  where alert.state = 'resolved' and alert.resolved_at > now() - interval '7 days'
    and told.channel = any (p_channels)
    and not exists (
      select 1
      from public.alert_deliveries as known
      where known.alert_id = alert.id and known.channel = told.channel and known.event = 'resolved'
    )
  on conflict (alert_id, channel, event) do nothing;
end
$$;
revoke all on function private.queue_alert_deliveries(text[]) from public, anon, authenticated;
grant execute on function private.queue_alert_deliveries(text[]) to service_role;

-- {channels: [channel], limit, lease_seconds} -> 'claimed' {deliveries: [{id, channel, event, attempts,
-- fencing_token, alert: {id, org_id, rule, dedupe_key, severity, message, details, raised_at, resolved_at}}]}:
-- the oldest first, and no end before its beginning.
create function public.claim_alert_deliveries(request jsonb) returns jsonb
language plpgsql set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  v_channels constant text[] := array(select jsonb_array_elements_text(request -> 'channels'));
  v_limit constant integer := least(greatest((request ->> 'limit')::integer, 1), 100);
  v_lease constant interval := make_interval(secs => (request ->> 'lease_seconds')::double precision);
  v_claimed jsonb;
begin
  perform set_config('app.actor', 'system', true);
  perform private.queue_alert_deliveries(v_channels);
  with due as (
    select delivery.id
    from public.alert_deliveries as delivery
    where delivery.state in ('queued', 'claimed')
      and delivery.available_at <= clock_timestamp()
      and delivery.channel = any (v_channels)
      and (
        delivery.event = 'raised'
        or not exists (
          select 1
          from public.alert_deliveries as beginning
          where beginning.alert_id = delivery.alert_id and beginning.channel = delivery.channel
            and beginning.event = 'raised' and beginning.state in ('queued', 'claimed')
        )
      )
    order by delivery.available_at, delivery.event
    limit v_limit
    for update skip locked
  ), claimed as (
    update public.alert_deliveries as delivery
    set state = 'claimed',
        attempts = delivery.attempts + 1,
        fencing_token = delivery.fencing_token + 1,
        claimed_at = clock_timestamp(),
        available_at = clock_timestamp() + v_lease
    from due
    where delivery.id = due.id
    returning delivery.*
  )
  select coalesce(jsonb_agg(
    jsonb_build_object(
      'id', claimed.id, 'channel', claimed.channel, 'event', claimed.event, 'attempts', claimed.attempts,
      'fencing_token', claimed.fencing_token,
      'alert', jsonb_build_object(
        'id', alert.id, 'org_id', alert.org_id, 'rule', alert.rule, 'dedupe_key', alert.dedupe_key,
        'severity', alert.severity, 'message', alert.message, 'details', alert.details,
        'raised_at', alert.raised_at, 'resolved_at', alert.resolved_at
      )
    ) order by claimed.queued_at, claimed.event
  ), '[]') into v_claimed
  from claimed
  join public.alerts as alert on alert.id = claimed.alert_id;
  return jsonb_build_object('code', 'claimed', 'deliveries', v_claimed);
end
$$;
revoke all on function public.claim_alert_deliveries(jsonb) from public, anon, authenticated;
grant execute on function public.claim_alert_deliveries(jsonb) to service_role;

-- A channel works again: what was given up there and still is so is tried anew, and the end of what was told.
create function private.reopen_alert_deliveries(p_channel text) returns void
language plpgsql set search_path = '' set plan_cache_mode = force_custom_plan as $$
begin
  update public.alert_deliveries as delivery
  set state = 'queued', attempts = 0, available_at = now(), dead_lettered_at = null, reopened_at = clock_timestamp()
  from public.alerts as alert
  where delivery.channel = p_channel and delivery.state = 'dead_lettered' and delivery.reopened_at is null
    and alert.id = delivery.alert_id
    and (
      (delivery.event = 'raised' and alert.state <> 'resolved')
      or (delivery.event = 'resolved' and exists (
        select 1
        from public.alert_deliveries as beginning
        where beginning.alert_id = delivery.alert_id and beginning.channel = p_channel
          and beginning.event = 'raised' and beginning.state = 'sent'
      ))
    );
end
$$;
revoke all on function private.reopen_alert_deliveries(text) from public, anon, authenticated;
grant execute on function private.reopen_alert_deliveries(text) to service_role;

-- {id, fencing_token, outcome: 'sent'|'failed'|'held', error|null, retry_after_seconds|null, max_attempts} ->
-- 'recorded' {state} | 'lease_lost'. Held was not tried, and costs no attempt. That a channel fails is tried for
-- as long as it does, each hour in the end: nothing else would find out that it works again.
create function public.record_alert_delivery(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_outcome constant text := request ->> 'outcome';
  v_now constant timestamptz := clock_timestamp();
  v_asked constant double precision := (request ->> 'retry_after_seconds')::double precision;
  -- Null where nothing was asked for: `greatest` would make that none at all.
  v_wait constant interval := case when v_asked is not null then make_interval(secs => least(greatest(v_asked, 0), 3600)) end;
  v_delivery public.alert_deliveries;
  v_is_probe boolean;
  v_is_given_up boolean;
  v_state text;
begin
  perform set_config('app.actor', 'system', true);
  select * into v_delivery
  from public.alert_deliveries as delivery
  where delivery.id = (request ->> 'id')::uuid
    and delivery.fencing_token = (request ->> 'fencing_token')::bigint
    and delivery.state = 'claimed'
  for update;
  if not found then
    return jsonb_build_object('code', 'lease_lost');
  end if;
  v_is_probe := exists (
    select 1 from public.alerts as alert where alert.id = v_delivery.alert_id and alert.rule = 'alert_delivery_failed'
  );
  v_is_given_up := v_outcome = 'failed' and v_delivery.attempts >= (request ->> 'max_attempts')::integer;
  v_state := case
    when v_outcome = 'sent' then 'sent'
    when v_is_given_up and not v_is_probe then 'dead_lettered'
    else 'queued'
  end;
  update public.alert_deliveries as delivery
  set state = v_state,
      attempts = delivery.attempts - case v_outcome when 'held' then 1 else 0 end,
      last_error = case v_outcome when 'sent' then null else left(coalesce(request ->> 'error', delivery.last_error), 500) end,
      available_at = case
        when v_state = 'queued' then v_now + coalesce(v_wait, private.backoff(delivery.attempts))
        else delivery.available_at
      end,
      sent_at = case v_state when 'sent' then v_now end,
      dead_lettered_at = case v_state when 'dead_lettered' then v_now end,
      reopened_at = case
        when v_state <> 'dead_lettered' or exists (
          select 1
          from public.alert_deliveries as other
          where other.channel = delivery.channel and other.state = 'sent' and other.sent_at > delivery.reopened_at
        ) then delivery.reopened_at
      end
  where delivery.id = v_delivery.id;

  if v_state = 'sent' then
    if public.resolve_alert(
      jsonb_build_object('rule', 'alert_delivery_failed', 'dedupe_key', v_delivery.channel)
    ) ->> 'code' = 'resolved' then
      perform private.reopen_alert_deliveries(v_delivery.channel);
    end if;
  elsif v_state = 'dead_lettered' or v_is_given_up and not exists (
    select 1
    from public.alerts as alert
    where alert.org_id is null and alert.rule = 'alert_delivery_failed' and alert.dedupe_key = v_delivery.channel
      and alert.state <> 'resolved'
  ) then
    -- Seen by GET /alerts, and told when the channel works again.
    perform public.raise_alert(jsonb_build_object(
      'rule', 'alert_delivery_failed', 'dedupe_key', v_delivery.channel, 'severity', 'critical',
      'message', format('Cannot tell alerts by %s: %s attempts failed', v_delivery.channel, v_delivery.attempts),
      'details', jsonb_build_object('channel', v_delivery.channel, 'error', left(request ->> 'error', 500))
    ));
  end if;
  return jsonb_build_object('code', 'recorded', 'state', v_state);
end
$$;
revoke all on function public.record_alert_delivery(jsonb) from public, anon, authenticated;
grant execute on function public.record_alert_delivery(jsonb) to service_role;
