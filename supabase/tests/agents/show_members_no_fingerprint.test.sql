begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select tests.save_workspace('clinic', '[]');
select tests.act_as('member');
select is((select count(*) from public.agents), 2::bigint, 'members read their agents');
select lives_ok(
  'select name, state, sync_status, applied_hash, template_id, model, state_changed_at, drift_status, drift_differences from public.agents',
  'what they are and how they fare'
);
select throws_ok('select applied_key_fingerprint from public.agents', '42501', null, 'not the fingerprint of a key');
select throws_ok('select applied from public.agents', '42501', null, 'nor what was given to Vapi');
select throws_ok('select * from public.agents', '42501', null, 'nor everything there may be one day');

select * from finish();
rollback;
