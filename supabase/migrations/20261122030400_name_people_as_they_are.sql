-- The allow and deny lists name people by the numbers that they have: one who has moved to another number was
-- known to the lists by the first alone, which is the rollout key. They are looked for under both. The bucket
-- stays with the key.

set local lock_timeout = '5s';

-- Whether a list names a contact, by the rollout key or as the contact is known now. Most lists are empty.
create function private.is_contact_named(p_list jsonb, p_org_id uuid, p_contact_id uuid) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  if coalesce(p_list, '[]') = '[]' then
    return false;
  end if;
  return exists (
    select 1 from public.contacts as contact
    where contact.org_id = p_org_id and contact.id = p_contact_id and p_list ? contact.rollout_key
  ) or exists (
    select 1 from public.contact_identities as identity
    where identity.org_id = p_org_id and identity.contact_id = p_contact_id and p_list ? identity.value
  );
end
$$;
revoke all on function private.is_contact_named(jsonb, uuid, uuid) from public, anon, authenticated;
grant execute on function private.is_contact_named(jsonb, uuid, uuid) to service_role;

-- As domain/rollout/evaluate_flags.ts decides of a contact with its names; what is_inside_rollout decides of a key.
create function private.is_contact_inside(p_flags jsonb, p_org_id uuid, p_contact_id uuid) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  if private.is_contact_named(p_flags -> 'deny', p_org_id, p_contact_id) then
    return false;
  elsif private.is_contact_named(p_flags -> 'allow', p_org_id, p_contact_id) then
    -- Nobody is named against the kill switch.
    return p_flags -> 'unifiedServiceEnabled' = 'true'
      and p_flags #> array['overrides', p_org_id::text, 'unifiedServiceEnabled'] is distinct from 'false';
  end if;
  return private.is_inside_rollout(p_flags, p_org_id, (
    select contact.rollout_key from public.contacts as contact
    where contact.org_id = p_org_id and contact.id = p_contact_id
  ));
end
$$;
revoke all on function private.is_contact_inside(jsonb, uuid, uuid) from public, anon, authenticated;
grant execute on function private.is_contact_inside(jsonb, uuid, uuid) to service_role;

-- Whether what is going on for a contact has to end: the kill switch is pulled or the deny list names them. A
-- percentage that was lowered is for what comes next.
create or replace function private.is_switched_off(p_org_id uuid, p_contact_id uuid) returns boolean
language plpgsql stable set search_path = '' as $$
declare
  v_flags constant jsonb := private.flags_in_force();
begin
  if v_flags -> 'unifiedServiceEnabled' is distinct from 'true'
    or v_flags #> array['overrides', p_org_id::text, 'unifiedServiceEnabled'] = 'false' then
    return true;
  end if;
  return private.is_contact_named(v_flags -> 'deny', p_org_id, p_contact_id);
end
$$;

-- Whether somebody whom the percentage leaves outside is left there: not while a person of the organization
-- answers them or is waited for, which would cut a conversation off. The kill switch and the deny list do.
create or replace function private.is_left_outside(p_flags jsonb, p_org_id uuid, p_contact_id uuid) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  if p_flags -> 'unifiedServiceEnabled' is distinct from 'true'
    or p_flags #> array['overrides', p_org_id::text, 'unifiedServiceEnabled'] = 'false'
    or not exists (
      select 1 from public.hand_overs as open
      where open.org_id = p_org_id and open.contact_id = p_contact_id and open.state <> 'released'
    ) then
    return true;
  end if;
  return private.is_contact_named(p_flags -> 'deny', p_org_id, p_contact_id);
end
$$;

