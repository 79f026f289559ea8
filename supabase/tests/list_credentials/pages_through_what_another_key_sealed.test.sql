begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1'), tests.integration('twilio', 'tok1')));
select tests.save_workspace('market', jsonb_build_array(tests.integration('vapi', 'key2'), tests.integration('whatsapp', 'wat2') || '{"key_id": "k2"}'));
create function tests.list(p_after jsonb, p_limit integer) returns text language sql as $$
  select string_agg((credential ->> 'ciphertext'), ' ')
  from jsonb_array_elements(public.list_credentials(jsonb_build_object(
    'after', p_after, 'limit', p_limit, 'except_key_id', 'k2'
  )) -> 'credentials') as credential
$$;

select is(
  tests.list(null, 2), concat_ws(' ', tests.ciphertext('tok1'), tests.ciphertext('key1')), 'a page, in the order of organization and provider'
);
select is(
  tests.list(jsonb_build_object('org_id', tests.id('clinic'), 'provider', 'vapi'), 2), tests.ciphertext('key2'),
  'the next, without what the newest key sealed'
);
select is(tests.list(jsonb_build_object('org_id', tests.id('market'), 'provider', 'whatsapp'), 2), null, 'and then nothing');
select is(
  public.list_credentials('{"after": null, "limit": 1, "except_key_id": "k2"}') #> '{credentials,0}',
  jsonb_build_object('org_id', tests.id('clinic'), 'provider', 'twilio', 'ciphertext', tests.ciphertext('tok1'), 'key_id', 'k1'),
  'each with what rotation needs'
);

select * from finish();
rollback;
