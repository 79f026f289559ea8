begin;
\ir ../people.psql
select no_plan();

select private.add_job_kinds(array['paint_fence', 'sync_agent']);
select private.add_job_kinds(array['mow_lawn']);
select lives_ok($$ insert into public.background_jobs (kind) values ('paint_fence'), ('mow_lawn') $$, 'a kind that was added is known');
select lives_ok(
  $$ insert into public.background_jobs (kind) values ('sync_agent'), ('push_workspace'), ('verify_credentials'), ('expire_rows') $$, 'those before it still are'
);
select throws_like(
  $$ insert into public.background_jobs (kind) values ('walk_dog') $$, '%background_jobs_kind_is_known%', 'any other isn''t'
);
select throws_like(
  $$ update public.background_jobs set state = 'dead_lettered' $$, '%background_jobs_state_has_its_timestamp%', 'a state has its time'
);
select throws_ok(
  $$ insert into public.background_jobs (kind, org_id, dedupe_key) values ('mow_lawn', null, 'a'), ('mow_lawn', null, 'a') $$,
  '23505', null, 'two live jobs of no organization can''t share a key either'
);

select * from finish();
rollback;
