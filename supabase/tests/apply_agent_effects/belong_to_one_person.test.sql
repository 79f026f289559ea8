begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');
\ir ../agents.psql

-- Listings.
select is(tests.code('ann', tests.listing('bicycle', '{"domain": "jobs"}')), 'done', 'a listing is made');
select is(tests.code('ann', tests.listing('bicycle', '{"title": "Other"}')), 'done', 'again under its id');
select results_eq('select title, revision, language from public.unified_listings', $$ values ('Red bicycle', 1, 'en') $$, 'does nothing');
select is(tests.code('bob', tests.listing('bicycle')), 'already_done', 'nor can anybody else take its id');
select is(tests.code('far', tests.listing('bicycle')), 'already_done', 'in no organization');
select is(tests.code('bob', '{"kind": "update_listing", "state": "sold"}'::jsonb || jsonb_build_object('listing_id', tests.uuid('bicycle'))), 'not_yours', 'nobody sells what is another''s');
select is(tests.code('far', '{"kind": "update_listing", "state": "sold"}'::jsonb || jsonb_build_object('listing_id', tests.uuid('bicycle'))), 'not_found', 'another organization doesn''t even see it');
select is(tests.code('ann', '{"kind": "update_listing", "price": 45000}'::jsonb || jsonb_build_object('listing_id', tests.uuid('bicycle'))), 'done', 'its owner changes its price');
select is(tests.code('ann', tests.listing('bad', '{"title": ""}')), 'invalid', 'what constraints refuse is invalid');
select is(tests.code('ann', tests.listing('bad', '{"price": "1e40"}')), 'invalid', 'and what no column holds');
select is(tests.code('ann', '{"kind": "drop_everything"}'), 'invalid', 'and what isn''t known');

-- Applications.
select is(tests.code('ann', tests.apply('a1', 'bicycle')), 'own_listing', 'nobody applies to the own listing');
select is(tests.code('far', tests.apply('a1', 'bicycle')), 'not_found', 'or to one of another organization');
select is(tests.code('bob', tests.apply('a1', 'bicycle')), 'done', 'somebody else does');
select is(tests.code('bob', tests.apply('a1', 'bicycle')), 'done', 'the same again does nothing');
select is(tests.code('bob', tests.apply('a2', 'bicycle')), 'already_done', 'nor does another one of the same person');
select is(tests.code('bob', tests.apply('a3', 'bicycle', 'inquiry')), 'done', 'who may ask as often as they want');
select results_eq(
  $$ select contact_id = tests.person('ann'), kind, content ->> 'text' from public.outbound_messages order by sequence $$,
  $$ values (true, 'initiated', 'Bob applied for "Red bicycle". Write "my applicants" to answer.'),
            (true, 'initiated', 'Bob asks about "Red bicycle". Write "my inquiries" to answer.') $$,
  'the owner is told of each once'
);
select is(tests.code('bob', jsonb_build_object('kind', 'answer_application', 'application_id', tests.uuid('a1'), 'answer', 'accepted')), 'not_yours', 'nobody accepts the own application');
select is(tests.code('far', jsonb_build_object('kind', 'answer_application', 'application_id', tests.uuid('a1'), 'answer', 'accepted')), 'not_found', 'or one of another organization');
select is(tests.code('ann', jsonb_build_object('kind', 'answer_application', 'application_id', tests.uuid('a1'), 'answer', 'accepted')), 'done', 'the owner does');
select is(tests.code('ann', jsonb_build_object('kind', 'answer_application', 'application_id', tests.uuid('a1'), 'answer', 'accepted')), 'done', 'again is the same');
select is(tests.code('ann', jsonb_build_object('kind', 'answer_application', 'application_id', tests.uuid('a1'), 'answer', 'declined')), 'already_done', 'but not otherwise');
select results_eq(
  $$ select content ->> 'text' from public.outbound_messages where contact_id = tests.person('bob') $$,
  $$ values ('Good news: you were accepted for "Red bicycle".') $$, 'the applicant is told once'
);
select is(tests.code('ann', '{"kind": "update_listing", "state": "sold"}'::jsonb || jsonb_build_object('listing_id', tests.uuid('bicycle'))), 'done', 'sold');
select is(tests.code('bob', tests.apply('a4', 'bicycle', 'inquiry')), 'not_active', 'is sold');

