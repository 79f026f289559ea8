begin;
\ir ../people.psql
select no_plan();

create function tests.due() returns text[] language plpgsql as $$
begin
  update public.background_jobs set state = 'completed', completed_at = now() where state = 'queued';
  perform public.queue_due_jobs('{"kind": "sync_agent"}');
  return array(select payload::text from public.background_jobs where state = 'queued' order by 1);
end
$$;

select tests.act_as('service role');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1', '{"number": {"phone_number_id": "pn-1", "number": "+250788000001"}}')));
update public.agents set sync_status = 'synced', last_synced_at = now(), state = 'active', activation_mode = 'full';
select is(tests.due(), '{}', 'a number that goes straight to an agent in service');
update public.agents set state = 'paused' where role = 'outbound';
select is(tests.due(), '{}', 'whatever the agent that makes calls does');
update public.agents set state = 'paused' where role = 'inbound';
select is(tests.due(), array['{"role": "inbound", "rebind": true}'], 'but not past one that is paused');
update public.agents set state = 'active', activation_mode = 'limited' where role = 'inbound';
select is(tests.due(), array['{"role": "inbound", "rebind": true}'], 'or answers some only');
update public.integrations set public_config = jsonb_set(public_config, '{number,server_hash}', '"h"');
select is(tests.due(), '{}', 'until it comes to our webhook');

select * from finish();
rollback;
