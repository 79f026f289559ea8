-- Data: none of it is touched. Exporting and erasing a person takes what is of others as well again: what an
-- unreadable delivery holds of other organizations is exported with theirs, and deleted.
create or replace function private.person_places()
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
drop function private.without_person(bytea, text[], text[]);
drop function private.names_others(bytea, text[]);
drop function private.is_of_person(jsonb, uuid[], text[]);
