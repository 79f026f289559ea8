-- A conversation that waits for a person of the organization, or that one has taken: meanwhile agents
-- are silent in it.

create table public.hand_overs (
  id uuid not null default gen_random_uuid(),
  org_id uuid not null,
  contact_id uuid not null,
  session_id uuid,
  reason text not null,
  state text not null default 'waiting',
  waiting_at timestamptz not null default now(),
  taken_at timestamptz,
  -- The member who answers; null for an operator.
  taken_by uuid,
  released_at timestamptz,
  replied_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint hand_overs_pkey primary key (id),
  constraint hand_overs_contact_fkey foreign key (org_id, contact_id)
    references public.contacts (org_id, id) on delete cascade,
  constraint hand_overs_session_fkey foreign key (org_id, session_id)
    references public.unified_sessions (org_id, id) on delete set null (session_id),
  constraint hand_overs_taken_by_fkey foreign key (taken_by)
    references auth.users (id) on delete set null,
  constraint hand_overs_reason_is_1_to_1000_characters check (char_length(reason) between 1 and 1000),
  constraint hand_overs_state_is_known check (state in ('waiting', 'taken', 'released')),
  constraint hand_overs_state_has_its_timestamp check (
    (state = 'released') = (released_at is not null) and (state <> 'taken' or taken_at is not null)
  )
);
create unique index hand_overs_open_unique on public.hand_overs (org_id, contact_id) where state <> 'released';
create index hand_overs_open_idx on public.hand_overs (org_id, waiting_at) where state <> 'released';
create index hand_overs_contact_idx on public.hand_overs (org_id, contact_id, created_at desc);
create index hand_overs_session_idx on public.hand_overs (org_id, session_id);
create index hand_overs_taken_by_idx on public.hand_overs (taken_by);

create trigger hand_overs_touch_updated_at before update on public.hand_overs
  for each row execute function private.touch_updated_at();

-- Two contacts turn out to be one person, who waits as both: one wait is enough.
create function private.merge_hand_overs() returns trigger
language plpgsql set search_path = '' as $$
begin
  if new.state <> 'released' and exists (
    select 1 from public.hand_overs as other
    where other.org_id = new.org_id and other.contact_id = new.contact_id
      and other.state <> 'released' and other.id <> new.id
  ) then
    new.state := 'released';
    new.released_at := now();
  end if;
  return new;
end
$$;
revoke all on function private.merge_hand_overs() from public, anon, authenticated;
create trigger hand_overs_merge before update of contact_id on public.hand_overs
  for each row when (old.contact_id <> new.contact_id) execute function private.merge_hand_overs();

-- However a wait ends (taken, given back, given up, forgotten, merged): nobody needs to look any more.
create function private.resolve_hand_over_alert() returns trigger
language plpgsql set search_path = '' as $$
begin
  perform public.resolve_alert(jsonb_build_object(
    'org_id', new.org_id, 'rule', 'hand_over_waiting', 'dedupe_key', new.id
  ));
  return null;
end
$$;
revoke all on function private.resolve_hand_over_alert() from public, anon, authenticated;
create trigger hand_overs_resolve_alert after update on public.hand_overs
  for each row when (old.state = 'waiting' and new.state <> 'waiting') execute function private.resolve_hand_over_alert();

alter table public.hand_overs enable row level security;
revoke all on table public.hand_overs from public, anon, authenticated, service_role;
grant select on table public.hand_overs to authenticated;
grant select, insert, update, delete on table public.hand_overs to service_role;
create policy "members read the hand-overs of their organizations" on public.hand_overs
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));

-- What people wrote while a person of the organization answered: no agent ever will.
alter table public.inbound_messages drop constraint inbound_messages_disposition_is_known;
alter table public.inbound_messages add constraint inbound_messages_disposition_is_known check (
  disposition in ('received', 'answered', 'ignored', 'forwarding', 'forwarded', 'dead_lettered', 'handed_over')
);

