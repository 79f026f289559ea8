begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');
select tests.deliver(tests.text('wamid.1'));

-- One message, claimed: its send is remembered as 'send'.
create function tests.claim_one() returns void language sql as $$
  delete from public.outbound_messages;
  update public.contact_queues set send_due_at = null, send_leased_until = null;
  select private.queue_outbound_message(tests.id('clinic'), tests.contact(), 'reply', 'text', '{"text": "a"}');
  select tests.remember('send', public.claim_outbound('{"limit": 10, "lease_seconds": 30}') #> '{sends,0}');
$$;
create function tests.is_free() returns boolean language sql as $$
  select (tests.queue()).send_leased_until is null
$$;

select tests.claim_one();
select is(tests.record('{"outcome": "sent", "wamid": "wamid.out"}'), '{"code": "recorded", "lost": [], "sends": []}', 'a send is recorded');
select results_eq('select state, wamid, sent_at is not null from public.outbound_messages', $$ values ('sent', 'wamid.out', true) $$, 'with its id');
select ok(tests.is_free() and (tests.queue()).send_due_at is null, 'and nothing is left to do');
select is(tests.record('{"outcome": "sent", "wamid": "wamid.out"}') -> 'lost', '[]', 'twice is once');

select tests.claim_one();
select tests.record('{"outcome": "failed", "error_code": 131026, "error": "no"}');
select results_eq('select state, error_code, error from public.outbound_messages', $$ values ('failed', 131026, 'no') $$, 'what WhatsApp refuses for good has failed');
select is_empty('select 1 from public.dead_letters', 'which is an answer, not a dead letter');

select tests.claim_one();
select tests.record(jsonb_build_object('outcome', 'retry', 'retry_at', now() + interval '1 minute', 'error', 'busy'));
select results_eq('select state, attempts from public.outbound_messages', $$ values ('queued', 1) $$, 'what may be tried again waits');
select is((tests.queue()).send_due_at, now() + interval '1 minute', 'for its time');
select tests.wait();
select tests.remember('send', public.claim_outbound('{"limit": 10, "lease_seconds": 30}') #> '{sends,0}');
select tests.record(jsonb_build_object('outcome', 'retry', 'retry_at', now() - interval '1 second', 'error', 'busy'));
select is((select state from public.outbound_messages), 'claimed', 'or is claimed at once when that is now');
select tests.remember('send', jsonb_build_object(
  'org_id', tests.id('clinic'), 'contact_id', tests.contact(), 'fencing_token', (select fencing_token from public.outbound_messages),
  'messages', (select jsonb_agg(jsonb_build_object('id', id)) from public.outbound_messages)
));
select tests.record('{"outcome": "retry", "error": "still busy"}');
select results_eq('select state, attempts from public.outbound_messages', $$ values ('failed', 3) $$, 'after exactly three attempts it is given up');
select is((select source || ' ' || reason from public.dead_letters), 'outbox still busy', 'as a dead letter with its reason');

select tests.claim_one();
select tests.record(jsonb_build_object('outcome', 'held', 'retry_at', now() + interval '1 hour'));
select results_eq('select state, attempts from public.outbound_messages', $$ values ('queued', 0) $$, 'what is held back costs no attempt');

select tests.claim_one();
select tests.record('{"outcome": "unknown", "error": "no answer"}');
select is((select state from public.outbound_messages), 'unknown', 'what nobody can tell is unknown');
select is(tests.record('{"outcome": "sent", "wamid": "wamid.late"}') -> 'lost', '[]', 'whoever knows better later');
select is((select state from public.outbound_messages), 'sent', 'is believed');

select tests.claim_one();
select tests.report(jsonb_build_object('wamid', 'wamid.early', 'row_id', (select id from public.outbound_messages), 'status', 'delivered'));
select tests.record('{"outcome": "unknown"}');
select is((select state from public.outbound_messages), 'delivered', 'a status that came first is not taken back');

select tests.claim_one();
select tests.remember('stale', tests.recall('send') || '{"fencing_token": 1}');
select isnt(tests.record('{"outcome": "failed"}', 'stale') -> 'lost', '[]', 'a stale holder can''t record');
select is((select state from public.outbound_messages), 'claimed', 'anything');
select isnt(
  public.record_sent(jsonb_build_object('lease_seconds', 30, 'results', jsonb_build_array(jsonb_build_object(
    'org_id', tests.id('market'), 'contact_id', tests.contact(), 'fencing_token', tests.recall('send') -> 'fencing_token',
    'id', tests.recall('send') #> '{messages,0,id}', 'outcome', 'failed'
  )))) -> 'lost', '[]', 'nor can another organization'
);

select tests.claim_one();
select tests.record('{"outcome": "sent", "wamid": "wamid.t", "type": "template", "content": {"name": "x", "language": "en"}}');
select results_eq('select type, content ->> ''name'' from public.outbound_messages', $$ values ('template', 'x') $$, 'what was sent instead is kept');

-- What concerns the organization.
select tests.claim_one();
select tests.record('{"outcome": "held"}', 'send', jsonb_build_object(
  'pauses', jsonb_build_array(jsonb_build_object('org_id', tests.id('clinic'), 'seconds', 60, 'reason', 'token')),
  'failed_integrations', jsonb_build_array(jsonb_build_object('org_id', tests.id('clinic'), 'fingerprint', 'fp-clinic', 'error', 'bad token')),
  'opted_out', jsonb_build_array(jsonb_build_object('org_id', tests.id('clinic'), 'contact_id', tests.contact())),
  'provider_calls', jsonb_build_array(jsonb_build_object('org_id', tests.id('clinic'), 'calls', '[{"provider": "whatsapp", "operation": "send_message", "outcome": "refused", "status": 401, "duration_ms": 12}]'::jsonb))
));
select is((select last_error from public.integrations where org_id = tests.id('clinic')), 'bad token', 'a token that died marks the integration');
select is((select severity from public.alerts where rule = 'credential_failed'), 'critical', 'and is told at once');
select is(public.claim_outbound('{"limit": 10, "lease_seconds": 30}') -> 'sends', '[]', 'nothing more is sent with it for a while');
select is((select state from public.contact_opt_outs), 'opted_out', 'who refused our messages has opted out');
select is((select call_count from public.provider_call_stats), 1, 'calls are counted');
update public.integrations set last_error = null where org_id = tests.id('clinic');
select public.record_sent(jsonb_build_object('failed_integrations', jsonb_build_array(jsonb_build_object('org_id', tests.id('clinic'), 'fingerprint', 'fp-older', 'error', 'bad token'))));
select is((select last_error from public.integrations where org_id = tests.id('clinic')), null, 'not a token that was replaced since');

select * from finish();
rollback;
