begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');
-- No turn is ever taken here: the agents are silent.
select tests.deliver(tests.text('wamid.1'));

create function tests.say(p_state text, p_minutes integer, p_changes jsonb default '{}') returns text language sql as $$
  select public.ingest_whatsapp(jsonb_build_object('opts', jsonb_build_array(jsonb_build_object(
    'd', 0, 'phone_number_id', '1001', 'phone', '250788123456', 'bsuid', null, 'state', p_state, 'reason', 'a word',
    'at', now() - interval '1 hour' + make_interval(mins => p_minutes)
  ) || p_changes)));
$$;
create function tests.opt() returns text language sql as $$
  select coalesce((select state from public.contact_opt_outs where contact_id = tests.contact()), 'never said')
$$;

select tests.say('opted_in', 0);
select is(tests.opt(), 'never said', 'nobody opts in who never opted out');
select tests.say('opted_out', 1);
select is(tests.opt(), 'opted_out', 'STOP takes effect when it arrives, whether or not anybody answers');
select is((select opted_out_at from public.contact_opt_outs), now() - interval '59 minutes', 'from when it was written');
select is((public.claim_turn(jsonb_build_object('org_id', tests.id('clinic'), 'contact_id', tests.contact(), 'lease_seconds', 30)) #> '{contact,opted_out}'), 'true', 'and whoever sends is told');
select tests.say('opted_in', 2);
select is(tests.opt(), 'opted_in', 'START takes it back');
select tests.say('opted_out', 1);
select is(tests.opt(), 'opted_in', 'the older word, delivered again, changes nothing');
select tests.say('opted_out', 3, jsonb_build_object('signed_by', tests.id('market')));
select tests.say('opted_out', 3, '{"phone_number_id": "2001"}');
select is(tests.opt(), 'opted_in', 'nor does what another organization was told');
select public.ingest_whatsapp(jsonb_build_object('opts', (
  select jsonb_agg(jsonb_build_object('d', 0, 'phone_number_id', '1001', 'phone', '250788123456', 'state', state, 'reason', state, 'at', now() - interval '1 minute') order by place)
  from (values ('opted_in', 1), ('opted_out', 2)) as word (state, place)
)));
select is(tests.opt(), 'opted_out', 'of two in one second the last one counts');

select * from finish();
rollback;
