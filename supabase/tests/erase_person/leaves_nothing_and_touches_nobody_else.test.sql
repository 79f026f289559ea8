begin;
\ir ../people.psql
\ir ../messaging.psql
\ir ../agents.psql
select no_plan();

-- Ann (250788123456) of the clinic is erased. Bob of the clinic, a person whose number begins with
-- Ann's, and Ann of the market stay as they are.
create function tests.of(p_contact uuid) returns jsonb language sql as $$ select jsonb_build_object('org_id', tests.id('clinic'), 'contact_id', p_contact) $$;
select tests.deliver(
  tests.text('wamid.a1', '{"content": {"text": "my secret is heliotrope"}, "payload": {"from": "250788123456", "text": "heliotrope"}}'),
  tests.text('wamid.longer', '{"phone": "2507881234567", "name": "Longer"}')
);
create function tests.ann() returns uuid language sql as $$ select coalesce((tests.recall('ann') #>> '{}')::uuid, tests.person('ann')) $$;
select tests.remember('ann', to_jsonb(tests.person('ann')));
update public.contacts set name = 'Ànn (Heliotrope)' where id = tests.ann();

-- In every table that points at a contact, from the catalogue, with words of hers in each text.
update public.unified_sessions set messages = '[{"role": "user", "text": "heliotrope"}]', collected_data = '{"phone": "250788123456"}'
where contact_id = tests.ann();
select tests.effect('ann', tests.listing('bicycle', '{"title": "Heliotrope bicycle", "description": "call 250788123456"}'));
select tests.effect('ann', tests.listing('lonely', '{"title": "Heliotrope lamp"}'));
select tests.effect('bob', tests.listing('car', '{"title": "A car of Bob"}'));
select tests.effect('bob', tests.apply('of bob', 'bicycle', 'inquiry'));
select tests.effect('ann', tests.apply('of ann', 'car', 'inquiry'));
insert into public.bookings (org_id, contact_id, resource, starts_at, ends_at, details)
values (tests.id('clinic'), tests.ann(), 'chair', now(), now() + interval '1 hour', '{"note": "heliotrope"}');
insert into public.tickets (org_id, contact_id, number, subject, body) values (tests.id('clinic'), tests.ann(), 'T1', 'heliotrope', '250788123456');
insert into public.policy_requests (org_id, contact_id, vehicle, cover, yearly_price, currency, details)
values (tests.id('clinic'), tests.ann(), 'car', 'full', 1, 'RWF', '{"name": "heliotrope"}');
insert into public.call_requests (org_id, contact_id, reason) values (tests.id('clinic'), tests.ann(), 'heliotrope');
insert into public.hand_overs (org_id, contact_id, reason) values (tests.id('clinic'), tests.ann(), 'heliotrope');
insert into public.contact_opt_outs (org_id, contact_id, reason) values (tests.id('clinic'), tests.ann(), 'heliotrope');
insert into public.contact_former_identities (org_id, kind, value, contact_id, changed_at)
values (tests.id('clinic'), 'phone', '250788123450', tests.ann(), now());
insert into public.failed_conversations (org_id, contact_id, session_id, correlation_id, error)
select org_id, contact_id, id, 'c', 'heliotrope' from public.unified_sessions where contact_id = tests.ann() limit 1;
insert into public.session_ratings (org_id, session_id, contact_id, rating)
select org_id, id, contact_id, 'up' from public.unified_sessions where contact_id = tests.ann() limit 1;
insert into public.unified_agent_events (org_id, contact_id, correlation_id, event_type, outcome, agent, details, cost_usd, error)
values (tests.id('clinic'), tests.ann(), 'c', 'turn', 'failed', 'sales', '{"said": "heliotrope"}', 0.5, 'heliotrope');
insert into public.outbound_messages (org_id, contact_id, kind, type, content, wamid)
values (tests.id('clinic'), tests.ann(), 'reply', 'text', '{"text": "heliotrope"}', 'wamid.out'),
  (tests.id('clinic'), tests.person('bob'), 'initiated', 'text', '{"text": "Ànn (Heliotrope) has Heliotrope bicycle: +250788123456"}', 'wamid.told');
update public.unified_sessions set messages = '[{"role": "agent", "text": "Reach +250788123456 or 00250 (788) 123-456, not 2507881234567 or 250 788 123 4567"}]' where contact_id = tests.person('bob');
insert into public.unified_sessions (org_id, contact_id, messages)
select tests.id('clinic'), tests.person('bob'), '[{"role": "agent", "text": "Reach +250788123456 or 00250 (788) 123-456, not 2507881234567 or 250 788 123 4567"}]'
where not exists (select 1 from public.unified_sessions where contact_id = tests.person('bob'));

-- What was said on the phone, by a number that the call alone knows.
insert into public.leads (id, org_id, contact_id, name, phone_number) values (tests.uuid('lead'), tests.id('clinic'), null, 'Heliotrope', '+250 788 123 456');
insert into public.call_tracking (id, org_id, vapi_call_id, contact_id, lead_id, phone_number, state, ended_at, metadata)
values (tests.uuid('call'), tests.id('clinic'), 'call-ann', null, tests.uuid('lead'), '+250788123456', 'ended', now(), '{"said": "heliotrope"}');
insert into public.call_logs (org_id, vapi_call_id, call_tracking_id, phone_number, summary, cost, duration_seconds)
values (tests.id('clinic'), 'call-ann', tests.uuid('call'), '+250788123456', 'heliotrope', 0.75, 61);
insert into public.calls (org_id, vapi_call_id, call_tracking_id, transcript, structured_data, recording_url)
values (tests.id('clinic'), 'call-ann', tests.uuid('call'), 'heliotrope', '{"said": "heliotrope"}', 'https://x/heliotrope');
insert into public.recording_upload_queue (org_id, vapi_call_id, call_tracking_id, source_url) values (tests.id('clinic'), 'call-ann', tests.uuid('call'), 'https://x/heliotrope');
insert into public.tool_calls (org_id, channel, conversation_id, tool_call_id, tool, arguments, result)
values (tests.id('clinic'), 'voice', 'call-ann', 't', 'x', '{"name": "heliotrope"}', 'heliotrope');
insert into public.tool_calls (org_id, channel, conversation_id, tool_call_id, tool, arguments, result)
select org_id, 'whatsapp', id::text, 't', 'x', '{"name": "heliotrope"}', 'heliotrope' from public.unified_sessions where contact_id = tests.ann();
insert into public.taken_messages (org_id, channel, caller_name, callback_number, body) values (tests.id('clinic'), 'voice', 'Heliotrope', '00250788123456', 'heliotrope');

-- What was kept as it came, and what failed.
insert into public.dead_letters (org_id, source, source_id, reason, payload) values (tests.id('clinic'), 'whatsapp', 'x', 'x', '{"from": "250788123456", "text": "heliotrope"}');
insert into public.failed_webhook_events (org_id, event_id, source, event_type, reason, payload)
values (tests.id('clinic'), 'vapi:call-ann:report', 'vapi', 'x', 'x', '{"transcript": "heliotrope"}');
insert into public.unroutable_deliveries (reason, phone_number_id, payload) values ('sender_unknown', '1001', '{"from": "250788123456", "text": "heliotrope"}');
insert into public.unparsed_deliveries (source, reason, body) values ('whatsapp', 'x', '{"phone_number_id": "1001", "from": "250788123456", "text": "heliotrope');
insert into public.whatsapp_notices (org_id, field, payload) values (tests.id('clinic'), 'x', '{"wa_id": "250788123456", "text": "heliotrope"}');
select public.raise_alert(jsonb_build_object('org_id', tests.id('clinic'), 'rule', 'x', 'severity', 'info', 'message', 'heliotrope wrote from +250788123456'));
insert into public.background_jobs (kind, org_id, payload) values ('sync_agent', tests.id('clinic'), '{"phone": "250788123456", "text": "heliotrope"}');
insert into public.idempotency_keys (org_id, operation, key, request_hash, claim_expires_at, expires_at, response_body)
values (tests.id('clinic'), 'x', 'k', 'h', now(), now() + interval '1 day', '{"phone": "+250788123456", "text": "heliotrope"}');
insert into private.send_claims (id, answer) values (gen_random_uuid(), jsonb_build_object('sends', jsonb_build_array(tests.of(tests.ann()))));
insert into public.operation_events (org_id, operation, outcome, actor, details) values (tests.id('clinic'), 'x', 'succeeded', 'system', '{"to": "250788123456", "text": "heliotrope"}');
insert into public.audit_log (org_id, actor, action, subject, details) values (tests.id('clinic'), 'system', 'x', '+250788123456', '{"text": "heliotrope"}');
insert into public.agent_switches (org_id, agent, last_error) values (tests.id('clinic'), 'sales', 'heliotrope 250788123456') on conflict (org_id, agent) do update set last_error = excluded.last_error;

insert into public.legacy_deliveries (org_id, contact_id, body, is_whole, messages)
values (tests.id('clinic'), tests.ann(), 'heliotrope', false, '[]');
insert into public.legacy_deliveries (org_id, body, is_whole, messages, state, dead_lettered_at, due_at)
values (tests.id('clinic'), '{"from": "250788123456", "text": "heliotrope"}', false, '[]', 'dead_lettered', now(), null);
-- A message of Bob's and a status of what was sent to her.
insert into public.legacy_deliveries (org_id, contact_id, body, is_whole, messages, statuses, state, dead_lettered_at, due_at)
values (tests.id('clinic'), tests.person('bob'), '{"recipient_id": "250788123456", "text": "a car"}', false,
  jsonb_build_array(tests.of(tests.person('bob'))), jsonb_build_array(jsonb_build_object('org_id', tests.id('clinic'), 'wamid', 'wamid.of.old')),
  'dead_lettered', now(), null);

-- What is of several organizations: a message of hers and one of the market's, forwarded, and given up; and a
-- claim of hers, of Bob's and of the market's.
insert into public.legacy_deliveries (id, body, signature, is_whole, messages, state, dead_lettered_at, forwarded_at, due_at)
select md5(state)::uuid, case state when 'dead_lettered' then convert_to(jsonb_build_object('entry', jsonb_build_array(jsonb_build_object('changes', (
    select jsonb_agg(jsonb_build_object('value', jsonb_build_object('metadata', jsonb_build_object('phone_number_id', number), 'said', said)))
    from (values ('1001', 'heliotrope'), ('2001', 'a lamp')) as told (number, said)
  ))))::text, 'utf8') end, 's', true, jsonb_build_array(
    jsonb_build_object('org_id', tests.id('clinic'), 'contact_id', tests.ann(), 'phone_number_id', '1001', 'wamid', 'wamid.a1'),
    jsonb_build_object('org_id', tests.id('market'), 'contact_id', tests.person('far'), 'phone_number_id', '2001', 'wamid', 'wamid.far')
  ), state, case state when 'dead_lettered' then now() end, case state when 'forwarded' then now() end, null
from unnest(array['dead_lettered', 'forwarded']) as state;
-- Of which this organization has a status alone.
insert into public.legacy_deliveries (id, body, is_whole, messages, statuses, state, dead_lettered_at, due_at)
select md5('statuses')::uuid, convert_to(jsonb_build_object('entry', jsonb_build_array(jsonb_build_object('changes', (
    select jsonb_agg(jsonb_build_object('value', jsonb_build_object('metadata', jsonb_build_object('phone_number_id', number), 'said', said)))
    from (values ('1001', '250788123456'), ('2001', 'a lamp')) as told (number, said)
  ))))::text, 'utf8'), false,
  jsonb_build_array(jsonb_build_object('org_id', tests.id('market'), 'contact_id', tests.person('far'), 'phone_number_id', '2001', 'wamid', 'wamid.far2')),
  jsonb_build_array(jsonb_build_object('org_id', tests.id('clinic'), 'phone_number_id', '1001', 'wamid', 'wamid.of.old', 'status', 'read')),
  'dead_lettered', now(), null;
insert into private.send_claims (id, answer) values (md5('claim')::uuid, jsonb_build_object('lost', '["x"]'::jsonb, 'sends', jsonb_build_array(
  tests.of(tests.ann()), tests.of(tests.person('bob')), jsonb_build_object('org_id', tests.id('market'), 'contact_id', tests.person('far'))
)));

-- Every row of every table, partitions through their parents.
create function tests.dump() returns table (name text, row_text text) language plpgsql as $$
declare
  v_name text;
begin
  for v_name in
    select format('%I.%I', nspname, relname) from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where relkind in ('r', 'p') and not relispartition and nspname in ('public', 'private')
  loop
    return query execute format('select %L::text, t::text from %s as t', v_name, v_name);
  end loop;
end
$$;
create function tests.shared() returns text language sql as $$
  select string_agg(md5(name)::uuid::text, '|') from unnest(array['dead_lettered', 'forwarded', 'statuses', 'claim']) as name
$$;
create function tests.whole(p_text text) returns text language sql as $$ select '(^|[^0-9A-Za-z])' || p_text || '([^0-9A-Za-z]|$)' $$;
create temporary table before as select * from tests.dump();
select is_empty(
  $$ select column1 from unnest(array[
    'public.contacts', 'public.inbound_messages', 'public.outbound_messages', 'public.unified_sessions', 'public.unified_listings', 'public.bookings',
    'public.calls', 'public.call_logs', 'public.dead_letters', 'public.unroutable_deliveries', 'public.audit_log', 'public.operation_events'
  ]) as column1 where column1 not in (select name from before where row_text ~* 'heliotrope') $$, 'the search sees what is there'
);

-- Every table that has a contact, from the catalogue, has one of hers planted; so a new one can't be forgotten here.
select is_empty(
  $$ select listed.table_name from private.person_places() as listed
     where not listed.told and listed.table_name not in (select name from before where row_text ~* 'heliotrope|250788123456|wamid.a1|68656c696f74726f7065' or row_text like '%' || tests.ann() || '%') $$,
  'and something of hers is in each of her places'
);

select tests.act_as('service role');
select tests.remember('listed', public.list_kept_data(tests.of(tests.ann())));
select is(tests.recall('listed') ->> 'code', 'listed', 'what is kept is listed');
select is(public.erase_person(tests.of(tests.ann()) || '{"name": "Market", "dry_run": false}') ->> 'code', 'name_differs', 'a wrong name erases nothing');
select is(public.erase_person(tests.of(tests.person('far')) || '{"name": "Clinic", "dry_run": false}') ->> 'code', 'not_found', 'nor a person of another organization');
update public.call_tracking set state = 'answered', answered_at = now() where id = tests.uuid('call');
select is(public.erase_person(tests.of(tests.ann()) || '{"name": "Clinic", "dry_run": false}') ->> 'code', 'calls_in_progress', 'nor while the person is on the phone');
update public.call_tracking set state = 'ended' where id = tests.uuid('call');
select is(public.erase_person(tests.of(tests.ann()) || '{"name": "Clinic", "dry_run": false}') ->> 'code', 'calls_in_progress', 'nor before what was said is told');
update public.call_tracking set reported_at = now() where id = tests.uuid('call');

-- What nobody has is only looked for where it can't be anything else.
select is(
  public.erase_person(jsonb_build_object('org_id', tests.id('clinic'), 'name', 'Clinic') || given.person) ->> 'code', given.code, given.name
)
from (values
  ('a number nobody has is a person', '{"phone": "+250 788 000 999"}'::jsonb, 'erasable'),
  ('a few digits are not', '{"phone": "1001"}', 'not_found'), ('nor a year and a month', '{"phone": "202611"}', 'not_found'),
  ('a BSUID nobody has is one', '{"bsuid": "US.99"}', 'erasable'), ('a word is not', '{"bsuid": "heliotrope"}', 'not_found'),
  ('nor a pattern', '{"bsuid": "US.9|x"}', 'not_found')
) as given (name, person, code);
select is(
  public.list_kept_data(jsonb_build_object('org_id', tests.id('clinic'), 'phone', given.phone)) -> 'places', '[]'::jsonb, given.name
)
from (values
  ('the beginning of a number is nobody', '25078812345'), ('nor is its end', '788123456')
) as given (name, phone);

-- What is read for an export is each of them once, and only hers.
select is(
  (select count(*) from jsonb_array_elements(tests.recall('listed') -> 'places') as place,
     public.read_kept_data(tests.of(tests.ann()) || jsonb_build_object('place', place -> 'place', 'limit', 1000)) as page
   where not (place ->> 'told')::boolean and jsonb_array_length(page -> 'rows') <> (place ->> 'rows')::integer),
  0::bigint, 'every place is read whole'
);
select is(
  (with recursive page (answer, round) as (
    select public.read_kept_data(tests.of(tests.ann()) || '{"limit": 1}' || jsonb_build_object('place', place -> 'place')), 1
    from jsonb_array_elements(tests.recall('listed') -> 'places') as place where place ->> 'table' = 'public.inbound_messages'
    union all
    select public.read_kept_data(tests.of(tests.ann()) || '{"limit": 1}' || jsonb_build_object('after', answer -> 'last', 'place', (
      select place -> 'place' from jsonb_array_elements(tests.recall('listed') -> 'places') as place where place ->> 'table' = 'public.inbound_messages'
    ))), round + 1 from page where answer ->> 'last' is not null and round < 9
  ) select string_agg(answer #>> '{rows,0,wamid}', ' ' order by round) from page),
  'wamid.ann wamid.a1', 'page after page'
);

-- In pages of three, as if each were cut off after.
create function tests.erase_all(p_request jsonb) returns integer language plpgsql as $$
declare
  v_answer jsonb;
  v_rows jsonb := '{}';
begin
  for round in 1 .. 200 loop
    v_answer := public.erase_person(jsonb_build_object('rows', v_rows) || p_request || '{"name": "Clinic", "limit": 3, "dry_run": false, "request_id": "r1", "actor": "ada"}');
    v_rows := private.add_counts(v_rows, v_answer -> 'counts');
    if (v_answer ->> 'done')::boolean then return round; end if;
  end loop;
  return -1;
end
$$;
select cmp_ok(tests.erase_all('{"phone": "+250 788 123 456"}'::jsonb || jsonb_build_object('org_id', tests.id('clinic'))), '>', 3, 'page by page it ends');
select tests.act_as('operator');

create temporary table after as select * from tests.dump();
select is(
  (select string_agg(name || ': ' || row_text, e'\n') from after
   where (row_text ~* 'heliotrope|68656c696f74726f7065|323530373838313233343536' or row_text ~ tests.whole('250788123456') or row_text ~ tests.ann()::text or row_text ~ 'wamid\.(ann|a1|out)')
     and (row_text !~ tests.id('market')::text or row_text ~ tests.shared())),
  null, 'not a word, number or id of hers is anywhere'
);
select results_eq(
  $$ select name, row_text from before where row_text ~ tests.id('market')::text and row_text !~ tests.shared() order by 1, 2 $$,
  $$ select name, row_text from after where row_text ~ tests.id('market')::text and row_text !~ tests.shared() order by 1, 2 $$, 'the other organization is untouched'
);
select results_eq(
  $$ select name, row_text from before where row_text ~ tests.contact('2507881234567')::text order by 1, 2 $$,
  $$ select name, row_text from after where row_text ~ tests.contact('2507881234567')::text order by 1, 2 $$, 'so is whose number begins with hers'
);
select is(
  (select content ->> 'text' from public.outbound_messages where wamid = 'wamid.told'), '[erased] has [erased]: +[erased]',
  'what others were told of her no longer says whom'
);
select is(
  (select messages #>> '{0,text}' from public.unified_sessions where contact_id = tests.person('bob')),
  'Reach +[erased] or [erased], not 2507881234567 or 250 788 123 4567', 'nor does their conversation'
);
select is(
  (select jsonb_agg(jsonb_build_array(messages #> '{0,contact_id}', jsonb_array_length(messages), is_whole, signature) order by state) from public.legacy_deliveries
   where id in (md5('dead_lettered')::uuid, md5('forwarded')::uuid)),
  jsonb_build_array(jsonb_build_array(tests.person('far'), 1, false, null), jsonb_build_array(tests.person('far'), 1, true, 's')),
  'of what is several organizations'' the others'' part stays'
);
select is(
  (select convert_from(body, 'utf8')::jsonb #>> '{entry,0,changes,0,value,said}' from public.legacy_deliveries where id = md5('dead_lettered')::uuid), 'a lamp', 'in the body too'
);
select is(
  (select jsonb_build_array(messages #> '{0,contact_id}', statuses, convert_from(body, 'utf8')::jsonb #> '{entry,0,changes}' -> 0 #> '{value,said}')
   from public.legacy_deliveries where id = md5('statuses')::uuid),
  jsonb_build_array(tests.person('far'), '[]'::jsonb, 'a lamp'), 'also where only a status is of this organization'
);
select is((select count(*) from public.legacy_deliveries where contact_id = tests.person('bob')), 0::bigint, 'and where only a status is of hers');
select is(
  (select answer from private.send_claims where id = md5('claim')::uuid),
  jsonb_build_object('lost', '["x"]'::jsonb, 'sends', jsonb_build_array(
    tests.of(tests.person('bob')), jsonb_build_object('org_id', tests.id('market'), 'contact_id', tests.person('far'))
  )), 'and of a claim'
);
select is((select count(*) from public.unified_applications where contact_id = tests.person('bob')), 1::bigint, 'their answers stay');
select is((select title || state from public.unified_listings where id = tests.uuid('bicycle')), '[erased]closed', 'to a listing that is nobody''s');
select is((select cost || ' ' || duration_seconds from public.call_logs where vapi_call_id = 'call-ann'), '0.750000 61', 'what a call cost stays');
select is((select cost_usd from public.unified_agent_events where correlation_id = 'erased'), 0.5, 'and what a turn cost');

select tests.act_as('service role');
select is((public.erase_person('{"phone": "250788123456", "name": "Clinic", "dry_run": false, "request_id": "r1"}'::jsonb || jsonb_build_object('org_id', tests.id('clinic')))) - 'code', '{"counts": {}, "done": true}', 'erased again there is nothing');
select is(
  (select jsonb_agg(jsonb_build_array(actor, subject, request_id, details #> '{rows,public.contacts}')) from public.audit_log where action = 'person_erased' and org_id = tests.id('clinic')),
  '[["ada", null, "r1", 1]]', 'and it was recorded once that somebody was'
);
-- What waited for the older service is given up later, with an id of hers that nobody knows any more.
select tests.act_as('operator');
insert into public.legacy_deliveries (id, body, is_whole, messages, state, dead_lettered_at, due_at)
select md5('later')::uuid, '{"from": "250788123456"}', false, jsonb_build_array(
  jsonb_build_object('org_id', tests.id('clinic'), 'contact_id', tests.ann()), jsonb_build_object('org_id', tests.id('market'))
), 'dead_lettered', now(), null;
select tests.act_as('service role');
select is(
  public.erase_person('{"phone": "250788123456", "name": "Clinic", "dry_run": false, "request_id": "r3"}'::jsonb || jsonb_build_object('org_id', tests.id('clinic'))) -> 'counts',
  '{"public.legacy_deliveries": 1}', 'what was given up since goes when it is asked for again'
);
select is(
  (select jsonb_build_array(messages, encode(body, 'escape') ~ '250788123456') from public.legacy_deliveries where id = md5('later')::uuid),
  jsonb_build_array(jsonb_build_array(jsonb_build_object('org_id', tests.id('market'))), false), 'in the body too'
);
select is(public.record_export(jsonb_build_object('org_id', tests.id('clinic'), 'is_person', true, 'request_id', 'r2', 'actor', 'ada', 'phone', '250788123456', 'rows', '{"x": 2}'::jsonb)), '{"code": "recorded"}', 'an export too');
select is(
  (select jsonb_build_array(actor, subject, request_id, details) from public.audit_log where action = 'person_exported'),
  '["ada", null, "r2", {"rows": {"x": 2}}]', 'without whose'
);
select is(public.record_export(jsonb_build_object('org_id', gen_random_uuid(), 'is_person', false)), '{"code": "not_found"}', 'but of nobody');
select tests.deliver(tests.text('wamid.back'));
select isnt(tests.contact(), tests.ann(), 'who comes back is somebody new');
select * from finish();
rollback;
