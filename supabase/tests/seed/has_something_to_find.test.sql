begin;
select no_plan();

\ir ../../seed.sql
\ir ../../seed.sql
select is((select count(*) from public.unified_listings where org_id = '11111111-1111-4111-8111-111111111111'), 1::bigint, 'the seed may be run again');
select is(
  (
    select string_agg(listing ->> 'title', ', ') from jsonb_array_elements(public.read_agent_data('{
      "org_id": "22222222-2222-4222-8222-222222222222", "contact_id": null,
      "reads": [{"kind": "listings", "domains": ["waiter"], "side": "offer", "limit": 5, "near": {"latitude": -1.98, "longitude": 30.04, "within_km": 5}}]
    }') #> '{results,0,listings}') as listing
  ), 'Nyamirambo Grill', 'a restaurant near by'
);
select cmp_ok(
  (select jsonb_array_length(attributes -> 'menu') from public.unified_listings where title = 'Nyamirambo Grill'), '>=', 3, 'has a menu'
);

select * from finish();
rollback;
