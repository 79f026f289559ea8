begin;
\ir ../people.psql
\ir ../messaging.psql
\ir ../calls.psql
select no_plan();
select tests.act_as('service role');
\ir ../agents.psql

select tests.ingest_report();
select tests.effect('bob', tests.listing('bicycle', '{"domain": "jobs"}'));
select tests.effect('ann', tests.apply('a1', 'bicycle'), tests.book('b1', tests.at('09:00')),
  jsonb_build_object('kind', 'open_ticket', 'id', tests.uuid('t1'), 'number', 'T-1', 'subject', 'Help', 'body', ''));
select tests.effect('bob', tests.book('b2', tests.at('10:00')));
create function tests.timeline(p_person text, p_contact text, p_changes jsonb default '{}') returns jsonb language sql as $$
  select public.contact_timeline(jsonb_build_object('org_id', tests.id('clinic'), 'user_id', tests.id(p_person), 'contact_id', tests.person(p_contact)) || p_changes)
$$;
create function tests.kinds(p_timeline jsonb) returns text language sql as $$
  select string_agg(item ->> 'kind', ' ' order by item ->> 'kind') from jsonb_array_elements(p_timeline -> 'items') as item
$$;

select is(tests.kinds(tests.timeline('member', 'ann')), 'application booking call message_in message_out ticket', 'messages, calls and what was done');
select is(tests.kinds(tests.timeline('member', 'bob')), 'booking message_in message_out message_out', 'nothing of another person');
select is(tests.timeline('viewer', 'ann') ->> 'code', 'forbidden', 'a viewer doesn''t read it');
select is(tests.timeline('market owner', 'ann') ->> 'code', 'forbidden', 'nor another organization');
select is(tests.timeline('market owner', 'ann', jsonb_build_object('org_id', tests.id('market'))) ->> 'code', 'not_found', 'in no way');
select is(
  tests.kinds(tests.timeline('member', 'ann', '{"org_id": null, "user_id": null}')), tests.kinds(tests.timeline('member', 'ann')),
  'an operator needs not know whose it is'
);
select is(tests.timeline('member', 'ann', '{"org_id": null}') ->> 'code', 'forbidden', 'a person has to');
select is(
  tests.timeline('member', 'ann', jsonb_build_object('org_id', null, 'user_id', null, 'contact_id', gen_random_uuid())) ->> 'code', 'not_found', 'nobody''s contact'
);

-- Page by page, nothing twice and nothing left out.
update public.tickets set created_at = now() - interval '1 day';
update public.bookings set created_at = now() - interval '2 days';
create function tests.pages() returns text language plpgsql as $$
declare
  v_page jsonb := '{}';
  v_seen text := '';
begin
  for v_round in 1 .. 10 loop
    v_page := tests.timeline('member', 'ann', jsonb_build_object('limit', 2) || coalesce(
      jsonb_build_object('before', v_page #> '{items,-1,at}', 'before_id', v_page #> '{items,-1,id}'), '{}'
    ));
    exit when v_page -> 'items' = '[]';
    v_seen := v_seen || (select string_agg(item ->> 'id', ' ') || ' ' from jsonb_array_elements(v_page -> 'items') as item);
  end loop;
  return v_seen;
end
$$;
select is(
  tests.pages(),
  (select string_agg(item ->> 'id', ' ') || ' ' from jsonb_array_elements(tests.timeline('member', 'ann') -> 'items') as item),
  'pages follow one another'
);
select is(tests.timeline('member', 'ann') #>> '{items,-1,kind}', 'booking', 'the newest first');

-- Two that are one.
select private.merge_contacts(tests.id('clinic'), tests.person('ann'), tests.person('bob'));
select is(jsonb_array_length(tests.timeline('member', 'ann') -> 'items'), 10, 'a person''s story is whole, whatever they were known by');

-- Both had applied for the same.
select tests.deliver(tests.text('wamid.c', '{"phone": "250788000003"}'), tests.text('wamid.d', '{"phone": "250788000004"}'));
insert into public.unified_applications (org_id, listing_id, contact_id, kind)
select tests.id('clinic'), tests.uuid('bicycle'), tests.contact(phone), 'application' from unnest(array['250788000003', '250788000004']) as phone;
select lives_ok(
  $$ select private.merge_contacts(tests.id('clinic'), tests.contact('250788000003'), tests.contact('250788000004')) $$,
  'two who applied for the same become one'
);
select is(
  (select count(*) from public.unified_applications where contact_id = tests.contact('250788000003') and state = 'submitted'), 1::bigint,
  'who applied once'
);

select * from finish();
rollback;
