begin;
\ir ../people.psql
\ir ../import_listings.psql
select no_plan();

select tests.product(code) from generate_series(1, 5) as code;
select tests.product(6, '{"name": " Maize wanted ", "kind": "BUY", "seller_name": "Ann", "status": "gone", "unit_currency": "usd", "lat": -1.9, "lng": 30.1, "extra": {"colour": "red"}, "details": "Two sacks"}');
create table tests.before as select * from older.products;
select tests.act_as('service role');

select is(tests.begin() - 'source', '{"code": "begun", "pass": 1, "counts": {}, "last_key": null, "is_resumed": false}', 'an import begins');
select is(tests.page(1, 4) - 'refusals', '{"code": "imported", "state": "started", "last_key": "4", "counts": {"read": 4, "imported": 4}}', 'a page is as large as asked');
select is(tests.begin() -> 'is_resumed', 'true', 'begun again it goes on');
select is(tests.begin(jsonb_build_object('mapping', tests.mapping('{"domain": "farmer"}'))) ->> 'code', 'mapping_changed', 'with the mapping it began with');
select is(tests.page(1, 4) - 'refusals', '{"code": "imported", "state": "completed", "last_key": "6", "counts": {"read": 6, "imported": 6}}', 'and is complete where no row is left');
select is(tests.page() ->> 'code', 'superseded', 'after which it has no page');
select is(tests.page(2) ->> 'code', 'superseded', 'nor one of a pass that has not begun');
select results_eq(
  $$ select title, side, state, price, currency, description, latitude, attributes, (closed_at - updated_at)::text from (select (tests.imported(6)).*) as one $$,
  $$ values ('Maize wanted', 'request', 'closed', 1000.50, 'USD', 'Two sacks', -1.9::double precision, '{"colour": "red"}'::jsonb, '00:00:00') $$,
  'in the words of a listing'
);
select results_eq(
  $$ select contact.name, contact.rollout_key from public.contacts as contact where contact.id = (tests.imported(6)).contact_id $$,
  $$ values ('Ann', '250788123406') $$, 'of the person who told it, as they are known here'
);
select is((tests.imported(1)).created_at, now() - interval '9 days', 'since when it was told');

select is(tests.import(), '{"read": 6, "unchanged": 6}', 'the whole of it again changes nothing');
select is((select count(*) from public.unified_listings), 6::bigint, 'nothing is there twice');
select is(tests.begin('{"restart": true}') ->> 'pass', '3', 'one is begun anew on demand');
select is(
  public.read_listing_imports(jsonb_build_object('org_id', tests.id('clinic'))) #> '{imports,0,pass}', '3', 'which is told'
);

select tests.act_as('operator');
select results_eq('table older.products', 'table tests.before', 'the older table is as it was');
select tests.act_as('member');
select is((select count(*) from public.unified_listings), 6::bigint, 'members read what was imported');
select tests.act_as('market owner');
select is_empty('select 1 from public.unified_listings', 'another organization does not');
select * from finish();
rollback;
