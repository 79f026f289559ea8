begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();

-- What has had its days is deleted a page at a time, and looking for it costs a page.
select public.expire_messages('{"limit": 10}') from generate_series(1, 10);
insert into public.contacts (id, org_id, rollout_key)
select md5('c' || n)::uuid, tests.id('clinic'), n::text from generate_series(1, 30000) as n;
insert into public.unified_sessions (org_id, contact_id, last_message_at)
select org_id, id, now() - interval '2 days' from public.contacts;
insert into public.processed_webhook_events (org_id, event_id, event_type, created_at)
select tests.id('clinic'), 'e' || n, 'x', now() - interval '100 days' from generate_series(1, 30000) as n;
insert into public.unparsed_deliveries (source, reason, body, received_at)
select 'whatsapp', 'x', 'x', now() - interval '100 days' from generate_series(1, 30000) as n;
insert into public.dead_letters (org_id, source, source_id, reason, dead_lettered_at)
select tests.id('clinic'), 'whatsapp', n::text, 'x', now() - interval '1 year' from generate_series(1, 30000) as n;
insert into private.send_claims (id, claimed_at) select gen_random_uuid(), now() - interval '1 day' from generate_series(1, 30000);
insert into public.outbound_messages (org_id, contact_id, kind, type, content, created_at)
select org_id, id, 'reply', 'text', '{}', now() - interval '2 years' from public.contacts;

create function tests.tables() returns setof oid language sql as $$
  select unnest(array[
    'public.unified_sessions'::regclass, 'public.processed_webhook_events', 'public.unparsed_deliveries', 'public.dead_letters',
    'private.send_claims', 'public.outbound_messages', 'public.contact_queues'
  ])::oid
$$;
create function tests.read() returns bigint language sql as $$
  select sum(pg_stat_get_xact_tuples_returned(oid))::bigint + (
    select sum(pg_stat_get_xact_tuples_returned(indexrelid)) from pg_index where indrelid in (select tests.tables())
  )::bigint
  from tests.tables() as oid
$$;

select tests.remember('read', to_jsonb(tests.read()));
select is(
  (select sum((answer ->> 'unified_sessions_expired')::integer) from (select public.expire_messages('{"limit": 10}') as answer from generate_series(1, 10)) as round),
  100::bigint, 'ten pages of ten'
);
-- Ten rounds of seven tables, with what refers to each row.
select cmp_ok(tests.read() - tests.recall('read')::text::bigint, '<', 60000::bigint, 'read a few entries for each row, however many wait');
select * from finish();
rollback;
