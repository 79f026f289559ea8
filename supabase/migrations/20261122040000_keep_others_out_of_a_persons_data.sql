-- One person's part of what is several people's: an unreadable delivery may hold what people wrote to other
-- organizations, and what one person wrote may name another. Only what is of the person is exported and erased.

-- A delivery's body that needs not be readable, without the objects (messages, statuses, senders) that have one
-- of these numbers or BSUIDs as a value, and without these numbers in what is left. Where p_numbers isn't null
-- what came to other numbers than these stays as it is: `metadata` is before what it is about.
create function private.without_person(p_body bytea, p_names text[], p_numbers text[]) returns bytea
language plpgsql immutable set search_path = '' as $$
declare
  v_whole constant text := private.whole_words(p_names);
  v_likely constant text := private.likely_words(p_names);
  v_written constant text := private.written_words(p_names);
  v_kept text[] := '{}';
  v_starts integer[] := '{}';
  v_is_cut boolean[] := '{}';
  v_depth integer := 0;
  v_is_ours boolean := true;
  v_before text := '';
  v_token text;
begin
  -- As `escape` writes it every byte is text; a backslash is two, and another byte three digits behind one.
  for v_token in
    select piece[1] from regexp_matches(
      encode(p_body, 'escape'),
      '("(?:[^"\\]|\\\\(?:\\\\|\\[0-7]{3}|[^\\])|\\[0-7]{3})*"?|[{}]|[^"{}]+)', 'g'
    ) as piece
  loop
    if v_token = '{' then
      v_kept := v_kept || v_token;
      v_depth := v_depth + 1;
      v_starts[v_depth] := cardinality(v_kept);
      v_is_cut[v_depth] := false;
      continue;
    elsif v_token = '}' then
      v_kept := v_kept || v_token;
      if v_depth > 0 then
        if v_is_cut[v_depth] then
          v_kept := v_kept[1 : v_starts[v_depth] - 1] || '{}'::text;
        end if;
        v_depth := v_depth - 1;
      end if;
      continue;
    elsif starts_with(v_token, '"') then
      if v_before = '"phone_number_id"' then
        v_is_ours := p_numbers is null or btrim(v_token, '"') = any (p_numbers);
      end if;
      v_before := v_token;
    end if;
    if v_is_ours and v_token ~ v_likely then
      if v_depth > 0 and (
        ltrim(btrim(v_token, '"'), '+') = any (p_names) or not starts_with(v_token, '"') and v_token ~ v_whole
      ) then
        v_is_cut[v_depth] := true;
      end if;
      v_token := regexp_replace(v_token, v_written, '\1[erased]', 'g');
    end if;
    v_kept := v_kept || v_token;
  end loop;
  -- Of a body that was cut off.
  for v_open in 1 .. v_depth loop
    if v_is_cut[v_open] then
      v_kept := v_kept[1 : v_starts[v_open] - 1];
      exit;
    end if;
  end loop;
  return decode(array_to_string(v_kept, ''), 'escape');
end
$$;
revoke all on function private.without_person(bytea, text[], text[]) from public, anon, authenticated;
grant execute on function private.without_person(bytea, text[], text[]) to service_role;

-- Whether a body names a sender or a recipient, or, where p_numbers isn't null, another number than these that
-- something came to.
create function private.names_others(p_body bytea, p_numbers text[]) returns boolean
language plpgsql immutable set search_path = '' as $$
declare
  v_text constant text := encode(p_body, 'escape');
begin
  return v_text ~ '"(from|wa_id|user_id|from_user_id|recipient_id|recipient_user_id)"\s*:\s*"?[0-9A-Z]'
    or p_numbers is not null and exists (
      select 1 from regexp_matches(v_text, '"phone_number_id"\s*:\s*"?([0-9A-Za-z]+)', 'g') as piece
      where piece[1] <> all (p_numbers)
    );
end
$$;
revoke all on function private.names_others(bytea, text[]) from public, anon, authenticated;
grant execute on function private.names_others(bytea, text[]) to service_role;

