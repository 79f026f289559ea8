begin;
\ir ../people.psql
\ir ../import_listings.psql
select no_plan();

select tests.product(code) from generate_series(1, 6) as code;
select tests.act_as('service role');
select tests.import();

select tests.act_as('operator');
update older.products set name = 'Older edit', changed_at = now() - interval '3 days' where code = 1;
update older.products set name = 'Newer edit', changed_at = now() - interval '1 day' where code in (2, 3, 4, 5);
update older.products set name = 'After ours', changed_at = now() + interval '1 hour' where code = 6;
update older.products set seller = '250788999999' where code = 5;
update public.unified_listings set title = 'Ours' where id in ((tests.imported(3)).id, (tests.imported(6)).id);
delete from public.unified_listings where id = (tests.imported(4)).id;
select tests.act_as('service role');

select is(tests.import(), '{"read": 6, "gone": 1, "kept": 2, "updated": 2, "unchanged": 1}', 'a second pass tells what it did');
select is((tests.imported(1)).title, 'Product 1', 'what is older there stays as it is');
select is((tests.imported(2)).title, 'Newer edit', 'what is newer is taken over');
select is((tests.imported(3)).title, 'Ours', 'what was changed here since is kept');
select is((tests.imported(4)).title, null, 'what was deleted here does not come back');
select is((tests.imported(5)).title, 'Product 5', 'what is another person''s by now is kept');
select is((tests.imported(6)).title, 'After ours', 'what was changed there later than here is taken over');
select is(tests.import(), '{"read": 6, "gone": 1, "kept": 2, "unchanged": 3}', 'a third finds nothing more');

select tests.act_as('operator');
update older.products set amount = 'a lot', changed_at = now() + interval '2 hours' where code = 2;
select tests.act_as('service role');
select is(tests.import() -> 'refused', '1', 'a row that went bad is refused');
select is((tests.imported(2)).title, 'Newer edit', 'and its last good version stays');
select tests.act_as('operator');
update older.products set amount = '5' where code = 2;
select tests.act_as('service role');
select is(tests.import() -> 'updated', '1', 'until it is mended');
select is((tests.imported(2)).price, 5.00, 'with what it says now');
select is(tests.reason(2), null, 'and is refused no longer');

select * from finish();
rollback;
