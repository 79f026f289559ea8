begin;
\ir ../people.psql
select no_plan();

-- What has had its day is deleted a page at a time, and looking for it costs a page.
select public.expire_rows('{"limit": 10}') from generate_series(1, 10);
insert into public.idempotency_keys (org_id, operation, key, request_hash, claim_expires_at, expires_at)
select tests.id('clinic'), 'save', n::text, 'h', now(), now() - interval '1 day' from generate_series(1, 30000) as n;
insert into public.leases (org_id, resource, fencing_token, holder, lease_seconds, claimed_at, expires_at, released_at)
select tests.id('clinic'), 'agent_' || n, n, 'r', 60, now(), now(), now() - interval '2 days' from generate_series(1, 30000) as n;
insert into public.background_jobs (kind, state, completed_at)
select 'expire_rows', 'completed', now() - interval '8 days' from generate_series(1, 30000) as n;

create function tests.tables() returns setof oid language sql as $$
  select unnest(array[
    'public.idempotency_keys'::regclass, 'public.leases', 'public.background_jobs'
  ])::oid
$$;
create function tests.read() returns bigint language sql as $$
  select sum(pg_stat_get_xact_tuples_returned(oid))::bigint + (
    select sum(pg_stat_get_xact_tuples_returned(indexrelid)) from pg_index where indrelid in (select tests.tables())
  )::bigint
  from tests.tables() as oid
$$;

select tests.remember('read', to_jsonb(tests.read()));
select is(
  (
    select sum(value::integer)
    from (
      select public.expire_rows(jsonb_build_object('limit', 10, 'round', round)) - 'code' - 'partitions_made' as answer
      from generate_series(1, 10) as round
    ) as rounds, lateral jsonb_each_text(rounds.answer)
  ),
  300::bigint, 'ten pages of ten of three tables'
);
select cmp_ok(tests.read() - tests.recall('read')::text::bigint, '<', 20000::bigint, 'read a few entries for each row, however many wait');
select * from finish();
rollback;
