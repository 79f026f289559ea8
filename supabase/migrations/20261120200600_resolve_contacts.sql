-- Who is it? By phone, by BSUID or by both, and what happens when two turn out to be one.

-- The contact that is known by this number or BSUID; null for nobody, and for no name at all.
create function private.find_contact(p_org_id uuid, p_kind text, p_value text) returns uuid
language plpgsql stable set search_path = '' as $$
begin
  return (
    select identity.contact_id
    from public.contact_identities as identity
    where identity.org_id = p_org_id and identity.kind = p_kind and identity.value = p_value
  );
end
$$;
revoke all on function private.find_contact(uuid, text, text) from public, anon, authenticated;
grant execute on function private.find_contact(uuid, text, text) to service_role;

-- Rows that point at a contact, whichever table they are in, point at another one from now on.
create function private.repoint_contact(p_org_id uuid, p_from uuid, p_to uuid) returns void
language plpgsql set search_path = '' as $$
declare
  v_reference record;
begin
  for v_reference in
    select reference.conrelid::regclass::text as table_name, referencing.attname as column_name
    from pg_catalog.pg_constraint as reference
    join pg_catalog.pg_attribute as referencing
      on referencing.attrelid = reference.conrelid and referencing.attnum = any (reference.conkey)
    where reference.contype = 'f'
      and reference.confrelid = 'public.contacts'::regclass
      and reference.conparentid = 0
      and referencing.attname <> 'org_id'
      -- Those with a place for one contact only are merged by hand.
      and reference.conrelid not in (
        'public.contacts'::regclass, 'public.contact_queues'::regclass,
        'public.contact_opt_outs'::regclass, 'public.unified_sessions'::regclass
      )
    order by 1, 2
  loop
    execute format(
      'update %s set %I = $3 where org_id = $1 and %I = $2',
      v_reference.table_name, v_reference.column_name, v_reference.column_name
    ) using p_org_id, p_from, p_to;
  end loop;
end
$$;
revoke all on function private.repoint_contact(uuid, uuid, uuid) from public, anon, authenticated;
grant execute on function private.repoint_contact(uuid, uuid, uuid) to service_role;

-- Everything of one contact becomes another's: what waits, what is sent, its conversation, its wishes.
-- Order of locks, everywhere: a call, names, contacts, queues, messages out, the rest.
create function private.move_contact(p_org_id uuid, p_from uuid, p_to uuid) returns void
language plpgsql set search_path = '' as $$
declare
  v_now constant timestamptz := clock_timestamp();
  v_kept public.contact_queues;
  v_lost public.contact_queues;
  v_moved integer;
  v_leased_until timestamptz;
