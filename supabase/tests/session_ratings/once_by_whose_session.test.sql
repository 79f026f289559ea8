begin;
\ir ../people.psql
\ir ../messaging.psql
\ir ../metrics.psql
select no_plan();
select tests.act_as('service role');
\ir ../agents.psql

-- Deliveries were claimed, and have begun sessions already.
delete from public.unified_sessions;
-- Sessions: Ann's that is over, Ann's that goes on, Bob's that is over, one of another organization.
insert into public.unified_sessions (id, org_id, contact_id, status, started_at, completed_at)
select tests.uuid(name), tests.org_of(person), tests.person(person), 'completed', now() - interval '1 hour', now()
from (values ('ann over', 'ann'), ('bob over', 'bob'), ('far over', 'far')) as session (name, person);
insert into public.unified_sessions (id, org_id, contact_id) values (tests.uuid('ann active'), tests.id('clinic'), tests.person('ann'));

create function tests.rate(p_session text, p_rating text) returns jsonb language sql as $$
  select jsonb_build_object('kind', 'rate_session', 'session_id', tests.uuid(p_session), 'rating', p_rating)
$$;
create function tests.ratings() returns text language sql as $$
  select string_agg(format('%s %s', session.id, rating.rating), ', ' order by rating.rated_at, rating.rating desc)
  from public.session_ratings as rating
  join public.unified_sessions as session on session.id = rating.session_id and session.contact_id = rating.contact_id
$$;

select is(tests.code('ann', tests.rate(session, 'up')), 'done', format('what is sent of "%s" refuses nothing', session))
from unnest(array['bob over', 'far over', 'ann active', 'nobody''s']) as session;
select is(tests.code('far', tests.rate('ann over', 'up')), 'done', '(nor from another organization, with the same number)');
select is_empty('select 1 from public.session_ratings', 'and counts nothing');
select is(tests.code('ann', tests.rate('ann over', 'sideways')), 'invalid', 'there are two answers');
select is(tests.code('ann', tests.rate('ann over', 'down')), 'done', 'a person rates what is over');
select is(tests.code('ann', tests.rate('ann over', 'up')), 'done', '(again)');
select is(tests.ratings(), tests.uuid('ann over') || ' down', 'once: the first answer stands');

-- After a person of the organization.
select is(tests.code('ann', jsonb_build_object('kind', 'hand_over', 'id', tests.uuid('h1'), 'reason', 'Please')), 'done', '(waits for a person)');
select is(tests.code('ann', tests.rate('ann active', 'up')), 'done', '(what waits is not over)');
select is((select count(*) from public.session_ratings), 1::bigint, 'and is not rated');
create function tests.release(p_name text) returns jsonb language sql as $$
  select public.release_hand_over(jsonb_build_object('org_id', tests.id('clinic'), 'user_id', null, 'hand_over_id', tests.uuid(p_name)));
  select jsonb_build_object('type', said.type, 'ids', jsonb_path_query_array(said.content, '$.buttons[*].id'), 'titles', jsonb_path_query_array(said.content, '$.buttons[*].title'))
  from public.outbound_messages as said where said.dedupe_key = format('hand_over:%s:released', tests.uuid(p_name))
$$;
update public.unified_sessions set context = '{"language": "sw"}' where id = tests.uuid('ann active');
select is(
  tests.release('h1'),
  jsonb_build_object(
    'type', 'buttons', 'titles', '["👍 Ndiyo", "👎 Hapana"]'::jsonb,
    'ids', jsonb_build_array(format('rate:%s:up', tests.uuid('ann active')), format('rate:%s:down', tests.uuid('ann active')))
  ), 'a release asks, in the person''s language'
);
select is(tests.code('ann', tests.rate('ann active', 'up')), 'done', '(answered)');
select is((select rating from public.session_ratings where session_id = tests.uuid('ann active')), 'up', 'and the answer is kept, while the session goes on');
select is(tests.code('ann', jsonb_build_object('kind', 'hand_over', 'id', tests.uuid('h2'), 'reason', 'Again')), 'done', '(once more)');
select is(tests.release('h2') ->> 'type', 'text', 'nobody is asked twice a day');
update public.unified_sessions set preferences = jsonb_build_object(
  'rating_asked_at', to_char((now() - interval '24 hours') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
) where id = tests.uuid('ann active');
select is(tests.code('ann', jsonb_build_object('kind', 'hand_over', 'id', tests.uuid('h3'), 'reason', 'Later')), 'done', '(a day later)');
select is(tests.release('h3') ->> 'type', 'buttons', 'but the next day');

-- Every language has the words, and they fit on buttons.
select is(
  (select count(*) from private.agent_texts where key in ('rate', 'rate.up', 'rate.down') and (key = 'rate' or char_length(text) <= 20)),
  12::bigint, 'words of four languages'
);

-- Counted as they are.
select tests.code('bob', tests.rate('bob over', 'up'));
select tests.code('far', tests.rate('far over', 'down'));
update public.session_ratings set rated_at = now() - interval '10 minutes' where session_id = tests.uuid('ann over');
select tests.act_as('operator');
select tests.aggregate();
select is(
  (select array[succeeded, failed] from private.read_metric(tests.id(org), 'satisfaction', date_trunc('minute', now()) - before, now() + interval '1 minute')),
  (
    select array[count(*) filter (where rating = 'up'), count(*) filter (where rating = 'down')]
    from public.session_ratings as rating
    where (org is null or rating.org_id = tests.id(org)) and rating.rated_at >= date_trunc('minute', now()) - before
  ),
  format('satisfaction of %s over %s is its rows', coalesce(org, 'everybody'), before)
)
from unnest(array['clinic', 'market', 'branch', null]) as org, unnest(array[interval '5 minutes', '1 hour']) as before;
select is(
  jsonb_path_query_first(public.read_service_levels(jsonb_build_object('org_id', tests.id('clinic'), 'user_id', null)), '$.beside[*] ? (@.window == "1h")'),
  '{"window": "1h", "complaints": 0, "satisfied": 2, "dissatisfied": 1}', 'and shown beside the service levels'
);

-- Two contacts that turn out to be one.
select tests.act_as('service role');
select private.merge_contacts(tests.id('clinic'), tests.person('ann'), tests.person('bob'));
select results_eq(
  $$ select distinct contact_id from public.session_ratings where org_id = tests.id('clinic') $$,
  $$ select contact_id from public.unified_sessions where id = tests.uuid('bob over') $$,
  'who are one person have all their ratings'
);
delete from public.contacts where id = (select contact_id from public.unified_sessions where id = tests.uuid('bob over'));
select is((select count(*) from public.session_ratings), 1::bigint, 'who is forgotten has none');

select * from finish();
rollback;
