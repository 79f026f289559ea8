begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');
\ir ../agents.psql

create function tests.said(p_person text) returns text language sql as $$
  select coalesce(string_agg(content ->> 'text', ' | ' order by sequence), 'nothing') from public.outbound_messages
  where contact_id = tests.person(p_person)
$$;
create function tests.wanted(p_name text, p_changes jsonb default '{}') returns jsonb language sql as $$
  select tests.listing(p_name, '{"side": "request", "title": "A bicycle for my son", "price": 60000}'::jsonb || p_changes)
$$;

select tests.effect('far', tests.wanted('far wanted'));
select tests.effect('bob', tests.wanted('too poor', '{"price": 10000}'), tests.wanted('elsewhere', '{"domain": "property"}'), tests.wanted('wanted'));
select is(tests.said('bob'), 'nothing', 'nothing fits yet');
select is(tests.code('ann', tests.listing('bicycle')), 'done', 'an offer comes');
select is(tests.said('bob'), 'A new offer fits what you are looking for: "Red bicycle", 50,000 RWF. Write "matches" to see it.', 'who looks for it is told');
select is(tests.said('ann'), 'Somebody is looking for what you offer: "A bicycle for my son", 60,000 RWF. Write "matches" to see it.', 'and who offers it');
select is(tests.said('far'), 'nothing', 'in another organization nobody');
select results_eq(
  'select offer_id, request_id from public.unified_matches', $$ values (tests.uuid('bicycle'), tests.uuid('wanted')) $$,
  'one match: not of another domain, not beyond the price'
);
select is(tests.code('ann', tests.listing('bicycle')), 'done', 'made again, it is the same listing');
select is((select count(*) from public.outbound_messages), 2::bigint, 'nobody is told twice');
select is((select string_agg(distinct kind, '') from public.outbound_messages), 'initiated', 'as messages that we start, which opt-outs and quiet hours hold back');

select tests.effect('ann', tests.wanted('ann wants too'));
select is((select count(*) from public.unified_matches), 1::bigint, 'nobody is matched with themselves');
select is(tests.code('ann', '{"kind": "update_listing", "state": "sold"}'::jsonb || jsonb_build_object('listing_id', tests.uuid('bicycle'))), 'done', '(sold)');
select tests.effect('bob', tests.wanted('late'));
select is((select count(*) from public.unified_matches), 1::bigint, 'or with what is sold');

-- Places and particulars.
select tests.effect('bob', tests.wanted('house', '{"domain": "property", "title": "House", "price": null, "attributes": {"bedrooms": 3}, "place": {"name": "Huye", "latitude": -2.5967, "longitude": 29.7394}}'));
select tests.effect('ann', tests.listing('far house', '{"domain": "property", "title": "House", "attributes": {"bedrooms": 3}, "place": {"name": "Musanze", "latitude": -1.4998, "longitude": 29.6347}}'));
select tests.effect('ann', tests.listing('small house', '{"domain": "property", "title": "House", "attributes": {"bedrooms": 2}, "place": {"name": "Huye", "latitude": -2.60, "longitude": 29.74}}'));
select is((select count(*) from public.unified_matches where domain = 'property'), 0::bigint, 'too far or too small fits nobody');
select tests.effect('ann', tests.listing('right house', '{"domain": "property", "title": "House", "attributes": {"bedrooms": "3"}, "place": {"name": "Huye", "latitude": -2.60, "longitude": 29.74}}'));
select is((select count(*) from public.unified_matches where domain = 'property'), 1::bigint, 'the right one does');

-- Languages: the person's, else the organization's.
update public.organization_settings set language = 'fr' where org_id = tests.id('clinic');
update public.unified_sessions set preferences = '{"language": "rw"}' where contact_id = tests.person('bob');
select tests.effect('ann', tests.listing('maize', '{"domain": "farmer", "title": "Ibigori", "category": "maize", "price": 400, "price_unit": "kg"}'));
delete from public.outbound_messages;
select tests.effect('bob', tests.listing('buyer', '{"domain": "farmer", "side": "request", "title": "Maize wanted", "category": "Maize", "price": 450, "price_unit": "kg"}'));
select is(tests.said('bob'), 'Hari igishya gihuye n''icyo ushaka: "Ibigori", 400 RWF / kg. Andika "ibihuye" kugira ngo ukirebe.', 'in the person''s language');
select is(tests.said('ann'), 'Quelqu''un cherche ce que vous proposez : « Maize wanted », 450 RWF / kg. Écrivez « correspondances » pour voir.', 'else in the organization''s');

-- A crowd.
delete from public.outbound_messages;
insert into public.contacts (id, org_id, rollout_key) select tests.uuid('crowd' || n), tests.id('clinic'), n::text from generate_series(1, 30) as n;
insert into public.unified_listings (id, org_id, contact_id, domain, side, title, price)
select tests.uuid('crowd listing' || n), tests.id('clinic'), tests.uuid('crowd' || n), 'marketplace', 'request', 'Piano wanted', 900 from generate_series(1, 30) as n;
select tests.effect('ann', tests.listing('piano', '{"title": "Piano", "price": 800}'));
select is((select count(*) from public.unified_matches where offer_id = tests.uuid('piano')), 5::bigint, 'a listing is matched with the five best');
insert into public.unified_matches (org_id, domain, offer_id, request_id, score)
select tests.id('clinic'), 'marketplace', tests.uuid('piano'), tests.uuid('crowd listing' || n), 1 from generate_series(1, 30) as n on conflict do nothing;
select tests.effect('bob', tests.wanted('another piano', '{"title": "Piano", "price": 900}'));
select is_empty($$ select 1 from public.unified_matches where request_id = tests.uuid('another piano') $$, 'and one that has had its share is left in peace');

-- Somebody who isn't held is not told: a lock taken then could be out of order.
select private.match_listing(listing, '{}', 'c') from public.unified_listings as listing where listing.id = tests.uuid('another piano');
select is_empty($$ select 1 from public.unified_matches where request_id = tests.uuid('another piano') $$, '(nobody)');

select * from finish();
rollback;
