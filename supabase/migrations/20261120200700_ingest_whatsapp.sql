-- One transaction stores a whole batch of deliveries: nothing is acknowledged that isn't in here.
--
-- Plans are made once and kept, often while the tables are still empty, so nothing is left to the
-- planner's estimates: rows of tables are looked up by subqueries that only an index can answer, never
-- joined. A join would be planned as a walk through the whole table, and stay one when it has grown.
-- What a batch itself holds is joined by hashes: two loops in each other would take their time squared.

-- Claims the messages of a batch that nobody has stored yet: once per message and organization, whoever
-- else is storing it at this moment. Answers them, in their order: [{place, org_id, phone, bsuid, name,
-- username, sent_at, change}].
create function private.claim_inbound_messages(p_messages jsonb) returns jsonb
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
declare
  v_claimed jsonb;
begin
  with told as materialized (
    select distinct on (routed.org_id, routed.wamid) routed.*
    from (
      select
        message.*,
        (
          select integration.org_id from public.integrations as integration
          where integration.provider = 'whatsapp' and integration.connected
            and integration.public_config ->> 'phone_number_id' = message.phone_number_id
            and (message.signed_by is null or message.signed_by = integration.org_id)
        ) as org_id
      from rows from (jsonb_to_recordset(p_messages) as (
        signed_by uuid, phone_number_id text, wamid text, type text, phone text, bsuid text,
        name text, username text, sent_at timestamptz, change jsonb
      )) with ordinality as message (
        signed_by, phone_number_id, wamid, type, phone, bsuid, name, username, sent_at, change, place
      )
    ) as routed
    where routed.org_id is not null and (routed.phone is not null or routed.bsuid is not null)
    order by routed.org_id, routed.wamid, routed.place
  ),
  claimed as (
    insert into public.processed_webhook_events (org_id, event_id, event_type)
    select told.org_id, 'whatsapp:' || told.wamid, 'message.' || told.type
    from told
    order by told.org_id, told.wamid
    on conflict (org_id, event_id) do nothing
    returning org_id, event_id
  )
  select jsonb_agg(jsonb_build_object(
    'place', told.place, 'org_id', told.org_id, 'phone', told.phone, 'bsuid', told.bsuid, 'name', told.name,
    'username', told.username, 'sent_at', told.sent_at, 'change', told.change
  ) order by told.place)
  into v_claimed
  from told
  where ((told.org_id, 'whatsapp:' || told.wamid) in (select claimed.org_id, claimed.event_id from claimed)) is true;
  return coalesce(v_claimed, '[]');
end
$$;
revoke all on function private.claim_inbound_messages(jsonb) from public, anon, authenticated;
grant execute on function private.claim_inbound_messages(jsonb) to service_role;

-- Makes contacts of the people in claimed messages that no contact, or two, are known for. New ones are
-- made together, their names first, so that of two batches at the same instant one makes the contact;
-- whatever is left goes the careful way, one by one.
create function private.meet_inbound_contacts(p_claimed jsonb) returns void
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
declare
  v_person record;
