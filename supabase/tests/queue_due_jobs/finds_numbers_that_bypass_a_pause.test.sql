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
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1', '{"number": {"phone_number_id": "pn-1", "number": "+250788000001", "assistant_id": "asst-1"}}'), tests.integration('twilio', 't1')));
update public.agents set sync_status = 'synced', last_synced_at = now(), state = 'active', activation_mode = 'full',
  applied_key_fingerprint = 'fp-key1', vapi_assistant_id = 'asst-' || case role when 'inbound' then 1 else 2 end;
select is(tests.due(), '{}', 'a number that goes straight to an agent in service');
update public.agents set state = 'paused' where role = 'outbound';
select is(tests.due(), '{}', 'whatever the agent that makes calls does');
update public.agents set state = 'paused' where role = 'inbound';
select is(tests.due(), array['{"role": "inbound", "rebind": true}'], 'but not past one that is paused');
update public.agents set state = 'active', activation_mode = 'limited' where role = 'inbound';
select is(tests.due(), array['{"role": "inbound", "rebind": true}'], 'or answers some only');
update public.integrations set public_config = jsonb_set(public_config #- '{number,assistant_id}', '{number,server_hash}', '"h"') where provider = 'vapi';
select is(tests.due(), '{}', 'until it comes to our webhook');

update public.agents set activation_mode = 'full' where role = 'inbound';
select is(tests.due(), array['{"role": "inbound", "rebind": true}'], 'an activation that the number didn''t follow');
update public.integrations set public_config = jsonb_set(public_config #- '{number,server_hash}', '{number,assistant_id}', '"asst-0"') where provider = 'vapi';
select is(tests.due(), array['{"role": "inbound", "rebind": true}'], 'one that goes to an assistant of before');
update public.agents set vapi_assistant_id = 'asst-0' where role = 'inbound';
select is(tests.due(), '{}', 'until the two are the same');
update public.agents set applied_key_fingerprint = 'fp-key0' where role = 'inbound';
select is(tests.due(), array['{"role": "inbound", "rebind": true}'], 'one that goes to an assistant of another account');
update public.integrations set connected = false, disconnected_at = now(), fingerprint = null, last_four = null where provider = 'twilio';
select is(tests.due(), '{}', 'without an account for numbers there is none to bind');

update public.integrations set connected = true, disconnected_at = null, fingerprint = 'fp-t1', last_four = 't1xx' where provider = 'twilio';
update public.agents set sync_status = 'queued', sync_queued_at = now() where role = 'inbound';
select is(tests.due(), array['{"role": "inbound", "rebind": true}', '{"role": "inbound"}'], 'a sync doesn''t stand for it');
select is(public.queue_due_jobs('{"kind": "sync_agent"}') -> 'count', '0', 'neither is queued twice');
update public.background_jobs set state = 'completed', completed_at = now() where state = 'queued' and dedupe_key = 'inbound:rebind';
select is(public.queue_due_jobs('{"kind": "sync_agent"}') -> 'count', '1', 'nor does a sync that waits hold it up');
select tests.remember('token', tests.claim_sync() -> 'fencing_token');
select tests.record_sync('{"vapi_assistant_id": "asst-3"}');
select results_eq(
  $$ select dedupe_key from public.background_jobs where state = 'queued' $$, $$ values ('inbound:rebind') $$, 'nor end it'
);
update public.background_jobs set state = 'dead_lettered', dead_lettered_at = now() where dedupe_key = 'inbound:rebind' and state = 'queued';
update public.agents set last_synced_at = now() - interval '1 minute', state_changed_at = null;
select is(public.queue_due_jobs('{"kind": "sync_agent"}') -> 'count', '0', 'given up on it rests for an hour');
update public.agents set state_changed_at = now() + interval '1 second' where role = 'inbound';
select is(public.queue_due_jobs('{"kind": "sync_agent"}') -> 'count', '1', 'or until the agent changes');

select * from finish();
rollback;
