begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();

-- Plans are kept: these are made while the tables are empty, as on the day a project is set up.
select tests.deliver(tests.text('wamid.early' || n, jsonb_build_object('phone', (250700000000 + n % 3)::text))) from generate_series(1, 10) as n;
select tests.report(jsonb_build_object('wamid', 'wamid.none', 'status', 'read')) from generate_series(1, 10);
select public.claim_due_turns('{"limit": 10, "lease_seconds": 30}'), public.claim_outbound('{"limit": 10, "lease_seconds": 30}')
from generate_series(1, 10);

-- 30,000 contacts of 300 organizations with a message and a reply waiting each; a third of them not yet.
insert into public.organizations (id, name) select md5(n::text)::uuid, 'Organization ' || n from generate_series(1, 300) as n;
insert into public.contacts (id, org_id, rollout_key)
select md5('c' || n)::uuid, md5((n % 300 + 1)::text)::uuid, n::text from generate_series(1, 30000) as n;
insert into public.contact_queues (org_id, contact_id, received_sequence, turn_due_at, send_due_at)
select org_id, id, 1, now() + shift, now() + shift
from (select *, case when rollout_key::bigint % 3 = 0 then interval '1 hour' else -interval '1 hour' end as shift from public.contacts where org_id <> tests.id('clinic')) as contact;
insert into public.inbound_messages (org_id, contact_id, wamid, sequence, type, payload, phone_number_id)
select org_id, id, 'wamid.' || rollout_key, 1, 'text', '{}', '1001' from public.contacts where org_id <> tests.id('clinic');
insert into public.outbound_messages (org_id, contact_id, kind, type, content)
select org_id, id, 'reply', 'text', '{"text": "hi"}' from public.contacts where org_id <> tests.id('clinic');
insert into public.contact_identities (org_id, kind, value, contact_id)
select tests.id('clinic'), 'phone', (250800000000 + n)::text, tests.contact('250700000000') from generate_series(1, 30000) as n;

-- Sequential scans, and entries read, of the tables of both queues in this transaction.
create function tests.queue_tables() returns setof oid language sql as $$
  select oid from pg_class
  where relkind = 'r' and (relname in ('contact_queues', 'outbound_messages', 'contacts', 'contact_identities', 'unified_sessions') or relname like 'inbound_messages_%')
$$;
create function tests.scans() returns bigint language sql as $$
  select sum(pg_stat_get_xact_numscans(oid))::bigint from tests.queue_tables() as oid
$$;
create function tests.tuples_read() returns bigint language sql as $$
  select sum(pg_stat_get_xact_tuples_returned(indexrelid))::bigint from pg_index where indrelid in (select tests.queue_tables())
$$;
create function tests.turns(p_limit integer, p_times integer) returns bigint language sql as $$
  select sum(jsonb_array_length(public.claim_due_turns(jsonb_build_object('limit', p_limit, 'lease_seconds', 30)) -> 'turns'))::bigint
  from generate_series(1, p_times)
$$;
create function tests.sends(p_limit integer, p_times integer) returns bigint language sql as $$
  select sum(jsonb_array_length(public.claim_outbound(jsonb_build_object('limit', p_limit, 'lease_seconds', 30)) -> 'sends'))::bigint
  from generate_series(1, p_times)
$$;

-- Ten times, since PostgreSQL may change its plan after the fifth.
select tests.remember('scans', to_jsonb(tests.scans()));
select tests.remember('read', to_jsonb(tests.tuples_read()));
select is(tests.turns(50, 10), 500::bigint, 'ten claims of fifty turns');
select is(tests.turns(1, 10), 10::bigint, 'and ten of one');
select is(to_jsonb(tests.scans()), tests.recall('scans'), 'without one sequential scan');
select cmp_ok(tests.tuples_read() - tests.recall('read')::text::bigint, '<', 30000::bigint, 'and read a few entries for each turn, however many wait');

select tests.remember('read', to_jsonb(tests.tuples_read()));
select is(tests.sends(50, 10), 500::bigint, 'ten claims of fifty sends');
select is(tests.sends(1, 10), 10::bigint, 'and ten of one');
select is(to_jsonb(tests.scans()), tests.recall('scans'), 'without one sequential scan');
select cmp_ok(tests.tuples_read() - tests.recall('read')::text::bigint, '<', 30000::bigint, 'and read a few entries for each');

select tests.remember('read', to_jsonb(tests.tuples_read()));
select public.complete_turn(jsonb_build_object(
  'org_id', org_id, 'contact_id', contact_id, 'fencing_token', turn_fencing_token, 'outcome', 'answered', 'correlation_id', 'c',
  'events', '[]'::jsonb, 'outbound', '[{"type": "text", "content": {"text": "hi"}}]'::jsonb
)) from (select * from public.contact_queues where turn_leased_until is not null order by contact_id limit 10) as held;
select public.claim_turn(jsonb_build_object('org_id', org_id, 'contact_id', contact_id, 'lease_seconds', 30))
from (select * from public.contact_queues where turn_due_at < now() order by contact_id limit 10) as due;
-- The two lists above read the table; nothing else may.
select cmp_ok(tests.scans() - tests.recall('scans')::text::bigint, '<=', 2::bigint, 'nor do claiming and completing a turn scan');

-- Ingest beside the backlog.
select tests.remember('scans', to_jsonb(tests.scans()));
select tests.remember('read', to_jsonb(tests.tuples_read()));
select tests.deliver(tests.text('wamid.new' || n), tests.text('wamid.more' || n, jsonb_build_object('phone', (250788000000 + n)::text)))
from generate_series(1, 10) as n;
select tests.report(jsonb_build_object('wamid', 'wamid.none', 'row_id', (select id from public.outbound_messages limit 1), 'status', 'read'))
from generate_series(1, 10);
select cmp_ok(tests.scans() - tests.recall('scans')::text::bigint, '<=', 10::bigint, 'nor does storing messages (the ten are this test''s own)');
select cmp_ok(tests.tuples_read() - tests.recall('read')::text::bigint, '<', 2000::bigint, 'which reads what belongs to the messages and nothing else');

select * from finish();
rollback;
