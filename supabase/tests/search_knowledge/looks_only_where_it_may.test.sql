-- However much of what may not be found has the words of a question, what may be found is.
begin;
\ir ../people.psql
\ir ../knowledge.psql
select plan(9);
select tests.act_as('service role');

-- Read in the order in which they were stored: what may not be found comes first, more than any limit.
create function pg_temp.add(p_title text, p_more jsonb, p_count integer, p_content text) returns void language sql volatile as $$
  select tests.document('clinic', p_title, tests.version(
    (select string_agg(p_content || ' ' || number, E'\n\n') from generate_series(1, p_count) as number)
  ), p_more)
$$;
select pg_temp.add('Old', '{"active": false}', 600, 'Parking is free for visitors');
select pg_temp.add('Older', '{"active": false}', 600, 'Parking for visitors is free of charge');
select pg_temp.add('Manners', '{"category": "ai_guidelines"}', 1100, 'Never say that parking is free for visitors');
select pg_temp.add('Arriving', '{"category": "operations"}', 1, 'Parking costs two dollars');
select pg_temp.add('Prices', '{"category": "products_services"}', 1, 'A filling is forty');

select is(tests.found('clinic', 'parking', '{"category": "operations"}'), array['Arriving'], 'a common word of another category');
select is(
  tests.found('clinic', 'parking filling', '{"category": "operations"}'), array['Arriving'], 'and beside another word'
);
select is(tests.found('clinic', '"parking costs"', '{"category": "operations"}'), array['Arriving'], 'words kept together');
select is(
  tests.found('clinic', 'parking -forty', '{"category": "operations"}'), array['Arriving'], 'and words kept out'
);

-- What only those who write it may see.
select is(
  tests.found('clinic', 'parking', '{"except_category": "ai_guidelines"}'), array['Arriving'], 'a category is left out'
);
select is(tests.found('clinic', 'never', '{"except_category": "ai_guidelines"}'), '{}', 'whole');
select is((tests.found('clinic', 'never'))[1], 'Manners', 'only where that was asked');
select is(
  tests.found('clinic', 'never', '{"category": "ai_guidelines", "except_category": "ai_guidelines"}'), '{}',
  'whatever else is asked for'
);
-- The telling word is telling among what is looked through.
select is(
  (tests.found('clinic', 'parking filling', '{"except_category": "ai_guidelines"}'))[1] in ('Prices', 'Arriving'), true,
  'both words are rare there'
);

select * from finish();
rollback;
