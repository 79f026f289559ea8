begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');
select tests.deliver(tests.text('wamid.1'));

create function tests.put(p_text text) returns uuid language sql as $$
  select private.queue_outbound_message(tests.id('clinic'), tests.contact(), 'reply', 'text', jsonb_build_object('text', p_text))
$$;
create function tests.claim_as(p_claim text) returns jsonb language sql as $$
  select public.claim_outbound(jsonb_build_object('claim_id', md5(p_claim), 'limit', 10, 'lease_seconds', 30, 'max_messages', 1))
$$;
create function tests.states() returns text language sql as $$
  select string_agg(state, ' ' order by sequence) from public.outbound_messages
$$;

select tests.put('a'), tests.put('b'), tests.put('c');
select tests.remember('claimed', tests.claim_as('one'));
select is(tests.recall('claimed') #>> '{sends,0,messages,0,content,text}', 'a', 'a message is claimed');
select is(tests.claim_as('one'), tests.recall('claimed'), 'the same claim again gives the same answer');
select is(tests.claim_as('two') -> 'sends', '[]', 'another one doesn''t');
select is(tests.states(), 'claimed queued queued', 'and nothing else was claimed');

select tests.remember('send', tests.recall('claimed') #> '{sends,0}');
create function tests.record_as(p_claim text, p_result jsonb default '{"outcome": "sent", "wamid": "wamid.out"}') returns jsonb language sql as $$
  select tests.record(p_result, 'send', jsonb_build_object(
    'claim_id', md5(p_claim), 'max_messages', 1,
    'provider_calls', jsonb_build_array(jsonb_build_object('org_id', tests.id('clinic'), 'calls',
      '[{"provider": "whatsapp", "operation": "send_message", "outcome": "succeeded", "status": 200, "duration_ms": 12}]'::jsonb))
  ))
$$;
select tests.remember('recorded', tests.record_as('three'));
select is(tests.recall('recorded') #>> '{sends,0,messages,0,content,text}', 'b', 'recording it claims the next');
select is(tests.record_as('three'), tests.recall('recorded'), 'the same record again gives the same answer');
select is(tests.states(), 'sent claimed queued', 'and records and claims nothing more');
select is((select call_count from public.provider_call_stats), 1, 'nor counts its calls again');

-- What was given back is not taken from whoever has it by then.
select tests.remember('send', tests.recall('recorded') #> '{sends,0}');
select tests.remember('held', tests.record_as('four', jsonb_build_object('outcome', 'held', 'retry_at', now() + interval '1 hour')));
select is(tests.recall('held'), '{"code": "recorded", "lost": [], "sends": []}', 'a message is given back');
select is(tests.record_as('four', jsonb_build_object('outcome', 'held', 'retry_at', now() + interval '1 hour')), tests.recall('held'), 'and given back once');
select tests.wait();
select tests.remember('send', tests.claim_as('five') #> '{sends,0}');
select tests.wait();
select is(tests.claim_as('five') -> 'sends', '[]', 'when its lease is over, a claim that is made again gets nothing');
select tests.claim_as('six');
select is(tests.claim_as('five') -> 'sends', '[]', 'nor what somebody else has claimed since');

select * from finish();
rollback;