-- Whether a person may act in an organization; null is the service itself.
create function private.may_act(p_org_id uuid, p_user_id uuid, p_minimum_role text) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return p_user_id is null
    or private.role_rank(private.organization_role(p_org_id, p_user_id)) >= private.role_rank(p_minimum_role);
end
$$;
revoke all on function private.may_act(uuid, uuid, text) from public, anon, authenticated;
grant execute on function private.may_act(uuid, uuid, text) to service_role;

-- Whether a whole message asks for the menu: the words of domain/session/read_reset_word.ts.
create function private.is_reset_word(p_text text) returns boolean
language plpgsql immutable set search_path = '' as $$
begin
  return coalesce(private.fold_text(p_text) in (
    'menu', 'main menu', 'home', 'cancel', 'back', 'go back', 'restart', 'reset', 'start over', 'exit', 'services',
    'accueil', 'annuler', 'annule', 'retour', 'recommencer', 'menu principal', 'quitter',
    'menyu', 'mwanzo', 'nyumbani', 'ghairi', 'rudi', 'rudi nyuma', 'futa', 'anza upya', 'huduma',
    'ahabanza', 'subira inyuma', 'subira', 'siba', 'guhagarika', 'tangira bundi bushya', 'serivisi'
  ), false);
end
$$;
revoke all on function private.is_reset_word(text) from public, anon, authenticated;
grant execute on function private.is_reset_word(text) to service_role;

-- Whether anything that waits for a turn asks for the menu.
create function private.asks_for_menu(p_org_id uuid, p_contact_id uuid) returns boolean
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  return exists (
    select 1
    from public.inbound_messages as message
    where message.org_id = p_org_id and message.contact_id = p_contact_id
      and message.sequence > (
        select queue.completed_sequence from public.contact_queues as queue
        where queue.org_id = p_org_id and queue.contact_id = p_contact_id
      )
      and message.disposition = 'received' and message.type = 'text'
      and message.created_at between now() - interval '35 days' and now() + interval '1 day'
      and private.is_reset_word(message.content ->> 'text')
  );
end
$$;
revoke all on function private.asks_for_menu(uuid, uuid) from public, anon, authenticated;
grant execute on function private.asks_for_menu(uuid, uuid) to service_role;

-- Nobody took or answered it for a day.
create function private.is_forgotten(p_hand_over public.hand_overs) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return greatest(p_hand_over.waiting_at, p_hand_over.taken_at, p_hand_over.replied_at) < now() - interval '24 hours';
end
$$;
revoke all on function private.is_forgotten(public.hand_overs) from public, anon, authenticated;
grant execute on function private.is_forgotten(public.hand_overs) to service_role;

-- Ends the waits of people who don't write any more either; answers how many. Whoever takes or answers
-- one at this moment has it.
create function private.release_forgotten_hand_overs(p_limit integer) returns integer
language plpgsql set search_path = '' as $$
declare
  v_count integer;
begin
  update public.hand_overs as forgotten
  set state = 'released', released_at = now()
  where forgotten.id = any (array(
    select open.id from public.hand_overs as open
    where open.state <> 'released' and private.is_forgotten(open)
    limit least(p_limit, 10000)
    for update skip locked
  ));
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
revoke all on function private.release_forgotten_hand_overs(integer) from public, anon, authenticated;
grant execute on function private.release_forgotten_hand_overs(integer) to service_role;

-- Whether who waits has said STOP since: nobody may answer them there any more.
create function private.opted_out_of_hand_over(p_hand_over public.hand_overs) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return exists (
    select 1 from public.contact_opt_outs as opt_out
    where opt_out.org_id = p_hand_over.org_id and opt_out.contact_id = p_hand_over.contact_id
      and opt_out.state = 'opted_out' and opt_out.opted_out_at >= p_hand_over.waiting_at
  );
end
$$;
revoke all on function private.opted_out_of_hand_over(public.hand_overs) from public, anon, authenticated;
grant execute on function private.opted_out_of_hand_over(public.hand_overs) to service_role;