-- Stores a batch's messages in one statement, each read once. p_contacts: {place: contact_id} of messages
-- that are claimed already (settle_inbound_contacts); null when nobody has looked yet. unsettled > 0: it
-- has to be done first, and nothing was stored. said: [{i, org_id, contact_id, place, at}] of those of
-- p_word_places that are new.
-- p_flags: whoever they leave outside the rollout gets no turn; null where everybody is inside, '{}' where nobody
-- is, so that nobody has to be asked for. Their messages
-- get the disposition p_outside, and those that are to be forwarded are in outside: [{d, org_id, contact_id, id,
-- created_at, phone_number_id, wamid}].
create or replace function private.store_inbound_messages(
  p_messages jsonb,
  p_contacts jsonb,
  p_word_places integer[],
  p_flags jsonb,
  p_outside text,
  out stray bigint,
  out unsettled bigint,
  out stored jsonb,
  out turns jsonb,
  out newcomers uuid[],
  out said jsonb,
  out outside jsonb
)
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off
set enable_nestloop = off as $$
#variable_conflict use_column
begin
  with told as materialized (
    select message.*
    from rows from (jsonb_to_recordset(p_messages) as (
      d integer, i integer, signed_by uuid, phone_number_id text, wamid text, type text,
      phone text, bsuid text, name text, username text, needs_turn boolean, sent_at timestamptz,
      content jsonb, payload jsonb, raw_text text, change jsonb
    )) with ordinality as message (
      d, i, signed_by, phone_number_id, wamid, type, phone, bsuid, name, username, needs_turn, sent_at,
      content, payload, raw_text, change, place
    )
  ),
  numbers as materialized (
    select
      number.phone_number_id,
      (
        select integration.org_id from public.integrations as integration
        where integration.provider = 'whatsapp' and integration.connected
          and integration.public_config ->> 'phone_number_id' = number.phone_number_id
      ) as org_id
    from (select distinct told.phone_number_id from told) as number
  ),
  routed as materialized (
    select told.*, numbers.org_id
    from told
    join numbers on numbers.phone_number_id = told.phone_number_id
      and (told.signed_by is null or told.signed_by = numbers.org_id)
    where numbers.org_id is not null and (told.phone is not null or told.bsuid is not null)
  ),
  found as (
    select distinct on (routed.org_id, routed.wamid)
      routed.*,
      'whatsapp:' || routed.wamid as event_id,
      case when routed.phone is not null then (
        select identity.contact_id from public.contact_identities as identity
        where identity.org_id = routed.org_id and identity.kind = 'phone' and identity.value = routed.phone
      ) end as by_phone,
      case when routed.bsuid is not null then (
        select identity.contact_id from public.contact_identities as identity
        where identity.org_id = routed.org_id and identity.kind = 'bsuid' and identity.value = routed.bsuid
      ) end as by_bsuid
    from routed
    order by routed.org_id, routed.wamid, routed.place
  ),
  known as materialized (
    select
      found.*,
      case
        when p_contacts is not null then (p_contacts ->> found.place::text)::uuid
        when found.phone is null then found.by_bsuid
        when found.bsuid is null then found.by_phone
        when found.by_phone = found.by_bsuid then found.by_phone
      end as contact_id
    from found
  ),
  -- Whoever is new, renamed or known as two, and whoever's number or BSUID moved, has to be settled
  -- first, and nothing is stored until then. What was stored before doesn't count: it is a duplicate.
  unsettled as materialized (
    select count(*) as total
    from known
    where p_contacts is null
      and (
        known.contact_id is null
        or known.change is not null
        or ((known.name is not null or known.username is not null) and (
          select contact.name is not distinct from coalesce(known.name, contact.name)
            and contact.username is not distinct from coalesce(known.username, contact.username)
          from public.contacts as contact
          where contact.id = known.contact_id
        ) is not true)
      )
      and (
        select event.org_id from public.processed_webhook_events as event
        where event.org_id = known.org_id and event.event_id = known.event_id
      ) is null
  ),
  -- Once per message and organization, whoever else is storing it at this moment.
  claimed as (
    insert into public.processed_webhook_events (org_id, event_id, event_type)
    select known.org_id, known.event_id, 'message.' || known.type
    from known
    where p_contacts is null and known.contact_id is not null and (select unsettled.total from unsettled) = 0
    order by known.org_id, known.wamid
    on conflict (org_id, event_id) do nothing
    returning org_id, event_id
  ),
  fresh as materialized (
    select
      known.*,
      p_flags is not null and (
        p_flags = '{}'
        or not private.is_contact_inside(p_flags, known.org_id, known.contact_id)
        and private.is_left_outside(p_flags, known.org_id, known.contact_id)
      ) as is_outside
    from known
    where (p_contacts is not null and known.contact_id is not null)
      -- `is true` keeps it a lookup in a hash, whatever the estimates say.
      or ((known.org_id, known.event_id) in (select claimed.org_id, claimed.event_id from claimed)) is true
  ),
  arrived as materialized (
    select
      fresh.org_id, fresh.contact_id, count(*) as total,
      bool_or(fresh.needs_turn and not fresh.is_outside) as needs_turn,
      max(least(coalesce(fresh.sent_at, now()), now())) as last_inbound_at
    from fresh
    group by fresh.org_id, fresh.contact_id
  ),
  -- The row's lock numbers a contact's messages in the order in which they commit.
  queued as (
    insert into public.contact_queues as queue
      (org_id, contact_id, received_sequence, last_inbound_at, turn_due_at)
    select
      arrived.org_id, arrived.contact_id, arrived.total, arrived.last_inbound_at,
      case when arrived.needs_turn then clock_timestamp() + interval '15 seconds' end
    from arrived
    order by arrived.org_id, arrived.contact_id
    on conflict (org_id, contact_id) do update set
      received_sequence = queue.received_sequence + excluded.received_sequence,
      last_inbound_at = greatest(queue.last_inbound_at, excluded.last_inbound_at),
      turn_due_at = coalesce(queue.turn_due_at, excluded.turn_due_at)
    returning queue.*
  ),
  stored as (
    insert into public.inbound_messages (
      org_id, contact_id, wamid, sequence, type, content, payload, raw_text, phone_number_id, sent_at,
      disposition, disposed_at
    )
    select
      numbered.org_id, numbered.contact_id, numbered.wamid,
      queued.received_sequence + numbered.places_from_last,
      numbered.type, numbered.content, numbered.payload, numbered.raw_text, numbered.phone_number_id,
      numbered.sent_at,
      case when numbered.is_outside then p_outside when numbered.needs_turn then 'received' else 'ignored' end,
      case when numbered.needs_turn and not numbered.is_outside then null else now() end
    from (
      select
        fresh.*,
        row_number() over (partition by fresh.contact_id order by fresh.sent_at, fresh.place)
          - count(*) over (partition by fresh.contact_id) as places_from_last
      from fresh
    ) as numbered
    join queued on queued.contact_id = numbered.contact_id
    returning id, created_at, org_id, wamid, disposition
  )
  select
    (select count(*) from told) - (select count(*) from routed),
    (select unsettled.total from unsettled),
    (
      select jsonb_object_agg(counted.d, counted.total)
      from (select fresh.d, count(*) as total from fresh group by fresh.d) as counted
    ),
    (
      select jsonb_agg(jsonb_build_object('org_id', queued.org_id, 'contact_id', queued.contact_id))
      from queued
      where queued.turn_due_at is not null
        and coalesce(queued.turn_leased_until, '-infinity') <= clock_timestamp()
        and coalesce(queued.turn_retry_at, '-infinity') <= clock_timestamp()
    ),
    (
      select array_agg(queued.contact_id)
      from queued
      join arrived on arrived.contact_id = queued.contact_id
      where queued.received_sequence = arrived.total
    ),
    case when p_word_places is not null then (
      select jsonb_agg(jsonb_build_object(
        'i', fresh.i, 'org_id', fresh.org_id, 'contact_id', fresh.contact_id, 'place', fresh.place,
        'at', least(coalesce(fresh.sent_at, now()), now())
      ))
      from fresh
      where fresh.i = any (p_word_places)
    ) end,
    case when p_flags is not null and p_outside = 'forwarding' then (
      select jsonb_agg(jsonb_build_object(
        'd', fresh.d, 'org_id', fresh.org_id, 'contact_id', fresh.contact_id, 'id', stored.id,
        'created_at', stored.created_at, 'phone_number_id', fresh.phone_number_id, 'wamid', fresh.wamid
      ) order by fresh.place)
      from stored
      join fresh on fresh.org_id = stored.org_id and fresh.wamid = stored.wamid
      where stored.disposition = 'forwarding'
    ) end
  into stray, unsettled, stored, turns, newcomers, said, outside;
