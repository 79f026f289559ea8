-- What is worst is told first: a flood of warnings kept a critical alert waiting behind it. And more than twenty
-- alerts of one rule that are to be told at once are one message, which says how many there are.

set local lock_timeout = '5s';

-- The delivery that tells of this alert as one of many.
alter table public.alert_deliveries add column folded_into uuid;
-- accepted require-concurrent-index-creation: deliveries go with their alerts; a flood is thousands
create index alert_deliveries_folded_into_idx on public.alert_deliveries (folded_into) where folded_into is not null;

-- That something is over is told last, however bad it was.
create function private.urgency(p_event text, p_severity text) returns integer
language plpgsql immutable set search_path = '' as $$
begin
  return case p_event when 'raised' then array_position(array['info', 'warning', 'critical'], p_severity) else 0 end;
end
$$;
revoke all on function private.urgency(text, text) from public, anon, authenticated;
grant execute on function private.urgency(text, text) to service_role;

-- No end before its beginning, whichever delivery tells of that.
create function private.may_tell(p_delivery public.alert_deliveries) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return p_delivery.event = 'raised' or not exists (
    select 1
    from public.alert_deliveries as beginning
    left join public.alert_deliveries as teller on teller.id = beginning.folded_into
    where beginning.alert_id = p_delivery.alert_id and beginning.channel = p_delivery.channel
      and beginning.event = 'raised' and coalesce(teller.state, beginning.state) in ('queued', 'claimed')
  );
end
$$;
revoke all on function private.may_tell(public.alert_deliveries) from public, anon, authenticated;
grant execute on function private.may_tell(public.alert_deliveries) to service_role;

-- Where more than twenty of one rule are due on a channel, the oldest tells of all. The others are sent with it,
-- and given up with it (record_alert_delivery).
create function private.fold_alert_deliveries(p_channels text[]) returns void
language plpgsql set search_path = '' set plan_cache_mode = force_custom_plan as $$
begin
  with due as (
    select
      delivery.id, first_value(delivery.id) over alike as teller_id, count(*) over (
        partition by delivery.channel, delivery.event, alert.rule, alert.severity
      ) as total
    from public.alert_deliveries as delivery
    join public.alerts as alert on alert.id = delivery.alert_id
    where delivery.state in ('queued', 'claimed') and delivery.available_at <= clock_timestamp()
      and delivery.channel = any (p_channels) and private.may_tell(delivery)
    window alike as (
      partition by delivery.channel, delivery.event, alert.rule, alert.severity order by delivery.queued_at, delivery.id
    )
  ), folded as (
    update public.alert_deliveries as delivery
    set state = 'sent', sent_at = clock_timestamp(), folded_into = due.teller_id
    from due
    where delivery.id = due.id and due.total > 20 and due.id <> due.teller_id
      -- Not what somebody has settled meanwhile.
      and delivery.state in ('queued', 'claimed') and delivery.available_at <= clock_timestamp()
    returning delivery.id, delivery.folded_into
  )
  -- What told of others itself, and now is one of many.
  update public.alert_deliveries as other
  set folded_into = folded.folded_into
  from folded
  where other.folded_into = folded.id;
end
$$;
revoke all on function private.fold_alert_deliveries(text[]) from public, anon, authenticated;
grant execute on function private.fold_alert_deliveries(text[]) to service_role;

-- {channels: [channel], limit, lease_seconds} -> 'claimed' {deliveries: [{id, channel, event, attempts,
-- fencing_token, alert: {id, org_id, rule, dedupe_key, severity, message, details, raised_at, resolved_at}}]}:
-- the worst first, then the oldest, ends last and no end before its beginning.
-- Of many like it the first says how many more there are (details.folded).
create or replace function public.claim_alert_deliveries(request jsonb) returns jsonb
language plpgsql set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  v_channels constant text[] := array(select jsonb_array_elements_text(request -> 'channels'));
  v_limit constant integer := least(greatest((request ->> 'limit')::integer, 1), 100);
  v_lease constant interval := make_interval(secs => (request ->> 'lease_seconds')::double precision);
  v_claimed jsonb;
begin
  perform set_config('app.actor', 'system', true);
  -- Of two workers that claim at once one folds what the other would tell.
  perform pg_advisory_xact_lock(hashtext('public.claim_alert_deliveries'));
  perform private.queue_alert_deliveries(v_channels);
  perform private.fold_alert_deliveries(v_channels);
  with due as (
    select delivery.id
    from public.alert_deliveries as delivery
    join public.alerts as alert on alert.id = delivery.alert_id
    where delivery.state in ('queued', 'claimed')
      and delivery.available_at <= clock_timestamp()
      and delivery.channel = any (v_channels)
      and private.may_tell(delivery)
    order by private.urgency(delivery.event, alert.severity) desc, delivery.available_at, delivery.event
    limit v_limit
    for update of delivery skip locked
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
        'severity', alert.severity,
        'message', alert.message || case when folded.total > 0 then format(
          ' (and %s more alerts like it: GET /ops/alerts?rule=%s)', folded.total, alert.rule
        ) else '' end,
        'details', alert.details || case when folded.total > 0 then jsonb_build_object('folded', folded.total) else '{}' end,
        'raised_at', alert.raised_at, 'resolved_at', alert.resolved_at
      )
    ) order by private.urgency(claimed.event, alert.severity) desc, claimed.queued_at, claimed.event
  ), '[]') into v_claimed
  from claimed
  join public.alerts as alert on alert.id = claimed.alert_id
  cross join lateral (
    select count(*) as total from public.alert_deliveries as other where other.folded_into = claimed.id
  ) as folded;
  return jsonb_build_object('code', 'claimed', 'deliveries', v_claimed);
end
$$;

-- {id, fencing_token, outcome: 'sent'|'failed'|'held', error|null, retry_after_seconds|null, max_attempts} ->
-- 'recorded' {state} | 'lease_lost'. Held was not tried, and costs no attempt. That a channel fails is tried for
-- as long as it does, each hour in the end: nothing else would find out that it works again.
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
  if v_state = 'dead_lettered' then
    -- None of them was told: when the channel works again each is tried that still is so.
    update public.alert_deliveries as other
    set state = 'dead_lettered', dead_lettered_at = v_now, sent_at = null, folded_into = null,
        last_error = left(coalesce(request ->> 'error', other.last_error), 500)
    where other.folded_into = v_delivery.id and other.state = 'sent';
  end if;

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
