begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');
select tests.deliver(tests.text('wamid.1'), tests.text('wamid.2', '{"phone": "250788000002"}'));

select is(public.expire_messages('{}') ->> 'unified_sessions_expired', '0', 'sessions in use go on');
update public.unified_sessions set last_message_at = now() - interval '25 hours';
update public.contact_queues set turn_due_at = null where contact_id = tests.contact();
select is(public.expire_messages('{}') ->> 'unified_sessions_expired', '1', 'a day after the last message they end, unless somebody has just written');
select is((select status from public.unified_sessions where contact_id = tests.contact()), 'expired', 'as expired');

select tests.act_as('operator');
update public.processed_webhook_events set created_at = now() - interval '31 days' where event_id = 'whatsapp:wamid.1';
select private.make_partition('inbound_messages', (date_trunc('month', now()) - interval '14 months')::date);
select private.make_partition('inbound_messages', (date_trunc('month', now()) - interval '2 months')::date);
select tests.act_as('service role');
select is(public.expire_messages('{}') - 'code' @> '{"processed_webhook_events": 1, "partitions_dropped": 1}', true, 'events after their days, messages by the month');
select is(
  (select count(*) from pg_class where relnamespace = 'partitions'::regnamespace and relname = 'inbound_messages_' || to_char(now() - interval '2 months', 'YYYY_MM')),
  1::bigint, 'and nothing younger'
);

update public.app_config set value = '{"processed_webhook_events": 1}' where key = 'retention_days';
select tests.act_as('operator');
update public.processed_webhook_events set created_at = now() - interval '7 days';
select tests.act_as('service role');
select is(public.expire_messages('{}') ->> 'processed_webhook_events', '0', 'whatever is configured, events outlive the week in which WhatsApp delivers again');

select * from finish();
rollback;
