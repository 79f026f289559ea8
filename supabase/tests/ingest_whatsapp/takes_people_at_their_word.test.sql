begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');
-- No turn is ever taken here: the agents are silent.

create function tests.say(p_wamid text, p_state text, p_minutes integer, p_changes jsonb default '{}') returns jsonb language sql as $$
  select public.ingest_whatsapp(jsonb_build_object(
    'messages', jsonb_build_array(
      tests.text(p_wamid || '.before', p_changes || '{"i": 0}'),
      tests.text(p_wamid, jsonb_build_object('i', 1, 'sent_at', now() - interval '1 hour' + make_interval(mins => p_minutes)) || p_changes)
    ),
    'opts', jsonb_build_array(jsonb_build_object('i', 1, 'state', p_state, 'reason', 'a word'))
  ));
$$;
create function tests.opt() returns text language sql as $$
  select coalesce((select state from public.contact_opt_outs where contact_id = tests.contact()), 'never said')
$$;

select tests.say('wamid.1', 'opted_in', 0);
select is(tests.opt(), 'never said', 'nobody opts in who never opted out');
select tests.say('wamid.2', 'opted_out', 1);
select is(tests.opt(), 'opted_out', 'STOP takes effect when it arrives, whether or not anybody answers');
select is((select opted_out_at from public.contact_opt_outs), now() - interval '59 minutes', 'from when it was written');
select is((tests.claim() #>> '{contact,opted_out}'), 'true', 'and whoever sends is told');
select tests.say('wamid.3', 'opted_in', 1);
select is(tests.opt(), 'opted_in', 'START takes it back, in the same second');
select tests.say('wamid.2', 'opted_out', 1);
select is(tests.opt(), 'opted_in', 'the older word, delivered again, changes nothing');
select tests.say('wamid.4', 'opted_out', 0);
select is(tests.opt(), 'opted_in', 'nor does one that comes late');
select tests.say('wamid.5', 'opted_out', 3, jsonb_build_object('signed_by', tests.id('market')));
select tests.say('wamid.6', 'opted_out', 3, '{"phone_number_id": "2001"}');
select is(tests.opt(), 'opted_in', 'nor what another organization was told');
select public.ingest_whatsapp(jsonb_build_object(
  'messages', jsonb_build_array(tests.text('wamid.7', '{"i": 0}'), tests.text('wamid.8', '{"i": 1}')),
  'opts', '[{"i": 0, "state": "opted_in", "reason": "START"}, {"i": 1, "state": "opted_out", "reason": "STOP"}]'::jsonb
));
select is(tests.opt(), 'opted_out', 'of two in one second the last one counts');

select * from finish();
rollback;
