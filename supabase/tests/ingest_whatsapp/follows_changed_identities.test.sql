begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');

create function tests.change(p_wamid text, p_sender jsonb, p_change jsonb) returns void language sql as $$
  select tests.deliver(tests.text(p_wamid, '{"type": "system", "needs_turn": false, "name": null}'::jsonb || p_sender || jsonb_build_object('change', p_change)))
$$;
create function tests.names(p_contact_id jsonb) returns text language sql as $$
  select string_agg(kind || ':' || value, ' ' order by kind, value) from public.contact_identities where to_jsonb(contact_id) = p_contact_id
$$;

select tests.deliver(tests.text('wamid.1', '{"bsuid": "RW.1"}'));
select tests.remember('ann', to_jsonb(tests.contact()));
select tests.act_as('operator');
update public.contacts set created_at = now() - interval '3 days';
select tests.act_as('service role');
select tests.remember('session', (select to_jsonb(id) from public.unified_sessions));

select tests.change('wamid.2', '{"bsuid": "RW.1"}', '{"new_phone": "250788999999", "new_bsuid": "RW.2", "previous_phone": "250788123456", "previous_bsuid": "RW.1"}');
select is(tests.names(tests.recall('ann')), 'bsuid:RW.2 phone:250788999999', 'a changed number and BSUID');
select tests.deliver(tests.text('wamid.3', '{"phone": "250788999999"}'));
select is((select to_jsonb(contact_id) from public.inbound_messages where wamid = 'wamid.3'), tests.recall('ann'), 'is the same contact');
select is((select to_jsonb(id) from public.unified_sessions where status = 'active'), tests.recall('session'), 'in the same session');
select is((select rollout_key from public.contacts where to_jsonb(id) = tests.recall('ann')), '250788123456', 'in the same bucket');
select tests.deliver(tests.text('wamid.4'));
select isnt(to_jsonb(tests.contact('250788123456')), tests.recall('ann'), 'whoever has the old number now is somebody else');

select tests.change('wamid.5', '{"phone": null, "bsuid": "RW.2"}', '{"new_bsuid": "RW.3", "previous_bsuid": "RW.2"}');
select is(tests.names(tests.recall('ann')), 'bsuid:RW.3 phone:250788999999', 'a changed BSUID alone leaves the number');

-- The message under the new number overtook the news of the change.
select tests.deliver(tests.text('wamid.6', '{"phone": "250788777777"}'));
select tests.change('wamid.7', '{"phone": "250788999999"}', '{"new_phone": "250788777777", "previous_phone": "250788999999"}');
select is(to_jsonb(tests.contact('250788777777')), tests.recall('ann'), 'two contacts that turn out to be one keep the older');
select is((select to_jsonb(contact_id) from public.inbound_messages where wamid = 'wamid.6'), tests.recall('ann'), 'with what waited');

-- A number that somebody else had long before.
select tests.deliver(tests.text('wamid.8', '{"phone": "250788555555", "bsuid": "RW.5"}'));
select tests.remember('carol', to_jsonb(tests.contact('250788555555')));
select tests.change('wamid.9', '{"phone": "250788777777"}', '{"new_phone": "250788555555", "previous_phone": "250788777777"}');
select is(to_jsonb(tests.contact('250788555555')), tests.recall('ann'), 'a number that was given up moves');
select is((select merged_into_id from public.contacts where to_jsonb(id) = tests.recall('carol')), null, 'but nobody becomes who gave it up');
select is(tests.names(tests.recall('carol')), 'bsuid:RW.5', 'who is still known');

select lives_ok($$ select tests.change('wamid.9', '{"phone": "250788777777"}', '{"new_phone": "250788555555"}') $$, 'the same news again changes nothing');

-- Deliveries come in any order: what was written under the old name before it moved.
select tests.deliver(tests.text('wamid.old1', '{"phone": "250788666601"}'));
select tests.remember('eve', to_jsonb(tests.contact('250788666601')));
select tests.change('wamid.old2', '{"phone": "250788666601"}', jsonb_build_object(
  'new_phone', '250788666602', 'previous_phone', '250788666601', 'changed_at', now() - interval '5 minutes'
));
select tests.deliver(tests.text('wamid.old3', jsonb_build_object('phone', '250788666601', 'sent_at', now() - interval '10 minutes')));
select is((select to_jsonb(contact_id) from public.inbound_messages where wamid = 'wamid.old3'), tests.recall('eve'), 'what comes late is of the same person');
select tests.deliver(tests.text('wamid.old4', '{"phone": "250788666601"}'));
select isnt((select to_jsonb(contact_id) from public.inbound_messages where wamid = 'wamid.old4'), tests.recall('eve'), 'what was written afterwards is of somebody else');

select * from finish();
rollback;
