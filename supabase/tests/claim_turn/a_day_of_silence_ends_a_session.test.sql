begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');

select tests.deliver(tests.text('wamid.1'));
select tests.remember('claim', tests.claim());
select is(tests.recall('claim') -> 'returned', 'false', 'a first session returns from nothing');
select tests.complete(jsonb_build_object('session', jsonb_build_object(
  'id', tests.recall('claim') #> '{session,id}', 'flow', 'sell', 'flow_step', 'price', 'collected_data', '{"crop": "maize"}'::jsonb,
  'preferences', '{"language": "rw"}'::jsonb
)));
update public.unified_sessions set last_message_at = now() - interval '25 hours';
select tests.deliver(tests.text('wamid.2'));
select tests.remember('second', tests.claim());
select is(tests.recall('second') -> 'returned', 'true', 'who comes back after a day');
select isnt(tests.recall('second') #> '{session,id}', tests.recall('claim') #> '{session,id}', 'begins another session');
select is(tests.recall('second') #> '{session,flow}', 'null', 'cleanly');
select is(tests.recall('second') #> '{session,preferences}', '{"language": "rw"}', 'with the preferences kept');
select results_eq(
  'select status, flow from public.unified_sessions order by status', $$ values ('active', null), ('expired', 'sell') $$, 'the old one is kept as it was'
);

select * from finish();
rollback;
