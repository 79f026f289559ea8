-- One transaction stores a whole batch of deliveries: nothing is acknowledged that isn't in here.
--
-- Plans are made once and kept, often while the tables are still empty, so nothing is left to the
-- planner's estimates: rows of tables are looked up by subqueries that only an index can answer, never
-- joined. A join would be planned as a walk through the whole table, and stay one when it has grown.

create type private.inbound_item as (
  delivery integer,
  place integer,
  org_id uuid,
  wamid text,
  phone_number_id text,
  type text,
  phone text,
  bsuid text,
  name text,
  username text,
  needs_turn boolean,
  sent_at timestamptz,
  content jsonb,
  payload jsonb,
  raw_text text,
  change jsonb
);

-- The contacts behind the items, in their order, in three steps: known ones are read; new ones are made
-- together, their names first, so that of two batches at the same instant one makes the contact; whatever
-- is left (half known, known as two, just made by another batch) goes the careful way, one by one.
create function private.resolve_inbound_contacts(p_items private.inbound_item[]) returns uuid[]
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_contacts uuid[];
  v_unknown integer;
  v_renamed integer;
  v_person record;
begin
  for v_round in 1 .. 2 loop
    select
      array_agg(known.contact_id order by known.nth),
      count(*) filter (where known.contact_id is null),
      count(*) filter (where known.contact_id is not null and not coalesce((
        select contact.name is not distinct from coalesce(known.name, contact.name)
          and contact.username is not distinct from coalesce(known.username, contact.username)
        from public.contacts as contact
        where contact.id = known.contact_id
      ), false))
    into v_contacts, v_unknown, v_renamed
    from (
      select
        found.nth, found.name, found.username,
        case
          when found.phone is null then found.by_bsuid
          when found.bsuid is null then found.by_phone
          when found.by_phone = found.by_bsuid then found.by_phone
        end as contact_id
      from (
        select
          item.nth, item.phone, item.bsuid, item.name, item.username,
          (
            select identity.contact_id from public.contact_identities as identity
            where identity.org_id = item.org_id and identity.kind = 'phone' and identity.value = item.phone
          ) as by_phone,
          (
            select identity.contact_id from public.contact_identities as identity
            where identity.org_id = item.org_id and identity.kind = 'bsuid' and identity.value = item.bsuid
          ) as by_bsuid
        from unnest(p_items) with ordinality as item (
          delivery, place, org_id, wamid, phone_number_id, type, phone, bsuid, name, username, needs_turn,
          sent_at, content, payload, raw_text, change, nth
        )
      ) as found
    ) as known;
    exit when v_unknown = 0 or v_round = 2;

    with unknown as materialized (
      select gen_random_uuid() as id, person.*
      from (
        select item.org_id, item.phone, item.bsuid, max(item.name) as name, max(item.username) as username
        from unnest(p_items) as item
        group by item.org_id, item.phone, item.bsuid
      ) as person
      where (
        select known.contact_id from public.contact_identities as known
        where known.org_id = person.org_id and known.kind = 'phone' and known.value = person.phone
      ) is null and (
        select known.contact_id from public.contact_identities as known
        where known.org_id = person.org_id and known.kind = 'bsuid' and known.value = person.bsuid
      ) is null
    ),
    named as (
      insert into public.contact_identities (org_id, kind, value, contact_id)
      select unknown.org_id, identity.kind, identity.value, unknown.id
      from unknown
      cross join lateral (values ('bsuid', unknown.bsuid), ('phone', unknown.phone)) as identity (kind, value)
      where identity.value is not null
      order by unknown.org_id, identity.kind, identity.value
      on conflict do nothing
      returning org_id, contact_id
    )
    insert into public.contacts (id, org_id, name, username, rollout_key)
    select unknown.id, unknown.org_id, unknown.name, unknown.username, coalesce(unknown.phone, unknown.bsuid)
    from unknown
    where (unknown.id in (select named.contact_id from named)) is true;
  end loop;

  if v_unknown > 0 then
    for v_person in
      select item.org_id, item.phone, item.bsuid, max(item.name) as name
      from unnest(p_items) with ordinality as item (
        delivery, place, org_id, wamid, phone_number_id, type, phone, bsuid, name, username, needs_turn,
        sent_at, content, payload, raw_text, change, nth
      )
      where v_contacts[item.nth] is null
      group by item.org_id, item.phone, item.bsuid
      order by item.org_id, item.bsuid, item.phone
    loop
      perform private.resolve_contact(v_person.org_id, v_person.phone, v_person.bsuid, v_person.name);
    end loop;
    -- Read again after all of them: resolving one may have merged another.
    select array_agg(
      coalesce(
        (
          select identity.contact_id from public.contact_identities as identity
          where identity.org_id = item.org_id and identity.kind = 'bsuid' and identity.value = item.bsuid
        ),
        (
          select identity.contact_id from public.contact_identities as identity
          where identity.org_id = item.org_id and identity.kind = 'phone' and identity.value = item.phone
        )
      )
      order by item.nth
    )
    into v_contacts
    from unnest(p_items) with ordinality as item (
      delivery, place, org_id, wamid, phone_number_id, type, phone, bsuid, name, username, needs_turn,
      sent_at, content, payload, raw_text, change, nth
    );
  end if;

  if v_renamed > 0 then
    update public.contacts as contact
    set name = coalesce(latest.name, contact.name),
        username = coalesce(latest.username, contact.username),
        updated_at = now()
    from (
      select distinct on (v_contacts[item.nth]) v_contacts[item.nth] as contact_id, item.name, item.username
      from unnest(p_items) with ordinality as item (
        delivery, place, org_id, wamid, phone_number_id, type, phone, bsuid, name, username, needs_turn,
        sent_at, content, payload, raw_text, change, nth
      )
      where item.name is not null or item.username is not null
      order by v_contacts[item.nth], item.place desc
    ) as latest
    where contact.id = latest.contact_id
      and contact.id = any (v_contacts)
      and (
        contact.name is distinct from coalesce(latest.name, contact.name)
        or contact.username is distinct from coalesce(latest.username, contact.username)
      );
  end if;
  return v_contacts;
