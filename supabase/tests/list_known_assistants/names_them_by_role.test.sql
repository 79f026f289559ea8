begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select is(
  public.list_known_assistants(jsonb_build_object('org_id', tests.id('clinic'))), '{"code": "listed", "agents": []}', 'nobody yet'
);
select tests.save_workspace('clinic', '[]');
select tests.save_workspace('market', '[]');
update public.agents set vapi_assistant_id = 'asst-1' where role = 'inbound' and org_id = tests.id('clinic');
select is(
  public.list_known_assistants(jsonb_build_object('org_id', tests.id('clinic'))) #- '{agents,0,agent_id}' #- '{agents,1,agent_id}',
  '{"code": "listed", "agents": [{"role": "inbound", "vapi_assistant_id": "asst-1"}, {"role": "outbound", "vapi_assistant_id": null}]}',
  'those of the organization, by role'
);

select * from finish();
rollback;