-- Each kind is for offers of its own service: what is accepted may give numbers away.
select is(tests.code('ann', tests.listing('job', '{"domain": "jobs", "title": "Driver"}')), 'done', '(a job)');
select is(tests.code('ann', tests.listing('lift wanted', '{"domain": "rides", "side": "request", "title": "To Huye"}')), 'done', '(who looks for a ride)');
select is(tests.code('ann', tests.listing('lift', '{"domain": "rides", "title": "To Huye"}')), 'done', '(a ride)');
select results_eq(
  $$ select listing || ' ' || kind from unnest(array['job', 'lift wanted', 'lift']) with ordinality as of_listing (listing, place),
       unnest(array['application', 'inquiry', 'viewing', 'introduction', 'ride_request', 'order', 'reservation']) with ordinality as of_kind (kind, rank)
     where tests.code('bob', tests.apply('kind ' || listing || kind, listing, kind)) = 'done' order by place, rank $$,
  $$ values ('job application'), ('job inquiry'), ('lift wanted inquiry'), ('lift inquiry'), ('lift ride_request') $$,
  'a job is applied to and a ride is asked for a seat'
);
delete from public.outbound_messages;

-- Introductions: numbers are given to both when both have said yes, not before.
select is(tests.code('ann', tests.listing('shop', '{"domain": "business_broker", "title": "A shop"}')), 'done', '(a business)');
select is(tests.code('bob', tests.apply('i1', 'shop', 'introduction')), 'done', '(asked)');
select is_empty($$ select 1 from public.outbound_messages where content ->> 'text' like '%+250%' $$, 'no number is given away before');
select is(tests.code('ann', jsonb_build_object('kind', 'answer_application', 'application_id', tests.uuid('i1'), 'answer', 'accepted')), 'done', 'both consent');
select results_eq(
  $$ select contact_id = tests.person('ann'), content ->> 'text' from public.outbound_messages where content ->> 'text' like '%+250%' order by 1 $$,
  $$ values (false, 'About "A shop": you can reach Ann at +250788123456.'), (true, 'About "A shop": you can reach Bob at +250788000002.') $$,
  'each gets the other''s number'
);

-- Nobody sends a stranger words of their own in the organization's name.
select is(tests.code('ann', tests.listing('grill', '{"domain": "waiter", "title": "Grill {phone}"}')), 'done', '(a restaurant)');
select is(tests.code('bob', tests.apply('n1', 'grill', 'inquiry') || '{"details": {"notice": "Your account is blocked"}}'), 'done', 'what would be a notice');
select is_empty($$ select 1 from public.outbound_messages where content ->> 'text' like '%blocked%' $$, 'is told nobody');
select is(tests.code('bob', tests.apply('n2', 'grill', 'order') || '{"details": {"notice": "1 × Goat {name}"}}'), 'done', 'what an order is');
select results_eq(
  $$ select content ->> 'text' from public.outbound_messages where dedupe_key = 'application:' || tests.uuid('n2') || ':received' $$,
  $$ values (E'New order from Bob: "Grill {phone}".\n1 × Goat {name}') $$, 'comes below who it is from'
);
update public.contacts set name = null where id = tests.person('bob');
select is(tests.code('bob', tests.apply('n3', 'grill', 'order')), 'done', '(who has no name)');
select results_eq(
  $$ select content ->> 'text' from public.outbound_messages where dedupe_key = 'application:' || tests.uuid('n3') || ':received' $$,
  $$ values ('New order from +250788000002: "Grill {phone}".') $$, 'is named by the number'
);
update public.contacts set name = 'Bob' where id = tests.person('bob');

