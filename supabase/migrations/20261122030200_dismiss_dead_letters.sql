-- A dead letter that can't be run again, because what failed is gone, is settled by the try; one that nobody
-- wants to run again is dismissed by an operator who says why. Both were open, with a critical alert, until the
-- letter expired. And a letter that is new opens people's eyes again, though the alert has long been told.

set local lock_timeout = '5s';

alter table public.dead_letters add column dismissed_at timestamptz, add column dismissal_reason text;
grant select (dismissed_at, dismissal_reason) on table public.dead_letters to authenticated;

-- Inside the transaction that gives up. What fails again after a replay is the same letter. The open alert
-- is told again to whoever was told more than an hour ago: later letters aren't hidden behind the first.
create or replace function private.record_dead_letter(
  p_org_id uuid,
  p_source text,
  p_source_id text,
  p_reason text,
  p_payload jsonb,
  p_attempts integer
) returns uuid
language plpgsql set search_path = '' as $$
declare
  v_id uuid;
  v_alert_id uuid;
begin
  insert into public.dead_letters as letter (org_id, source, source_id, reason, payload, attempts)
  values (
    p_org_id, p_source, p_source_id, left(coalesce(p_reason, 'no reason given'), 2000),
    coalesce(p_payload, '{}'), coalesce(p_attempts, 0)
  )
  on conflict (source, source_id, org_id) do update set
    reason = excluded.reason,
    payload = excluded.payload,
    attempts = letter.attempts + excluded.attempts,
    dead_lettered_at = now(),
    replayed_at = null,
    dismissed_at = null,
    dismissal_reason = null
  returning letter.id into v_id;
  v_alert_id := (public.raise_alert(jsonb_build_object(
    'org_id', p_org_id,
    'rule', 'dead_letters',
    'dedupe_key', p_source,
    'severity', 'critical',
    'message', format('Cannot process %s event "%s": given up after %s attempts', p_source, p_source_id, p_attempts),
    'details', jsonb_build_object('dead_letter_id', v_id, 'reason', left(p_reason, 500))
  )) ->> 'id')::uuid;
  -- What was told and is forgotten is told anew, under another id.
  delete from public.alert_deliveries as told
  where told.alert_id = v_alert_id and told.event = 'raised' and told.state = 'sent'
    and told.sent_at < now() - interval '1 hour';
  return v_id;
end
$$;

-- {source|null, org_id|null, replayed: boolean, before|null, limit} -> 'listed' {letters: [{id, org_id, source,
-- source_id, reason, attempts, dead_lettered_at, replayed_at (also when it was dismissed), dismissed_at,
-- dismissal_reason}]}, the newest first; `before` is the id of the last one of the page before. Never the payload:
-- it is what somebody said.
create or replace function public.list_dead_letters(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_limit constant integer := least(greatest((request ->> 'limit')::integer, 1), 500);
begin
  return jsonb_build_object('code', 'listed', 'letters', (
    select coalesce(jsonb_agg(to_jsonb(page) order by page.dead_lettered_at desc, page.id desc), '[]')
    from (
      select letter.id, letter.org_id, letter.source, letter.source_id, letter.reason, letter.attempts,
        letter.dead_lettered_at, letter.replayed_at, letter.dismissed_at, letter.dismissal_reason
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

-- The last open one of its kind takes the alert with it.
create function private.resolve_dead_letters(p_letter public.dead_letters) returns void
language plpgsql set search_path = '' as $$
begin
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
revoke all on function private.resolve_dead_letters(public.dead_letters) from public, anon, authenticated;
grant execute on function private.resolve_dead_letters(public.dead_letters) to service_role;

create or replace function private.finish_replay(p_letter public.dead_letters, p_actor text, p_request_id text) returns void
language plpgsql set search_path = '' as $$
begin
  perform set_config('app.actor', coalesce(nullif(p_actor, ''), 'operator'), true);
  update public.dead_letters as letter set replayed_at = now() where letter.id = p_letter.id;
  perform private.record_audit(
    p_letter.org_id, 'dead_letter_replayed', p_letter.source_id, p_request_id,
    jsonb_build_object('dead_letter_id', p_letter.id, 'source', p_letter.source)
  );
  perform private.resolve_dead_letters(p_letter);
end
$$;

-- Takes the letter off everybody's list. It is replayed_at that says so to whoever looks for open ones.
create function private.settle_dismissal(p_letter public.dead_letters, p_reason text, p_actor text, p_request_id text)
returns void
language plpgsql set search_path = '' as $$
begin
  perform set_config('app.actor', coalesce(nullif(p_actor, ''), 'operator'), true);
  update public.dead_letters as letter
  set replayed_at = now(), dismissed_at = now(), dismissal_reason = left(p_reason, 1000)
  where letter.id = p_letter.id;
  perform private.record_audit(
    p_letter.org_id, 'dead_letter_dismissed', p_letter.source_id, p_request_id,
    jsonb_build_object('dead_letter_id', p_letter.id, 'source', p_letter.source, 'reason', left(p_reason, 1000))
  );
  perform private.resolve_dead_letters(p_letter);
end
$$;
revoke all on function private.settle_dismissal(public.dead_letters, text, text, text) from public, anon, authenticated;
grant execute on function private.settle_dismissal(public.dead_letters, text, text, text) to service_role;

-- {id, user_id|null, request_id} -> 'replayed' {source, source_id} (it is queued again, in this transaction) |
-- 'to_process' {org_id, source, source_id, payload} (whoever asks does it, then calls record_replay) |
-- 'already_replayed' | 'gone' (what failed isn't there any more, or has succeeded since: dismissed) | 'not_found'.
create or replace function public.replay_dead_letter(request jsonb) returns jsonb
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
  elsif v_letter.source = 'vapi' and v_letter.org_id is not null then
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
    perform private.settle_dismissal(
      v_letter, 'Run again: what failed is gone, or has succeeded since', request ->> 'user_id', request ->> 'request_id'
    );
    return v_named || '{"code": "gone"}';
  end if;
  perform private.finish_replay(v_letter, request ->> 'user_id', request ->> 'request_id');
  return v_named || '{"code": "replayed"}';
end
$$;

-- {id, reason, user_id|null, request_id} -> 'dismissed' {source, source_id} (again: as it was the first time)
--   | 'already_replayed' {source, source_id} | 'not_found'. Nothing is run and nothing of it is deleted.
create function public.dismiss_dead_letter(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_letter public.dead_letters;
  v_named jsonb;
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
  if v_letter.dismissed_at is not null then
    return v_named || '{"code": "dismissed"}';
  elsif v_letter.replayed_at is not null then
    return v_named || '{"code": "already_replayed"}';
  end if;
  perform private.settle_dismissal(v_letter, request ->> 'reason', request ->> 'user_id', request ->> 'request_id');
  return v_named || '{"code": "dismissed"}';
end
$$;
revoke all on function public.dismiss_dead_letter(jsonb) from public, anon, authenticated;
grant execute on function public.dismiss_dead_letter(jsonb) to service_role;
