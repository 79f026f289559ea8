begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');
select tests.deliver(tests.text('wamid.1'));

create function tests.sent(p_state text default 'sent') returns uuid language sql as $$
  delete from public.outbound_messages;
  insert into public.outbound_messages (org_id, contact_id, kind, type, content, state, sent_at, unknown_at, claimed_at, fencing_token, wamid)
  values (
    tests.id('clinic'), tests.contact(), 'reply', 'text', '{}', p_state, case p_state when 'sent' then now() end, now(), now(), 7,
    case p_state when 'sent' then 'wamid.out' end
  ) returning id
$$;
create function tests.state() returns text language sql as $$ select state from public.outbound_messages $$;
create function tests.told(variadic p_names text[]) returns text language sql as $$
  select tests.report(jsonb_build_object('wamid', 'wamid.out', 'status', name, 'at', now() - interval '1 minute')) from unnest(p_names) as name;
  select tests.state()
$$;

-- Every order in which two or three may come.
select tests.sent();
select is(tests.told('delivered'), 'delivered', 'sent, delivered');
select is(tests.told('read'), 'read', 'read');
select is(tests.told('delivered', 'sent'), 'read', 'what comes late changes nothing');
select ok((select delivered_at < read_at + interval '1 second' and sent_at is not null from public.outbound_messages), 'but its time is kept');
select tests.sent();
select is(tests.told('read'), 'read', 'read may come without delivered');
select is((select delivered_at from public.outbound_messages), null, 'which then has no time');
select tests.sent();
select is(tests.told('failed'), 'failed', 'sent, then failed');
select is(tests.told('sent'), 'failed', 'the sent that is told late doesn''t revive it');
select is(tests.told('delivered'), 'delivered', 'what was delivered has not failed');
select is(tests.told('failed'), 'delivered', 'nor can it fail any more');

-- In one delivery.
select tests.sent();
select is(tests.report(
  '{"wamid": "wamid.out", "status": "read"}', '{"wamid": "wamid.out", "status": "sent"}', '{"wamid": "wamid.out", "status": "delivered"}'
), 1, 'several of one message at once');
select is(tests.state(), 'read', 'are the furthest of them');

-- A send whose answer was lost.
select tests.remember('row', to_jsonb(tests.sent('unknown')));
select is(tests.report(jsonb_build_object('wamid', 'wamid.lost', 'row_id', tests.recall('row'), 'status', 'sent')), 1, 'the row that was sent along');
select results_eq('select state, wamid from public.outbound_messages', $$ values ('sent', 'wamid.lost') $$, 'settles what was unknown');
select tests.remember('row', to_jsonb(tests.sent('unknown')));
select tests.report(jsonb_build_object('wamid', 'wamid.lost', 'row_id', tests.recall('row'), 'status', 'failed', 'error_code', 131026, 'error', 'no'));
select results_eq('select state, error_code from public.outbound_messages', $$ values ('failed', 131026) $$, 'either way');
select tests.remember('row', to_jsonb(tests.sent('claimed')));
select tests.report(jsonb_build_object('wamid', 'wamid.fast', 'row_id', tests.recall('row'), 'status', 'delivered'));
select is(tests.state(), 'delivered', 'a status may come before the record of the send');
select tests.remember('row', to_jsonb(tests.sent('sent')));
select is(tests.report(jsonb_build_object('wamid', 'wamid.earlier', 'row_id', tests.recall('row'), 'status', 'failed')), 0, 'an earlier attempt''s end is not this one''s');

select is(tests.report('{"wamid": "wamid.somebody-else", "status": "read"}'), 0, 'what we didn''t send is nobody''s');
select tests.sent();
select tests.report('{"wamid": "wamid.out", "status": "failed", "error_code": 131050, "opted_out": true}');
select is((select state from public.contact_opt_outs where contact_id = tests.contact()), 'opted_out', 'who doesn''t want our messages has opted out');

select * from finish();
rollback;