begin
  with unknown as materialized (
    select gen_random_uuid() as id, person.*
    from (
      select told.org_id, told.phone, told.bsuid, max(told.name) as name, max(told.username) as username
      from jsonb_to_recordset(p_claimed) as told (
        org_id uuid, phone text, bsuid text, name text, username text, sent_at timestamptz
      )
      -- Who gave a number up since is who wrote from it before.
      where private.find_former_contact(told.org_id, 'phone', told.phone, told.sent_at) is null
        and private.find_former_contact(told.org_id, 'bsuid', told.bsuid, told.sent_at) is null
      group by told.org_id, told.phone, told.bsuid
    ) as person
    where private.find_contact(person.org_id, 'phone', person.phone) is null
      and private.find_contact(person.org_id, 'bsuid', person.bsuid) is null
  ),
  named as (
    insert into public.contact_identities (org_id, kind, value, contact_id)
    select identity.org_id, identity.kind, identity.value, identity.id
    from (
      select unknown.org_id, 'bsuid' as kind, unknown.bsuid as value, unknown.id from unknown
      union all
      select unknown.org_id, 'phone', unknown.phone, unknown.id from unknown
    ) as identity
    where identity.value is not null
    order by identity.org_id, identity.kind, identity.value
    on conflict do nothing
    returning org_id, contact_id
  )
  insert into public.contacts (id, org_id, name, username, rollout_key)
  select unknown.id, unknown.org_id, unknown.name, unknown.username, coalesce(unknown.phone, unknown.bsuid)
  from unknown
  where (unknown.id in (select named.contact_id from named)) is true;

  for v_person in
    select told.org_id, told.phone, told.bsuid, max(told.name) as name
    from jsonb_to_recordset(p_claimed) as told (
      org_id uuid, phone text, bsuid text, name text, sent_at timestamptz
    )
    where (
      (told.phone is not null and private.find_contact(told.org_id, 'phone', told.phone) is null)
      or (told.bsuid is not null and private.find_contact(told.org_id, 'bsuid', told.bsuid) is null)
      or private.find_contact(told.org_id, 'phone', told.phone)
        <> private.find_contact(told.org_id, 'bsuid', told.bsuid)
    )
      and private.find_former_contact(told.org_id, 'phone', told.phone, told.sent_at) is null
      and private.find_former_contact(told.org_id, 'bsuid', told.bsuid, told.sent_at) is null
    group by told.org_id, told.phone, told.bsuid
    order by told.org_id, told.bsuid, told.phone
  loop
    perform private.resolve_contact(v_person.org_id, v_person.phone, v_person.bsuid, v_person.name);
  end loop;
end
$$;
revoke all on function private.meet_inbound_contacts(jsonb) from public, anon, authenticated;
grant execute on function private.meet_inbound_contacts(jsonb) to service_role;

-- The latest names that claimed messages bring: [{contact_id, name, username, place}].
create function private.rename_inbound_contacts(p_named jsonb) returns void
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
declare
  v_ids constant uuid[] := array(
    select distinct named.contact_id from jsonb_to_recordset(p_named) as named (contact_id uuid)
  );
begin
  perform 1 from public.contacts as contact where contact.id = any (v_ids) order by contact.id for no key update;
  update public.contacts as contact
  set name = coalesce(latest.name, contact.name),
      username = coalesce(latest.username, contact.username),
      updated_at = now()
  from (
    select distinct on (named.contact_id) named.*
    from jsonb_to_recordset(p_named) as named (contact_id uuid, name text, username text, place bigint)
    where named.name is not null or named.username is not null
    order by named.contact_id, named.place desc
  ) as latest
  where contact.id = latest.contact_id
    and contact.id = any (v_ids)
    and (
      contact.name is distinct from coalesce(latest.name, contact.name)
      or contact.username is distinct from coalesce(latest.username, contact.username)
    );
end
$$;
revoke all on function private.rename_inbound_contacts(jsonb) from public, anon, authenticated;
grant execute on function private.rename_inbound_contacts(jsonb) to service_role;

-- The careful way, for a batch with somebody new, renamed, known as two, or whose number or BSUID moved.
-- In the order of locks that everybody keeps: events, names, contacts, queues. Everybody is resolved as
-- they were; what moved, moves afterwards, in the order in which it was told. Answers whose the claimed
-- messages are: {place: contact_id}.
create function private.settle_inbound_contacts(p_messages jsonb) returns jsonb
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
declare
  v_claimed constant jsonb := private.claim_inbound_messages(p_messages);
  v_resolved jsonb;
  v_told record;
