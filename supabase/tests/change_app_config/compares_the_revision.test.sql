begin;
\ir ../people.psql
select no_plan();

create function tests.change(p_value jsonb, p_revision integer) returns jsonb language sql as $$
  select public.change_app_config(jsonb_build_object(
    'key', 'limits', 'value', p_value, 'expected_revision', p_revision, 'actor', 'operator:ada', 'reason', 'more room'
  ))
$$;

select tests.act_as('service role');
select is(tests.change('1', 3), '{"code": "conflict", "revision": null}', 'what isn''t there has no revision');
select is(tests.change('1', null), '{"code": "changed", "revision": 1}', 'a new key');
select is(tests.change('2', null), '{"code": "conflict", "revision": 1}', 'is new once');
select is(tests.change('2', 1), '{"code": "changed", "revision": 2}', 'the revision that was read may change it');
select is(tests.change('3', 1), '{"code": "conflict", "revision": 2}', 'an older one may not');
select is(tests.change('2', 2), '{"code": "unchanged", "revision": 2}', 'the same again is no change');

select tests.remember('page', public.list_app_config_history('{"key": "limits", "limit": 1}'));
select is(
  (tests.recall('page') #> '{changes,0}') - array['id', 'changed_at'],
  '{"key": "limits", "operation": "update", "actor": "operator:ada", "reason": "more room", "value_before": 1, "value_after": 2}',
  'the history is listed, the newest first'
);
select is(
  public.list_app_config_history(jsonb_build_object('key', 'limits', 'before', tests.recall('page') #> '{changes,0,id}')) #> '{changes,0,operation}',
  '"insert"', 'page by page'
);
select cmp_ok(jsonb_array_length(public.list_app_config_history('{}') -> 'changes'), '>', 4, 'of all keys as well');

select * from finish();
rollback;
