-- Data: which delivery told of an alert as one of many is forgotten; those alerts count as told.
set local lock_timeout = '5s';
create or replace function public.record_alert_delivery(request jsonb) returns jsonb
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
create or replace function public.claim_alert_deliveries(request jsonb) returns jsonb
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
drop function private.fold_alert_deliveries(text[]);
drop function private.may_tell(public.alert_deliveries);
drop function private.urgency(text, text);
drop index public.alert_deliveries_folded_into_idx;
alter table public.alert_deliveries drop column folded_into;
