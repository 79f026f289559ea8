begin;
\ir ../people.psql
select no_plan();

-- Five organizations, the first with far more to do than the others.
insert into public.organizations (id, name)
select format('e%s000000-0000-4000-8000-000000000000', n)::uuid, 'Organization ' || n from generate_series(1, 5) as n;
create function tests.queue_jobs(p_organization integer, p_count integer) returns void language sql as $$
  insert into public.background_jobs (kind, org_id, payload, available_at)
  select 'sync_agent', format('e%s000000-0000-4000-8000-000000000000', p_organization)::uuid,
    jsonb_build_object('n', n), now() - interval '1 hour' + n * interval '1 second'
  from generate_series(1, p_count) as n
$$;
-- Which organizations were served, in order: 'e1 e2 …'.
create function tests.claim(p_limit integer) returns text language sql as $$
  select coalesce(string_agg(left(job ->> 'org_id', 2) || '/' || (job #>> '{payload,n}'), ' '), '')
  from jsonb_array_elements(
    public.claim_jobs(jsonb_build_object(
      'kind', 'sync_agent', 'limit', p_limit, 'lease_seconds', 60, 'worker_id', 'w1'
    )) -> 'jobs'
  ) as job
$$;
select tests.queue_jobs(1, 20), tests.queue_jobs(2, 2), tests.queue_jobs(3, 1), tests.queue_jobs(5, 3);

select tests.act_as('service role');
select is(tests.claim(3), 'e1/1 e2/1 e3/1', 'each organization gets one, the oldest first');
select is(tests.claim(2), 'e5/1 e1/2', 'the next claim begins behind the last one served, and goes round');
select is(tests.claim(4), 'e2/2 e5/2 e1/3 e5/3', 'who has nothing more is passed over, the rest share evenly');
select is(tests.claim(5), 'e1/4 e1/5 e1/6 e1/7 e1/8', 'one alone gets everything');
select is(tests.claim(0), '', 'nothing asked, nothing claimed');

select tests.act_as('operator');
select tests.queue_jobs(3, 1);
select tests.act_as('service role');
select is(tests.claim(2), 'e3/1 e1/9', 'a newcomer doesn''t queue behind another''s backlog');

select is(
  array_length(regexp_split_to_array(tests.claim(1000), ' '), 1), 11, 'and at most a hundred are claimed: here all that are left'
);
select is(tests.claim(10), '', 'then there is nothing');

select tests.act_as('operator');
insert into public.background_jobs (kind, org_id, available_at) values
  ('sync_agent', tests.id('clinic'), now() + interval '1 hour'), ('verify_credentials', tests.id('clinic'), now()),
  ('expire_rows', null, now());
select tests.act_as('service role');
select is(tests.claim(10), '', 'neither what must wait, nor another kind');
select is(
  (public.claim_jobs('{"kind": "expire_rows", "limit": 1, "lease_seconds": 60, "worker_id": "w"}') #> '{jobs,0}') - 'id',
  '{"kind": "expire_rows", "org_id": null, "payload": {}, "attempts": 1, "fencing_token": 1}', 'a job of no organization has its turn'
);

select tests.act_as('operator');
insert into public.background_jobs (kind, org_id) select 'sync_agent', tests.id('market') from generate_series(1, 150);
select tests.act_as('service role');
select is(
  jsonb_array_length(public.claim_jobs('{"kind": "sync_agent", "limit": 1000, "lease_seconds": 60, "worker_id": "w"}') -> 'jobs'), 100,
  'a claim is never larger than a hundred'
);

select * from finish();
rollback;
