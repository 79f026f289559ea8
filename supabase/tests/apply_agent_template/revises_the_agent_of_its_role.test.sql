begin;
\ir ../people.psql
select no_plan();

create function tests.apply_template(p_changes jsonb default '{}') returns jsonb language sql as $$
  select public.apply_agent_template(jsonb_build_object(
    'org_id', tests.id('clinic'), 'user_id', tests.id('admin'), 'request_id', 'r1', 'role', 'outbound',
    'template_key', 'appointment_reminder', 'language', 'en', 'if_match', null
  ) || p_changes)
$$;
create function tests.agent(p_role text default 'outbound') returns public.agents language sql as $$
  select * from public.agents where org_id = tests.id('clinic') and role = p_role
$$;

select tests.act_as('service role');
select is(tests.apply_template('{"template_key": "astronaut"}') ->> 'code', 'template_not_found', 'a template that isn''t');
select is(
  tests.apply_template('{"language": "ja"}') #> '{available,0}', '{"role": "inbound", "key": "after_hours", "language": "en"}', 'or isn''t in that language: it says what there is'
);
select is(tests.apply_template('{"role": "inbound"}') ->> 'code', 'template_not_found', 'one that makes calls doesn''t answer them');
select is(
  tests.apply_template(), '{"code": "settings_missing", "missing": ["transfer_number"]}', 'what its prompt relies on has to be there'
);
select is(
  tests.apply_template('{"role": "inbound", "template_key": "after_hours"}') -> 'missing', '["business_hours", "transfer_number"]', 'all that is missing is told'
);
select is_empty('select 1 from public.agents', 'nothing was made so far');

update public.organization_settings
set transfer_number = '+250788000001', business_hours = '{"monday": ["08:00-17:00"]}', language = 'fr-RW'
where org_id = tests.id('clinic');
select tests.remember('answer', tests.apply_template());
select is(tests.recall('answer') #> '{agents,0,created}', 'true', 'the agent of the role is made where there is none');
select is(
  tests.recall('answer') #- '{template,id}' -> 'template', '{"key": "appointment_reminder", "language": "en"}', 'from that template'
);
select results_eq(
  $$ select (a).name, (a).voice, (a).max_call_duration, (a).model, (a).system_prompt like '%behalf of Clinic to remind%', replace(replace((a).system_prompt, '{{contact_name}}', ''), '{{call_reason}}', '') like '%{%' from tests.agent() as a $$,
  $$ values ('Appointment reminder', 'Elliot', 300, '{"temperature": 0.2}'::jsonb, true, false) $$,
  'with its words, which name the organization'
);

update public.agents set vapi_phone_number_id = 'pn-1', voice_stability = 0.9 where role = 'outbound';
select tests.remember('answer', tests.apply_template('{"template_key": "lead_qualifier", "language": null, "if_match": 2}'));
select is(
  tests.recall('answer') #- '{agents,0,id}' -> 'agents',
  '[{"role": "outbound", "revision": 3, "created": false,
     "changed": ["first_message", "language", "max_call_duration", "model", "name", "system_prompt", "template_id", "voice", "voice_stability"]}]',
  'one that is there gets one new revision'
);
select is(tests.recall('answer') #>> '{template,language}', 'fr', 'in the organization''s language where none is asked for');
select is((tests.agent()).vapi_phone_number_id, 'pn-1', 'and keeps its number');
select is(
  (select reason from public.agent_revisions where revision = 3), 'Template "lead_qualifier" (fr)', 'the history says where it comes from'
);
select is((select count(*) from public.audit_log where action = 'agent_template_applied'), 2::bigint, 'and the audit log that it happened');
select is(
  tests.apply_template('{"if_match": 1}'), jsonb_build_object(
    'code', 'revision_mismatch', 'role', 'outbound', 'revision', 3,
    'template', jsonb_build_object('key', 'appointment_reminder', 'language', 'en', 'id', (
      select id from public.agent_templates where key = 'appointment_reminder' and language = 'en'
    ))
  ), 'not over somebody else''s change'
);

select public.update_agent_behavior(jsonb_build_object(
  'org_id', tests.id('clinic'), 'user_id', tests.id('admin'), 'changes', '{"outbound": {"set": {"name": "Bot", "first_message": "Hi"}}}'::jsonb
));
select public.update_agent_behavior(jsonb_build_object(
  'org_id', tests.id('clinic'), 'user_id', tests.id('admin'), 'changes', '{"outbound": {"reset": ["name", "first_message"]}}'::jsonb
));
select is((tests.agent()).name, 'Qualification de prospects', 'the default is from now on the template''s');
select is(
  (tests.agent()).first_message, 'Bonjour, ici l''assistant automatique de Clinic. Vous nous avez demandé de vous contacter. Avez-vous deux minutes ?',
  'with the organization''s name'
);
select throws_ok($$ delete from public.agent_templates where key = 'lead_qualifier' $$, '23503', null, 'a template in use stays');

select * from finish();
rollback;
