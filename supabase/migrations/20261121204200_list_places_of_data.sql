-- Where the rows of an organization and of a person are. The tables of an organization come from the
-- catalogue, and so do those that point at a contact: a table that is added later can't be forgotten.

-- Every table with rows of organizations and the column that says whose, those that others refer to last.
create function private.organization_tables()
returns table (table_name text, column_name text, depth integer)
language plpgsql stable set search_path = '' as $$
begin
  return query
  with recursive ours as (
    select class.oid, format('%I.%I', namespace.nspname, class.relname) as name
    from pg_catalog.pg_class as class
    join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
    where namespace.nspname in ('public', 'private') and class.relkind in ('r', 'p') and not class.relispartition
  ),
  owned as (
    select ours.oid, ours.name, attribute.attname::text as attname
    from ours
    join pg_catalog.pg_attribute as attribute on attribute.attrelid = ours.oid and attribute.attnum > 0 and not attribute.attisdropped
    where attribute.attname = 'org_id' or (
      ours.oid <> 'public.organizations'::regclass and exists (
        select 1 from pg_catalog.pg_constraint as reference
        where reference.contype = 'f' and reference.conrelid = ours.oid
          and reference.confrelid = 'public.organizations'::regclass and reference.conkey = array[attribute.attnum]
      )
    )
  ),
  reached (oid, steps) as (
    select distinct owned.oid, 0 from owned
    union
    select reference.conrelid, reached.steps + 1
    from reached
    join pg_catalog.pg_constraint as reference
      on reference.confrelid = reached.oid and reference.contype = 'f' and reference.conparentid = 0
      and reference.conrelid <> reference.confrelid
    where reached.steps < 12
  )
  select owned.name, owned.attname,
    (select max(reached.steps) from reached where reached.oid = owned.oid)
  from owned
  order by 3 desc, 1, 2;
end
$$;
revoke all on function private.organization_tables() from public, anon, authenticated;
grant execute on function private.organization_tables() to service_role;