begin
  insert into public.contact_queues (org_id, contact_id) values (p_org_id, p_to)
  on conflict (org_id, contact_id) do nothing;
  perform 1
  from public.contact_queues as queue
  where queue.org_id = p_org_id and queue.contact_id in (p_from, p_to)
  order by queue.contact_id
  for update;
  select * into v_kept from public.contact_queues as queue
  where queue.org_id = p_org_id and queue.contact_id = p_to;
  select * into v_lost from public.contact_queues as queue
  where queue.org_id = p_org_id and queue.contact_id = p_from;
  perform 1
  from public.outbound_messages as message
  where message.org_id = p_org_id and message.contact_id = p_from
  order by message.id
  for update;

  if v_lost.contact_id is not null then
    -- What waits goes behind what the survivor has received so far.
    with waiting as (
      select message.id, message.created_at,
        row_number() over (order by message.sequence, message.id) as place
      from public.inbound_messages as message
      where message.org_id = p_org_id and message.contact_id = p_from
        and message.sequence > v_lost.completed_sequence and message.disposition = 'received'
    )
    update public.inbound_messages as message
    set contact_id = p_to, sequence = v_kept.received_sequence + waiting.place
    from waiting
    where message.id = waiting.id and message.created_at = waiting.created_at;
    get diagnostics v_moved = row_count;
    -- Whoever is sending goes on, alone: nothing is claimed for the survivor before that lease is over.
    -- Of two who are sending neither may claim more.
    v_leased_until := greatest(
      case when v_kept.send_leased_until > v_now then v_kept.send_leased_until end,
      case when v_lost.send_leased_until > v_now then v_lost.send_leased_until end
    );
    delete from public.contact_queues as queue
    where queue.org_id = p_org_id and queue.contact_id = p_from;
    update public.contact_queues as queue
    set received_sequence = queue.received_sequence + v_moved,
        last_inbound_at = greatest(queue.last_inbound_at, v_lost.last_inbound_at),
        turn_due_at = case when v_moved > 0 then coalesce(queue.turn_due_at, v_now) else queue.turn_due_at end,
        send_due_at = coalesce(v_leased_until, least(queue.send_due_at, v_lost.send_due_at)),
        send_leased_until = v_leased_until,
        send_fencing_token = case
          when v_lost.send_leased_until > v_now and v_kept.send_leased_until > v_now
            then nextval('private.fencing_tokens')
          when v_lost.send_leased_until > v_now then v_lost.send_fencing_token
          else queue.send_fencing_token
        end
    where queue.org_id = p_org_id and queue.contact_id = p_to;
  end if;

  -- The conversation that was used last goes on.
  update public.unified_sessions as session
  set status = 'completed', completed_at = now()
  from (
    select active.id
    from public.unified_sessions as active
    where active.org_id = p_org_id and active.contact_id in (p_to, p_from) and active.status = 'active'
    order by active.last_message_at desc, active.id
    offset 1
  ) as older
  where session.id = older.id;
  update public.unified_sessions as session set contact_id = p_to
  where session.org_id = p_org_id and session.contact_id = p_from;

  -- Who opted out under either name has opted out.
  insert into public.contact_opt_outs as kept (org_id, contact_id, state, reason, opted_out_at, opted_in_at)
  select lost.org_id, p_to, lost.state, lost.reason, lost.opted_out_at, lost.opted_in_at
  from public.contact_opt_outs as lost
  where lost.org_id = p_org_id and lost.contact_id = p_from
  on conflict (org_id, contact_id) do update set
    state = excluded.state, reason = excluded.reason,
    opted_out_at = excluded.opted_out_at, opted_in_at = excluded.opted_in_at
  where excluded.state = 'opted_out';
  delete from public.contact_opt_outs as lost
  where lost.org_id = p_org_id and lost.contact_id = p_from;

  perform private.repoint_contact(p_org_id, p_from, p_to);
end
$$;
revoke all on function private.move_contact(uuid, uuid, uuid) from public, anon, authenticated;
grant execute on function private.move_contact(uuid, uuid, uuid) to service_role;

-- Two contacts are one person: the one seen first stays, with its rollout key; the other becomes a
-- signpost. Whoever has the other's turn loses its lease, and the messages are answered in the
-- survivor's next turn. Answers the survivor.
create function private.merge_contacts(p_org_id uuid, p_one uuid, p_other uuid) returns uuid
language plpgsql set search_path = '' as $$
declare
  v_survivor uuid;
  v_loser uuid;
begin
  -- Whoever has a call's row asks for its contact next, and whoever has a name for the contact's row.
  perform 1
  from public.call_tracking as call
  where call.org_id = p_org_id and call.contact_id in (p_one, p_other)
  order by call.id
  for update;
  perform 1
  from public.contact_identities as identity
  where identity.org_id = p_org_id and identity.contact_id in (p_one, p_other)
  order by identity.kind, identity.value
  for update;
  -- Not `for update`: rows that point at a contact are inserted under the lock of its queue, which comes later.
  perform 1
  from public.contacts as contact
  where contact.org_id = p_org_id and contact.id in (p_one, p_other)
  order by contact.id
  for no key update;
  select coalesce(contact.merged_into_id, contact.id) into p_one
  from public.contacts as contact where contact.org_id = p_org_id and contact.id = p_one;
  select coalesce(contact.merged_into_id, contact.id) into p_other
  from public.contacts as contact where contact.org_id = p_org_id and contact.id = p_other;
  if p_one = p_other then
    return p_one;
  end if;
  select contact.id into v_survivor
  from public.contacts as contact
  where contact.org_id = p_org_id and contact.id in (p_one, p_other)
  order by contact.created_at, contact.id
  limit 1;
  v_loser := case when v_survivor = p_one then p_other else p_one end;

  perform private.move_contact(p_org_id, v_loser, v_survivor);
  update public.contacts as contact
  set merged_into_id = v_survivor, merged_at = now(), updated_at = now()
  where contact.org_id = p_org_id and contact.id = v_loser;
  -- Signposts point at the end of the road, not at one another.
  update public.contacts as contact
  set merged_into_id = v_survivor
  where contact.org_id = p_org_id and contact.merged_into_id = v_loser;
  perform private.record_audit(
    p_org_id, 'contacts_merged', v_survivor::text, null, jsonb_build_object('merged', v_loser)
  );
  return v_survivor;