begin
  perform private.meet_inbound_contacts(v_claimed);
  select jsonb_agg(jsonb_build_object(
    'place', told.place, 'org_id', told.org_id, 'change', told.change, 'name', told.name, 'username', told.username,
    'contact_id', coalesce(
      private.find_contact(told.org_id, 'bsuid', told.bsuid),
      private.find_contact(told.org_id, 'phone', told.phone),
      private.find_former_contact(told.org_id, 'bsuid', told.bsuid, told.sent_at),
      private.find_former_contact(told.org_id, 'phone', told.phone, told.sent_at)
    )
  ))
  into v_resolved
  from jsonb_to_recordset(v_claimed) as told (
    place bigint, org_id uuid, phone text, bsuid text, name text, username text, sent_at timestamptz, change jsonb
  );
  if exists (
    select 1 from jsonb_to_recordset(v_resolved) as told (contact_id uuid) where told.contact_id is null
  ) then
    -- Others go on merging the same people: all of it is worth another try.
    raise exception 'Cannot store the messages: their contacts keep changing' using errcode = 'serialization_failure';
  end if;
  perform private.rename_inbound_contacts(coalesce(v_resolved, '[]'));

  for v_told in
    select told.org_id, told.contact_id, told.change
    from jsonb_to_recordset(v_resolved) as told (place bigint, org_id uuid, contact_id uuid, change jsonb)
    where told.change is not null
    order by told.place
  loop
    perform private.change_contact_identity(
      v_told.org_id,
      (
        select coalesce(contact.merged_into_id, contact.id) from public.contacts as contact
        where contact.id = v_told.contact_id
      ),
      v_told.change
    );
  end loop;

  return coalesce(
    (
      select jsonb_object_agg(told.place, (
        select coalesce(contact.merged_into_id, contact.id) from public.contacts as contact
        where contact.id = told.contact_id
      ))
      from jsonb_to_recordset(v_resolved) as told (place bigint, contact_id uuid)
    ),
    '{}'
  );
end
$$;
revoke all on function private.settle_inbound_contacts(jsonb) from public, anon, authenticated;
grant execute on function private.settle_inbound_contacts(jsonb) to service_role;

-- What WhatsApp says became of our messages: [{org_id, wamid, row_id, status, at, error_code, error,
-- opted_out}]. Forward only, whatever order they come in; `read` may come without `delivered`.
-- row_id is what we sent along (biz_opaque_callback_data): it settles a send whose answer was lost.
create function private.apply_outbound_statuses(p_statuses jsonb) returns integer
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
declare
  v_applied integer;
