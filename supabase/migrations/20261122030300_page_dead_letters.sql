-- A page of dead letters goes on from a time and an id, which stay what they are when the letter itself has
-- expired, was erased or has died again: paging by the letter ended there as if nothing were behind it.

set local lock_timeout = '5s';

-- {source|null, org_id|null, replayed: boolean, before_at|null, before_id|null (of the last one of the page before),
-- before|null (its id alone), limit} -> 'listed' {letters: [{id, org_id, source, source_id, reason, attempts,
-- dead_lettered_at, replayed_at (also when it was dismissed), dismissed_at, dismissal_reason}]}, the newest first.
-- Never the payload: it is what somebody said.
create or replace function public.list_dead_letters(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_limit constant integer := least(greatest((request ->> 'limit')::integer, 1), 500);
  v_before_at timestamptz := coalesce((request ->> 'before_at')::timestamptz, 'infinity');
  v_before_id uuid := coalesce((request ->> 'before_id')::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
begin
  -- As it was asked for first: nothing is behind a letter that isn't there any more.
  if request ->> 'before' is not null then
    select last.dead_lettered_at, last.id into v_before_at, v_before_id
    from public.dead_letters as last where last.id = (request ->> 'before')::uuid;
  end if;
  return jsonb_build_object('code', 'listed', 'letters', (
    select coalesce(jsonb_agg(to_jsonb(page) order by page.dead_lettered_at desc, page.id desc), '[]')
    from (
      select letter.id, letter.org_id, letter.source, letter.source_id, letter.reason, letter.attempts,
        letter.dead_lettered_at, letter.replayed_at, letter.dismissed_at, letter.dismissal_reason
      from public.dead_letters as letter
      where (request ->> 'source' is null or letter.source = request ->> 'source')
        and (request ->> 'org_id' is null or letter.org_id = (request ->> 'org_id')::uuid)
        and ((request ->> 'replayed')::boolean or letter.replayed_at is null)
        and (letter.dead_lettered_at, letter.id) < (v_before_at, v_before_id)
      order by letter.dead_lettered_at desc, letter.id desc
      limit v_limit
    ) as page
  ));
end
$$;
