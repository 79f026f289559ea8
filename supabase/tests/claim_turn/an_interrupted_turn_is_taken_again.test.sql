begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');

select tests.deliver(tests.text('wamid.1'), tests.text('wamid.2'));
select tests.remember('claim', tests.claim());
select tests.wait();
select tests.remember('second', tests.claim());
select is(tests.wamids(tests.recall('second')), 'wamid.1', 'when the lease has run out it is claimed again, one message at a time');
select is(tests.complete(), '{"code": "lease_lost"}', 'and whoever had it can''t complete it any more');
select is_empty('select 1 from public.outbound_messages', 'nothing of it was written');
select is(tests.complete(p_claim => 'second') ->> 'code', 'completed', 'the new holder can');
select tests.remember('third', tests.claim());
select is(tests.wamids(tests.recall('third')), 'wamid.2', 'then the next message');
select tests.complete(p_claim => 'third');
select is(tests.claim(), '{"code": "nothing"}', 'then there is nothing');

-- A message that kills whoever takes it.
select tests.deliver(tests.text('poison'), tests.text('fine'));
select is(tests.wamids(tests.claim()), 'poison fine', 'first attempt');
select tests.wait();
select is(tests.wamids(tests.claim()), 'poison', 'second');
select tests.wait();
select is(tests.wamids(tests.claim()), 'poison', 'third');
select tests.wait();
select tests.remember('claim', tests.claim());
select is(tests.wamids(tests.recall('claim')), 'fine', 'after exactly three it is given up, and the conversation goes on');
select results_eq(
  $$ select wamid, disposition, attempts from public.inbound_messages where wamid in ('poison', 'fine') order by wamid $$,
  $$ values ('fine', 'received', 1), ('poison', 'dead_lettered', 3) $$, 'the others lose one attempt at most'
);
select results_eq(
  'select source, source_id, attempts from public.dead_letters', $$ values ('whatsapp', 'whatsapp:poison', 3) $$, 'it is a dead letter'
);
select is((select count(*) from public.alerts where rule = 'dead_letters'), 1::bigint, 'and somebody is told');

select * from finish();
rollback;
