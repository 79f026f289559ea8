-- One question, one organization, what fits best: words by full text, meaning by vectors where there are any,
-- fused by reciprocal rank.

-- Reads the index of vectors until enough of its entries are of the organization and of active documents.
-- Without sorting, or the planner would rather read everything that an organization has.
create function private.nearest_of_many(
  p_org_id uuid,
  p_vector text,
  p_model text,
  p_categories text[],
  p_limit integer
) returns uuid[]
language plpgsql set search_path = '' set plan_cache_mode = 'force_custom_plan' set enable_sort = off as $$
begin
  perform set_config('hnsw.iterative_scan', 'relaxed_order', true);
  perform set_config('hnsw.max_scan_tuples', '50000', true);
  return array(
    select near.chunk_id
    from (
      select vector.chunk_id, vector.embedding operator(extensions.<=>) p_vector::extensions.halfvec(768) as distance
      from private.knowledge_base_vectors as vector
      join public.knowledge_base_chunks as chunk on chunk.id = vector.chunk_id
      join public.knowledge_base as document
        on document.org_id = p_org_id and document.id = chunk.document_id and document.version = chunk.version
      where vector.org_id = p_org_id
        and vector.model = p_model
        and document.active
        and document.category = any (p_categories)
      order by vector.embedding operator(extensions.<=>) p_vector::extensions.halfvec(768)
      limit p_limit
    ) as near
    -- What a relaxed scan gives is nearly in order; the sum keeps the planner from believing that it is.
    order by near.distance + 0
  );
end
$$;
revoke all on function private.nearest_of_many(uuid, text, text, text[], integer) from public, anon, authenticated;
grant execute on function private.nearest_of_many(uuid, text, text, text[], integer) to service_role;

-- The organization's chunks nearest to a vector, of active documents. While it has few vectors, each is
-- compared: exact, and faster than an index over everybody's. With many, the index is read until enough of
-- its entries are the organization's.
create function private.nearest_chunks(
  p_org_id uuid,
  p_vector text,
  p_model text,
  p_categories text[],
  p_limit integer
) returns uuid[]
language plpgsql set search_path = '' set plan_cache_mode = 'force_custom_plan' as $$
declare
  v_exact_limit constant integer := 2000;
  v_count integer;
begin
  if p_vector is null or not private.has_vectors() then
    return '{}';
  end if;
  select count(*) into v_count
  from (
    select 1
    from private.knowledge_base_vectors as vector
    where vector.org_id = p_org_id and vector.model = p_model
    limit v_exact_limit + 1
  ) as counted;
  if v_count <= v_exact_limit then
    return array(
      with mine as materialized (
        select vector.chunk_id, vector.embedding
        from private.knowledge_base_vectors as vector
        where vector.org_id = p_org_id and vector.model = p_model
      )
      select mine.chunk_id
      from mine
      join public.knowledge_base_chunks as chunk on chunk.id = mine.chunk_id
      join public.knowledge_base as document
        on document.org_id = p_org_id and document.id = chunk.document_id and document.version = chunk.version
      where document.active and document.category = any (p_categories)
      order by mine.embedding operator(extensions.<=>) p_vector::extensions.halfvec(768)
      limit p_limit
    );
  end if;
  return private.nearest_of_many(p_org_id, p_vector, p_model, p_categories, p_limit);
end
$$;
revoke all on function private.nearest_chunks(uuid, text, text, text[], integer) from public, anon, authenticated;
grant execute on function private.nearest_chunks(uuid, text, text, text[], integer) to service_role;

-- The organization's chunks that have the most telling words of a question, of active documents. A word tells
-- the more, the fewer chunks have it; so a question in a natural language finds what it is about without
-- all of its words being there. What is asked for in quotes, or with a minus, is kept to where anything fits.
create function private.matching_chunks(
  p_org_id uuid,
  p_query text,
  p_lexemes text[],
  p_configs regconfig[],
  p_categories text[],
  p_limit integer
) returns uuid[]
language plpgsql stable set search_path = '' set plan_cache_mode = 'force_custom_plan' as $$
declare
  -- A word that as many chunks have tells little: it finds nothing by itself, unless all words are like it.
  v_word_limit constant integer := 1000;
  v_organization constant tsquery := format('%L', 'org:' || p_org_id)::tsquery;
  v_any tsquery;
  v_strict_ids uuid[];
  v_config regconfig;
  v_total bigint;
  v_lexeme text;
  v_word tsquery;
  v_ids uuid[];
  v_common_ids uuid[] := '{}';
  v_common tsquery[] := '{}';
  v_found uuid[] := '{}';
  v_weights real[] := '{}';
