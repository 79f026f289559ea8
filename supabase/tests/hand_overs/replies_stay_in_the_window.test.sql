begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');
\ir ../agents.psql

create function tests.reply(p_name text) returns jsonb language sql as $$
  select public.reply_to_hand_over(jsonb_build_object(
    'org_id', tests.id('clinic'), 'user_id', tests.id('member'), 'hand_over_id', tests.uuid('h1'),
    'reply_id', tests.uuid(p_name), 'text', 'Good morning'
  ))
$$;
create function tests.release() returns jsonb language sql as $$
  select public.release_hand_over(jsonb_build_object('org_id', tests.id('clinic'), 'user_id', tests.id('admin'), 'hand_over_id', tests.uuid('h1')))
$$;

select tests.effect('ann', jsonb_build_object('kind', 'hand_over', 'id', tests.uuid('h1'), 'reason', 'Asked for a person'));
select public.take_hand_over(jsonb_build_object('org_id', tests.id('clinic'), 'user_id', tests.id('member'), 'hand_over_id', tests.uuid('h1')));
select is(tests.reply('r1') ->> 'code', 'queued', 'within a day of what they wrote');
update public.contact_queues set last_inbound_at = now() - interval '24 hours' where contact_id = tests.person('ann');
select is(tests.reply('r1') ->> 'code', 'queued', 'what was said stays said');
select is(
  tests.reply('r2'),
  jsonb_build_object('code', 'outside_window', 'last_inbound_at', (select last_inbound_at from public.contact_queues where contact_id = tests.person('ann'))),
  'later nothing may be said freely'
);
select is((select count(*) from public.outbound_messages), 1::bigint, '(and nothing waits to be)');
select is(tests.release(), '{"code": "released", "told": false}', 'who is given back then isn''t told');
select is((select count(*) from public.outbound_messages), 1::bigint, '(truly)');

-- Who says STOP while they wait.
update public.contact_queues set last_inbound_at = now() where contact_id = tests.person('ann');
update public.hand_overs set state = 'taken', released_at = null;
insert into public.contact_opt_outs (org_id, contact_id, reason, opted_out_at)
values (tests.id('clinic'), tests.person('ann'), 'stop', now() - interval '1 hour');
select is(tests.reply('r3') ->> 'code', 'queued', 'who had opted out before they asked for a person is answered');
update public.contact_opt_outs set opted_out_at = now();
select is(tests.reply('r4') ->> 'code', 'opted_out', 'who opts out then is left alone');
select tests.deliver(tests.text('wamid.stop', '{"content": {"text": "STOP"}}'));
select is(tests.claim() ->> 'code', 'claimed', 'and their STOP is answered: it has ended what a person had taken');
select is((select state from public.hand_overs), 'released', '(over)');
select is(tests.reply('r4') ->> 'code', 'opted_out', 'who had it hears why');
select is((tests.release()) ->> 'code', 'released', '(which is no mistake of theirs)');

-- Nobody had taken it: nobody needs to look.
select tests.effect('ann', jsonb_build_object('kind', 'hand_over', 'id', tests.uuid('h2'), 'reason', 'Again'));
select is((select state from public.alerts where dedupe_key = tests.uuid('h2')::text), 'raised', '(somebody is told)');
update public.contact_opt_outs set opted_out_at = now() - interval '1 hour';
select is(private.open_hand_over(tests.id('clinic'), tests.person('ann')) ->> 'state', 'waiting', 'an earlier STOP ends nothing');
update public.contact_opt_outs set opted_out_at = now();
select is(private.open_hand_over(tests.id('clinic'), tests.person('ann')), null, 'a later one does');
select is((select state from public.alerts where dedupe_key = tests.uuid('h2')::text), 'resolved', 'with its alert');
update public.hand_overs set state = 'taken', released_at = null where id = tests.uuid('h1');
update public.contact_opt_outs set state = 'opted_in', opted_in_at = now();
select is(tests.reply('r6') ->> 'code', 'queued', 'who said START after it is answered');

-- Who had it has left the organization.
delete from public.organization_members where user_id = tests.id('member') and org_id = tests.id('clinic');
select is(tests.reply('r5') ->> 'code', 'forbidden', 'who left says nothing');
select is(tests.release() ->> 'code', 'released', 'an admin gives back what another had');

select * from finish();
rollback;