end
$$;
revoke all on function private.resolve_inbound_contacts(private.inbound_item[]) from public, anon, authenticated;
grant execute on function private.resolve_inbound_contacts(private.inbound_item[]) to service_role;

-- What WhatsApp says became of our messages: [{org_id, wamid, row_id, status, at, error_code, error,
-- opted_out}]. Forward only, whatever order they come in; `read` may come without `delivered`.
-- row_id is what we sent along (biz_opaque_callback_data): it settles a send whose answer was lost.
create function private.apply_outbound_statuses(p_statuses jsonb) returns integer
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
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

-- {request_id, messages[], statuses[], notices[], opts[], unparsed[]}, every entry (but opts) with d, the number of the
-- delivery in the batch that it came in, and signed_by where an organization's own app secret (not
-- one of ours) signed it: then it can touch that organization alone.
--   messages: {d, i (unique in the batch), signed_by, phone_number_id, business_account_id, wamid,
--     type, phone, bsuid, name, username, needs_turn, sent_at, content, payload, raw_text, change}
--   statuses: {d, signed_by, phone_number_id, wamid, row_id, status, at, error_code, error, opted_out}
--   notices: {d, signed_by, business_account_id, phone_number_id, field, payload}
--   opts: {i (the message's), state, reason}: STOP and START among the messages
--   unparsed: {d, signed_by, reason, body_base64}
-- Answers {code: 'ingested', stored: {d: n}, unroutable: {d: n}, statuses_applied,
--   turns: [{org_id, contact_id}], flags}. Idempotent: the same batch again stores nothing.
create function public.ingest_whatsapp(request jsonb) returns jsonb
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_items private.inbound_item[];
  v_stray integer;
  v_stray_statuses integer;
  v_has_changes boolean;
  v_contacts uuid[];
  v_new_contacts uuid[];
  v_received bigint[];
  v_stored jsonb;
  v_unroutable jsonb := '{}';
  v_turns jsonb;
  v_statuses jsonb;
  v_applied integer := 0;
  v_item record;
begin
  -- Once per message and organization, whoever else is storing it at this moment.
  with input as materialized (
    select
      message.*,
      (
        select integration.org_id from public.integrations as integration
        where integration.provider = 'whatsapp' and integration.connected
          and integration.public_config ->> 'phone_number_id' = message.phone_number_id
          and (message.signed_by is null or message.signed_by = integration.org_id)
      ) as org_id
    from jsonb_to_recordset(request -> 'messages') as message (
      d integer, i integer, signed_by uuid, phone_number_id text, wamid text, type text,
      phone text, bsuid text, name text, username text, needs_turn boolean, sent_at timestamptz,
      content jsonb, payload jsonb, raw_text text, change jsonb
    )
  ),
  routed as materialized (
    select distinct on (input.org_id, input.wamid) input.*
    from input
    where input.org_id is not null and (input.phone is not null or input.bsuid is not null)
    order by input.org_id, input.wamid, input.i
  ),
  claimed as (
    insert into public.processed_webhook_events (org_id, event_id, event_type)
    select routed.org_id, 'whatsapp:' || routed.wamid, 'message.' || routed.type
    from routed
    order by routed.org_id, routed.wamid
    on conflict (org_id, event_id) do nothing
    returning org_id, event_id
  )
  select
    (
      select array_agg(row(
        routed.d, routed.i, routed.org_id, routed.wamid, routed.phone_number_id, routed.type,
        routed.phone, routed.bsuid, routed.name, routed.username, routed.needs_turn, routed.sent_at,
        routed.content, routed.payload, routed.raw_text, routed.change
      )::private.inbound_item)
      from routed
      -- `is true` keeps it a lookup in a hash, whatever the estimates say.
      where ((routed.org_id, 'whatsapp:' || routed.wamid) in (select claimed.org_id, claimed.event_id from claimed)) is true
    ),
    (
      select count(*) from input
      where input.org_id is null or (input.phone is null and input.bsuid is null)
    ),
    (select bool_or(routed.change is not null) from routed)
  into v_items, v_stray, v_has_changes;

  if v_items is not null then
    v_contacts := private.resolve_inbound_contacts(v_items);

    -- Before any queue is locked: whoever merges locks names and contacts first.
    if v_has_changes then
      for v_item in
        select item.org_id, v_contacts[item.nth] as contact_id, item.change
        from unnest(v_items) with ordinality as item (
          delivery, place, org_id, wamid, phone_number_id, type, phone, bsuid, name, username, needs_turn,
          sent_at, content, payload, raw_text, change, nth
        )
        where item.change is not null
        order by item.place
      loop
        perform private.change_contact_identity(
          v_item.org_id,
          (select coalesce(contact.merged_into_id, contact.id) from public.contacts as contact where contact.id = v_item.contact_id),
          v_item.change
        );
      end loop;
      select array_agg(
        (
          select coalesce(contact.merged_into_id, contact.id)
          from public.contacts as contact where contact.id = resolved.contact_id
        ) order by resolved.nth
      )
      into v_contacts
      from unnest(v_contacts) with ordinality as resolved (contact_id, nth);
    end if;

    -- The row's lock numbers a contact's messages in the order in which they commit.
    with arrived as (
      select
        item.org_id, v_contacts[item.nth] as contact_id, count(*) as total,
        bool_or(item.needs_turn) as needs_turn,
        max(least(coalesce(item.sent_at, now()), now())) as last_inbound_at
      from unnest(v_items) with ordinality as item (
        delivery, place, org_id, wamid, phone_number_id, type, phone, bsuid, name, username, needs_turn,
        sent_at, content, payload, raw_text, change, nth
      )
      group by item.org_id, v_contacts[item.nth]
    ),
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
    )
    select
      array_agg(queued.received_sequence order by queued.org_id, queued.contact_id),
      -- Nothing was answered yet: perhaps these have no session.
      array_agg(queued.contact_id) filter (where queued.completed_sequence = 0),
      jsonb_agg(jsonb_build_object('org_id', queued.org_id, 'contact_id', queued.contact_id))
        filter (where queued.turn_due_at is not null
          and coalesce(queued.turn_leased_until, '-infinity') <= clock_timestamp()
          and coalesce(queued.turn_retry_at, '-infinity') <= clock_timestamp())
    into v_received, v_new_contacts, v_turns
    from queued;

    insert into public.inbound_messages (
      org_id, contact_id, wamid, sequence, type, content, payload, raw_text, phone_number_id, sent_at,
      disposition, disposed_at
    )
    select
      item.org_id, v_contacts[item.nth], item.wamid,
      v_received[dense_rank() over (order by item.org_id, v_contacts[item.nth])]
        - count(*) over (partition by item.org_id, v_contacts[item.nth])
        + row_number() over (
          partition by item.org_id, v_contacts[item.nth] order by item.sent_at, item.place
        ),
      item.type, item.content, item.payload, item.raw_text, item.phone_number_id, item.sent_at,
      case when item.needs_turn then 'received' else 'ignored' end,
      case when item.needs_turn then null else now() end
    from unnest(v_items) with ordinality as item (
      delivery, place, org_id, wamid, phone_number_id, type, phone, bsuid, name, username, needs_turn,
      sent_at, content, payload, raw_text, change, nth
    );

    -- A first session; those that follow are opened by the turn that sees that a day has passed.
    if v_new_contacts is not null then
      insert into public.unified_sessions (org_id, contact_id)
      select contact.org_id, contact.id
      from public.contacts as contact
      where contact.id = any (v_new_contacts)
      order by contact.org_id, contact.id
      on conflict (org_id, contact_id) where status = 'active' do nothing;
    end if;

    if cardinality(v_items) = 1 then
      v_stored := jsonb_build_object(v_items[1].delivery, 1);
    else
      select jsonb_object_agg(counted.delivery, counted.total) into v_stored
      from (
        select item.delivery, count(*) as total from unnest(v_items) as item group by item.delivery
      ) as counted;
    end if;
  end if;

  if jsonb_array_length(coalesce(request -> 'statuses', '[]')) > 0 then
    select jsonb_agg(jsonb_build_object(
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
        signed_by uuid, phone_number_id text, wamid text, row_id uuid, status text, at timestamptz,
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
  if v_items is not null and jsonb_array_length(coalesce(request -> 'opts', '[]')) > 0 then
    perform private.apply_opt_words(request -> 'opts', v_items);
  end if;

  if v_stray > 0 then
    v_unroutable := private.store_unroutable_messages(request -> 'messages');
  end if;
  if jsonb_array_length(coalesce(request -> 'notices', '[]')) > 0 then
    perform private.store_whatsapp_notices(request -> 'notices');
  end if;
  if jsonb_array_length(coalesce(request -> 'unparsed', '[]')) > 0 then
    perform private.store_unparsed_deliveries(request -> 'unparsed');
  end if;

  return jsonb_build_object(
    'code', 'ingested',
    'stored', coalesce(v_stored, '{}'),
    'unroutable', v_unroutable,
    'statuses_applied', v_applied,
    'turns', coalesce(v_turns, '[]'),
    'flags', (select config.value from public.app_config as config where config.key = 'unified_service_flags')
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
create function private.apply_opt_words(p_words jsonb, p_items private.inbound_item[]) returns void
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  insert into public.contact_opt_outs as opt_out (org_id, contact_id, state, reason, opted_out_at, opted_in_at)
  select distinct on (said.org_id, said.contact_id)
    said.org_id, said.contact_id, said.state, left(said.reason, 200), said.at,
    case said.state when 'opted_in' then said.at end
  from (
    select
      item.org_id, word.state, word.reason, item.place, least(coalesce(item.sent_at, now()), now()) as at,
      coalesce(
        (
          select identity.contact_id from public.contact_identities as identity
          where identity.org_id = item.org_id and identity.kind = 'bsuid' and identity.value = item.bsuid
        ),
        (
          select identity.contact_id from public.contact_identities as identity
          where identity.org_id = item.org_id and identity.kind = 'phone' and identity.value = item.phone
        )
      ) as contact_id
    from jsonb_to_recordset(p_words) as word (i integer, state text, reason text)
    join unnest(p_items) as item on item.place = word.i
  ) as said
  where said.contact_id is not null
    -- Nobody opts in who never opted out.
    and (said.state = 'opted_out' or exists (
      select 1 from public.contact_opt_outs as before
      where before.org_id = said.org_id and before.contact_id = said.contact_id
    ))
  order by said.org_id, said.contact_id, said.at desc, said.place desc
  on conflict (org_id, contact_id) do update set
    state = excluded.state, reason = excluded.reason,
    opted_out_at = case excluded.state when 'opted_out' then excluded.opted_out_at else opt_out.opted_out_at end,
    opted_in_at = excluded.opted_in_at
  where opt_out.state <> excluded.state
    and coalesce(excluded.opted_in_at, excluded.opted_out_at) >= coalesce(opt_out.opted_in_at, opt_out.opted_out_at);
end
$$;
revoke all on function private.apply_opt_words(jsonb, private.inbound_item[]) from public, anon, authenticated;
grant execute on function private.apply_opt_words(jsonb, private.inbound_item[]) to service_role;

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
