begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');

-- Ann by her number, and somebody by a BSUID: one person, as turns out.
select tests.deliver(tests.text('wamid.1'));
select tests.complete() from (select tests.remember('claim', tests.claim())) as claimed;
select tests.deliver(tests.text('wamid.2', '{"phone": null, "bsuid": "RW.1"}'));
select tests.remember('loser', to_jsonb((select contact_id from public.contact_identities where value = 'RW.1')));
update public.contacts set created_at = created_at - interval '1 day' where id = tests.contact();
create function tests.loser() returns uuid language sql as $$ select (tests.recall('loser') #>> '{}')::uuid $$;
select tests.remember('stale', public.claim_turn(jsonb_build_object('org_id', tests.id('clinic'), 'contact_id', tests.loser(), 'lease_seconds', 30)));
select private.merge_contacts(tests.id('clinic'), tests.contact(), tests.loser());
select is(tests.complete('{"contact_id": null}'::jsonb || jsonb_build_object('contact_id', tests.loser()), 'stale') ->> 'code', 'lease_lost', 'who was answering the other contact stops');
select tests.wait();

-- What was stored by somebody who had looked the contact up before the merge was committed.
create function tests.arrive_late(p_wamid text) returns void language sql as $$
  insert into public.contact_queues as queue (org_id, contact_id, received_sequence, turn_due_at)
  values (tests.id('clinic'), tests.loser(), 1, now())
  on conflict (org_id, contact_id) do update set received_sequence = queue.received_sequence + 1;
  insert into public.inbound_messages (org_id, contact_id, wamid, sequence, type, payload, phone_number_id)
  values (tests.id('clinic'), tests.loser(), p_wamid, 1, 'text', '{}', '1001');
  insert into public.unified_sessions (org_id, contact_id) values (tests.id('clinic'), tests.loser());
$$;
select tests.arrive_late('wamid.late');
select tests.remember('claim', public.claim_turn(jsonb_build_object('org_id', tests.id('clinic'), 'contact_id', tests.loser(), 'lease_seconds', 30)));
select is(tests.wamids(tests.recall('claim')), 'wamid.2 wamid.late', 'a turn of the merged contact is its survivor''s, with all that waits');
select is(tests.recall('claim') ->> 'contact_id', tests.contact()::text, 'under the survivor''s name');
select is(tests.recall('claim') #>> '{contact,phone}', '250788123456', 'where an answer arrives');
select is(tests.complete() ->> 'code', 'completed', 'and it is completed as any other');
select is_empty(format('select 1 from public.contact_queues where contact_id = %L', tests.loser()), 'nothing waits under the other name');
select is_empty(format('select 1 from public.unified_sessions where contact_id = %L', tests.loser()), 'nor is there a session');

-- The worker finds such a contact as well.
select tests.wait();
select tests.arrive_late('wamid.later');
select is(
  (select string_agg(tests.wamids(turn), ' ') from jsonb_array_elements(public.claim_due_turns('{"limit": 10, "lease_seconds": 30}') -> 'turns') as turn),
  'wamid.later', 'the worker takes what was left with the merged contact'
);

-- And so with messages out.
delete from public.outbound_messages;
update public.contact_queues set send_due_at = null, send_leased_until = null;
insert into public.contact_queues (org_id, contact_id, send_due_at) values (tests.id('clinic'), tests.loser(), now());
insert into public.outbound_messages (org_id, contact_id, kind, type, content)
values (tests.id('clinic'), tests.loser(), 'reply', 'text', '{"text": "late"}');
select tests.remember('send', public.claim_outbound('{"limit": 10, "lease_seconds": 30}') #> '{sends,0}');
select is(tests.recall('send') #>> '{messages,0,content,text}', 'late', 'a message put in for the merged contact leaves');
select is(tests.recall('send') #>> '{recipient,phone}', '250788123456', 'to the person''s number');
select is(tests.recall('send') ->> 'contact_id', tests.contact()::text, 'as the survivor''s');

select * from finish();
rollback;
