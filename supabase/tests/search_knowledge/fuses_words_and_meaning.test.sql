begin;
\ir ../people.psql
\ir ../knowledge.psql
select plan(22);
select tests.act_as('service role');

select is(
  tests.document('clinic', title, tests.version(content, true)) #>> '{document,embedding_status}', 'queued',
  format('%s waits for its vector', title)
)
from (values ('Parking', 'Cars stand behind the house.'), ('Bus', 'Line 5 stops in front.')) as given (title, content);
select tests.document('market', 'Stalls', tests.version('Cars are loaded at the gate.', true));
select is(private.queue_due_embed_knowledge(), 3, 'a job for each document');
select is(private.queue_due_embed_knowledge(), 0, 'once');

create function pg_temp.embed(p_title text, p_model text, p_axis integer) returns text language plpgsql as $$
declare
  v_document public.knowledge_base;
  v_name jsonb;
  v_texts jsonb;
begin
  select * into strict v_document from public.knowledge_base where title = p_title;
  v_name := jsonb_build_object('org_id', v_document.org_id, 'document_id', v_document.id, 'model', p_model, 'limit', 10);
  v_texts := public.read_texts_to_embed(v_name) -> 'texts';
  perform public.store_embeddings(v_name || jsonb_build_object('vectors', (
    select jsonb_agg(text.value || jsonb_build_object('embedding', tests.axis(p_axis + text.ordinality::integer)))
    from jsonb_array_elements(v_texts) with ordinality as text
  )));
  return coalesce(jsonb_array_length(v_texts), 0) || ' ' || (public.read_texts_to_embed(v_name) ->> 'code');
end
$$;
select is(pg_temp.embed('Parking', 'old', 0), '1 embedded', 'its chunk gets a vector');
select is(pg_temp.embed('Bus', 'old', 100), '1 embedded', 'and so does the other''s');
select is(pg_temp.embed('Stalls', 'old', 0), '1 embedded', 'and the other organization''s');

create function pg_temp.near(p_axis integer, p_query text default 'zzz', p_model text default 'old') returns jsonb
language sql volatile as $$
  select public.search_knowledge(jsonb_build_object(
    'org_id', tests.id('clinic'), 'query', p_query, 'vector', tests.axis(p_axis), 'model', p_model
  ))
$$;
select is(pg_temp.near(1) ->> 'mode', 'hybrid', 'with vectors it says so');
select is(pg_temp.near(1) #>> '{hits,0,title}', 'Parking', 'what means the same is found without its words');
select is(pg_temp.near(101) #>> '{hits,0,title}', 'Bus', 'each by its own');
select is(pg_temp.near(101, 'cars') #>> '{hits,0,title}', 'Parking', 'found both ways is better than by one');
select is(jsonb_array_length(pg_temp.near(1) -> 'hits'), 2, 'nothing of the other organization, however near');
select is(pg_temp.near(1, 'zzz', 'new') ->> 'mode', 'text', 'vectors of another model are not compared');
select is(pg_temp.near(1, 'zzz', 'new') ->> 'model', 'old', 'and the answer names the one that serves');

-- Another model.
select is(public.want_embedding_model('{"model": "new"}') ->> 'count', '3', 'another model queues everything');
select is(pg_temp.near(1) #>> '{hits,0,title}', 'Parking', 'while the old vectors serve');
select is(pg_temp.embed('Parking', 'new', 200), '1 embedded', 'one has its new vector');
select is(pg_temp.near(1) #>> '{hits,0,title}', 'Parking', 'the old ones serve until the last');
select pg_temp.embed('Bus', 'new', 300);
select tests.act_as('operator');
select is(
  array(select distinct model from private.knowledge_base_vectors where org_id = tests.id('clinic')), array['new'],
  'then they go'
);
select tests.act_as('service role');
select is(pg_temp.near(201, 'zzz', 'new') #>> '{hits,0,title}', 'Parking', 'and the new ones serve');

-- A new version keeps the vectors of the words that it keeps.
select public.update_knowledge_document(jsonb_build_object(
  'org_id', tests.id('clinic'), 'user_id', tests.id('owner'), 'id', id,
  'version', tests.version(E'Cars stand behind the house.\n\nBicycles stand in front.', true)
)) from public.knowledge_base where title = 'Parking';
select is(pg_temp.near(201, 'zzz', 'new') #>> '{hits,0,title}', 'Parking', 'what is said again is found at once');
select is(pg_temp.embed('Parking', 'new', 400), '1 embedded', 'only what is new is embedded');

select * from finish();
rollback;