begin
  if cardinality(p_lexemes) = 0 then
    return '{}';
  end if;
  if p_query ~ '"|(^|\s)-\S' then
    -- Each document in the words of its own language: a minus of another language's word keeps nothing out.
    foreach v_config in array p_configs loop
      v_word := websearch_to_tsquery(v_config, p_query);
      continue when numnode(v_word) = 0;
      v_strict_ids := v_strict_ids || array(
        select chunk.id
        from (
          select word.id, word.document_id, word.version
          from public.knowledge_base_chunks as word
          where word.fts @@ (v_organization && v_word) and word.org_id = p_org_id
          offset 0
        ) as chunk
        join public.knowledge_base as document
          on document.org_id = p_org_id and document.id = chunk.document_id and document.version = chunk.version
        where document.active
          and document.category = any (p_categories)
          and private.text_search_config(document.language) = v_config
        limit v_word_limit
      );
    end loop;
  end if;
  select coalesce(sum(document.chunk_count), 0) into v_total
  from public.knowledge_base as document
  where document.org_id = p_org_id and document.active and document.version is not null
    and document.category = any (p_categories);

  -- A statement for each word, so that each is planned with the word in sight. What may be found is decided
  -- before the limit: chunks that may not would take the places of those that may. `offset 0` keeps the planner
  -- from going through an organization's documents instead of the index of words.
  foreach v_lexeme in array p_lexemes loop
    v_word := private.to_word_query(v_lexeme);
    v_any := coalesce(v_any || v_word, v_word);
    v_ids := array(
      select chunk.id
      from (
        select word.id, word.document_id, word.version
        from public.knowledge_base_chunks as word
        where word.fts @@ (v_organization && v_word) and word.org_id = p_org_id
        offset 0
      ) as chunk
      join public.knowledge_base as document
        on document.org_id = p_org_id and document.id = chunk.document_id and document.version = chunk.version
      where document.active and document.category = any (p_categories)
      limit v_word_limit
    );
    if cardinality(v_ids) = v_word_limit then
      v_common := v_common || v_word;
      v_common_ids := v_ids;
      continue;
    end if;
    v_found := v_found || v_ids;
    v_weights := v_weights || array_fill(
      ln(1 + (greatest(v_total - cardinality(v_ids), 0) + 0.5) / (cardinality(v_ids) + 0.5))::real,
      array[cardinality(v_ids)]
    );
  end loop;

  if cardinality(v_found) = 0 then
    v_found := v_common_ids;
    v_weights := array_fill(0::real, array[cardinality(v_found)]);
  end if;

  return array(
    with scored as (
      select found.id, sum(found.weight) as weight
      from unnest(v_found, v_weights) as found (id, weight)
      where coalesce(cardinality(v_strict_ids), 0) = 0 or found.id = any (v_strict_ids)
      group by found.id
      order by weight desc
      limit 400
    )
    select chunk.id
    from scored
    join public.knowledge_base_chunks as chunk on chunk.id = scored.id
    -- Words in a title or a heading count more, and so do several of them.
    order by
      (scored.weight + 0.7 * (select count(*) from unnest(v_common) as common (word) where chunk.fts @@ common.word))
        * (1 + ts_rank('{0.1, 0.3, 0.6, 1}', chunk.fts, v_any, 1)) desc,
      chunk.id
    limit p_limit
  );
end
$$;
revoke all on function private.matching_chunks(uuid, text, text[], regconfig[], text[], integer)
  from public, anon, authenticated;
grant execute on function private.matching_chunks(uuid, text, text[], regconfig[], text[], integer) to service_role;