begin
  with input as materialized (
    select status.*
    from jsonb_to_recordset(p_statuses) as status (
      org_id uuid, wamid text, row_id uuid, status text, at timestamptz,
      error_code integer, error text, opted_out boolean
    )
  ),
  matched as (
    select
      coalesce(
        (
          select message.id from public.outbound_messages as message
          where message.id = input.row_id and message.org_id = input.org_id
            -- Not what became of an earlier attempt.
            and coalesce(message.wamid, input.wamid) = input.wamid
            and input.wamid <> all (message.refused_wamids)
        ),
        (
          select message.id from public.outbound_messages as message
          where message.org_id = input.org_id and message.wamid = input.wamid
        )
      ) as id,
      input.*
    from input
  ),
  known as (
    select
      matched.id,
      max(matched.wamid) as wamid,
      min(matched.at) filter (where matched.status = 'sent') as sent_at,
      min(matched.at) filter (where matched.status = 'delivered') as delivered_at,
      min(matched.at) filter (where matched.status = 'read') as read_at,
      min(matched.at) filter (where matched.status = 'failed') as failed_at,
      max(matched.error_code) as error_code,
      max(matched.error) as error,
      max(case matched.status when 'read' then 3 when 'delivered' then 2 when 'sent' then 1 else 0 end) as rank
    from matched
    where matched.id is not null
    group by matched.id
  ),
  -- Everyone locks in this order.
  locked as (
    select message.id, message.state
    from public.outbound_messages as message
    where message.id = any (array(select known.id from known))
    order by message.id
    for update
  ),
  moved as (
    update public.outbound_messages as message
    set state = case
          when decided.rank > decided.current_rank then
            case decided.rank when 3 then 'read' when 2 then 'delivered' else 'sent' end
          when decided.fails then 'failed'
          else message.state
        end,
        wamid = coalesce(message.wamid, decided.wamid),
        sent_at = coalesce(message.sent_at, decided.sent_at, decided.delivered_at, decided.read_at),
        delivered_at = coalesce(message.delivered_at, decided.delivered_at),
        read_at = coalesce(message.read_at, decided.read_at),
        failed_at = coalesce(message.failed_at, decided.failed_at),
        -- What follows from the refusal is decided where refused sends are.
        refused_at = case
          when decided.rank > decided.current_rank then null
          when decided.fails and decided.error_code is not null then now()
          else message.refused_at
        end,
        error_code = coalesce(decided.error_code, message.error_code),
        error = coalesce(decided.error, message.error)
    from (
      select
        known.*,
        case locked.state
          when 'read' then 3
          when 'delivered' then 2
          when 'sent' then 1
          -- `sent` usually comes before `failed`, but may be told after it.
          when 'failed' then 1
          else 0
        end as current_rank,
        known.failed_at is not null and known.rank < 2 and locked.state in ('claimed', 'unknown', 'sent') as fails
      from known
      join locked on locked.id = known.id
    ) as raw_decision
    cross join lateral (
      select
        raw_decision.wamid, raw_decision.sent_at, raw_decision.delivered_at, raw_decision.read_at,
        raw_decision.failed_at, raw_decision.error_code, raw_decision.error, raw_decision.fails,
        case when raw_decision.fails then 0 else raw_decision.rank end as rank,
        raw_decision.current_rank
    ) as decided
    where message.id = raw_decision.id
      and message.id = any (array(select known.id from known))
    returning message.id, message.org_id, message.contact_id
  ),
  opted_out as (
    insert into public.contact_opt_outs as opt_out (org_id, contact_id, reason)
    select distinct moved.org_id, moved.contact_id, 'provider'
    from moved
    join matched on matched.id = moved.id
    where matched.opted_out
    on conflict (org_id, contact_id) do update set
      state = 'opted_out', reason = excluded.reason, opted_out_at = now(), opted_in_at = null
    where opt_out.state = 'opted_in'
  )
  select count(*) into v_applied from moved;
  return v_applied;
end
$$;
revoke all on function private.apply_outbound_statuses(jsonb) from public, anon, authenticated;
grant execute on function private.apply_outbound_statuses(jsonb) to service_role;

