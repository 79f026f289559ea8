begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select is(jsonb_array_length(public.list_agent_templates('{}') -> 'templates'), 8, 'all of them');
select is(
  (select array_agg(t ->> 'key') from jsonb_array_elements(public.list_agent_templates('{"language": "fr-CA"}') -> 'templates') as t),
  array['after_hours', 'receptionist', 'appointment_reminder', 'lead_qualifier'], 'those of a language, whatever its region'
);
select is(
  array(select jsonb_object_keys(public.list_agent_templates('{"language": "en"}') #> '{templates,0}') order by 1),
  array['defaults', 'description', 'id', 'key', 'language', 'name', 'required_settings', 'role'], 'with what a dashboard shows'
);
select is(public.list_agent_templates('{"language": "ja"}'), '{"code": "listed", "templates": []}', 'none is an answer');

select * from finish();
rollback;
