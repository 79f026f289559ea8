begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');
\ir ../agents.psql

select tests.effect('ann', tests.listing('bicycle', '{"domain": "jobs"}'));
select tests.remember('claim', tests.claim('250788000002'));
select is(
  tests.recall('claim') -> 'limits', '{"switched_off_agents": [], "tokens_left": 500000}', 'a turn is told what it may use'
);

-- Refused: as if the turn had not been completed at all.
select is(
  tests.complete(jsonb_build_object('effects', jsonb_build_array(tests.listing('lamp'), tests.apply('a1', 'nowhere')), 'events', '[{"event_type": "turn", "outcome": "succeeded", "agent": "jobs", "input_tokens": 5}]'::jsonb)),
  '{"code": "refused", "refusals": [{"place": 1, "code": "not_found"}], "is_switched_off": false}', 'a refused effect is told'
);
select is((select disposition from public.inbound_messages where wamid = 'wamid.bob'), 'received', 'nothing is answered');
select is_empty('select 1 from public.outbound_messages', 'nothing is said');
select is_empty('select 1 from public.unified_agent_events', 'nothing is on record');
select is_empty('select 1 from public.language_model_usage', 'or counted');
select is_empty($$ select 1 from public.unified_listings where title <> 'Red bicycle' $$, 'and no effect is left');
select is((tests.queue('250788000002')).claimed_sequence is not null, true, 'the lease holds');

-- Decided anew.
select tests.remember('answer', tests.complete(jsonb_build_object(
  'effects', jsonb_build_array(tests.listing('lamp', '{"title": "A lamp"}'), tests.apply('a1', 'bicycle')),
  'events', '[{"event_type": "turn", "outcome": "succeeded", "agent": "jobs", "input_tokens": 5, "output_tokens": 7}]'::jsonb
)));
select is(tests.recall('answer') ->> 'code', 'completed', 'the same turn is completed');
select is(jsonb_path_query_array(tests.recall('answer'), '$.send.messages[*].content.text'), '["hi"]', 'its reply leaves at once');
select results_eq(
  $$ select contact_id = tests.person('ann'), kind, state from public.outbound_messages where kind = 'initiated' $$,
  $$ values (true, 'initiated', 'queued') $$, 'the other party is told through the outbox'
);
select is((tests.queue()).send_due_at <= clock_timestamp(), true, 'which is due');
select is(tests.complete(jsonb_build_object('effects', jsonb_build_array(tests.listing('lamp'), tests.apply('a1', 'bicycle')))) ->> 'code', 'completed', 'completed again, after a lost answer');
select is((select count(*) from public.unified_applications), 1::bigint, 'it does nothing twice');
select is((select count(*) from public.outbound_messages), 2::bigint, 'and says nothing twice');
select is((select input_tokens + output_tokens from public.language_model_usage), 12::bigint, 'tokens are counted once');

-- A stale holder.
select tests.deliver(tests.text('wamid.2', '{"phone": "250788000002"}'));
select tests.remember('stale', tests.claim('250788000002'));
select tests.wait();
select tests.remember('claim', tests.claim('250788000002'));
select is(tests.complete(jsonb_build_object('effects', jsonb_build_array(tests.listing('chair'))), 'stale') ->> 'code', 'lease_lost', 'whoever lost the lease');
select is_empty($$ select 1 from public.unified_listings where id = tests.uuid('chair') $$, 'writes nothing');
select is(tests.recall('claim') #> '{limits,tokens_left}', '499988', 'the budget shrinks');

select tests.complete(
  '{"outcome": "failed", "error": "It broke", "outbound": [], "events": [{"event_type": "turn", "outcome": "failed", "input_tokens": 3, "output_tokens": 4, "cost_usd": 0.5}]}'
);
select results_eq(
  'select input_tokens + output_tokens, cost_usd from public.language_model_usage', $$ values (19::bigint, 0.5) $$,
  'by what a failed turn paid as well'
);

-- A contact that was merged meanwhile, and one who doesn't exist.
select is(
  public.complete_turn(jsonb_build_object('org_id', tests.id('clinic'), 'contact_id', tests.person('far'), 'fencing_token', 1, 'outcome', 'answered', 'effects', jsonb_build_array(tests.listing('chair')))),
  '{"code": "lease_lost"}', 'somebody of another organization has no turn here'
);

select * from finish();
rollback;
