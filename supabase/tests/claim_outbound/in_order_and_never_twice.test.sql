begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');
select tests.deliver(tests.text('wamid.1'), tests.text('wamid.2', '{"phone": "250788000002"}'), tests.text('wamid.3', '{"phone_number_id": "2001"}'));

create function tests.put(p_text text, p_changes jsonb default '{}') returns uuid language sql as $$
  select private.queue_outbound_message(
    tests.id(coalesce(p_changes ->> 'organization', 'clinic')),
    tests.contact(coalesce(p_changes ->> 'phone', '250788123456'), coalesce(p_changes ->> 'organization', 'clinic')),
    coalesce(p_changes ->> 'kind', 'reply'), 'text', jsonb_build_object('text', p_text), p_changes ->> 'dedupe_key', null,
    coalesce((p_changes ->> 'not_before')::timestamptz, now())
  )
$$;
create function tests.claim_sends(p_limit integer default 10) returns jsonb language sql as $$
  select public.claim_outbound(jsonb_build_object('limit', p_limit, 'lease_seconds', 30))
$$;
create function tests.texts(p_sends jsonb) returns text language sql as $$
  select coalesce(string_agg(t, ' | ' order by t), '') from (
    select string_agg(message #>> '{content,text}', ' ' order by place) as t
    from jsonb_array_elements(p_sends -> 'sends') with ordinality as send (value, contact)
    cross join lateral jsonb_array_elements(value -> 'messages') with ordinality as listed (message, place)
    group by contact
  ) as by_contact
$$;

select is(tests.texts(tests.claim_sends()), '', 'nothing waits');
select tests.put('a1'), tests.put('a2'), tests.put('b1', '{"phone": "250788000002"}'), tests.put('m1', '{"organization": "market"}');
select tests.remember('claimed', tests.claim_sends());
select is(tests.texts(tests.recall('claimed')), 'a1 a2 | b1 | m1', 'each contact''s messages in order, of all organizations');
select is(tests.recall('claimed') #>> array['senders', tests.id('market')::text, 'whatsapp', 'public_config', 'phone_number_id'], '2001', 'with each one''s number');
select is(tests.texts(tests.claim_sends()), '', 'nobody else gets them');
select tests.put('a3');
select is(tests.texts(tests.claim_sends()), '', 'nor what is behind them');

-- The sender died.
select tests.wait();
select is(tests.texts(tests.claim_sends()), 'a3', 'when its lease has run out, what is behind goes on');
select results_eq(
  $$ select content ->> 'text', state from public.outbound_messages order by 1 $$,
  $$ values ('a1', 'unknown'), ('a2', 'unknown'), ('a3', 'claimed'), ('b1', 'unknown'), ('m1', 'unknown') $$,
  'what it may have sent is never sent again'
);
select is((select count(*) from public.alerts where rule = 'outbox_unknown'), 2::bigint, 'which somebody is told');

-- Lanes.
select tests.act_as('operator');
delete from public.outbound_messages; update public.contact_queues set send_due_at = null, send_leased_until = null;
select tests.act_as('service role');
select tests.put('later', '{"kind": "initiated", "not_before": "2099-01-01"}'), tests.put('even later', '{"kind": "initiated"}'), tests.put('now');
select is(tests.texts(tests.claim_sends()), 'now', 'a reply doesn''t wait behind what is held back, and nothing overtakes within a lane');
select is((select send_due_at > now() from tests.queue()), true, '(its lease)');

-- Once only.
select is(tests.put('x', '{"dedupe_key": "call-1", "phone": "250788000002"}'), tests.put('y', '{"dedupe_key": "call-1", "phone": "250788000002"}'), 'one key, one message');

-- Paused, expired.
select tests.act_as('operator');
insert into public.outbound_pauses (org_id, reason, paused_until) values (tests.id('clinic'), 'token', now() + interval '1 hour');
select tests.act_as('service role');
select is(tests.texts(tests.claim_sends()), '', 'an organization that is held back sends nothing');
update public.outbound_pauses set paused_until = now() - interval '1 second';
update public.outbound_messages set expires_at = now() - interval '1 second' where dedupe_key = 'call-1';
select is(tests.texts(tests.claim_sends()), '', 'and nothing is sent when it isn''t worth it any more');
select is((select state from public.outbound_messages where dedupe_key = 'call-1'), 'expired', 'it has expired');

select * from finish();
rollback;