-- Bookings.
select is(tests.code('ann', tests.book('b1', tests.at('09:00'))), 'done', 'a slot is booked');
select is(tests.code('ann', tests.book('b1', tests.at('09:00'))), 'done', 'once');
select is(tests.code('bob', tests.book('b2', tests.at('09:15'))), 'taken', 'and is nobody else''s, not in part');
select is(tests.code('bob', tests.book('b2', tests.at('09:30'))), 'done', 'the next one is free');
select is(tests.code('far', tests.book('b3', tests.at('09:00'))), 'done', 'another organization''s chair is another chair');
select is(tests.code('bob', tests.book('b4', '2020-01-04 09:00Z')), 'invalid', 'nobody books the past');
select throws_ok(
  $$ insert into public.bookings (org_id, resource, starts_at, ends_at) values (tests.id('clinic'), 'chair', tests.at('09:10'), tests.at('09:20')) $$,
  '23P01', null, 'a constraint says so, whoever writes'
);
select results_eq(
  $$ select not_before, expires_at, state from public.outbound_messages where contact_id = tests.person('ann') and content ->> 'text' = 'See you soon' $$,
  $$ values (tests.at('07:00'), tests.at('09:00'), 'queued') $$, 'a reminder waits for two hours before'
);
select is(tests.code('bob', jsonb_build_object('kind', 'cancel_booking', 'booking_id', tests.uuid('b1'))), 'not_yours', 'nobody cancels another''s booking');
select is(tests.code('far', jsonb_build_object('kind', 'cancel_booking', 'booking_id', tests.uuid('b1'))), 'not_found', 'least of all from elsewhere');
select is(tests.code('ann', jsonb_build_object('kind', 'cancel_booking', 'booking_id', tests.uuid('b1'))), 'done', 'who booked cancels');
select is((select state from public.outbound_messages where dedupe_key = 'booking:' || tests.uuid('b1') || ':reminder'), 'cancelled', 'and isn''t reminded');
select is(tests.code('bob', tests.book('b5', tests.at('09:00'))), 'done', 'the slot is free again');

-- Requests.
select is(tests.code('ann', jsonb_build_object('kind', 'open_ticket', 'id', tests.uuid('t1'), 'number', 'T-1', 'subject', 'Help', 'body', '')), 'done', 'a ticket');
select is(tests.code('bob', jsonb_build_object('kind', 'open_ticket', 'id', tests.uuid('t2'), 'number', 'T-1', 'subject', 'Help', 'body', '')), 'already_done', 'its number is its own');
select is(tests.code('far', jsonb_build_object('kind', 'open_ticket', 'id', tests.uuid('t3'), 'number', 'T-1', 'subject', 'Help', 'body', '')), 'done', 'in its organization');
select is(tests.code('bob', jsonb_build_object('kind', 'open_ticket', 'id', tests.uuid('t1'), 'number', 'T-9', 'subject', 'Help', 'body', '')), 'already_done', 'nobody writes over it');
select is(tests.code('ann', jsonb_build_object('kind', 'request_policy', 'id', tests.uuid('p1'), 'vehicle', 'car', 'cover', 'comprehensive', 'yearly_price', 100000, 'currency', 'RWF', 'details', '{}'::jsonb)), 'done', 'a policy is requested');
select is(tests.code('ann', jsonb_build_object('kind', 'capture_lead', 'id', tests.uuid('l1'), 'name', null, 'interest', 'Wants a quote', 'details', '{}'::jsonb)), 'done', 'a lead');
select results_eq('select name, phone_number, source, notes from public.leads', $$ values ('Ann', '+250788123456', 'whatsapp', 'Wants a quote') $$, 'is who it is');
select is(tests.code('ann', jsonb_build_object('kind', 'request_call', 'id', tests.uuid('c1'), 'reason', 'Prices', 'not_before', null)), 'done', 'a call back');
select is(tests.code('ann', jsonb_build_object('kind', 'request_call', 'id', tests.uuid('c2'), 'reason', 'Prices', 'not_before', null)), 'done', 'is asked for anew');
select results_eq('select id, reason from public.call_requests', $$ values (tests.uuid('c1'), 'Prices') $$, 'and is one all the same');

-- All or nothing.
select is(
  tests.effect('bob', tests.listing('lamp'), tests.apply('a5', 'nowhere'), tests.apply('a6', 'bicycle')),
  '[{"place": 1, "code": "not_found"}, {"place": 2, "code": "already_done"}]', 'refusals are told by their place'
);
select is_empty($$ select 1 from public.unified_listings where id = tests.uuid('lamp') $$, 'and nothing was written');

select * from finish();
rollback;
