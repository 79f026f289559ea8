-- Whoever changed number is known to the allow and deny lists by the number of now, and by the first as ever.
begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');

create function tests.set_lists(p_allow text[], p_deny text[], p_percent integer) returns void language sql as $$
  update public.app_config
  set value = value || jsonb_build_object('allow', p_allow, 'deny', p_deny, 'unifiedServiceRolloutPercent', p_percent)
  where key = 'unified_service_flags'
$$;
create function tests.disposition(p_wamid text) returns text language sql as $$
  select disposition from public.inbound_messages where wamid = p_wamid
$$;
create function tests.is_off() returns boolean language sql as $$
  select private.is_switched_off(tests.id('clinic'), tests.contact('250788000002'))
$$;

select tests.deliver(tests.text('wamid.1', '{"phone": "250788000001", "bsuid": "RW.1"}'));
select tests.deliver(tests.text('wamid.2', '{
  "phone": "250788000001", "bsuid": "RW.1", "type": "system", "needs_turn": false, "name": null,
  "change": {"new_phone": "250788000002", "previous_phone": "250788000001"}
}'));
select is(
  (select rollout_key from public.contacts where id = tests.contact('250788000002')), '250788000001', 'the key is that of the first number'
);
select is(tests.is_off(), false, 'nobody is denied');

select tests.set_lists('{}', '{+250 788 000 002}', 100);
select is(tests.is_off(), true, 'denied by the number of now, what goes on ends');
select tests.deliver(tests.text('wamid.3', '{"phone": "250788000002"}'));
select is(tests.disposition('wamid.3'), 'ignored', 'and what comes is left outside');
select tests.set_lists('{}', '{RW.1}', 100);
select is(tests.is_off(), true, 'the same by BSUID');
select tests.set_lists('{}', '{250788000001}', 100);
select is(tests.is_off(), true, 'and by the key, as ever');
select tests.set_lists('{}', '{250788000003}', 100);
select is(tests.is_off(), false, 'another number is somebody else''s');
select tests.deliver(tests.text('wamid.4', '{"phone": "250788000002"}'));
select is(tests.disposition('wamid.4'), 'received', 'who is answered');

select tests.set_lists('{}', '{}', 0);
select tests.deliver(tests.text('wamid.5', '{"phone": "250788000002"}'));
select is(tests.disposition('wamid.5'), 'ignored', 'nobody is inside');
select tests.set_lists('{250788000002}', '{}', 0);
select tests.deliver(tests.text('wamid.6', '{"phone": "250788000002"}'));
select is(tests.disposition('wamid.6'), 'received', 'but whom the allow list names as of now');
select tests.set_lists('{250788000002}', '{250788000002}', 100);
select tests.deliver(tests.text('wamid.7', '{"phone": "250788000002"}'));
select is(tests.disposition('wamid.7'), 'ignored', 'the deny list comes first');

-- A person of the organization answers: a percentage leaves them inside, the deny list doesn't.
insert into public.hand_overs (org_id, contact_id, reason) select tests.id('clinic'), tests.contact('250788000002'), 'asked';
select tests.set_lists('{}', '{}', 0);
select is(
  private.is_left_outside(private.flags_in_force(), tests.id('clinic'), tests.contact('250788000002')), false, 'a conversation goes on'
);
select tests.set_lists('{}', '{250788000002}', 0);
select is(
  private.is_left_outside(private.flags_in_force(), tests.id('clinic'), tests.contact('250788000002')), true, 'until they are denied'
);

select is(
  private.is_contact_named('["250788000002"]', tests.id('market'), tests.contact('250788000002')), false, 'nobody is looked for across tenants'
);
select is(
  public.find_contacts_for_rollout('{"phone": "250788000002"}') #> '{contacts,0,names}', '["RW.1", "250788000002"]', 'explaining knows all names'
);

select * from finish();
rollback;