end
$$;
revoke all on function private.merge_contacts(uuid, uuid, uuid) from public, anon, authenticated;
grant execute on function private.merge_contacts(uuid, uuid, uuid) to service_role;

-- Who a contact is now: itself, or whoever it was merged into. Whoever looked it up before the merge
-- was committed may have left something with it since: that moves along. Null when somebody is busy
-- with the survivor: it will be found again, since its queue stays due.
create function private.follow_contact(p_org_id uuid, p_contact_id uuid) returns uuid
language plpgsql set search_path = '' as $$
declare
  v_survivor uuid;
begin
  select contact.merged_into_id into v_survivor
  from public.contacts as contact
  where contact.org_id = p_org_id and contact.id = p_contact_id;
  if v_survivor is null then
    return p_contact_id;
  end if;
  perform 1
  from public.contact_queues as queue
  where queue.org_id = p_org_id and queue.contact_id = p_contact_id
  for update;
  if not found then
    return v_survivor;
  end if;
  -- Without waiting, since other queues may be held already.
  perform 1
  from public.contact_queues as queue
  where queue.org_id = p_org_id and queue.contact_id = v_survivor
  for update skip locked;
  if not found and exists (
    select 1 from public.contact_queues as queue
    where queue.org_id = p_org_id and queue.contact_id = v_survivor
  ) then
    return null;
  end if;
  perform private.move_contact(p_org_id, p_contact_id, v_survivor);
  return v_survivor;
end
$$;
revoke all on function private.follow_contact(uuid, uuid) from public, anon, authenticated;
grant execute on function private.follow_contact(uuid, uuid) to service_role;

-- The contact behind a phone number (however written), a BSUID, or both; made when unknown. Null when
-- neither is given. A number that comes with a BSUID other than its contact's own has a new owner.
create function private.resolve_contact(
  p_org_id uuid,
  p_phone text,
  p_bsuid text,
  p_name text default null
) returns uuid
language plpgsql set search_path = '' as $$
declare
  v_phone constant text := private.phone_digits(p_phone);
  v_bsuid constant text := nullif(left(p_bsuid, 200), '');
  v_name constant text := nullif(left(p_name, 300), '');
  v_by_phone uuid;
  v_by_bsuid uuid;
  v_contact_id uuid;
begin
  if v_phone is null and v_bsuid is null then
    return null;
  end if;
  for v_attempt in 1 .. 10 loop
    select identity.contact_id into v_by_phone
    from public.contact_identities as identity
    where identity.org_id = p_org_id and identity.kind = 'phone' and identity.value = v_phone;
    select identity.contact_id into v_by_bsuid
    from public.contact_identities as identity
    where identity.org_id = p_org_id and identity.kind = 'bsuid' and identity.value = v_bsuid;

    if v_bsuid is null or v_phone is null or v_by_phone = v_by_bsuid then
      v_contact_id := coalesce(v_by_bsuid, v_by_phone);
    elsif v_by_bsuid is null and v_by_phone is not null and not exists (
      select 1 from public.contact_identities as other
      where other.org_id = p_org_id and other.contact_id = v_by_phone and other.kind = 'bsuid'
    ) then
      insert into public.contact_identities (org_id, kind, value, contact_id)
      values (p_org_id, 'bsuid', v_bsuid, v_by_phone) on conflict do nothing;
      continue;
    elsif v_by_phone is null and v_by_bsuid is not null then
      insert into public.contact_identities (org_id, kind, value, contact_id)
      values (p_org_id, 'phone', v_phone, v_by_bsuid) on conflict do nothing;
      continue;
    elsif v_by_phone is not null and v_by_bsuid is not null then
      if exists (
        select 1 from public.contact_identities as other
        where other.org_id = p_org_id and other.contact_id = v_by_phone and other.kind = 'bsuid'
      ) then
        update public.contact_identities as identity
        set contact_id = v_by_bsuid, created_at = now()
        where identity.org_id = p_org_id and identity.kind = 'phone' and identity.value = v_phone;
        v_contact_id := v_by_bsuid;
      else
        v_contact_id := private.merge_contacts(p_org_id, v_by_phone, v_by_bsuid);
      end if;
    end if;
    exit when v_contact_id is not null;

    -- Names first: of two at the same instant, the one that gets the name makes the contact.
    with fresh as materialized (select gen_random_uuid() as id),
    named as (
      insert into public.contact_identities (org_id, kind, value, contact_id)
      select p_org_id, case when v_bsuid is null then 'phone' else 'bsuid' end, coalesce(v_bsuid, v_phone), fresh.id
      from fresh
      on conflict do nothing
      returning contact_id
    )
    insert into public.contacts (id, org_id, name, rollout_key)
    select named.contact_id, p_org_id, v_name, coalesce(v_phone, v_bsuid) from named;
  end loop;
  if v_contact_id is null then
    raise exception 'Cannot resolve a contact of organization "%": its identities keep changing', p_org_id
      using errcode = 'serialization_failure';
  end if;

  if v_name is not null then
    update public.contacts as contact
    set name = v_name, updated_at = now()
    where contact.org_id = p_org_id and contact.id = v_contact_id and contact.name is distinct from v_name;
  end if;
  return v_contact_id;
