begin;
\ir ../people.psql
\ir ../import_listings.psql
select no_plan();

select tests.product(1);
select tests.product(2, '{"name": "  "}');
select tests.product(3, '{"amount": "5,000 francs"}');
select tests.product(4, '{"amount": "-5"}');
select tests.product(5, '{"amount": "NaN"}');
select tests.product(6, '{"status": "teleported"}');
select tests.product(7, '{"kind": "lend"}');
select tests.product(8, '{"seller": "nobody"}');
select tests.product(9, '{"seller": null}');
select tests.product(10, '{"lat": 95, "lng": 0}');
select tests.product(11, '{"lat": 5}');
select tests.product(12, '{"extra": [1]}');
select tests.product(13, '{"unit_currency": "francs"}');
select tests.product(14, jsonb_build_object('name', repeat('x', 201)));
select tests.product(15, '{"added_at": "infinity"}');
select tests.product(16, jsonb_build_object('details', (select string_agg(md5(n::text), ' ') from generate_series(1, 80000) as n)));
select tests.product(17, '{"changed_at": "infinity"}');
select tests.product(18, '{"changed_at": null, "added_at": null}');
select tests.act_as('service role');

create temporary table reasons (code bigint, reason text);
insert into reasons values
  (1, null), (2, 'title_missing'), (3, 'price_unreadable'), (4, 'unified_listings_price_is_not_negative'), (5, 'not_a_number'),
  (6, 'state_unknown'), (7, 'side_unknown'), (8, 'contact_unreadable'), (9, 'contact_unreadable'),
  (10, 'unified_listings_latitude_is_on_earth'), (11, 'unified_listings_coordinates_are_a_pair'),
  (12, 'attributes_not_an_object'), (13, 'unified_listings_currency_is_iso_4217'),
  (14, 'unified_listings_title_is_1_to_200_characters'), (15, 'not_a_date'), (16, 'too_large'), (17, null), (18, null);

select tests.begin();
select tests.remember('page', tests.page());
select is(tests.recall('page') -> 'counts', '{"read": 18, "refused": 15, "imported": 3}', 'bad rows are counted beside the good ones');
select results_eq(
  $$ select source_key::bigint, reason from public.imported_listings order by 1 $$, $$ select * from reasons order by 1 $$,
  'each is kept with its reason'
);
select is(jsonb_array_length(tests.recall('page') -> 'refusals'), 15, 'and told with the page');
select is(
  (select count(*) from public.contacts), 3::bigint, 'nobody is made known for the sake of a row that is refused'
);
select is(
  public.read_listing_imports(jsonb_build_object('org_id', tests.id('clinic'))) #> '{imports,0,refused,contact_unreadable}', '2',
  'how many of each reason is told'
);

select tests.act_as('operator');
update older.products set seller = '250788000077' where code = 8;
select tests.act_as('service role');
select is(tests.import() -> 'imported', '1', 'what was mended is taken by the next pass');
select is(tests.reason(8), null, 'and refused no longer');

select * from finish();
rollback;
