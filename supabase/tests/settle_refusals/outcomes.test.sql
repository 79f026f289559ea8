begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');
select tests.deliver(tests.text('wamid.1'));

-- One message that was sent as p_wamid and that WhatsApp refused afterwards.
create function tests.refuse(p_code integer default 130429, p_wamid text default 'wamid.out') returns uuid language plpgsql as $$
declare
  v_id uuid;
begin
  delete from public.outbound_messages;
  update public.contact_queues set send_due_at = null, send_leased_until = null;
  insert into public.outbound_messages (org_id, contact_id, kind, type, content, state, sent_at, wamid, attempts, fencing_token)
  values (tests.id('clinic'), tests.contact(), 'reply', 'text', '{"text": "a"}', 'sent', now(), p_wamid, 1, 7)
  returning id into v_id;
  perform tests.report(jsonb_build_object('wamid', p_wamid, 'status', 'failed', 'error_code', p_code, 'error', 'no'));
  return v_id;
end
$$;
create function tests.settle(p_result jsonb, p_more jsonb default '{}') returns integer language sql as $$
  select (public.settle_refusals(jsonb_build_object('max_attempts', 3, 'results', (
    select jsonb_agg(jsonb_build_object('org_id', org_id, 'contact_id', contact_id, 'id', id, 'wamid', 'wamid.out') || p_result)
    from public.outbound_messages
  )) || p_more) ->> 'settled')::integer
$$;
create function tests.waiting() returns bigint language sql as $$
  select jsonb_array_length(public.list_refusals('{"limit": 10}') -> 'refusals')::bigint
$$;
create function tests.state() returns text language sql as $$ select state from public.outbound_messages $$;

select is(tests.waiting(), 0::bigint, 'nothing was refused');
select tests.refuse();
select is(tests.state(), 'failed', 'what WhatsApp refuses after it took it has failed');
select results_eq(
  $$ select refusal ->> 'error_code', refusal ->> 'wamid', refusal ->> 'attempts', refusal ->> 'fingerprint'
     from jsonb_array_elements(public.list_refusals('{"limit": 10}') -> 'refusals') as refusal $$,
  $$ values ('130429', 'wamid.out', '1', 'fp-clinic') $$, 'and waits for a decision'
);
select is(public.list_refusals('{"limit": 10}') #>> array['senders', tests.id('clinic')::text, 'whatsapp', 'public_config', 'phone_number_id'], '1001', 'with its organization''s settings');
select ok(private.queue_due_send_outbox() > 0, 'which the worker is called for');

select is(tests.settle('{"outcome": "failed"}'), 1, 'for good');
select is(tests.state() || ' ' || tests.waiting(), 'failed 0', 'it stays failed');
select is(tests.settle('{"outcome": "retry"}'), 0, 'what is settled is not settled again');
select is(tests.state(), 'failed', 'differently');

select tests.refuse();
select is(tests.settle(jsonb_build_object('outcome', 'held', 'retry_at', now() + interval '15 seconds')), 1, 'what may be sent again');
select results_eq(
  'select state, wamid, attempts, not_before, refused_wamids from public.outbound_messages',
  $$ values ('queued', null::text, 1, now() + interval '15 seconds', array['wamid.out']) $$, 'waits for its time'
);
select is((tests.queue()).send_due_at, now() + interval '15 seconds', 'and is due then');
select is(tests.settle('{"outcome": "held"}'), 0, 'once, whoever else decided the same');
select tests.report(jsonb_build_object('wamid', 'wamid.out', 'row_id', (select id from public.outbound_messages), 'status', 'sent'));
select tests.report(jsonb_build_object('wamid', 'wamid.out', 'row_id', (select id from public.outbound_messages), 'status', 'failed', 'error_code', 130429));
select is(tests.state(), 'queued', 'what is told of the refused one, again or late, isn''t the new one''s');
select tests.wait();
select tests.remember('send', public.claim_outbound('{"limit": 10, "lease_seconds": 30}') #> '{sends,0}');
select tests.record('{"outcome": "sent", "wamid": "wamid.again"}');
select results_eq('select state, wamid, attempts from public.outbound_messages', $$ values ('sent', 'wamid.again', 2) $$, 'it leaves once more');

select tests.refuse(131047);
select tests.settle('{"outcome": "held", "type": "template", "content": {"name": "come_back", "language": "en"}}');
select results_eq('select type, content ->> ''name'' from public.outbound_messages', $$ values ('template', 'come_back') $$, 'or as something else');

select tests.refuse();
update public.outbound_messages set attempts = 3;
select tests.settle('{"outcome": "retry"}');
select is(tests.state(), 'failed', 'what was tried often enough is given up');
select is((select source || ' ' || reason from public.dead_letters), 'outbox no', 'as a dead letter');
select public.replay_dead_letter(jsonb_build_object('id', (select id from public.dead_letters)));
select results_eq('select state, wamid, refused_wamids from public.outbound_messages', $$ values ('queued', null::text, array['wamid.out']) $$, 'that can be run again');

-- Somebody is sending to the same person.
select tests.refuse();
update public.contact_queues set send_due_at = now() + interval '1 minute', send_leased_until = now() + interval '1 minute';
select tests.settle('{"outcome": "held"}');
select is((tests.queue()).send_due_at, now() + interval '1 minute', 'it waits for whoever is sending');

-- What concerns the organization.
select tests.refuse(190);
select tests.settle('{"outcome": "held"}', jsonb_build_object(
  'pauses', jsonb_build_array(jsonb_build_object('org_id', tests.id('clinic'), 'seconds', 300, 'reason', 'token')),
  'failed_integrations', jsonb_build_array(jsonb_build_object('org_id', tests.id('clinic'), 'fingerprint', 'fp-clinic', 'error', 'bad token'))
));
select is((select last_error from public.integrations where org_id = tests.id('clinic')), 'bad token', 'a dead token marks the integration');
select is((select severity from public.alerts where rule = 'credential_failed'), 'critical', 'and is told');
select tests.refuse(190);
update public.integrations set last_checked_at = now() + interval '1 second' where org_id = tests.id('clinic');
select is(public.list_refusals('{"limit": 10}') #>> '{refusals,0,fingerprint}', null, 'not where a token was checked since');

-- What is delivered after all has not failed.
select tests.refuse();
select tests.report('{"wamid": "wamid.out", "status": "delivered"}');
select is(tests.state() || ' ' || tests.waiting(), 'delivered 0', 'a refusal that is taken back needs no decision');

-- Another organization's.
select tests.refuse();
select is(tests.settle(jsonb_build_object('outcome', 'held', 'org_id', tests.id('market'))), 0, 'nobody settles another organization''s');

select * from finish();
rollback;
