begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');

create function tests.put(p_phone text, p_text text) returns uuid language sql as $$
  select private.queue_outbound_message(tests.id('clinic'), tests.contact(p_phone), 'reply', 'text', jsonb_build_object('text', p_text))
$$;
create function tests.claim_sends() returns jsonb language sql as $$
  select public.claim_outbound('{"limit": 10, "lease_seconds": 30}') -> 'sends'
$$;
create function tests.merge(p_one text, p_other text) returns uuid language sql as $$
  select private.merge_contacts(tests.id('clinic'), tests.contact(p_one), tests.contact(p_other))
$$;

-- The one that stays has nothing on its way; the other one's message is being sent.
select tests.deliver(tests.text('wamid.1', '{"phone": "250788000001"}'), tests.text('wamid.2', '{"phone": "250788000002"}'));
update public.contacts set created_at = created_at - interval '1 day' where id = tests.contact('250788000001');
select tests.put('250788000002', 'first');
select tests.remember('send', tests.claim_sends() -> 0);
select tests.put('250788000001', 'second');
select tests.merge('250788000001', '250788000002');
select is(tests.claim_sends(), '[]', 'while somebody sends for one of two that become one, nobody else does');
update public.contact_queues set send_due_at = now() where contact_id = tests.contact('250788000001');
select is(tests.claim_sends(), '[]', 'not even where the queue says that it is due');
select is(
  tests.record('{"outcome": "sent", "wamid": "wamid.out"}') #>> '{sends,0,messages,0,content,text}', 'second',
  'whoever was sending goes on with what the survivor has waiting'
);
select results_eq(
  'select content ->> ''text'', state from public.outbound_messages order by sequence',
  $$ values ('first', 'sent'), ('second', 'claimed') $$, 'and what it sent is recorded'
);

-- Both are being sent to.
select tests.deliver(tests.text('wamid.3', '{"phone": "250788000003"}'), tests.text('wamid.4', '{"phone": "250788000004"}'));
select tests.put('250788000003', 'third'), tests.put('250788000004', 'fourth');
select tests.remember('both', tests.claim_sends());
select tests.put('250788000003', 'fifth');
select tests.merge('250788000003', '250788000004');
select tests.remember('send', tests.recall('both') -> 0);
select is(tests.record('{"outcome": "sent", "wamid": "wamid.3out"}'), '{"code": "recorded", "lost": [], "sends": []}', 'of two who are sending, the first one done gets nothing more');
select tests.remember('send', tests.recall('both') -> 1);
select is(tests.record('{"outcome": "sent", "wamid": "wamid.4out"}'), '{"code": "recorded", "lost": [], "sends": []}', 'nor does the other');
select is(tests.claim_sends(), '[]', 'as long as their leases might last');
select tests.wait();
select is(tests.claim_sends() #>> '{0,messages,0,content,text}', 'fifth', 'then it goes on');
select is((select count(*) from public.outbound_messages where state = 'unknown' and content ->> 'text' <> 'second'), 0::bigint, 'and nothing of them is unknown');

-- A dead letter run again while somebody sends.
select tests.wait();
select tests.deliver(tests.text('wamid.5', '{"phone": "250788000005"}'));
select tests.put('250788000005', 'given up');
select tests.remember('send', tests.claim_sends() -> 0);
select tests.record('{"outcome": "retry", "error": "busy"}', 'send', '{"max_attempts": 1}');
select tests.put('250788000005', 'on its way');
select tests.claim_sends();
select public.replay_dead_letter(jsonb_build_object('id', (select id from public.dead_letters)));
select ok((select send_due_at = send_leased_until from tests.queue('250788000005')), 'a replay waits for whoever is sending');

select * from finish();
rollback;
