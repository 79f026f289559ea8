begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();

-- A whole life of one message: claimed, recorded, told of, refused, decided. p_n tells calls apart.
create function tests.claim_sends(p_n text, p_limit integer) returns jsonb language sql as $$
  select public.claim_outbound(jsonb_build_object('claim_id', md5(p_n), 'limit', p_limit, 'lease_seconds', 60, 'max_messages', 1))
$$;
create function tests.record_sends(p_n text, p_sends jsonb) returns jsonb language sql as $$
  select public.record_sent(jsonb_build_object('claim_id', md5(p_n), 'lease_seconds', 60, 'max_messages', 1, 'results', (
    select coalesce(jsonb_agg(jsonb_build_object(
      'org_id', send -> 'org_id', 'contact_id', send -> 'contact_id', 'fencing_token', send -> 'fencing_token',
      'id', message -> 'id', 'outcome', 'sent', 'wamid', 'wamid.' || (message ->> 'id')
    )), '[]')
    from jsonb_array_elements(p_sends) as send, jsonb_array_elements(send -> 'messages') as message
  )))
$$;
create function tests.tell(p_sends jsonb, p_status text) returns integer language sql as $$
  select private.apply_outbound_statuses(coalesce((
    select jsonb_agg(jsonb_build_object(
      'org_id', send -> 'org_id', 'wamid', 'wamid.' || (message ->> 'id'), 'row_id', message -> 'id', 'status', p_status, 'at', now(),
      'error_code', case p_status when 'failed' then 130429 end
    ))
    from jsonb_array_elements(p_sends) as send, jsonb_array_elements(send -> 'messages') as message
  ), '[]'))
$$;
create function tests.settle_some(p_limit integer) returns jsonb language sql as $$
  select public.settle_refusals(jsonb_build_object('results', (
    select coalesce(jsonb_agg(jsonb_build_object(
      'org_id', refusal -> 'org_id', 'contact_id', refusal -> 'contact_id', 'id', refusal -> 'id', 'wamid', refusal -> 'wamid',
      'outcome', 'held', 'retry_at', now() + interval '15 seconds'
    )), '[]')
    from jsonb_array_elements(public.list_refusals(jsonb_build_object('limit', p_limit)) -> 'refusals') as refusal
  )))
$$;

-- Plans are kept: these are made while the tables are all but empty, as on the day a project is set up.
select tests.deliver(tests.text('wamid.early'));
select private.queue_outbound_message(tests.id('clinic'), tests.contact(), 'reply', 'text', '{"text": "hi"}') from generate_series(1, 20);
create temporary table early as select n, tests.claim_sends('early' || n, 1) -> 'sends' as sends from generate_series(1, 10) as n;
select tests.record_sends('record' || n, coalesce(nullif(sends, '[]'), '[]')), tests.claim_sends('early' || n, 1), tests.tell(sends, 'sent'), tests.settle_some(1)
from early;

-- What other tests left behind when they were rolled back is walked over once.
select private.queue_due_send_outbox(), private.queue_due_finish_turns();

-- 30,000 contacts of 300 organizations with a message waiting for each; 30,000 that were refused; 30,000
-- that left, and 30,000 claims of an hour.
insert into public.organizations (id, name) select md5(n::text)::uuid, 'Organization ' || n from generate_series(1, 300) as n;
insert into public.contacts (id, org_id, rollout_key)
select md5('c' || n)::uuid, md5((n % 300 + 1)::text)::uuid, n::text from generate_series(1, 30000) as n;
insert into public.contact_queues (org_id, contact_id, send_due_at)
select org_id, id, now() - interval '1 hour' from public.contacts where org_id <> tests.id('clinic');
insert into public.outbound_messages (org_id, contact_id, kind, type, content)
select org_id, id, 'reply', 'text', '{"text": "hi"}' from public.contacts where org_id <> tests.id('clinic');
insert into public.outbound_messages (org_id, contact_id, kind, type, content, state, sent_at, wamid, failed_at, refused_at, error_code, attempts)
select org_id, id, 'reply', 'text', '{"text": "hi"}', 'failed', now(), 'wamid.refused' || rollout_key, now(), now() - interval '1 minute', 130429, 1
from public.contacts where org_id <> tests.id('clinic');
insert into public.outbound_messages (org_id, contact_id, kind, type, content, state, sent_at, wamid)
select org_id, id, 'reply', 'text', '{"text": "hi"}', 'sent', now(), 'wamid.left' || rollout_key from public.contacts where org_id <> tests.id('clinic');
insert into private.send_claims (id) select gen_random_uuid() from generate_series(1, 30000);
insert into public.contact_opt_outs (org_id, contact_id, reason) select org_id, id, 'STOP' from public.contacts where org_id <> tests.id('clinic');

