begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');

create function tests.names(p_contact_id uuid) returns text language sql as $$
  select string_agg(kind || ':' || value, ' ' order by kind, value) from public.contact_identities where contact_id = p_contact_id
$$;
create function tests.by_bsuid(p_value text) returns uuid language sql as $$
  select contact_id from public.contact_identities where kind = 'bsuid' and value = p_value
$$;

select tests.deliver(tests.text('wamid.1'));
select tests.deliver(tests.text('wamid.2', '{"bsuid": "RW.1"}'));
select is(tests.names(tests.contact()), 'bsuid:RW.1 phone:250788123456', 'a BSUID joins the number that it comes with');
select tests.deliver(tests.text('wamid.3', '{"bsuid": "RW.1", "phone": null}'));
select is((select count(*) from public.contacts), 1::bigint, 'and stands for it alone');
select is((tests.queue()).received_sequence, 3::bigint, 'in one conversation');

-- Known twice, then seen to be one.
select tests.deliver(tests.text('wamid.4', '{"phone": "250788000001", "name": "Old"}'));
select tests.act_as('operator');
update public.contacts set created_at = now() - interval '1 day' where id = tests.contact('250788000001');
select tests.act_as('service role');
select tests.deliver(tests.text('wamid.5', '{"phone": null, "bsuid": "RW.2"}'));
select tests.remember('older', to_jsonb(tests.contact('250788000001')));
select tests.remember('newer', to_jsonb(tests.by_bsuid('RW.2')));
select tests.deliver(tests.text('wamid.6', '{"phone": "250788000001", "bsuid": "RW.2"}'));
select is(to_jsonb(tests.by_bsuid('RW.2')), tests.recall('older'), 'the one seen first stays');
select is(
  (select rollout_key from public.contacts where id = tests.contact('250788000001')), '250788000001', 'with its rollout key'
);
select is(
  (select to_jsonb(merged_into_id) from public.contacts where to_jsonb(id) = tests.recall('newer')), tests.recall('older'), 'the other points at it'
);
select is(
  (select string_agg(wamid, ' ' order by sequence) from public.inbound_messages where contact_id = tests.contact('250788000001')),
  'wamid.4 wamid.5 wamid.6', 'what waited of both waits in one order'
);
select is((select count(*) from public.unified_sessions where contact_id = tests.contact('250788000001') and status = 'active'), 1::bigint, 'in one active session');
select is((select count(*) from public.contact_queues where to_jsonb(contact_id) = tests.recall('newer')), 0::bigint, 'nothing waits under the other');

-- A number with another BSUID has a new owner.
select tests.deliver(tests.text('wamid.7', '{"phone": "250788000001", "bsuid": "RW.3", "name": "New owner"}'));
select isnt(tests.by_bsuid('RW.3'), tests.by_bsuid('RW.2'), 'who gets the number doesn''t get the conversation');
select is(tests.names(tests.by_bsuid('RW.3')), 'bsuid:RW.3 phone:250788000001', 'the number moved');
select is(tests.names(tests.by_bsuid('RW.2')), 'bsuid:RW.2', 'the old owner is still known');

-- Two new names of one person in one batch.
select tests.deliver(
  tests.text('wamid.8', '{"phone": "250788000009"}'), tests.text('wamid.9', '{"phone": "250788000009", "bsuid": "RW.9"}'),
  tests.text('wamid.10', '{"phone": null, "bsuid": "RW.9"}')
);
select is(tests.names(tests.contact('250788000009')), 'bsuid:RW.9 phone:250788000009', 'one batch may introduce a person by both names');
select is((tests.queue('250788000009')).received_sequence, 3::bigint, 'all of it is one conversation');

-- One number and two BSUIDs in one delivery: whoever has it, nothing of the delivery waits for it.
select tests.deliver(
  tests.text('wamid.two1', '{"phone": "250788444401", "bsuid": "RW.T1"}'),
  tests.text('wamid.two2', '{"phone": "250788444401", "bsuid": "RW.T2"}'),
  tests.text('wamid.two3', '{"phone": "250788444402"}')
);
select is((select count(*) from public.inbound_messages where wamid like 'wamid.two%'), 3::bigint, 'one number under two BSUIDs in one delivery');
select is(
  (select count(distinct contact_id) from public.contact_identities where value in ('RW.T1', 'RW.T2')), 2::bigint,
  'is two people, of whom one has the number'
);
select tests.deliver(tests.text('wamid.two4', '{"phone": "250788444401", "bsuid": "RW.T2"}'), tests.text('wamid.two5', '{"phone": "250788444401", "bsuid": "RW.T1"}'));
select is((select count(*) from public.inbound_messages where wamid like 'wamid.two%'), 5::bigint, 'again, when both are known');

select * from finish();
rollback;