end
$$;
revoke all on function private.resolve_contact(uuid, text, text, text) from public, anon, authenticated;
grant execute on function private.resolve_contact(uuid, text, text, text) to service_role;

-- WhatsApp says that a contact has a new number, a new BSUID, or both: {new_phone, new_bsuid,
-- previous_bsuid, previous_phone, changed_at}. The name moves, the contact and its session stay.
create function private.change_contact_identity(p_org_id uuid, p_contact_id uuid, p_change jsonb) returns uuid
language plpgsql set search_path = '' as $$
declare
  v_contact_id uuid := p_contact_id;
  v_kind text;
  v_new text;
  v_previous text;
  v_owner uuid;
begin
  foreach v_kind in array array['bsuid', 'phone'] loop
    v_new := case v_kind
      when 'phone' then private.phone_digits(p_change ->> 'new_phone')
      else nullif(left(p_change ->> 'new_bsuid', 200), '')
    end;
    v_previous := case v_kind
      when 'phone' then private.phone_digits(p_change ->> 'previous_phone')
      else p_change ->> 'previous_bsuid'
    end;
    continue when v_new is null;

    select identity.contact_id into v_owner
    from public.contact_identities as identity
    where identity.org_id = p_org_id and identity.kind = v_kind and identity.value = v_new;
    if v_owner is null then
      insert into public.contact_identities (org_id, kind, value, contact_id)
      values (p_org_id, v_kind, v_new, v_contact_id)
      on conflict (org_id, kind, value) do update set contact_id = excluded.contact_id;
    elsif v_owner <> v_contact_id then
      -- Seen before under the new name already: one person. A contact that had the number long
      -- before, or that has a BSUID of its own, is whoever gave the number up: its name moves alone.
      if v_kind = 'phone' and exists (
        select 1
        from public.contacts as owner
        where owner.org_id = p_org_id and owner.id = v_owner
          and (
            owner.created_at < coalesce((p_change ->> 'changed_at')::timestamptz, now()) - interval '1 hour'
            or exists (
              select 1 from public.contact_identities as other
              where other.org_id = p_org_id and other.contact_id = owner.id and other.kind = 'bsuid'
                and other.value is distinct from p_change ->> 'new_bsuid'
            )
          )
      ) then
        update public.contact_identities as identity
        set contact_id = v_contact_id, created_at = now()
        where identity.org_id = p_org_id and identity.kind = v_kind and identity.value = v_new;
      else
        v_contact_id := private.merge_contacts(p_org_id, v_contact_id, v_owner);
      end if;
    end if;
    -- The old name may have another owner tomorrow.
    delete from public.contact_identities as identity
    where identity.org_id = p_org_id and identity.contact_id = v_contact_id and identity.kind = v_kind
      and identity.value <> v_new and (v_kind = 'bsuid' or identity.value = v_previous);
  end loop;
  return v_contact_id;
end
$$;
revoke all on function private.change_contact_identity(uuid, uuid, jsonb) from public, anon, authenticated;
grant execute on function private.change_contact_identity(uuid, uuid, jsonb) to service_role;
