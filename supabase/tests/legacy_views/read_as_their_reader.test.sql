begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');
\ir ../agents.psql

select tests.effect('ann',
  tests.listing('bicycle'), tests.listing('job', '{"domain": "jobs", "title": "Plumber", "attributes": {"salary": "200000"}}'),
  tests.listing('house', '{"domain": "property", "title": "House", "attributes": {"bedrooms": 3, "deal": "rent"}}'),
  tests.listing('maize', '{"domain": "farmer", "title": "Ibigori", "category": "maize"}')
);
select tests.effect('bob', tests.apply('a1', 'job'), tests.apply('a2', 'house', 'viewing'));
select tests.effect('far', tests.listing('far bicycle'), tests.listing('far job', '{"domain": "jobs"}'));

select tests.act_as('member');
select results_eq('select title, status, seller_id from public.marketplace_listings', $$ values ('Red bicycle', 'active', tests.person('ann')) $$, 'goods, of one''s own organization alone');
select results_eq('select title, salary from public.jobs', $$ values ('Plumber', '200000') $$, 'jobs');
select results_eq('select id from public.job_listings', 'select id from public.jobs', 'under both names');
select results_eq('select job_id, status from public.job_applications', $$ values (tests.uuid('job'), 'submitted') $$, 'who applied');
select results_eq('select title, bedrooms, listing_type from public.properties', $$ values ('House', '3', 'rent') $$, 'homes');
select results_eq('select property_id, inquiry_type from public.property_inquiries', $$ values (tests.uuid('house'), 'viewing') $$, 'who asked');
select results_eq('select crop from public.produce_listings', $$ values ('maize') $$, 'produce');
select throws_ok('delete from public.jobs', '42501', null, 'to be read and no more');
select tests.act_as('outsider');
select is_empty('select 1 from public.marketplace_listings', 'a stranger sees nothing');

select * from finish();
rollback;