end
$$;

-- {request_id, messages[], statuses[], notices[], opts[], unparsed[], bodies[], raw_bodies}, every entry (but
-- opts) with d, the number of the delivery in the batch that it came in, and signed_by where an organization's own app secret (not
-- one of ours) signed it: then it can touch that organization alone.
--   messages: {d, i (unique in the batch), signed_by, phone_number_id, business_account_id, wamid,
--     type, phone, bsuid, name, username, needs_turn, sent_at, content, payload, raw_text, change}
--   statuses: {d, signed_by, phone_number_id, wamid, row_id, status, at, error_code, error, opted_out}
--   notices: {d, signed_by, business_account_id, phone_number_id, field, payload}
--   opts: {i (the message's), state, reason}: STOP and START among the messages
--   unparsed: {d, signed_by, reason, body_base64}
--   bodies: {d, signed_by, signature, body_base64}: deliveries as they came, for the older service
--   raw_bodies: of which deliveries: 'none' | 'statuses' those that have statuses | 'all'
-- Answers {code: 'ingested', stored: {d: n}, unroutable: {d: n}, statuses_applied,
--   turns: [{org_id, contact_id}], flags, forwards (deliveries queued for the older service), raw_bodies (which
--   the next batch should bring)} | {code: 'bodies_needed', raw_bodies}: more of them than came, nothing is
--   stored. Idempotent: the same batch again stores nothing.
-- Who is outside the rollout is decided here and kept: by the message's disposition.
-- Its argument has no name, so that the data API hands the body on as it came instead of reading it.
create or replace function public.ingest_whatsapp(jsonb) returns jsonb
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
declare
  request alias for $1;
  v_messages constant jsonb := coalesce(nullif(request -> 'messages', 'null'), '[]');
  v_words constant jsonb := coalesce(nullif(request -> 'opts', 'null'), '[]');
  v_word_places integer[];
  v_found record;
  v_stored jsonb;
  v_turns jsonb;
  v_leaving jsonb;
  v_unroutable jsonb := '{}';
  v_statuses jsonb;
  v_stray_statuses bigint := 0;
  v_applied integer := 0;
  v_flags constant jsonb := private.flags_in_force();
  v_is_everyone_inside constant boolean := private.is_everyone_inside(v_flags);
  v_is_forwarded constant boolean := private.forwards_to_legacy(v_flags);
  v_raw_bodies constant text := case
    when not v_is_forwarded then 'none' when v_is_everyone_inside then 'statuses' else 'all'
  end;
  v_partial_flags constant jsonb := case
    when v_is_everyone_inside then null when v_flags -> 'unifiedServiceEnabled' = 'true' then v_flags else '{}'
  end;
  v_outside constant text := case when v_is_forwarded then 'forwarding' else 'ignored' end;
  v_forwards integer := 0;
begin
  if v_raw_bodies <> 'none' and coalesce(request ->> 'raw_bodies', 'none') not in (v_raw_bodies, 'all') then
    return jsonb_build_object('code', 'bodies_needed', 'raw_bodies', v_raw_bodies);
  end if;
  if jsonb_array_length(v_messages) > 0 then
    if v_words <> '[]' then
      v_word_places := array(select word.i from jsonb_to_recordset(v_words) as word (i integer));
    end if;
    -- As a rule everybody is known as one contact, under the name they had.
    select * into v_found
    from private.store_inbound_messages(v_messages, null, v_word_places, v_partial_flags, v_outside);
    if v_found.unsettled > 0 then
      select * into v_found
      from private.store_inbound_messages(
        v_messages, private.settle_inbound_contacts(v_messages), v_word_places, v_partial_flags, v_outside
      );
    end if;
    v_stored := v_found.stored;
    v_turns := v_found.turns;
    v_leaving := v_found.outside;

    -- A first session of whoever is inside; those that follow are opened by the turn that sees that a day has passed,
    -- and the first of whoever moves in later by their first turn.
    if v_found.newcomers is not null then
      insert into public.unified_sessions (org_id, contact_id)
      select contact.org_id, contact.id
      from public.contacts as contact
      where contact.id = any (v_found.newcomers)
        and (v_partial_flags is null or private.is_contact_inside(v_partial_flags, contact.org_id, contact.id))
      order by contact.org_id, contact.id
      on conflict (org_id, contact_id) where status = 'active' do nothing;
    end if;
    if v_found.said is not null then
      perform private.apply_opt_words(v_words, v_found.said);
    end if;
    if v_found.stray > 0 then
      v_unroutable := private.store_unroutable_messages(v_messages);
    end if;
  end if;

  if jsonb_array_length(coalesce(request -> 'statuses', '[]')) > 0 then
    select jsonb_agg(jsonb_build_object(
      'd', status.d, 'phone_number_id', status.phone_number_id,
      'org_id', status.org_id, 'wamid', status.wamid, 'row_id', status.row_id, 'status', status.status,
      'at', coalesce(status.at, now()), 'error_code', status.error_code, 'error', status.error, 'opted_out', status.opted_out
    )) filter (where status.org_id is not null), count(*) filter (where status.org_id is null)
    into v_statuses, v_stray_statuses
    from (
      select
        told.*,
        (
          select integration.org_id from public.integrations as integration
          where integration.provider = 'whatsapp' and integration.connected
            and integration.public_config ->> 'phone_number_id' = told.phone_number_id
            and (told.signed_by is null or told.signed_by = integration.org_id)
        ) as org_id
      from jsonb_to_recordset(request -> 'statuses') as told (
        d integer, signed_by uuid, phone_number_id text, wamid text, row_id uuid, status text, at timestamptz,
        error_code integer, error text, opted_out boolean
      )
    ) as status;
    if v_statuses is not null then
      v_applied := private.apply_outbound_statuses(v_statuses);
    end if;
    if v_stray_statuses > 0 then
      perform private.store_unroutable_statuses(request -> 'statuses');
    end if;
  end if;

  if jsonb_array_length(coalesce(request -> 'notices', '[]')) > 0 then
    perform private.store_whatsapp_notices(request -> 'notices');
  end if;
  if jsonb_array_length(coalesce(request -> 'unparsed', '[]')) > 0 then
    perform private.store_unparsed_deliveries(request -> 'unparsed');
  end if;

  if v_is_forwarded and (v_statuses is not null or v_leaving is not null) then
    v_forwards := private.queue_legacy_deliveries(
      request, coalesce(v_leaving, '[]'), private.claim_foreign_statuses(coalesce(v_statuses, '[]'))
    );
  end if;

  return jsonb_build_object(
    'code', 'ingested',
    'stored', coalesce(v_stored, '{}'),
    'unroutable', v_unroutable,
    'statuses_applied', v_applied,
    'turns', coalesce(v_turns, '[]'),
    'flags', v_flags,
    'forwards', v_forwards,
    'raw_bodies', v_raw_bodies
  );
end
$$;

-- Who is meant by a contact's id, a phone number in digits or a BSUID, over all organizations or in one:
-- {contact_id|null, phone|null, bsuid|null, org_id|null} ->
--   'found' {contacts: [{org_id, contact_id, rollout_key, name, phone, bsuid,
--   names [numbers and BSUIDs]}]}, at most 20. Merged contacts are those that they were merged into.
create or replace function public.find_contacts_for_rollout(request jsonb) returns jsonb
language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
begin
  return jsonb_build_object('code', 'found', 'contacts', coalesce((
    select jsonb_agg(jsonb_build_object(
      'org_id', contact.org_id, 'contact_id', contact.id, 'rollout_key', contact.rollout_key, 'name', contact.name,
      'phone', private.contact_phone(contact.org_id, contact.id),
      'bsuid', (
        select identity.value from public.contact_identities as identity
        where identity.contact_id = contact.id and identity.org_id = contact.org_id and identity.kind = 'bsuid'
        order by identity.created_at desc
        limit 1
      ),
      'names', (
        select coalesce(jsonb_agg(identity.value order by identity.kind, identity.value), '[]')
        from public.contact_identities as identity
        where identity.contact_id = contact.id and identity.org_id = contact.org_id
      )
    ) order by contact.org_id, contact.id)
    from (
      select named.org_id, named.contact_id
      from (
        (
          with recursive followed as (
            select known.org_id, known.id, known.merged_into_id
            from public.contacts as known where known.id = (request ->> 'contact_id')::uuid
            union all
            select survivor.org_id, survivor.id, survivor.merged_into_id
            from followed
            join public.contacts as survivor on survivor.org_id = followed.org_id and survivor.id = followed.merged_into_id
          )
          select followed.org_id, followed.id as contact_id from followed where followed.merged_into_id is null
        )
        union
        -- An index probe an organization: names are unique within one.
        select identity.org_id, identity.contact_id
        from public.organizations as organization
        cross join (values ('phone', request ->> 'phone'), ('bsuid', request ->> 'bsuid')) as asked (kind, value)
        cross join lateral (
          select known.org_id, known.contact_id
          from public.contact_identities as known
          where known.org_id = organization.id and known.kind = asked.kind and known.value = asked.value
          limit 1
        ) as identity
        where v_org_id is null or organization.id = v_org_id
      ) as named
      where v_org_id is null or named.org_id = v_org_id
      order by named.org_id, named.contact_id
      limit 20
    ) as meant
    join public.contacts as contact on contact.org_id = meant.org_id and contact.id = meant.contact_id
  ), '[]'));
end
$$;
