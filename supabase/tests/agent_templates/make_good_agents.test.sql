begin;
\ir ../people.psql
select no_plan();

select results_eq(
  'select key, role, array_agg(language order by language) from public.agent_templates group by key, role order by key',
  $$ values
    ('after_hours', 'inbound', array['en', 'fr']), ('appointment_reminder', 'outbound', array['en', 'fr']),
    ('lead_qualifier', 'outbound', array['en', 'fr']), ('receptionist', 'inbound', array['en', 'fr']) $$,
  'four templates, each in English and French'
);
select is_empty(
  $$ select key from public.agent_templates
     where char_length(defaults ->> 'name') > 40
       or (defaults ->> 'max_call_duration')::integer not between 60 and 43200
       or defaults ->> 'language' <> language
       or char_length(defaults ->> 'system_prompt') < 800
       or defaults ->> 'system_prompt' not like '%{organization}%'
       or defaults ->> 'first_message' not like '%{organization}%' $$,
  'each fits an agent, speaks its language and knows whom it works for'
);
select is_empty(
  $$ select english.key from public.agent_templates as english
     join public.agent_templates as french using (key, role)
     where english.language = 'en' and french.language = 'fr'
       and (english.required_settings, english.defaults - array['name', 'system_prompt', 'first_message', 'language'])
         is distinct from (french.required_settings, french.defaults - array['name', 'system_prompt', 'first_message', 'language']) $$,
  'the two languages differ in their words only'
);

select throws_like(
  $$ update public.agent_templates set defaults = defaults - 'voice' $$, '%agent_templates_defaults_make_an_agent%', 'a template leaves nothing out'
);
select throws_like(
  $$ update public.agent_templates set defaults = defaults || '{"state": "active"}' $$, '%agent_templates_defaults_make_an_agent%',
  'nor says what is none of its business'
);
select throws_like(
  $$ update public.agent_templates set required_settings = '{weather}' $$, '%agent_templates_required_settings_are_known%',
  'and requires settings that there are'
);

select tests.act_as('viewer');
select is((select count(*) from public.agent_templates), 8::bigint, 'everybody signed in reads them');
select throws_ok($$ update public.agent_templates set name = 'Mine' $$, '42501', null, 'nobody signed in writes them');
select tests.act_as('anon');
select throws_ok('select * from public.agent_templates', '42501', null, 'a stranger reads none');

select * from finish();
rollback;