create function tests.tables() returns setof oid language sql as $$
  select unnest(array[
    'public.contact_queues'::regclass, 'public.outbound_messages', 'public.contacts', 'public.contact_identities',
    'public.contact_opt_outs', 'private.send_claims'
  ])::oid
$$;
create function tests.scans() returns bigint language sql as $$
  select sum(pg_stat_get_xact_numscans(oid))::bigint from tests.tables() as oid
$$;
create function tests.tuples_read() returns bigint language sql as $$
  select sum(pg_stat_get_xact_tuples_returned(indexrelid))::bigint from pg_index where indrelid in (select tests.tables())
$$;
create function tests.begin_watch() returns void language sql as $$
  select tests.remember('scans', to_jsonb(tests.scans())), tests.remember('read', to_jsonb(tests.tuples_read()))
$$;
create function tests.read_since() returns bigint language sql as $$
  select tests.tuples_read() - tests.recall('read')::text::bigint
$$;

-- Ten times each, since PostgreSQL may change its plan after the fifth.
select tests.begin_watch();
create temporary table claimed as select n, tests.claim_sends('claim' || n, 50) -> 'sends' as sends from generate_series(1, 10) as n;
select is((select sum(jsonb_array_length(sends)) from claimed), 500::bigint, 'ten claims of fifty');
select is((select count(*) from claimed where tests.claim_sends('claim' || n, 50) -> 'sends' <> '[]'), 10::bigint, 'and the same again after a lost answer');
select is(to_jsonb(tests.scans()), tests.recall('scans'), 'without one sequential scan');
select cmp_ok(tests.read_since(), '<', 40000::bigint, 'and read a few entries for each, however many wait');

select tests.begin_watch();
select is(
  (select count(*) from claimed where tests.record_sends('recorded' || n, sends) ->> 'lost' = '[]'), 10::bigint, 'ten records of fifty sends'
);
select is((select count(*) from claimed where tests.record_sends('recorded' || n, sends) ->> 'lost' = '[]'), 10::bigint, 'and the same again');
select is(to_jsonb(tests.scans()), tests.recall('scans'), 'without one sequential scan');
select cmp_ok(tests.read_since(), '<', 40000::bigint, 'and read a few entries for each, however many wait');

select tests.begin_watch();
select is((select sum(tests.tell(sends, 'sent')) from claimed), 500::bigint, 'ten times fifty statuses');
select is((select sum(tests.tell(sends, 'failed')) from claimed where n <= 5), 250::bigint, 'and refusals among them');
select is(to_jsonb(tests.scans()), tests.recall('scans'), 'without one sequential scan');
select cmp_ok(tests.read_since(), '<', 20000::bigint, 'and read a few entries for each, however many there are');

select tests.begin_watch();
select is(
  (select sum((tests.settle_some(50) ->> 'settled')::integer) from generate_series(1, 10)), 500::bigint, 'ten decisions about fifty refusals'
);
select is(to_jsonb(tests.scans()), tests.recall('scans'), 'without one sequential scan');
select cmp_ok(tests.read_since(), '<', 40000::bigint, 'and read a few entries for each, however many wait');

select tests.begin_watch();
select private.queue_due_send_outbox(), private.queue_due_finish_turns();
select public.read_webhook_secrets('{"phone_number_ids": ["1001"], "business_account_ids": ["waba-1001"]}');
select is(to_jsonb(tests.scans()), tests.recall('scans'), 'nor does looking whether anything is due');
select cmp_ok(tests.read_since(), '<', 2000::bigint, 'which reads next to nothing');

select * from finish();
rollback;
