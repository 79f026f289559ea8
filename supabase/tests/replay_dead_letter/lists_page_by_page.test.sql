begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
-- Seven letters, two of them of one moment.
insert into public.dead_letters (org_id, source, source_id, reason, dead_lettered_at)
select tests.id('clinic'), 'vapi', 'vapi:' || place, 'It broke', now() - make_interval(mins => least(place, 6))
from generate_series(1, 7) as place;

create function tests.page(p_last jsonb) returns jsonb language sql as $$
  select public.list_dead_letters(jsonb_build_object(
    'source', null, 'org_id', tests.id('clinic'), 'replayed', false, 'limit', 2,
    'before_at', p_last -> 'dead_lettered_at', 'before_id', p_last -> 'id'
  )) -> 'letters'
$$;
-- All pages; what has been read expires between them where that is asked for.
create function tests.walk(p_expires boolean) returns setof text language plpgsql as $$
declare
  v_last jsonb;
  v_page jsonb;
begin
  loop
    v_page := tests.page(v_last);
    return query select letter ->> 'source_id' from jsonb_array_elements(v_page) as letter;
    exit when jsonb_array_length(v_page) < 2;
    v_last := v_page -> -1;
    if p_expires then
      delete from public.dead_letters where id = (v_last ->> 'id')::uuid;
    end if;
  end loop;
end
$$;
select results_eq(
  'select letter from tests.walk(false) with ordinality as walked (letter, place) order by place',
  $$ select source_id from public.dead_letters order by dead_lettered_at desc, id desc $$, 'every letter once, the newest first'
);
select is(
  public.list_dead_letters(jsonb_build_object(
    'replayed', false, 'limit', 10, 'before', (select id from public.dead_letters where source_id = 'vapi:5')
  )) -> 'letters' -> 0 ->> 'dead_lettered_at',
  (select to_jsonb(now() - interval '6 minutes') #>> '{}'), 'the id alone of a letter that is there will do'
);
select is((select count(*) from tests.walk(true)), 7::bigint, 'and every letter once where those that were read expire');

select * from finish();
rollback;
