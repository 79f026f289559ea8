begin;
\ir ../people.psql
\ir vectors.psql
select no_plan();

select is_empty(
  $$ select * from bucket_vectors where private.murmur3(group_name || ':' || key) <> hash $$,
  'murmur3 is the 32 bit x86 variant over UTF-8'
);
select is_empty(
  $$ select * from bucket_vectors where private.rollout_bucket(group_name, key) <> bucket $$,
  'and each key falls into the bucket that the functions decide by'
);
select is(
  (select array[min(private.rollout_bucket('g', key::text)), max(private.rollout_bucket('g', key::text))] from generate_series(1, 3000) as key),
  array[1, 100], 'buckets are 1 to 100'
);

select * from finish();
rollback;