create function private.to_word_query(p_lexeme text) returns tsquery
language plpgsql immutable set search_path = '' as $$
begin
  return ('''' || replace(replace(p_lexeme, '\', '\\'), '''', '''''') || '''')::tsquery;
end
$$;
revoke all on function private.to_word_query(text) from public, anon, authenticated;
grant execute on function private.to_word_query(text) to service_role;

-- {org_id, query, limit, category|null, except_category?, vector: '[…]'|null, model|null} -> 'found' {mode: 'hybrid' | 'text', model|null,
-- hits: [{document_id, title, category, version, chunk_id, heading_path, content, snippet, score}]}, best first.
-- `model` names whose vectors serve at the moment: another than the question's while the organization's
-- documents are being embedded anew.
create function public.search_knowledge(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_query constant text := left(request ->> 'query', 2000);
  v_limit constant integer := least(greatest(coalesce((request ->> 'limit')::integer, 5), 1), 50);
  v_pool constant integer := 50;
  v_configs regconfig[];
  v_categories text[];
  v_lexemes text[];
  v_by_text uuid[];
  v_by_vector uuid[];
  v_model text;
  v_hits jsonb;
begin
  select array_agg(distinct private.text_search_config(spoken.language)), coalesce(array_agg(distinct spoken.category), '{}')
  into v_configs, v_categories
  from (
    select distinct document.language, document.category
    from public.knowledge_base as document
    where document.org_id = v_org_id and document.active and document.version is not null
      and (document.category = request ->> 'category' or request ->> 'category' is null)
      and document.category is distinct from request ->> 'except_category'
  ) as spoken;
  v_lexemes := array(
    select distinct word.lexeme
    from unnest(v_configs) as config
    cross join lateral unnest(tsvector_to_array(to_tsvector(config, v_query))) as word (lexeme)
    limit 40
  );
  v_by_text := private.matching_chunks(v_org_id, v_query, v_lexemes, v_configs, v_categories, v_pool);
  v_by_vector := private.nearest_chunks(v_org_id, request ->> 'vector', request ->> 'model', v_categories, v_pool);

  if private.has_vectors() then
    -- The one that some documents still wait to leave, where there are two.
    select document.embedding_model into v_model
    from public.knowledge_base as document
    where document.org_id = v_org_id and document.version is not null and document.embedding_model is not null
    order by document.embedding_model = (request ->> 'model') nulls last
    limit 1;
  end if;

  select jsonb_agg(
    jsonb_build_object(
      'document_id', hit.document_id, 'title', hit.title, 'category', hit.category, 'version', hit.version,
      'chunk_id', hit.id, 'heading_path', hit.heading_path, 'content', hit.content,
      'snippet', ts_headline(
        private.text_search_config(hit.language), hit.content, private.any_word_query(v_lexemes),
        'StartSel=«, StopSel=», MaxFragments=2, MaxWords=30, MinWords=12, ShortWord=0, FragmentDelimiter=" … "'
      ),
      'score', round(hit.score, 6)
    )
    order by hit.score desc, hit.by_text desc, hit.id
  ) into v_hits
  from (
    select chunk.id, chunk.document_id, document.title, document.category, document.language, chunk.version,
      chunk.heading_path, chunk.content, fused.score, fused.by_text
    from (
      -- Of two that are as good, the one that says the words: something is always nearest.
      select ranked.id, sum(1.0 / (60 + ranked.place)) as score, bool_or(ranked.by_text) as by_text
      from (
        select found.id, found.place, true as by_text from unnest(v_by_text) with ordinality as found (id, place)
        union all
        select near.id, near.place, false from unnest(v_by_vector) with ordinality as near (id, place)
      ) as ranked
      group by ranked.id
      order by score desc, by_text desc, ranked.id
      limit v_limit
    ) as fused
    join public.knowledge_base_chunks as chunk on chunk.id = fused.id
    join public.knowledge_base as document
      on document.org_id = chunk.org_id and document.id = chunk.document_id and document.version = chunk.version
    where chunk.org_id = v_org_id
  ) as hit;
  return jsonb_build_object(
    'code', 'found', 'mode', case when cardinality(v_by_vector) > 0 then 'hybrid' else 'text' end, 'model', v_model,
    'hits', coalesce(v_hits, '[]')
  );
end
$$;
revoke all on function public.search_knowledge(jsonb) from public, anon, authenticated;
grant execute on function public.search_knowledge(jsonb) to service_role;

create function private.any_word_query(p_lexemes text[]) returns tsquery
language plpgsql immutable set search_path = '' as $$
begin
  return coalesce(
    (select string_agg(private.to_word_query(lexeme)::text, ' | ') from unnest(p_lexemes) as lexeme), ''
  )::tsquery;
end
$$;
revoke all on function private.any_word_query(text[]) from public, anon, authenticated;
grant execute on function private.any_word_query(text[]) to service_role;
