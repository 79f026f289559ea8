begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');

-- Everybody who takes this turn dies.
create function tests.die() returns text language plpgsql as $$
declare
  v_wamids text;
begin
  v_wamids := tests.wamids(tests.claim());
  perform tests.wait();
  -- Each claim is a moment of its own, which one transaction doesn't tell apart.
  update public.inbound_messages set disposed_at = disposed_at - interval '1 minute';
  return v_wamids;
end
$$;
create function tests.said() returns text language sql as $$
  select coalesce(string_agg(content ->> 'text', ' | ' order by sequence), 'nothing') from public.outbound_messages
$$;

select tests.deliver(tests.text('poison'));
select tests.die() from generate_series(1, 3);
select is(tests.said(), 'nothing', 'who is tried again isn''t told');
select is_empty('select 1 from public.failed_conversations', 'nor is anything marked');
update public.unified_sessions set preferences = '{"language": "fr"}';
select is(tests.claim() ->> 'code', 'nothing', 'after the last attempt nothing is left to answer');
select is(tests.said(), 'Désolé, un problème est survenu de notre côté. Réessayez ou écrivez MENU.', 'the person is told, in their language');
select is((select kind from public.outbound_messages), 'reply', 'as an answer to what they wrote');
select isnt((tests.queue()).send_due_at, null, 'which is due to be sent');
select results_eq(
  'select state, agent, error, failures, session_id from public.failed_conversations',
  $$ select 'failed', null::text, 'The turn was interrupted again and again', 1, id from public.unified_sessions $$, 'the conversation is marked'
);
select is_empty('select 1 from public.agent_switches', 'and no agent blamed');
select is((select count(*) from public.unified_agent_events where outcome = 'failed' and agent is null), 1::bigint, 'the event records why');

-- A burst, each of which is fatal: told once for what they have written so far.
update public.contact_queues set send_due_at = null;
select tests.deliver(tests.text('poison2'), tests.text('poison3'));
select tests.die() from generate_series(1, 8);
select is((select count(*) from public.inbound_messages where disposition = 'dead_lettered'), 3::bigint, '(both are given up)');
select is((select count(*) from public.outbound_messages), 2::bigint, 'a burst is told once');
select is((select failures from public.failed_conversations), 3, 'and counted as often as it failed');

-- Outside the window.
select tests.deliver(tests.text('poison4'));
select tests.die() from generate_series(1, 3);
update public.contact_queues set last_inbound_at = now() - interval '24 hours';
select tests.claim();
select is((select count(*) from public.outbound_messages), 2::bigint, 'after a day nobody is told');
select is((select failures from public.failed_conversations), 4, 'but it is marked');

-- Who hears nothing from us.
update public.contact_queues set last_inbound_at = now();
insert into public.contact_opt_outs (org_id, contact_id, reason) values (tests.id('clinic'), tests.contact(), 'stop');
select tests.deliver(tests.text('poison5'));
select tests.die() from generate_series(1, 4);
select is((select count(*) from public.outbound_messages), 2::bigint, 'who opted out is left alone');
delete from public.contact_opt_outs;
select tests.deliver(tests.text('poison6'));
update public.app_config set value = jsonb_set(value, '{unifiedServiceEnabled}', 'false') where key = 'unified_service_flags';
select tests.die() from generate_series(1, 4);
select is((select count(*) from public.outbound_messages), 2::bigint, 'so is everybody once the service is switched off');
select is((select failures from public.failed_conversations), 6, '(both are marked)');
-- What the older service answers never waits for a turn; what was taken while inside is ours.
update public.app_config set value = jsonb_set(value, '{unifiedServiceEnabled}', 'true') where key = 'unified_service_flags';
select tests.deliver(tests.text('poison7'));
update public.app_config set value = jsonb_set(value, '{unifiedServiceRolloutPercent}', '0') where key = 'unified_service_flags';
select tests.deliver(tests.text('elsewhere'));
select tests.die() from generate_series(1, 4);
select results_eq(
  $$ select disposition from public.inbound_messages where wamid in ('poison7', 'elsewhere') order by sequence $$,
  $$ values ('dead_lettered'), ('ignored') $$, '(who has moved out is the older service''s from the next message on)'
);
select is((select count(*) from public.outbound_messages), 3::bigint, 'who was taken while inside is told, having moved out too');

select * from finish();
rollback;