-- {org_id, contact_id?|phone?|bsuid?} -> what a person is known by: {contact_ids, phones, bsuids, words
-- (the name, and the titles of listings), tracking_ids, vapi_call_ids}; null where nothing is.
-- Contacts that were merged into one another are one person. A number or BSUID that is no contact's is a
-- person too, where it has the shape of one: it may have called, or be in what was kept as it came.
create function private.describe_person(p_org_id uuid, p_request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_given_phone constant text := private.phone_digits(p_request ->> 'phone');
  v_given_bsuid constant text := p_request ->> 'bsuid';
  v_contact_ids uuid[];
  v_phones text[];
  v_bsuids text[];
  v_words text[];
  v_tracking_ids uuid[];
  v_vapi_call_ids text[];
begin
  with recursive one (id, merged_into_id) as (
    select contact.id, contact.merged_into_id
    from public.contacts as contact
    where contact.org_id = p_org_id and (
      contact.id = (p_request ->> 'contact_id')::uuid
      or contact.id = private.find_contact(p_org_id, 'phone', v_given_phone)
      or contact.id = private.find_contact(p_org_id, 'bsuid', v_given_bsuid)
    )
    union
    select contact.id, contact.merged_into_id
    from one
    join public.contacts as contact
      on contact.org_id = p_org_id and (contact.merged_into_id = one.id or contact.id = one.merged_into_id)
  )
  select array_agg(one.id) into v_contact_ids from one;
  v_contact_ids := coalesce(v_contact_ids, '{}');

  -- Not the names of long ago: a number that moved on is somebody else's by now.
  select coalesce(array_agg(identity.value) filter (where identity.kind = 'phone'), '{}'),
    coalesce(array_agg(identity.value) filter (where identity.kind = 'bsuid'), '{}')
  into v_phones, v_bsuids
  from public.contact_identities as identity
  where identity.org_id = p_org_id and identity.contact_id = any (v_contact_ids);
  -- Of what nobody has only what can't be anything else: a year or a word would be found everywhere.
  if v_given_phone ~ '^[0-9]{8,}$' and not v_given_phone = any (v_phones) then
    v_phones := v_phones || v_given_phone;
  end if;
  if v_given_bsuid ~ '^[A-Z]{2}\.[0-9A-Za-z]+$' and not v_given_bsuid = any (v_bsuids) then
    v_bsuids := v_bsuids || v_given_bsuid;
  end if;

  select coalesce(array_agg(distinct said.word), '{}') into v_words
  from (
    select contact.name as word from public.contacts as contact
    where contact.org_id = p_org_id and contact.id = any (v_contact_ids)
    union all
    select listing.title from public.unified_listings as listing
    where listing.org_id = p_org_id and listing.contact_id = any (v_contact_ids)
  ) as said
  where char_length(said.word) >= 3;

  select coalesce(array_agg(call.id), '{}'), coalesce(array_agg(call.vapi_call_id), '{}')
  into v_tracking_ids, v_vapi_call_ids
  from public.call_tracking as call
  where call.org_id = p_org_id
    and (call.contact_id = any (v_contact_ids) or private.phone_digits(call.phone_number) = any (v_phones));

  if v_contact_ids = '{}' and v_phones = '{}' and v_bsuids = '{}' then
    return null;
  end if;
  return jsonb_build_object(
    'contact_ids', v_contact_ids, 'phones', v_phones, 'bsuids', v_bsuids, 'words', v_words,
    'tracking_ids', v_tracking_ids, 'vapi_call_ids', v_vapi_call_ids
  );
end
$$;
revoke all on function private.describe_person(uuid, jsonb) from public, anon, authenticated;
grant execute on function private.describe_person(uuid, jsonb) to service_role;

-- Where a person's data is, in the order in which it is erased: rows of `condition` are deleted, or
-- changed by `change` where something of them stays (costs, somebody else's conversation, what was done
-- by whom). `told` marks what belongs to somebody else, who was told something of this person: it is
-- changed, and is in no export. Parameters of the conditions: $1 the organization, $2 contact ids,
-- $3 the numbers and BSUIDs, $4 a pattern of these, of contact and of call ids, $5 ids of tracked calls,
-- $6 Vapi's ids of calls, $7 name and titles with the numbers and BSUIDs.
create function private.person_places()
returns table (place bigint, table_name text, condition text, change text, told boolean)
language plpgsql stable set search_path = '' as $$
begin
  return query
  with known as (
    select * from (values
      -- What others were told: numbers wherever they are, names and titles only between these two.
      (10, 'public.outbound_messages', 't.org_id = $1 and t.contact_id <> all ($2) and t.content::text ~ private.likely_words($3)
        and private.redact(t.content, $3) <> t.content', 'content = private.redact(t.content, $3)', true),
      (11, 'public.unified_sessions', 't.org_id = $1 and t.contact_id <> all ($2)
        and concat(t.messages, t.collected_data, t.context) ~ private.likely_words($3)
        and (private.redact(t.messages, $3), private.redact(t.collected_data, $3), private.redact(t.context, $3))
          <> (t.messages, t.collected_data, t.context)',
        'messages = private.redact(t.messages, $3), collected_data = private.redact(t.collected_data, $3),
         context = private.redact(t.context, $3)', true),
      (12, 'public.outbound_messages', 't.org_id = $1 and t.contact_id <> all ($2) and t.contact_id in (
          select person.id from private.counterparts($1, $2) as person (id)
        ) and private.redact(t.content, $7) <> t.content', 'content = private.redact(t.content, $7)', true),
      (13, 'public.unified_sessions', 't.org_id = $1 and t.contact_id <> all ($2) and t.contact_id in (
          select person.id from private.counterparts($1, $2) as person (id)
        ) and (private.redact(t.messages, $7), private.redact(t.collected_data, $7), private.redact(t.context, $7))
          <> (t.messages, t.collected_data, t.context)',
        'messages = private.redact(t.messages, $7), collected_data = private.redact(t.collected_data, $7),
         context = private.redact(t.context, $7)', true),
      -- What was kept as it came, and what failed.
      (20, 'public.processed_webhook_events', 't.org_id = $1 and (
          t.event_id in (
            select ''whatsapp:'' || message.wamid from public.inbound_messages as message
            where message.org_id = $1 and message.contact_id = any ($2)
          ) or t.event_id in (
            select ''whatsapp:'' || message.wamid from public.outbound_messages as message
            where message.org_id = $1 and message.contact_id = any ($2)
          )
        )', null, false),
      (21, 'public.dead_letters', 't.org_id = $1 and (t.payload::text ~ $4 or t.source_id ~ $4 or t.reason ~ $4)', null, false),
      (22, 'public.failed_webhook_events', 't.org_id = $1 and (t.payload::text ~ $4 or t.event_id ~ $4)', null, false),
      (23, 'public.unroutable_deliveries', '(
          t.signed_by_org_id = $1 or t.phone_number_id in (select number.id from private.whatsapp_numbers($1) as number (id))
        ) and t.payload::text ~ $4', null, false),
      (24, 'public.unparsed_deliveries', '(
          t.signed_by_org_id = $1 or t.signed_by_org_id is null and exists (
            select 1 from private.whatsapp_numbers($1) as number (id)
            where position(''"'' || number.id || ''"'' in encode(t.body, ''escape'')) > 0
          )
        ) and encode(t.body, ''escape'') ~ $4', null, false),
      (25, 'public.whatsapp_notices', 't.org_id = $1 and t.payload::text ~ $4', null, false),
      (26, 'public.alerts', 't.org_id = $1 and (t.message ~ $4 or t.details::text ~ $4)', null, false),
      (27, 'public.background_jobs', 't.org_id = $1 and t.payload::text ~ $4', null, false),
      (28, 'public.idempotency_keys', 't.org_id = $1 and t.response_body::text ~ $4', null, false),
      -- Others' claims are in the same answer, other organizations' too: only this person's go, nothing is shown.
      (29, 'private.send_claims', 't.answer::text ~ $4 and private.without_contacts(t.answer -> ''sends'', $2) <> t.answer -> ''sends''',
        'answer = t.answer || jsonb_build_object(''sends'', private.without_contacts(t.answer -> ''sends'', $2))', true),
      -- What waits to be forwarded and is of several people goes when it is forwarded.
      (29, 'public.legacy_deliveries', 't.org_id = $1 and t.contact_id = any ($2)', null, false),
      -- What others wrote is in it as well: deleted, and not shown.
      (29, 'public.legacy_deliveries', 't.org_id = $1 and t.state not in (''queued'', ''claimed'')
        and (t.messages::text ~ $4 or t.statuses::text ~ $4 or encode(t.body, ''escape'') ~ $4)', null, true),
      -- What other organizations' people wrote is in it as well: this one's part is taken out.
      (29, 'public.legacy_deliveries', 't.org_id is null and t.state not in (''queued'', ''claimed'')
        and private.names_organization(t.messages || t.statuses, $1)
        and (private.without_contacts(t.messages, $2) <> t.messages or encode(t.body, ''escape'') ~ $4)',
        'messages = case when t.body is null then private.without_contacts(t.messages, $2) else private.others_than(t.messages, $1) end,
         statuses = case when t.body is null then t.statuses else private.others_than(t.statuses, $1) end,
         body = private.body_of_others(t.body, t.messages || t.statuses, $1),
         is_whole = t.is_whole and t.body is null, signature = case when t.body is null then t.signature end', true),
      -- Who did what stays, without the person it was done to.
      (30, 'public.operation_events', 't.org_id = $1 and t.details::text ~ $4', 'details = ''{"erased": true}''', false),
      (31, 'public.audit_log', 't.org_id = $1 and (t.details::text ~ $4 or t.subject ~ $4)',
        'details = ''{"erased": true}'', subject = null', false),
      -- How an agent did and what it cost stays.
      (32, 'public.unified_agent_events', 't.org_id = $1 and t.contact_id = any ($2)',
        'contact_id = null, session_id = null, correlation_id = ''erased'', intent = null, flow_step = null, tools = ''[]'',
         error = null, details = ''{}''', false),
      (33, 'public.agent_switches', 't.org_id = $1 and t.last_error ~ $4', 'last_error = null', false),
      -- Calls: what was said goes, how long they were and what they cost stays.
      (40, 'public.tool_calls', 't.org_id = $1 and (t.channel = ''voice'' and t.conversation_id = any ($6)
        or t.channel = ''whatsapp'' and t.conversation_id in (
          select session.id::text from public.unified_sessions as session where session.org_id = $1 and session.contact_id = any ($2)
        ))', null, false),
      (41, 'public.taken_messages', 't.org_id = $1 and (t.contact_id = any ($2) or t.call_tracking_id = any ($5)
        or private.phone_digits(t.callback_number) = any ($3))', null, false),
      (42, 'public.recording_upload_queue', 't.org_id = $1 and t.call_tracking_id = any ($5)', null, false),
      (43, 'public.calls', 't.org_id = $1 and t.call_tracking_id = any ($5)', null, false),
      (44, 'public.call_logs', 't.org_id = $1 and t.call_tracking_id = any ($5) and (t.contact_id is not null
        or t.phone_number is not null or t.summary is not null or t.success_evaluation is not null)',
        'contact_id = null, phone_number = null, summary = null, success_evaluation = null', false),
      (45, 'public.leads', 't.org_id = $1 and (t.contact_id = any ($2) or private.phone_digits(t.phone_number) = any ($3))', null, false),
      -- Nothing is asked about it any more. The last of a call: by this row its others are found.
      (46, 'public.call_tracking', 't.org_id = $1 and t.id = any ($5)',
        'contact_id = null, lead_id = null, phone_number = null, forwarded_to = null, ended_reason = null, metadata = ''{}'',
         reported_at = coalesce(t.reported_at, now())', false),
      -- A listing that others answered keeps their answers, and nothing of whose it was.
      (50, 'public.unified_listings', 't.org_id = $1 and t.contact_id = any ($2) and exists (
          select 1 from public.unified_applications as application
          where application.org_id = t.org_id and application.listing_id = t.id and application.contact_id <> all ($2)
        )',
        'contact_id = null, title = ''[erased]'', description = '''', category = null, place_name = null, latitude = null,
         longitude = null, attributes = ''{}'', state = ''closed'', closed_at = now(), sold_at = null, expired_at = null', false)
    ) as listed (place, table_name, condition, change, told)
  ),
  -- Whatever else has a contact.
  pointing as (
    select format('%I.%I', namespace.nspname, class.relname) as name, attribute.attname,
      case
        when class.oid = 'public.contacts'::regclass then 99
        -- By these the person is found again after an interruption: they go with their contact.
        when class.oid = 'public.contact_identities'::regclass then 100
        -- Others refer to them.
        when class.oid = 'public.unified_sessions'::regclass then 90
        when class.oid = 'public.unified_listings'::regclass then 80
        else 60
      end as place
    from pg_catalog.pg_class as class
    join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
    join pg_catalog.pg_attribute as attribute on attribute.attrelid = class.oid and attribute.attnum > 0 and not attribute.attisdropped
    where namespace.nspname in ('public', 'private') and class.relkind in ('r', 'p') and not class.relispartition
      and exists (
        select 1 from pg_catalog.pg_attribute as owner where owner.attrelid = class.oid and owner.attname = 'org_id' and not owner.attisdropped
      )
      and (
        attribute.attname = 'contact_id' or class.oid = 'public.contacts'::regclass and attribute.attname = 'id'
        or attribute.attname <> 'org_id' and class.oid <> 'public.contacts'::regclass and exists (
          select 1 from pg_catalog.pg_constraint as reference
          where reference.contype = 'f' and reference.conrelid = class.oid
            and reference.confrelid = 'public.contacts'::regclass and attribute.attnum = any (reference.conkey)
        )
      )
  )
  select row_number() over (order by listed.place, listed.table_name, listed.condition), listed.table_name, listed.condition, listed.change, listed.told
  from (
    select known.place, known.table_name, known.condition, known.change, known.told from known
    union all
    select pointing.place, pointing.name, format('t.org_id = $1 and t.%I = any ($2)', pointing.attname), null, false
    from pointing
    where pointing.name not in (
      select known.table_name from known where not known.told and known.place not in (50)
    )
  ) as listed
  order by 1;
end
$$;
revoke all on function private.person_places() from public, anon, authenticated;
grant execute on function private.person_places() to service_role;

-- Who was told of this person: those who answered their listings, whose listings they answered, and
-- whose listings fitted theirs.
create function private.counterparts(p_org_id uuid, p_contact_ids uuid[]) returns setof uuid
language plpgsql stable set search_path = '' as $$
begin
  return query
  select application.contact_id
  from public.unified_listings as listing
  join public.unified_applications as application on application.org_id = listing.org_id and application.listing_id = listing.id
  where listing.org_id = p_org_id and listing.contact_id = any (p_contact_ids)
  union
  select listing.contact_id
  from public.unified_applications as application
  join public.unified_listings as listing on listing.org_id = application.org_id and listing.id = application.listing_id
  where application.org_id = p_org_id and application.contact_id = any (p_contact_ids) and listing.contact_id is not null
  union
  select other.contact_id
  from public.unified_listings as listing
  join public.unified_matches as matched
    on matched.org_id = listing.org_id and (matched.offer_id = listing.id or matched.request_id = listing.id)
  join public.unified_listings as other
    on other.org_id = matched.org_id and other.id in (matched.offer_id, matched.request_id) and other.id <> listing.id
  where listing.org_id = p_org_id and listing.contact_id = any (p_contact_ids) and other.contact_id is not null;
end
$$;
revoke all on function private.counterparts(uuid, uuid[]) from public, anon, authenticated;
grant execute on function private.counterparts(uuid, uuid[]) to service_role;

-- The WhatsApp numbers that are an organization's, or were when messages came.
create function private.whatsapp_numbers(p_org_id uuid) returns setof text
language plpgsql stable set search_path = '' as $$
begin
  return query
  select integration.public_config ->> 'phone_number_id' from public.integrations as integration
  where integration.org_id = p_org_id and integration.provider = 'whatsapp' and integration.public_config ? 'phone_number_id'
  union
  select message.phone_number_id from public.inbound_messages as message where message.org_id = p_org_id;
end
$$;
revoke all on function private.whatsapp_numbers(uuid) from public, anon, authenticated;
grant execute on function private.whatsapp_numbers(uuid) to service_role;
