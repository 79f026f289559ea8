-- Data: why and when letters were dismissed goes from their rows and stays in audit_log; they stay settled.
set local lock_timeout = '5s';
drop function public.dismiss_dead_letter(jsonb);
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
create or replace function private.finish_replay(p_letter public.dead_letters, p_actor text, p_request_id text) returns void
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
create or replace function public.list_dead_letters(request jsonb) returns jsonb
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
    replayed_at = null
  returning letter.id into v_id;
  perform public.raise_alert(jsonb_build_object(
    'org_id', p_org_id,
    'rule', 'dead_letters',
    'dedupe_key', p_source,
    'severity', 'critical',
    'message', format('Cannot process %s event "%s": given up after %s attempts', p_source, p_source_id, p_attempts),
    'details', jsonb_build_object('dead_letter_id', v_id, 'reason', left(p_reason, 500))
  ));
  return v_id;
end
$$;
drop function private.settle_dismissal(public.dead_letters, text, text, text);
drop function private.resolve_dead_letters(public.dead_letters);
alter table public.dead_letters drop column dismissed_at, drop column dismissal_reason;
