begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');
\ir ../agents.psql

-- Ann's restaurant has one table; Bob reserves it.
create function tests.table_at(p_booking text, p_starts_at timestamptz default tests.at('17:00')) returns jsonb language sql as $$
  select tests.book(p_booking, p_starts_at, jsonb_build_object(
    'resource', 'restaurant/table/1', 'details', jsonb_build_object('listing_id', tests.uuid('grill'), 'people', 2)
  ))
$$;
-- When that is in Kigali.
create function tests.evening() returns text language sql as $$ select to_char(tests.at('19:00') at time zone 'UTC', 'YYYY-MM-DD HH24:MI') $$;
create function tests.reserve(p_application text, p_booking text) returns jsonb language sql as $$
  select tests.apply(p_application, 'grill', 'reservation') || jsonb_build_object('details', jsonb_build_object('booking_id', tests.uuid(p_booking)))
$$;
create function tests.answer(p_application text, p_answer text) returns jsonb language sql as $$
  select jsonb_build_object('kind', 'answer_application', 'application_id', tests.uuid(p_application), 'answer', p_answer)
$$;
create function tests.cancel(p_booking text) returns jsonb language sql as $$
  select jsonb_build_object('kind', 'cancel_booking', 'booking_id', tests.uuid(p_booking))
$$;
create function tests.said(p_person text) returns text language sql as $$
  select coalesce(string_agg(content ->> 'text', ' | ' order by sequence), 'nothing') from public.outbound_messages
  where contact_id = tests.person(p_person) and coalesce(dedupe_key, '') not like 'booking:%'
$$;
create function tests.forget() returns void language sql as $$ delete from public.outbound_messages $$;
update public.organization_settings set time_zone = 'Africa/Kigali' where org_id = tests.id('clinic');

select tests.effect('ann', tests.listing('grill', '{"domain": "waiter", "title": "Grill"}'));
select is(tests.effect('bob', tests.table_at('b1'), tests.reserve('r1', 'b1')), null, 'a table is reserved');
select is(tests.code('ann', tests.table_at('b2')), 'taken', 'and is nobody else''s');
select tests.forget() from (select tests.said('ann')) as told;

-- Declined.
select is(tests.code('bob', tests.answer('r1', 'declined')), 'not_yours', 'the guest doesn''t answer');
select is(tests.code('ann', tests.answer('r1', 'declined')), 'done', 'the restaurant declines');
select is((select state from public.bookings where id = tests.uuid('b1')), 'cancelled', 'the table is given back');
select is(tests.said('bob'), E'Your reservation at "Grill" was declined, the table is not kept.\n' || tests.evening(), 'the guest is told, and when it was');
select is(tests.code('ann', tests.answer('r1', 'declined')), 'done', 'declined again');
select is(tests.code('bob', tests.cancel('b1')), 'done', 'or cancelled as well');
select is(tests.said('bob') || tests.said('ann'), E'Your reservation at "Grill" was declined, the table is not kept.\n' || tests.evening() || 'nothing', 'nobody is told twice');
select is(tests.effect('bob', tests.table_at('b3'), tests.reserve('r3', 'b3')), null, 'the slot is free again');

-- Cancelled.
select is(tests.code('ann', tests.answer('r3', 'accepted')), 'done', '(accepted)');
select tests.forget();
select is(tests.code('ann', tests.cancel('b3')), 'not_yours', 'the restaurant doesn''t cancel it as the guest');
select is(tests.code('bob', tests.cancel('b3')), 'done', 'the guest cancels');
select is(tests.code('bob', tests.cancel('b3')), 'done', 'twice');
select is(tests.said('ann'), E'Bob cancelled the reservation at "Grill".\n' || tests.evening(), 'the restaurant is told once');
select results_eq(
  $$ select application.state, booking.state from public.unified_applications as application, public.bookings as booking
     where application.id = tests.uuid('r3') and booking.id = tests.uuid('b3') $$,
  $$ values ('withdrawn', 'cancelled') $$, 'it is withdrawn, and its table free'
);
select is(tests.code('ann', tests.answer('r3', 'declined')), 'already_done', 'what is withdrawn is not answered');
select is(tests.code('ann', tests.table_at('b4')), 'done', 'the slot is somebody else''s now');

-- A reservation that names another one's booking gives nothing of theirs away.
select is(tests.effect('bob', tests.reserve('r5', 'b4')), null, '(names Ann''s booking)');
select is(tests.code('ann', tests.answer('r5', 'declined')), 'done', 'declined');
select is((select state from public.bookings where id = tests.uuid('b4')), 'booked', 'it stays booked');

-- In the person's own language, shared among agents or not.
select tests.forget();
update public.unified_sessions
set preferences = '{"agents": {"waiter": {"language": "sw"}}}', context = '{"language": "sw"}'
where contact_id = tests.person('ann');
select is(tests.effect('bob', tests.table_at('b6', tests.at('17:00', 1)), tests.reserve('r6', 'b6')), null, '(reserved)');
select is(tests.said('ann'), 'Bob ameweka nafasi kwa "Grill".', 'a language that agents don''t share is still the person''s');

select * from finish();
rollback;
