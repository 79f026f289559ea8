begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');
\ir ../agents.psql

select tests.effect('ann',
  tests.listing('bicycle', '{"category": "Bikes", "place": {"name": "Kimironko", "latitude": -1.9497, "longitude": 30.1261}}'),
  tests.listing('phone', '{"title": "Used phone", "description": "Élégant, works", "price": 90000, "place": {"name": "Huye", "latitude": -2.5967, "longitude": 29.7394}, "attributes": {"colour": "black"}}')
);
select tests.effect('bob', tests.listing('bicycles', '{"title": "Bicycles for children", "category": "bikes", "price": 30000}'));
select tests.effect('far', tests.listing('far bicycle', '{"title": "Red bicycle elsewhere", "category": "bikes", "place": {"name": "Kimironko", "latitude": -1.9497, "longitude": 30.1261}}'));

update public.unified_listings set created_at = created_at - interval '1 hour' where id = tests.uuid('bicycles');

select is(tests.titles('bob', '{"words": "bicycle"}'), 'Red bicycle, Bicycles for children', 'words are found, in plural too, and nothing of another organization');
select is(tests.titles('bob', '{"words": "red bicycle"}'), 'Red bicycle', 'with all of them first');
select is(tests.titles('bob', '{"words": "green phone"}'), 'Used phone', 'else with any');
select is(tests.titles('bob', '{"words": "ELEGANT"}'), 'Used phone', 'whatever the accents');
select is(tests.titles('bob', '{"words": "''); drop -- & | ! :*"}'), 'nothing', 'what people write is words, whatever it looks like');
select is(tests.titles('bob', '{"category": "BIKES"}'), 'Red bicycle, Bicycles for children', 'a category, the newest first');
select is(tests.titles('bob', '{"min_price": 40000, "max_price": 60000}'), 'Red bicycle', 'a price');
select is(tests.titles('bob', '{"place_name": "kimironko"}'), 'Red bicycle', 'a place by name');
select is(tests.titles('bob', '{"attributes": {"colour": "black"}}'), 'Used phone', 'an attribute');
select is(tests.titles('bob', '{"near": {"latitude": -1.9536, "longitude": 30.0606, "within_km": 10}}'), 'Red bicycle', 'nearby');
select is(tests.titles('bob', '{"near": {"latitude": -1.9536, "longitude": 30.0606, "within_km": 200}}'), 'Red bicycle, Used phone', 'nearest first');
select is(tests.titles('bob', '{"near": {"latitude": -1.9536, "longitude": -179.9999, "within_km": 100}}'), 'nothing', 'on the other side of the world, beside the date line');
select cmp_ok(
  (tests.read('bob', '{"kind": "listings", "domains": ["marketplace"], "side": "offer", "limit": 10, "near": {"latitude": -1.9536, "longitude": 30.0606, "within_km": 10}}') #>> '{listings,0,distance_km}')::numeric,
  '=', 7.29, 'in kilometres'
);
select is(tests.titles('bob', '{"mine": true}'), 'Bicycles for children', 'one''s own');
select is(tests.titles('bob', '{"side": "request"}'), 'nothing', 'requests are another side');
select is(tests.read('ann', jsonb_build_object('kind', 'listing', 'id', tests.uuid('bicycle'))) #> '{listing,is_own}', 'true', 'one''s own is flagged');
select is(tests.read('bob', jsonb_build_object('kind', 'listing', 'id', tests.uuid('bicycle'))) #> '{listing,is_own}', 'false', 'another''s is not');
select is(tests.read('far', jsonb_build_object('kind', 'listing', 'id', tests.uuid('bicycle'))) -> 'listing', 'null', 'by id nothing crosses either');

select tests.effect('bob', tests.apply('a1', 'bicycle', 'inquiry'));
select is(tests.read('bob', '{"kind": "applications", "of": "mine", "limit": 5}') #>> '{applications,0,listing_title}', 'Red bicycle', 'what one applied for');
select is(tests.read('ann', '{"kind": "applications", "of": "received", "limit": 5}') #>> '{applications,0,applicant_name}', 'Bob', 'who applied');
select is(tests.read('ann', '{"kind": "applications", "of": "mine", "limit": 5}') -> 'applications', '[]', 'the two are apart');
select is(
  tests.read('far', jsonb_build_object('kind', 'applications', 'of', 'received', 'listing_id', tests.uuid('bicycle'), 'limit', 5)) -> 'applications', '[]',
  'and nobody reads another''s applicants'
);

select tests.effect('bob', tests.listing('wish', '{"side": "request", "title": "Red bicycle wanted", "price": 60000}'));
select tests.effect('far', tests.listing('far wish', '{"side": "request", "title": "Red bicycle wanted", "price": 60000}'));
create function tests.matches(p_person text, p_read jsonb default '{}') returns text language sql as $$
  select coalesce(string_agg(
    concat_ws(' / ', match ->> 'own_title', match #>> '{listing,title}', match #>> '{listing,is_own}'), ', ' order by place
  ), 'nothing')
  from jsonb_array_elements(tests.read(p_person, '{"kind": "matches", "limit": 10}'::jsonb || p_read) -> 'matches')
    with ordinality as listed (match, place)
$$;
select is(tests.matches('bob'), 'Red bicycle wanted / Red bicycle / false', 'what fits one''s wish');
select is(tests.matches('ann'), 'Red bicycle / Red bicycle wanted / false', 'who wants what one offers');
select is(tests.matches('far'), 'nothing', 'what is wished for elsewhere fits nobody''s');
select is(tests.matches('bob', '{"domain": "jobs"}'), 'nothing', 'of one service');
select is(
  public.read_agent_data(jsonb_build_object('org_id', tests.id('clinic'), 'contact_id', null, 'reads', '[{"kind": "matches", "limit": 5}]'::jsonb)) #> '{results,0,matches}',
  '[]', 'nobody in particular has none'
);
select tests.effect('bob', jsonb_build_object('kind', 'update_listing', 'state', 'closed', 'listing_id', tests.uuid('wish')));
select is(tests.matches('ann') || tests.matches('bob'), 'nothingnothing', 'until one of both is closed');

select is(
  tests.read('bob', '{"kind": "prices", "domain": "marketplace", "category": "bikes"}') -> 'prices',
  '{"count": 2, "low": 30000.00, "median": 40000, "high": 50000.00, "currency": "RWF", "price_unit": null}', 'prices of offers'
);
select is(tests.read('bob', '{"kind": "prices", "domain": "farmer", "category": "maize"}') -> 'prices', 'null', 'if there are any');

create function tests.bookings_of_the_day() returns jsonb language sql as $$
  select jsonb_build_object('kind', 'bookings', 'resource', 'chair', 'from', tests.at('00:00'), 'until', tests.at('00:00', 1))
$$;
select tests.effect('ann', tests.book('b1', tests.at('09:00')));
select tests.remember('day', tests.read('bob', tests.bookings_of_the_day()) #> '{bookings,0}');
select is(tests.recall('day') - 'id' - 'starts_at', '{"resource": "chair", "minutes": 30, "state": "booked", "is_own": false}', 'what is taken, not by whom');
select is(
  tests.read('far', tests.bookings_of_the_day()) -> 'bookings', '[]',
  'another organization''s chair is free'
);

select tests.effect('ann', jsonb_build_object('kind', 'open_ticket', 'id', tests.uuid('t1'), 'number', 'T-1', 'subject', 'Help', 'body', ''));
select is(tests.read('ann', '{"kind": "tickets", "limit": 5}') #>> '{tickets,0,number}', 'T-1', 'one''s own tickets');
select is(tests.read('bob', '{"kind": "tickets", "limit": 5}') -> 'tickets', '[]', 'and nobody else''s');
select is(tests.read('bob', '{"kind": "policies", "limit": 5}') -> 'policies', '[]', 'policies');
select is(tests.read('bob', '{"kind": "tariffs", "key": "insurance_tariffs"}') #> '{value,yearly,car}', '50000', 'tariffs');
select is(tests.read('bob', '{"kind": "tariffs", "key": "unified_service_flags"}') -> 'value', 'null', 'and no other configuration');
select is(
  jsonb_array_length(public.read_agent_data(jsonb_build_object('org_id', tests.id('clinic'), 'contact_id', null, 'reads', '[
    {"kind": "tickets", "limit": 5}, {"kind": "listings", "domains": ["marketplace"], "side": "offer", "limit": 5}
  ]'::jsonb)) #> '{results,1,listings}'), 3, 'somebody without a name reads what is public, in one call'
);
select is(
  public.read_agent_data(jsonb_build_object('org_id', tests.id('clinic'), 'contact_id', tests.person('far'), 'reads', '[
    {"kind": "listings", "domains": ["marketplace"], "side": "offer", "mine": true, "limit": 5}
  ]'::jsonb)) #> '{results,0,listings}', '[]', 'a contact of another organization is nobody here'
);

-- What one message of a call may ask for is answered, all of it and in its order.
select is(
  (
    select jsonb_agg(result ->> 'kind') from jsonb_array_elements(public.read_agent_data(jsonb_build_object(
      'org_id', tests.id('clinic'), 'contact_id', tests.person('ann'), 'reads', (
        select jsonb_agg(case when place % 13 = 1 then jsonb_build_object('kind', 'listing', 'id', tests.uuid('bicycle'))
          else jsonb_build_object('kind', 'bookings', 'resource', 'table ' || place, 'from', now(), 'until', now() + interval '1 day') end)
        from generate_series(1, 117) as place
      )
    )) -> 'results') as result
  ),
  (select jsonb_agg(case when place % 13 = 1 then 'listing' else 'bookings' end) from generate_series(1, 117) as place),
  'nine tables at once'
);

select * from finish();
rollback;