-- The hand-over that keeps agents out of a contact's conversation; null when they may answer. One that
-- nobody took or answered for a day is over: a person who was forgotten isn't left without any answer.
-- So is one in which STOP was said, taken or not, since whoever has it can't answer any more; and one
-- that nobody took yet, when who waits asks for the menu instead. The caller holds the contact's queue.
create function private.open_hand_over(p_org_id uuid, p_contact_id uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_hand_over public.hand_overs;
begin
  select * into v_hand_over
  from public.hand_overs as open
  where open.org_id = p_org_id and open.contact_id = p_contact_id and open.state <> 'released';
  if not found then
    return null;
  end if;
  if private.is_forgotten(v_hand_over) or private.opted_out_of_hand_over(v_hand_over) then
    update public.hand_overs as ended
    set state = 'released', released_at = now()
    where ended.id = v_hand_over.id;
    return null;
  end if;
  if v_hand_over.state = 'waiting' and private.asks_for_menu(p_org_id, p_contact_id) then
    -- Whoever takes it at this moment is not sent away.
    update public.hand_overs as given_up
    set state = 'released', released_at = now()
    where given_up.id = v_hand_over.id and given_up.state = 'waiting';
    if found then
      return null;
    end if;
  end if;
  return jsonb_build_object('code', 'handed_over', 'hand_over_id', v_hand_over.id, 'state', v_hand_over.state);
end
$$;
revoke all on function private.open_hand_over(uuid, uuid) from public, anon, authenticated;
grant execute on function private.open_hand_over(uuid, uuid) to service_role;

-- Nothing that waits for a turn will have one: a person of the organization reads it. The caller holds
-- the contact's queue.
create function private.keep_messages_for_person(p_org_id uuid, p_contact_id uuid, p_after bigint) returns void
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  update public.inbound_messages as message
  set disposition = 'handed_over', disposed_at = now()
  where message.org_id = p_org_id and message.contact_id = p_contact_id and message.sequence > p_after
    and message.disposition = 'received'
    and message.created_at between now() - interval '35 days' and now() + interval '1 day';
  update public.contact_queues as queue
  set completed_sequence = queue.received_sequence, claimed_sequence = null,
      turn_due_at = null, turn_retry_at = null, turn_leased_until = null
  where queue.org_id = p_org_id and queue.contact_id = p_contact_id;
  update public.unified_sessions as session
  set last_message_at = now()
  where session.org_id = p_org_id and session.contact_id = p_contact_id and session.status = 'active';
end
$$;
revoke all on function private.keep_messages_for_person(uuid, uuid, bigint) from public, anon, authenticated;
grant execute on function private.keep_messages_for_person(uuid, uuid, bigint) to service_role;

create function private.describe_hand_over(p_hand_over public.hand_overs) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object(
    'id', p_hand_over.id, 'contact_id', p_hand_over.contact_id, 'session_id', p_hand_over.session_id,
    'contact_name', (
      select contact.name from public.contacts as contact
      where contact.org_id = p_hand_over.org_id and contact.id = p_hand_over.contact_id
    ),
    'reason', p_hand_over.reason, 'state', p_hand_over.state, 'waiting_at', p_hand_over.waiting_at,
    'taken_at', p_hand_over.taken_at, 'taken_by', p_hand_over.taken_by, 'replied_at', p_hand_over.replied_at,
    'released_at', p_hand_over.released_at,
    'last_inbound_at', (
      select queue.last_inbound_at from public.contact_queues as queue
      where queue.org_id = p_hand_over.org_id and queue.contact_id = p_hand_over.contact_id
    )
  );
end
$$;
revoke all on function private.describe_hand_over(public.hand_overs) from public, anon, authenticated;
grant execute on function private.describe_hand_over(public.hand_overs) to service_role;

-- {org_id, user_id|null, state?: 'waiting' | 'taken', limit?, after? (waiting_at of the last one seen),
-- after_id?} -> 'listed' {hand_overs: [{id, contact_id, session_id, contact_name, reason, state, waiting_at, taken_at,
-- taken_by, replied_at, released_at, last_inbound_at}]}, who waits longest first | 'forbidden'.
create function public.list_hand_overs(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_after constant timestamptz := coalesce((request ->> 'after')::timestamptz, '-infinity');
  v_after_id constant uuid := coalesce((request ->> 'after_id')::uuid, '00000000-0000-0000-0000-000000000000');
begin
  if not private.may_act(v_org_id, (request ->> 'user_id')::uuid, 'member') then
    return jsonb_build_object('code', 'forbidden');
  end if;
  return jsonb_build_object('code', 'listed', 'hand_overs', coalesce((
    select jsonb_agg(private.describe_hand_over(page) order by page.waiting_at, page.id)
    from (
      select open.* from public.hand_overs as open
      where open.org_id = v_org_id and open.state <> 'released' and (open.waiting_at, open.id) > (v_after, v_after_id)
        and open.state = coalesce(request ->> 'state', open.state)
      order by open.waiting_at, open.id
      limit least(greatest(coalesce((request ->> 'limit')::integer, 50), 1), 100)
    ) as page
  ), '[]'));
end
$$;
revoke all on function public.list_hand_overs(jsonb) from public, anon, authenticated;
grant execute on function public.list_hand_overs(jsonb) to service_role;

-- [{id, direction: 'in'|'out', type, content, at, state}] of one contact, the newest first.
create function private.recent_messages(p_org_id uuid, p_contact_id uuid, p_limit integer) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return coalesce((
    select jsonb_agg(to_jsonb(page) order by page.at desc, page.id)
    from (
      (
        select message.id, 'in' as direction, message.type, message.content, message.created_at as at,
          message.disposition as state
        from public.inbound_messages as message
        where message.org_id = p_org_id and message.contact_id = p_contact_id
        order by message.created_at desc
        limit least(p_limit, 200)
      )
      union all
      (
        select message.id, 'out', message.type, message.content, message.created_at, message.state
        from public.outbound_messages as message
        where message.org_id = p_org_id and message.contact_id = p_contact_id
        order by message.created_at desc
        limit least(p_limit, 200)
      )
      order by at desc
      limit least(p_limit, 200)
    ) as page
  ), '[]');
end
$$;
revoke all on function private.recent_messages(uuid, uuid, integer) from public, anon, authenticated;
grant execute on function private.recent_messages(uuid, uuid, integer) to service_role;

-- {org_id, user_id|null, hand_over_id, limit?} -> 'read' {hand_over, session: {current_agent, preferences,
-- context}|null, messages: [{id, direction: 'in'|'out', type, content, at, state}]}, newest first
-- | 'not_found' | 'forbidden'.
create function public.read_hand_over(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_limit constant integer := least(greatest(coalesce((request ->> 'limit')::integer, 50), 1), 200);
  v_hand_over public.hand_overs;
begin
  if not private.may_act(v_org_id, (request ->> 'user_id')::uuid, 'member') then
    return jsonb_build_object('code', 'forbidden');
  end if;
  select * into v_hand_over
  from public.hand_overs as wanted
  where wanted.org_id = v_org_id and wanted.id = (request ->> 'hand_over_id')::uuid;
  if not found then
    return jsonb_build_object('code', 'not_found');
  end if;
  return jsonb_build_object(
    'code', 'read',
    'hand_over', private.describe_hand_over(v_hand_over),
    'session', (
      select jsonb_build_object(
        'current_agent', session.current_agent, 'preferences', session.preferences, 'context', session.context
      )
      from public.unified_sessions as session
      where session.org_id = v_org_id and session.id = v_hand_over.session_id
    ),
    'messages', private.recent_messages(v_org_id, v_hand_over.contact_id, v_limit)
  );
end
$$;
revoke all on function public.read_hand_over(jsonb) from public, anon, authenticated;
grant execute on function public.read_hand_over(jsonb) to service_role;

-- {org_id, user_id|null, request_id?, hand_over_id} -> 'taken' {hand_over}, also to whoever has it already
-- | 'taken_by_another' {taken_by} | 'released' | 'not_found' | 'forbidden'.
create function public.take_hand_over(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_user_id constant uuid := (request ->> 'user_id')::uuid;
  v_hand_over public.hand_overs;
begin
  perform set_config('app.actor', coalesce(request ->> 'user_id', 'operator'), true);
  if not private.may_act(v_org_id, v_user_id, 'member') then
    return jsonb_build_object('code', 'forbidden');
  end if;
  select * into v_hand_over
  from public.hand_overs as wanted
  where wanted.org_id = v_org_id and wanted.id = (request ->> 'hand_over_id')::uuid
  for update;
  if not found then
    return jsonb_build_object('code', 'not_found');
  elsif v_hand_over.state = 'released' then
    return jsonb_build_object('code', 'released');
  elsif v_hand_over.state = 'taken' and v_hand_over.taken_by is distinct from v_user_id then
    return jsonb_build_object('code', 'taken_by_another', 'taken_by', v_hand_over.taken_by);
  end if;
  if v_hand_over.state = 'waiting' then
    update public.hand_overs as mine
    set state = 'taken', taken_at = now(), taken_by = v_user_id
    where mine.id = v_hand_over.id
    returning * into v_hand_over;
    perform private.record_event(
      v_org_id, 'hand_over_take', 'succeeded', request ->> 'request_id', null,
      jsonb_build_object('hand_over_id', v_hand_over.id)
    );
  end if;
  return jsonb_build_object('code', 'taken', 'hand_over', private.describe_hand_over(v_hand_over));
end
$$;
revoke all on function public.take_hand_over(jsonb) from public, anon, authenticated;
grant execute on function public.take_hand_over(jsonb) to service_role;

-- {org_id, user_id|null, request_id?, hand_over_id, reply_id, text} -> 'queued' {message_id}: what a person
-- says goes out once, however often it is asked for under one reply_id | 'not_taken' by this person
-- | 'outside_window' {last_inbound_at} WhatsApp lets nobody write freely any more | 'opted_out' while they
-- waited | 'not_found' | 'forbidden'.
create function public.reply_to_hand_over(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_user_id constant uuid := (request ->> 'user_id')::uuid;
  v_hand_over public.hand_overs;
  v_message_id uuid;
  v_last_inbound_at timestamptz;
  v_dedupe_key text;
begin
  perform set_config('app.actor', coalesce(request ->> 'user_id', 'operator'), true);
  if not private.may_act(v_org_id, v_user_id, 'member') then
    return jsonb_build_object('code', 'forbidden');
  end if;
  if char_length(coalesce(request ->> 'text', '')) not between 1 and 4096 then
    raise exception 'Cannot reply to hand-over "%": a text has 1 to 4096 characters', request ->> 'hand_over_id'
      using errcode = 'invalid_parameter_value';
  end if;
  -- The contact's queue before its hand-over, as a turn does.
  select * into v_hand_over
  from public.hand_overs as wanted
  where wanted.org_id = v_org_id and wanted.id = (request ->> 'hand_over_id')::uuid;
  select queue.last_inbound_at into v_last_inbound_at
  from public.contact_queues as queue
  where queue.org_id = v_org_id and queue.contact_id = v_hand_over.contact_id
  for update;
  select * into v_hand_over
  from public.hand_overs as wanted
  where wanted.org_id = v_org_id and wanted.id = (request ->> 'hand_over_id')::uuid
  for update;
  if v_hand_over.id is null then
    return jsonb_build_object('code', 'not_found');
  end if;
  v_dedupe_key := format('hand_over:%s:%s', v_hand_over.id, (request ->> 'reply_id')::uuid);
  select said.id into v_message_id
  from public.outbound_messages as said
  where said.org_id = v_org_id and said.dedupe_key = v_dedupe_key;
  if found then
    -- Whatever has happened since: it was said.
    return jsonb_build_object('code', 'queued', 'message_id', v_message_id);
  elsif v_hand_over.taken_at is null or v_hand_over.taken_by is distinct from v_user_id then
    return jsonb_build_object('code', 'not_taken');
  elsif private.opted_out_of_hand_over(v_hand_over) then
    -- Which has ended it, or is about to: whoever had it hears why.
    return jsonb_build_object('code', 'opted_out');
  elsif v_hand_over.state <> 'taken' then
    return jsonb_build_object('code', 'not_taken');
  elsif coalesce(v_last_inbound_at, '-infinity') <= now() - interval '24 hours' then
    return jsonb_build_object('code', 'outside_window', 'last_inbound_at', v_last_inbound_at);
  end if;
  -- A reply: the person asked for it and waits.
  v_message_id := private.queue_outbound_message(
    v_org_id, v_hand_over.contact_id, 'reply', 'text', jsonb_build_object('text', request ->> 'text'),
    v_dedupe_key, v_hand_over.id::text
  );
  update public.hand_overs as mine set replied_at = now() where mine.id = v_hand_over.id;
  perform private.record_event(
    v_org_id, 'hand_over_reply', 'succeeded', request ->> 'request_id', null,
    jsonb_build_object('hand_over_id', v_hand_over.id, 'message_id', v_message_id)
  );
  return jsonb_build_object('code', 'queued', 'message_id', v_message_id);
end
$$;
revoke all on function public.reply_to_hand_over(jsonb) from public, anon, authenticated;
grant execute on function public.reply_to_hand_over(jsonb) to service_role;

-- {org_id, user_id|null, request_id?, hand_over_id} -> 'released' {told}: agents answer again what comes from
-- now on, and who waited is told so, while WhatsApp lets us | 'taken_by_another' {taken_by} (an admin may all the same) | 'not_found' | 'forbidden'.
create function public.release_hand_over(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_user_id constant uuid := (request ->> 'user_id')::uuid;
  v_hand_over public.hand_overs;
  v_told boolean;
begin
  perform set_config('app.actor', coalesce(request ->> 'user_id', 'operator'), true);
  if not private.may_act(v_org_id, v_user_id, 'member') then
    return jsonb_build_object('code', 'forbidden');
  end if;
  -- The contact's queue before its hand-over, as a turn does.
  select * into v_hand_over
  from public.hand_overs as wanted
  where wanted.org_id = v_org_id and wanted.id = (request ->> 'hand_over_id')::uuid;
  perform 1
  from public.contact_queues as queue
  where queue.org_id = v_org_id and queue.contact_id = v_hand_over.contact_id
  for update;
  select * into v_hand_over
  from public.hand_overs as wanted
  where wanted.org_id = v_org_id and wanted.id = (request ->> 'hand_over_id')::uuid
  for update;
  if v_hand_over.id is null then
    return jsonb_build_object('code', 'not_found');
  elsif v_hand_over.state = 'taken' and v_hand_over.taken_by is distinct from v_user_id
    and not private.may_act(v_org_id, v_user_id, 'admin') then
    return jsonb_build_object('code', 'taken_by_another', 'taken_by', v_hand_over.taken_by);
  end if;
  if v_hand_over.state <> 'released' then
    update public.hand_overs as mine
    set state = 'released', released_at = now()
    where mine.id = v_hand_over.id;
    perform private.say_to_contact(
      v_org_id, v_hand_over.contact_id, 'released', 'hand_over:' || v_hand_over.id || ':released', v_hand_over.id::text,
      v_hand_over.session_id
    );
    perform private.record_event(
      v_org_id, 'hand_over_release', 'succeeded', request ->> 'request_id', null,
      jsonb_build_object('hand_over_id', v_hand_over.id)
    );
  end if;
  v_told := exists (
    select 1 from public.outbound_messages as said
    where said.org_id = v_org_id and said.dedupe_key = 'hand_over:' || v_hand_over.id || ':released'
  );
  return jsonb_build_object('code', 'released', 'told', v_told);
end
$$;
revoke all on function public.release_hand_over(jsonb) from public, anon, authenticated;
grant execute on function public.release_hand_over(jsonb) to service_role;
