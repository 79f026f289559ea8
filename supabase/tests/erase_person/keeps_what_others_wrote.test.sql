begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();

-- Ann (250788123456) writes to the clinic; Bob (250788000111) to the clinic, Ann and Cleo (250788000222) to the market.
select tests.deliver(tests.text('wamid.a1'));
create function tests.change(p_number text, p_messages text) returns text language sql as $$
  select format('{"value":{"metadata":{"phone_number_id":"%s"},"messages":[%s]},"field":"messages"}', p_number, p_messages)
$$;
create function tests.said(p_from text, p_words text) returns text language sql as $$
  select format('{"from":"%s","id":"wamid.x","text":{"body":"%s"},"type":"text"}', p_from, p_words)
$$;
create function tests.keep(p_name text, p_body text, p_signed_by uuid default null) returns void language sql as $$
  insert into public.unparsed_deliveries (id, source, reason, body, signed_by_org_id) values (md5(p_name)::uuid, 'whatsapp', 'x', convert_to(p_body, 'utf8'), p_signed_by)
$$;
create function tests.body(p_name text) returns text language sql as $$
  select convert_from(body, 'utf8') from public.unparsed_deliveries where id = md5(p_name)::uuid
$$;
-- Cut off, so that nothing can read it: of the clinic's people and of the market's, where Ann is known as well.
select tests.keep('shared', '{"entry":[{"changes":[' || tests.change('1001', tests.said('250788123456', 'héliotrope \"{x}\"') || ',' || tests.said('250788000111', 'Bob\\ of +250 788 123 456 \u00e9'))
  || ',' || tests.change('2001', tests.said('250788000222', 'Cleo') || ',' || tests.said('250788123456', 'to the market')) || ',{"val');
select tests.keep('alone', '{"entry":[{"changes":[' || tests.change('1001', tests.said('250788123456', 'heliotrope')) || ']');
select tests.keep('last', '[' || tests.change('1001', tests.said('250788000111', 'Bob') || ',{"text":{"body":"heliotrope"},"from":"250788123456","cut of'));
select tests.keep('own', '[' || tests.said('250788000111', 'Bob') || ',' || tests.said('250788123456', 'heliotrope') || ']', tests.id('clinic'));
select tests.keep('elsewhere', tests.change('2001', tests.said('250788123456', 'the "1001" of the market')), null);
insert into public.unparsed_deliveries (id, source, reason, body, signed_by_org_id) values (md5('vapi')::uuid, 'vapi', 'x', '{"customer":"+250788123456', tests.id('clinic'));
-- What others said of her.
insert into public.dead_letters (org_id, source, source_id, reason, payload) values
  (tests.id('clinic'), 'vapi', 'vapi:of-bob:report', 'x', '{"call": {"customer": {"number": "+250788000111"}}, "transcript": "Ann is +250788123456"}'),
  (tests.id('clinic'), 'vapi', 'vapi:untracked:report', 'x', '{"call": {"customer": {"number": "+250788123456"}}, "transcript": "heliotrope"}');
insert into public.failed_webhook_events (org_id, event_id, source, event_type, reason, payload)
values (tests.id('clinic'), 'vapi:of-bob:report', 'vapi', 'x', 'x', '{"message": {"call": {"customer": {"number": "+250788000111"}}, "transcript": "Ann is 250788123456"}}');
insert into public.unroutable_deliveries (reason, phone_number_id, payload) values
  ('sender_unknown', '1001', '{"id": "wamid.b", "from": "250788000111", "contacts": [{"phones": [{"wa_id": "250788123456"}]}]}');

create function tests.ann() returns jsonb language sql as $$ select jsonb_build_object('org_id', tests.id('clinic'), 'phone', '250788123456') $$;
select tests.act_as('service role');
select tests.remember('listed', public.list_kept_data(tests.ann()));
create function tests.exported() returns text language sql as $$
  select string_agg(coalesce(encode(decode(substr(line ->> 'body', 3), 'hex'), 'escape'), line::text), ' ')
  from jsonb_array_elements(tests.recall('listed') -> 'places') as place,
    jsonb_array_elements(public.read_kept_data(tests.ann() || jsonb_build_object('place', place -> 'place', 'limit', 1000)) -> 'rows') as line
$$;
select ok(tests.exported() !~ 'Bob|Cleo|market|of-bob|250788000111', 'what others wrote is in no export');
select ok(tests.exported() ~ 'heliotrope', 'what is hers alone is');
select is(
  (select sum((place ->> 'rows')::integer) from jsonb_array_elements(tests.recall('listed') -> 'places') as place
   where (place ->> 'told')::boolean and place ->> 'table' = 'public.unparsed_deliveries'), 3::bigint, 'and what is changed for her is counted'
);

create function tests.erase() returns integer language plpgsql as $$
begin
  for round in 1 .. 100 loop
    if (public.erase_person(tests.ann() || '{"name": "Clinic", "limit": 1, "dry_run": false, "request_id": "r"}') ->> 'done')::boolean then
      return round;
    end if;
  end loop;
  return null;
end
$$;
select isnt(tests.erase(), null, 'row by row it ends');
select is(
  tests.body('shared'),
  '{"entry":[{"changes":[' || tests.change('1001', '{},' || tests.said('250788000111', 'Bob\\ of +[erased] \u00e9'))
    || ',' || tests.change('2001', tests.said('250788000222', 'Cleo') || ',' || tests.said('250788123456', 'to the market')) || ',{"val',
  'what others wrote stays byte for byte, and what she wrote to another organization'
);
select is(tests.body('alone'), null, 'what is hers alone goes');
select is(tests.body('last'), '[' || replace(tests.change('1001', tests.said('250788000111', 'Bob') || ',#'), '#]},"field":"messages"}', ''), 'hers goes where it was cut off, too');
select is(tests.body('own'), '[' || tests.said('250788000111', 'Bob') || ',{}]', 'also of what the organization''s own app signed');
select isnt(tests.body('elsewhere'), null, 'what came to another organization alone is left');
select is(tests.body('vapi'), null, 'what Vapi sent of her goes');
select results_eq(
  $$ select source_id, payload ->> 'transcript' from public.dead_letters where org_id = tests.id('clinic') $$,
  $$ values ('vapi:of-bob:report', 'Ann is +[erased]') $$, 'a letter of somebody else''s call loses her number'
);
select is((select payload #>> '{message,transcript}' from public.failed_webhook_events), 'Ann is [erased]', 'so does an event that waits');
select is((select payload #>> '{contacts,0,phones,0,wa_id}' from public.unroutable_deliveries), '[erased]', 'and a message that gives her number');
select is(
  (select count(*) from jsonb_array_elements(public.list_kept_data(tests.ann()) -> 'places')), 0::bigint, 'and then nothing is left'
);
select * from finish();
rollback;
