begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select tests.save_workspace('market', jsonb_build_array(
  tests.integration('twilio', 'tok1', '{"from_number": "+14155550100"}')
));
create function tests.try(p_number text) returns jsonb language plpgsql as $$
declare
  v_begun constant jsonb := public.begin_workspace_save(jsonb_build_object(
    'org_id', tests.id('clinic'), 'request_id', 'try', 'lease_seconds', 30
  ));
  v_tried constant jsonb := public.store_workspace(jsonb_build_object(
    'org_id', tests.id('clinic'), 'request_id', 'try', 'fencing_token', v_begun -> 'fencing_token', 'dry_run', true,
    'integrations', jsonb_build_array(
      tests.integration('twilio', 'mine', jsonb_build_object('from_number', p_number))
    )
  ));
begin
  perform public.finish_workspace_save(jsonb_build_object(
    'org_id', tests.id('clinic'), 'request_id', 'try', 'fencing_token', v_begun -> 'fencing_token',
    'operation', 'workspace_save', 'outcome', 'succeeded', 'duration_ms', 1
  ));
  return v_tried;
end
$$;

select is(tests.try('+14155550101'), '{"code": "storable"}', 'what could be stored');
select is(
  tests.try('+14155550100'),
  '{"code": "taken", "provider": "twilio", "field": "twilio_from_number"}', 'what another organization has'
);
select is_empty($$ select 1 from public.integrations where org_id = tests.id('clinic') $$, 'nothing is stored');
select is_empty($$ select 1 from public.agents where org_id = tests.id('clinic') $$, 'no agent is made');
select is_empty($$ select 1 from public.audit_log where org_id = tests.id('clinic') $$, 'nothing is audited');

select * from finish();
rollback;
