-- Data: none of it is touched. Pages of dead letters go on from the id of the last letter alone.
create or replace function public.list_dead_letters(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_limit constant integer := least(greatest((request ->> 'limit')::integer, 1), 500);
begin
  return jsonb_build_object('code', 'listed', 'letters', (
    select coalesce(jsonb_agg(to_jsonb(page) order by page.dead_lettered_at desc, page.id desc), '[]')
    from (
      select letter.id, letter.org_id, letter.source, letter.source_id, letter.reason, letter.attempts,
        letter.dead_lettered_at, letter.replayed_at, letter.dismissed_at, letter.dismissal_reason
      from public.dead_letters as letter
      where (request ->> 'source' is null or letter.source = request ->> 'source')
        and (request ->> 'org_id' is null or letter.org_id = (request ->> 'org_id')::uuid)
        and ((request ->> 'replayed')::boolean or letter.replayed_at is null)
        and (request ->> 'before' is null or (letter.dead_lettered_at, letter.id) < (
          select last.dead_lettered_at, last.id
          from public.dead_letters as last
          where last.id = (request ->> 'before')::uuid
        ))
      order by letter.dead_lettered_at desc, letter.id desc
      limit v_limit
    ) as page
  ));
end
$$;
