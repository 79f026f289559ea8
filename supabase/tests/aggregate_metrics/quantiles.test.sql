begin;
\ir ../people.psql
select no_plan();
select tests.act_as('operator');

-- Of any values, the quantile that the buckets give lies in the bucket of the exact one.
create function tests.histogram(p_values numeric[]) returns bigint[] language sql as $$
  select array_agg(size order by place) from (
    select place, (
      select count(*) from unnest(p_values) as value
      where value > coalesce((private.metric_bounds())[place - 1], -1)
        and value <= coalesce((private.metric_bounds())[place], 1000000000)
    ) as size
    from generate_series(1, 20) as place
  ) as bucket
$$;
create function tests.bucket_of(p_value numeric) returns integer language sql as $$
  select width_bucket(p_value::double precision - 0.5, private.metric_bounds()::double precision[])
$$;
create table tests.samples as
select seed, array_agg(round(exp(((n * seed * 7919) % 1000) / 1000.0 * 10.9))) as values
from generate_series(1, 20) as seed, generate_series(1, 200) as n
group by seed;

select is(
  tests.bucket_of(round(private.histogram_quantile(tests.histogram(sample.values), quantile)::numeric)),
  (select tests.bucket_of(percentile_disc(quantile) within group (order by value)) from unnest(sample.values) as value),
  format('sample %s: the %s quantile is in its bucket', sample.seed, quantile)
)
from tests.samples as sample, unnest(array[0.5, 0.95, 0.99]) as quantile;
select is(private.histogram_quantile('{}', 0.95), null, 'nothing has no quantile');
select is(private.histogram_quantile(tests.histogram('{70000,80000}'), 0.5), 60000::double precision, 'beyond the last bound is the last bound');

select * from finish();
rollback;