-- Whether one message, status or call is of this person, and doesn't only speak of them.
create function private.is_of_person(p_payload jsonb, p_contact_ids uuid[], p_names text[]) returns boolean
language plpgsql immutable set search_path = '' as $$
begin
  return coalesce(p_payload ->> 'contact_id' = any (p_contact_ids::text[]), false) or exists (
    select 1
    from jsonb_path_query(
      p_payload,
      'lax $.keyvalue() ? (@.key == "from" || @.key == "wa_id" || @.key == "user_id" || @.key == "from_user_id"
        || @.key == "recipient_id" || @.key == "recipient_user_id").value'
    ) as identity (value)
    where ltrim(identity.value #>> '{}', '+') = any (p_names)
  ) or exists (
    select 1 from jsonb_path_query(p_payload, 'lax $.**.customer.number') as caller (number)
    where private.phone_digits(caller.number #>> '{}') = any (p_names)
  );
end
$$;
revoke all on function private.is_of_person(jsonb, uuid[], text[]) from public, anon, authenticated;
grant execute on function private.is_of_person(jsonb, uuid[], text[]) to service_role;

-- Where a person's data is, in the order in which it is erased: rows of `condition` are deleted, or
-- changed by `change` where something of them stays (costs, somebody else's conversation, what was done
-- by whom). `told` marks what belongs to somebody else, or is somebody else's as well: it is changed, and is in
-- no export. Parameters of the conditions: $1 the organization, $2 contact ids, $3 the numbers and BSUIDs,
-- $4 a pattern of these, of contact and of call ids, $5 ids of tracked calls, $6 Vapi's ids of calls, $7 name and
-- titles with the numbers and BSUIDs.
create or replace function private.person_places()
returns table (place bigint, table_name text, condition text, change text, told boolean)
language plpgsql stable set search_path = '' as $$
declare
  v_numbers constant text := 'case when t.signed_by_org_id is null then array(
    select number.id from private.whatsapp_numbers($1) as number (id)
  ) end';
  v_unparsed constant text := 't.source = ''whatsapp'' and (
      t.signed_by_org_id = $1 or t.signed_by_org_id is null and exists (
        select 1 from private.whatsapp_numbers($1) as number (id)
        where position(''"'' || number.id || ''"'' in encode(t.body, ''escape'')) > 0
      )
    ) and encode(t.body, ''escape'') ~ private.likely_words($3)
    and private.without_person(t.body, $3, ' || v_numbers || ') <> t.body';
  v_names_others constant text := 'private.names_others(private.without_person(t.body, $3, ' || v_numbers || '), ' || v_numbers || ')';
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
      (21, 'public.dead_letters', 't.org_id = $1 and (t.source_id ~ $4 or t.reason ~ $4
        or t.payload::text ~ $4 and private.is_of_person(t.payload, $2, $3))', null, false),
      (22, 'public.failed_webhook_events', 't.org_id = $1 and (t.event_id ~ $4
        or t.payload::text ~ $4 and private.is_of_person(t.payload, $2, $3))', null, false),
      (23, 'public.unroutable_deliveries', '(
          t.signed_by_org_id = $1 or t.phone_number_id in (select number.id from private.whatsapp_numbers($1) as number (id))
        ) and t.payload::text ~ $4 and private.is_of_person(t.payload, $2, $3)', null, false),
      -- What others wrote, or said on the phone, of this person: theirs, so it is in no export.
      (21, 'public.dead_letters', 't.org_id = $1 and t.payload::text ~ private.likely_words($3)
        and not private.is_of_person(t.payload, $2, $3) and not (t.source_id ~ $4 or t.reason ~ $4)
        and private.redact(t.payload, $3) <> t.payload', 'payload = private.redact(t.payload, $3)', true),
      (22, 'public.failed_webhook_events', 't.org_id = $1 and t.payload::text ~ private.likely_words($3)
        and not private.is_of_person(t.payload, $2, $3) and t.event_id !~ $4
        and private.redact(t.payload, $3) <> t.payload', 'payload = private.redact(t.payload, $3)', true),
      (23, 'public.unroutable_deliveries', '(
          t.signed_by_org_id = $1 or t.phone_number_id in (select number.id from private.whatsapp_numbers($1) as number (id))
        ) and t.payload::text ~ private.likely_words($3) and not private.is_of_person(t.payload, $2, $3)
        and private.redact(t.payload, $3) <> t.payload', 'payload = private.redact(t.payload, $3)', true),
      -- An unreadable event of Vapi's is of one call.
      (24, 'public.unparsed_deliveries', 't.source = ''vapi'' and t.signed_by_org_id = $1 and encode(t.body, ''escape'') ~ $4', null, false),
      -- A delivery of WhatsApp's may be of several people and organizations: it goes where nobody else is in it;
      -- else this person's part alone is taken out, and it is in no export.
      (24, 'public.unparsed_deliveries', v_unparsed || ' and not ' || v_names_others, null, false),
      (24, 'public.unparsed_deliveries', v_unparsed || ' and ' || v_names_others,
        'body = private.without_person(t.body, $3, ' || v_numbers || ')', true),
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
