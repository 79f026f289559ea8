begin;
\ir ../people.psql
select no_plan();

select set_config('app.reason', 'trial', true);
insert into public.app_config (key, value) values ('limits', '{"a": 1}')
on conflict (key) do update set value = excluded.value;
insert into public.app_config (key, value) values ('limits', '{"a": 2}')
on conflict (key) do update set value = excluded.value;
update public.app_config set value = jsonb_set(value, '{a}', '2') where key = 'limits';
select set_config('app.actor', 'somebody', true);
select set_config('app.reason', '', true);
delete from public.app_config where key = 'limits';

select results_eq(
  $$ select operation, case when actor = session_user then 'operator' else actor end, reason, value_before, value_after
     from public.app_config_history where key = 'limits'
     -- Within one tick of the clock as well.
     order by changed_at, array_position(array['insert', 'update', 'delete'], operation) $$,
  $$ values
    ('insert', 'operator', 'trial', null::jsonb, '{"a": 1}'::jsonb),
    ('update', 'operator', 'trial', '{"a": 1}', '{"a": 2}'),
    ('delete', 'somebody', null, '{"a": 2}', null) $$,
  'an operator''s plain SQL is recorded, a write that changes nothing is not'
);

select tests.act_as('service role');
update public.app_config set value = '25' where key = 'credential_check_hours';
select is(
  (select actor from public.app_config_history where key = 'credential_check_hours' and value_after = '25'),
  'service_role', 'without a named actor it is the database role'
);
select set_config('request.jwt.claims', '{"sub": "a0000000-0000-4000-8000-000000000001"}', true);
update public.app_config set value = '26' where key = 'credential_check_hours';
select is(
  (select actor from public.app_config_history where key = 'credential_check_hours' and value_after = '26'),
  tests.id('owner')::text, 'or the person whose token the request carries'
);
select is((select revision from public.app_config where key = 'credential_check_hours'), 3, 'each change counts the revision up');
select throws_ok(
  $$ insert into public.app_config_history (key, operation, actor) values ('limits', 'delete', 'nobody') $$,
  '42501', null, 'history is written by the trigger alone'
);
select throws_ok('delete from public.app_config_history', '42501', null, 'and not erased');

select tests.act_as('operator');
select throws_like(
  $$ update public.app_config set key = 'renamed' where key = 'credential_check_hours' $$, '%history is kept by key%',
  'a key keeps its name'
);
select throws_like('truncate public.app_config', '%what was in force is kept by the row%', 'what no row''s trigger sees is refused');
select throws_like('truncate public.app_config_history', '%what was in force is kept by the row%', 'for the history too');
select throws_ok($$ insert into public.app_config (key, value) values ('Not A Key', '1') $$, '23514', null, 'keys are snake case');

select tests.act_as('owner');
select throws_ok('select * from public.app_config', '42501', null, 'an owner can''t read it');
select throws_ok('select * from public.app_config_history', '42501', null, 'nor its history');
select tests.act_as('anon');
select throws_ok('select * from public.app_config', '42501', null, 'nor can anon');

select * from finish();
rollback;
