begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();

-- A page of what somebody said is found by reading a page, whatever else the organization has: 30,000
-- messages of the person, and as many of others.
insert into public.contacts (id, org_id, rollout_key)
select md5('c' || n)::uuid, tests.id('clinic'), n::text from generate_series(1, 30001) as n;
insert into public.contact_identities (org_id, kind, value, contact_id) values (tests.id('clinic'), 'phone', '250788123456', md5('c30001')::uuid);
insert into public.outbound_messages (org_id, contact_id, kind, type, content)
select org_id, md5('c30001')::uuid, 'reply', 'text', '{"text": "x"}' from public.contacts limit 30000;
insert into public.outbound_messages (org_id, contact_id, kind, type, content)
select org_id, id, 'reply', 'text', '{"text": "x"}' from public.contacts where id <> md5('c30001')::uuid;
insert into public.inbound_messages (org_id, contact_id, wamid, sequence, type, payload, phone_number_id)
select org_id, md5('c30001')::uuid, 'in' || row_number() over (), row_number() over (), 'text', '{}', '1001' from public.contacts limit 30000;
analyze;

create function tests.read_of(p_table regclass) returns bigint language sql as $$
  select coalesce(sum(pg_stat_get_xact_tuples_returned(oid)), 0)::bigint + (
    select coalesce(sum(pg_stat_get_xact_tuples_returned(indexrelid)), 0) from pg_index
    where indrelid in (select p_table::oid union all select inhrelid from pg_inherits where inhparent = p_table)
  )::bigint
  from (select p_table::oid as oid union all select inhrelid from pg_inherits where inhparent = p_table) as parts
$$;
create function tests.erase(p_table text) returns integer language sql as $$
  select private.erase_rows(
    listed.table_name, listed.condition, listed.change, private.key_of(listed.table_name), tests.id('clinic'),
    private.describe_person(tests.id('clinic'), '{"phone": "250788123456"}'), 100
  ) from private.person_places() as listed where listed.table_name = p_table and not listed.told
$$;
select tests.remember('read', to_jsonb(tests.read_of('public.outbound_messages')));
select is((select sum(tests.erase('public.outbound_messages')) from generate_series(1, 5)), 500::bigint, 'five pages of a hundred replies');
select cmp_ok(
  tests.read_of('public.outbound_messages') - tests.recall('read')::text::bigint, '<', 20000::bigint, 'read a few entries for each'
);
select tests.remember('read', to_jsonb(tests.read_of('public.inbound_messages')));
select is((select sum(tests.erase('public.inbound_messages')) from generate_series(1, 5)), 500::bigint, 'five pages of a hundred messages');
select cmp_ok(
  tests.read_of('public.inbound_messages') - tests.recall('read')::text::bigint, '<', 20000::bigint, 'read a few entries for each, over all months'
);
select * from finish();
rollback;