-- Stores a batch's messages in one statement, each read once. p_contacts: {place: contact_id} of messages
-- that are claimed already (settle_inbound_contacts); null when nobody has looked yet. unsettled > 0: it
-- has to be done first, and nothing was stored. said: [{i, org_id, contact_id, place, at}] of those of
-- p_word_places that are new.
-- p_flags: whoever they leave outside the rollout gets no turn; null where everybody is inside, '{}' where nobody
-- is, so that nobody has to be asked for. Their messages
-- get the disposition p_outside, and those that are to be forwarded are in outside: [{d, org_id, contact_id, id,
-- created_at, phone_number_id, wamid}].
create function private.store_inbound_messages(
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
      p_flags is not null and (p_flags = '{}' or not private.is_inside_rollout(p_flags, known.org_id, (
        select contact.rollout_key from public.contacts as contact where contact.id = known.contact_id
      )) and private.is_left_outside(p_flags, known.org_id, known.contact_id)) as is_outside
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
revoke all on function private.store_inbound_messages(jsonb, jsonb, integer[], jsonb, text)
  from public, anon, authenticated;
grant execute on function private.store_inbound_messages(jsonb, jsonb, integer[], jsonb, text) to service_role;

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
create function public.ingest_whatsapp(jsonb) returns jsonb
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
        and (v_partial_flags is null or private.is_inside_rollout(v_partial_flags, contact.org_id, contact.rollout_key))
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
revoke all on function public.ingest_whatsapp(jsonb) from public, anon, authenticated;
grant execute on function public.ingest_whatsapp(jsonb) to service_role;

-- Tells people of what this transaction has put into unroutable_deliveries.
create function private.tell_unroutable_deliveries() returns void
language plpgsql set search_path = '' as $$
declare
  v_stray record;
begin
  for v_stray in
    select distinct delivery.phone_number_id, delivery.reason, delivery.signed_by_org_id
    from public.unroutable_deliveries as delivery
    where delivery.last_received_at = now()
    order by 1, 2, 3
  loop
    perform public.raise_alert(jsonb_build_object(
      'org_id', v_stray.signed_by_org_id,
      'rule', 'unroutable_delivery',
      'dedupe_key', concat_ws(':', v_stray.reason, v_stray.phone_number_id),
      'severity', case v_stray.reason when 'signed_by_another_organization' then 'critical' else 'warning' end,
      'message', format(
        'Cannot route what WhatsApp delivered for phone number id "%s": %s', v_stray.phone_number_id,
        case v_stray.reason
          when 'unknown_phone_number' then 'no organization has connected it'
          when 'sender_unknown' then 'the message names no sender'
          else 'the signature belongs to another organization'
        end
      ),
      'details', jsonb_build_object('phone_number_id', v_stray.phone_number_id, 'reason', v_stray.reason)
    ));
  end loop;
end
$$;
revoke all on function private.tell_unroutable_deliveries() from public, anon, authenticated;
grant execute on function private.tell_unroutable_deliveries() to service_role;

-- The messages of a batch that no organization can have, kept and told to people. Answers {d: n}.
create function private.store_unroutable_messages(p_messages jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_counts jsonb;
begin
  with stray as materialized (
    select
      message.*,
      case
        when owner.org_id is null then 'unknown_phone_number'
        when message.signed_by is distinct from owner.org_id and message.signed_by is not null
          then 'signed_by_another_organization'
        else 'sender_unknown'
      end as reason
    from jsonb_to_recordset(p_messages) as message (
      d integer, signed_by uuid, phone_number_id text, business_account_id text, phone text, bsuid text,
      payload jsonb
    )
    left join public.integrations as owner
      on owner.provider = 'whatsapp' and owner.connected
      and owner.public_config ->> 'phone_number_id' = message.phone_number_id
    where owner.org_id is null
      or (message.signed_by is not null and message.signed_by <> owner.org_id)
      or (message.phone is null and message.bsuid is null)
  ),
  stored as (
    insert into public.unroutable_deliveries as delivery
      (reason, business_account_id, phone_number_id, signed_by_org_id, payload)
    select distinct on (stray.phone_number_id, md5(stray.payload::text), stray.reason, stray.signed_by)
      stray.reason, stray.business_account_id, stray.phone_number_id, stray.signed_by, stray.payload
    from stray
    order by stray.phone_number_id, md5(stray.payload::text), stray.reason, stray.signed_by
    on conflict (phone_number_id, payload_hash, reason, signed_by_org_id) do update set
      deliveries = delivery.deliveries + 1, last_received_at = now()
  )
  select jsonb_object_agg(counted.d, counted.total) into v_counts
  from (select stray.d, count(*) as total from stray group by stray.d) as counted;

  perform private.tell_unroutable_deliveries();
  return coalesce(v_counts, '{}');
end
$$;
revoke all on function private.store_unroutable_messages(jsonb) from public, anon, authenticated;
grant execute on function private.store_unroutable_messages(jsonb) to service_role;

-- The same for what became of messages that were sent from a number that nobody has connected any more.
create function private.store_unroutable_statuses(p_statuses jsonb) returns void
language plpgsql set search_path = '' as $$
begin
  insert into public.unroutable_deliveries as delivery
    (reason, business_account_id, phone_number_id, signed_by_org_id, payload)
  select distinct on (stray.phone_number_id, md5(stray.payload::text), stray.reason, stray.signed_by)
    stray.reason, stray.business_account_id, stray.phone_number_id, stray.signed_by, stray.payload
  from (
    select
      status.phone_number_id, status.business_account_id, status.signed_by,
      told.value - 'd' - 'signed_by' as payload,
      case when owner.org_id is null then 'unknown_phone_number' else 'signed_by_another_organization' end as reason
    from jsonb_array_elements(p_statuses) as told
    cross join lateral jsonb_to_record(told.value) as status (
      signed_by uuid, phone_number_id text, business_account_id text
    )
    left join public.integrations as owner
      on owner.provider = 'whatsapp' and owner.connected
      and owner.public_config ->> 'phone_number_id' = status.phone_number_id
    where owner.org_id is null or status.signed_by <> owner.org_id
  ) as stray
  order by stray.phone_number_id, md5(stray.payload::text), stray.reason, stray.signed_by
  on conflict (phone_number_id, payload_hash, reason, signed_by_org_id) do update set
    deliveries = delivery.deliveries + 1, last_received_at = now();
  perform private.tell_unroutable_deliveries();
end
$$;
revoke all on function private.store_unroutable_statuses(jsonb) from public, anon, authenticated;
grant execute on function private.store_unroutable_statuses(jsonb) to service_role;

-- STOP and START among the messages that were new take effect when they arrive, whoever answers and
-- whether or not anybody does. An older word that comes late changes nothing.
-- p_words: [{i, state, reason}], p_said: [{i, org_id, contact_id, place, at}] of the messages that hold them.
create function private.apply_opt_words(p_words jsonb, p_said jsonb) returns void
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
begin
  insert into public.contact_opt_outs as opt_out (org_id, contact_id, state, reason, opted_out_at, opted_in_at)
  select
    last.org_id, last.contact_id, last.state, left(last.reason, 200), last.at,
    case last.state when 'opted_in' then last.at end
  from (
    select distinct on (said.org_id, said.contact_id)
      said.org_id, said.contact_id, word.state, word.reason, said.at
    from jsonb_to_recordset(p_words) as word (i integer, state text, reason text)
    join jsonb_to_recordset(p_said) as said (i integer, org_id uuid, contact_id uuid, place bigint, at timestamptz)
      on said.i = word.i
    order by said.org_id, said.contact_id, said.at desc, said.place desc
  ) as last
  -- Nobody opts in who never opted out.
  where last.state = 'opted_out' or exists (
    select 1 from public.contact_opt_outs as before
    where before.org_id = last.org_id and before.contact_id = last.contact_id
  )
  order by last.org_id, last.contact_id
  on conflict (org_id, contact_id) do update set
    state = excluded.state, reason = excluded.reason,
    opted_out_at = case excluded.state when 'opted_out' then excluded.opted_out_at else opt_out.opted_out_at end,
    opted_in_at = excluded.opted_in_at
  -- The same word again moves its time, so that an older one of the other kind comes too late.
  where coalesce(excluded.opted_in_at, excluded.opted_out_at) >= coalesce(opt_out.opted_in_at, opt_out.opted_out_at);
end
$$;
revoke all on function private.apply_opt_words(jsonb, jsonb) from public, anon, authenticated;
grant execute on function private.apply_opt_words(jsonb, jsonb) to service_role;

-- What concerns a number or an account, for the organization that has the number, else the account. What an
-- organization's own app signed about another's is kept apart.
create function private.store_whatsapp_notices(p_notices jsonb) returns void
language plpgsql set search_path = '' as $$
declare
  v_notice record;
  v_has_stray boolean := false;
begin
  for v_notice in
    select distinct owner.org_id, notice.signed_by, notice.business_account_id, notice.phone_number_id,
      -- A null that was delivered is a null of JSON.
      notice.field, coalesce(notice.payload, 'null') as payload
    from jsonb_to_recordset(p_notices) as notice (
      signed_by uuid, business_account_id text, phone_number_id text, field text, payload jsonb
    )
    cross join lateral (
      select coalesce(
        (
          select integration.org_id from public.integrations as integration
          where integration.provider = 'whatsapp' and integration.connected
            and integration.public_config ->> 'phone_number_id' = notice.phone_number_id
        ),
        (
          select integration.org_id from public.integrations as integration
          where integration.provider = 'whatsapp' and integration.connected
            and integration.public_config ->> 'business_account_id' = notice.business_account_id
        )
      ) as org_id
    ) as owner
    order by 1, 2, 3, 5, 6
  loop
    if v_notice.signed_by is not null and v_notice.signed_by is distinct from v_notice.org_id then
      v_has_stray := true;
      insert into public.unroutable_deliveries as delivery
        (reason, business_account_id, phone_number_id, signed_by_org_id, payload)
      values (
        case when v_notice.org_id is null then 'unknown_phone_number' else 'signed_by_another_organization' end,
        v_notice.business_account_id, v_notice.phone_number_id, v_notice.signed_by,
        jsonb_build_object('field', v_notice.field, 'notice', v_notice.payload)
      )
      on conflict (phone_number_id, payload_hash, reason, signed_by_org_id) do update set
        deliveries = delivery.deliveries + 1, last_received_at = now();
      continue;
    end if;
    insert into public.whatsapp_notices as kept (org_id, business_account_id, phone_number_id, field, payload)
    values (
      v_notice.org_id, v_notice.business_account_id, v_notice.phone_number_id, v_notice.field, v_notice.payload
    )
    on conflict (org_id, business_account_id, field, payload_hash) do update set
      deliveries = kept.deliveries + 1, last_received_at = now();
    if v_notice.field = 'errors' then
      perform public.raise_alert(jsonb_build_object(
        'org_id', v_notice.org_id,
        'rule', 'whatsapp_error',
        'dedupe_key', coalesce(v_notice.payload ->> 'code', ''),
        'severity', 'warning',
        'message', format('WhatsApp reports error "%s": %s', v_notice.payload ->> 'code',
          coalesce(v_notice.payload ->> 'title', v_notice.payload ->> 'message', 'no reason given')),
        'details', jsonb_build_object('phone_number_id', v_notice.phone_number_id)
      ));
    end if;
  end loop;
  if v_has_stray then
    perform private.tell_unroutable_deliveries();
  end if;
end
$$;
revoke all on function private.store_whatsapp_notices(jsonb) from public, anon, authenticated;
grant execute on function private.store_whatsapp_notices(jsonb) to service_role;

create function private.store_unparsed_deliveries(p_deliveries jsonb) returns void
language plpgsql set search_path = '' as $$
declare
  v_stored integer;
begin
  insert into public.unparsed_deliveries (source, signed_by_org_id, reason, body)
  select 'whatsapp', delivery.signed_by, delivery.reason, decode(delivery.body_base64, 'base64')
  from jsonb_to_recordset(p_deliveries) as delivery (signed_by uuid, reason text, body_base64 text);
  get diagnostics v_stored = row_count;
  perform public.raise_alert(jsonb_build_object(
    'org_id', null,
    'rule', 'unparsed_delivery',
    'dedupe_key', 'whatsapp',
    'severity', 'warning',
    'message', 'Cannot read a signed WhatsApp delivery: it is kept whole in unparsed_deliveries',
    'details', jsonb_build_object('deliveries', v_stored)
  ));
end
$$;
revoke all on function private.store_unparsed_deliveries(jsonb) from public, anon, authenticated;
grant execute on function private.store_unparsed_deliveries(jsonb) to service_role;
