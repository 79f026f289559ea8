begin;
\ir ../people.psql
select no_plan();

create function tests.due() returns text[] language plpgsql as $$
begin
  update public.background_jobs set state = 'completed', completed_at = now() where state = 'queued';
  perform public.queue_due_jobs('{"kind": "push_workspace"}');
  return array(
    select organization.name from public.background_jobs as job join public.organizations as organization on organization.id = job.org_id
    where job.state = 'queued' order by 1
  );
end
$$;
create function tests.pending() returns jsonb language sql as $$
  select jsonb_object_agg(integration ->> 'provider', integration -> 'pending')
  from jsonb_array_elements(
    public.read_workspace(jsonb_build_object('org_id', tests.id('clinic'))) -> 'integrations'
  ) as integration
$$;
create function tests.patch(p_provider text, p_patch jsonb) returns void language sql as $$
  update public.integrations set public_config = jsonb_strip_nulls(public_config || p_patch)
  where org_id = tests.id('clinic') and provider = p_provider
$$;

select tests.act_as('service role');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1')));
select is(tests.due(), '{}', 'without a number there is nothing to bind');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('twilio', 'tok1', '{"from_number": "+250788000001"}')));
select is(tests.due(), array['Clinic'], 'a number that Vapi was not told of');
select is(tests.pending(), '{"vapi": "number_binding", "twilio": null}', 'is shown to people');
select is((public.queue_due_jobs('{"kind": "push_workspace"}') ->> 'count')::integer, 0, 'and queued once');

select tests.patch('vapi', '{"number": {"phone_number_id": "pn-1", "number": "+250788000001", "key_fingerprint": "fp-key1"}}');
select is(tests.due(), '{}', 'a number that it has');
select is(tests.pending(), '{"vapi": null, "twilio": null}', 'is done');
select tests.patch('twilio', '{"from_number": "+250788000002"}');
select is(tests.due(), array['Clinic'], 'another number since');
select tests.patch('twilio', '{"from_number": "+250788000001"}');
update public.integrations set fingerprint = 'fp-key2' where provider = 'vapi';
select is(tests.due(), array['Clinic'], 'a number in the account of another key');
update public.integrations set fingerprint = 'fp-key1' where provider = 'vapi';
select tests.patch('vapi', '{"push_error": "it answered 500"}');
select is(tests.due(), array['Clinic'], 'a binding that failed over what was there');
select tests.patch('vapi', '{"push_error": null}');
select is(tests.due(), '{}', 'until it is made');

select tests.save_workspace('clinic', jsonb_build_array(tests.integration('whatsapp', 'wat1', '{"phone_number_id": "1"}')));
select is(tests.due(), array['Clinic'], 'an account whose messages Meta was not asked for');
select is(tests.pending() ->> 'whatsapp', 'webhook_subscription', 'is shown to people');
select tests.patch('whatsapp', '{"subscribed_at": "2026-11-20T09:00:00Z"}');
select is(tests.due(), '{}', 'until it was');
select tests.patch('whatsapp', '{"push_error": "it answered 500"}');
select is(tests.due(), array['Clinic'], 'or asking again failed');
select tests.patch('whatsapp', '{"push_error": null, "subscribed_at": null}');

select tests.remember('began', public.begin_workspace_save(jsonb_build_object('org_id', tests.id('clinic'), 'request_id', 'r', 'lease_seconds', 60)));
select is(tests.due(), '{}', 'not while somebody saves');
update public.leases set expires_at = clock_timestamp() - interval '1 second';
select is(tests.due(), array['Clinic'], 'but when that somebody is gone');

update public.background_jobs set state = 'dead_lettered', dead_lettered_at = clock_timestamp() where state = 'queued';
select is(tests.due(), '{}', 'what was given up today stays given up');
update public.integrations set last_checked_at = clock_timestamp() + interval '1 second' where provider = 'whatsapp';
select is(tests.due(), array['Clinic'], 'unless the credentials were stored again since');
update public.integrations set last_checked_at = now() - interval '3 days';
update public.background_jobs set dead_lettered_at = now() - interval '2 days' where state = 'dead_lettered';
select is(tests.due(), array['Clinic'], 'or it was given up yesterday');

update public.integrations set connected = false, fingerprint = null where provider = 'whatsapp';
select is(tests.due(), '{}', 'nothing is told to who was disconnected');

select * from finish();
rollback;
