begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1')));
create function tests.replace_by(p_expected text, p_new text) returns jsonb language sql as $$
  select public.replace_credential(jsonb_build_object(
    'org_id', tests.id('clinic'), 'provider', 'vapi', 'expected_ciphertext', tests.ciphertext(p_expected),
    'ciphertext', tests.ciphertext(p_new), 'key_id', 'k2'
  ))
$$;

select is(tests.replace_by('key1', 'resealed'), '{"code": "replaced"}', 'what is still there is replaced');
select results_eq(
  'select ciphertext, key_id from private.integration_credentials', $$ values (tests.ciphertext('resealed'), 'k2') $$, 'by what the new key sealed'
);
select is(tests.replace_by('key1', 'resealed'), '{"code": "replaced"}', 'again after a lost answer');
select is(tests.replace_by('key1', 'stale'), '{"code": "changed"}', 'what was saved meanwhile stays');
select is((select revision from public.integrations), 1, 'a rotation is no change of the integration');

select * from finish();
rollback;
