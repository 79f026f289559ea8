begin;
\ir ../people.psql
\ir ../knowledge.psql
select plan(28);
select tests.act_as('service role');

select tests.document('clinic', title, tests.version(content), more)
from (values
  ('Opening hours', E'We open at nine on weekdays.\n\nOn Sunday the clinic is open from ten to two.', '{"category": "operations"}'::jsonb),
  ('Prices', 'A consultation costs 10,000 francs. Children pay half.', '{"category": "products_services"}'),
  ('Horaires', 'Le dimanche, la clinique est ouverte de dix à quatorze heures.', '{"language": "fr"}'),
  ('Amasaha', 'Dufungura ku cyumweru saa yine za mugitondo.', '{"language": "rw"}'),
  ('Masaa', 'Jumapili kliniki hufunguliwa saa nne asubuhi.', '{"language": "sw"}'),
  ('Old prices', 'A consultation cost 8,000 francs.', '{"active": false}')
) as given (title, content, more);
select tests.document('market', 'Stalls', tests.version('The market opens on Sunday at six.'));

select is((tests.found('clinic', 'What time do you open on Sunday?'))[1], 'Opening hours', 'a natural question');
select is((tests.found('clinic', 'How much is a consultation?'))[1], 'Prices', 'whose words are not all there');
select is((tests.found('clinic', 'consultations'))[1], 'Prices', 'words are found in another form');
select is((tests.found('clinic', 'À quelle heure ouvrez-vous le dimanche ?'))[1], 'Horaires', 'in French');
select is((tests.found('clinic', 'Mufungura ryari ku cyumweru?'))[1], 'Amasaha', 'and in Kinyarwanda, word by word');
select is((tests.found('clinic', 'Mnafungua saa ngapi Jumapili?'))[1], 'Masaa', 'and so in Swahili');
select is(tests.found('clinic', 'consultation cost 8,000'), array['Prices'], 'what is inactive is not found');
select is(tests.found('market', 'Sunday'), array['Stalls'], 'each organization finds its own');
select is(tests.found('clinic', 'stalls market six'), '{}', 'and nothing of others');
select is(tests.found('clinic', 'open', '{"category": "products_services"}'), '{}', 'a category keeps to itself');
select is(tests.found('clinic', 'open', '{"category": "operations"}'), array['Opening hours', 'Opening hours'], 'and is searched');
select is(cardinality(tests.found('clinic', 'open', '{"limit": 1}')), 1, 'no more than asked for');
select is(tests.found('clinic', '"open at nine"'), array['Opening hours'], 'quotes keep words together');
select is(tests.found('clinic', 'open -nine', '{"category": "operations"}'), array['Opening hours'], 'a minus keeps them out');
select is(tests.found('clinic', 'xylophone'), '{}', 'what nobody says is not found');
select is(tests.found('clinic', ''), '{}', 'nor is nothing');
select is(tests.found('clinic', 'the of and'), '{}', 'nor words that say nothing');
select is(tests.found('clinic', $$'\ & | ! ( ) : * <-> ''$$), '{}', 'nor signs');
select is(tests.found('clinic', 'org:' || tests.id('market')), '{}', 'nobody names another organization in a question');
select is(tests.found('clinic', $$x' | 'org:b1000000-0000-4000-8000-000000000000$$), '{}', 'however it is quoted');

create temporary table answer as
select public.search_knowledge(jsonb_build_object('org_id', tests.id('clinic'), 'query', 'open on Sunday')) as body;
select is(body ->> 'mode', 'text', 'without vectors it says so') from answer;
select is(
  body #>> '{hits,0,snippet}', 'On «Sunday» the clinic is «open» from ten to two', 'a snippet marks what was looked for'
) from answer;
select ok((body #>> '{hits,0,score}')::numeric > (body #>> '{hits,1,score}')::numeric, 'the best comes first') from answer;
select is(body #>> '{hits,0,version}', '1', 'a hit names the version') from answer;
select is(
  public.search_knowledge(jsonb_build_object('org_id', tests.id('desk'), 'query', 'open')) ->> 'hits', '[]',
  'an organization without documents finds nothing'
);

-- A title, a language or a category that changes is searched as changed.
select public.update_knowledge_document(jsonb_build_object(
  'org_id', tests.id('clinic'), 'user_id', tests.id('owner'), 'id', id, 'changes', '{"title": "Tariffs", "category": "operations"}'::jsonb
)) from public.knowledge_base where title = 'Prices';
select is(tests.found('clinic', 'tariff', '{"category": "operations"}'), array['Tariffs'], 'by its new title');
select is(tests.found('clinic', 'prices'), '{}', 'and not by the old one');
select public.update_knowledge_document(jsonb_build_object(
  'org_id', tests.id('clinic'), 'user_id', tests.id('owner'), 'id', id, 'changes', '{"active": false}'::jsonb
)) from public.knowledge_base where title = 'Tariffs';
select is(tests.found('clinic', 'consultation'), '{}', 'switched off, it is gone from the search');

select * from finish();
rollback;
