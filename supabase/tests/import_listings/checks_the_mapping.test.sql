begin;
\ir ../people.psql
\ir ../import_listings.psql
select no_plan();

create table older.secrets (id bigint primary key, name text);
create table older.keyless (id bigint, name text, code bigint unique);
create view older.seen as select code, name from older.products;
grant select on older.keyless, older.seen to service_role;
select tests.product(code) from generate_series(1, 3) as code;
select tests.act_as('service role');

create function tests.refusal(p_changes jsonb) returns jsonb language sql as $$
  select public.begin_listing_import(jsonb_build_object('org_id', tests.id('clinic'), 'mapping', tests.mapping(p_changes)))
$$;
create function tests.malformed(p_changes jsonb) returns text language sql as $$
  select concat_ws(' ', refused ->> 'code', refused ->> 'field') from tests.refusal(p_changes) as refused
$$;
select is(tests.refusal('{"relation": "older.nothing"}'), '{"code": "not_found"}', 'a table that is not there');
select is(tests.refusal('{"relation": "older.seen"}'), '{"code": "not_a_table", "kind": "view"}', 'a view');
select is(tests.refusal('{"relation": "public.marketplace_listings"}'), '{"code": "not_a_table", "kind": "view"}', 'our own view under an older name');
select is(tests.refusal('{"relation": "older.secrets"}'), '{"code": "not_readable"}', 'a table that may not be read');
select is(tests.refusal('{"relation": "private.integration_credentials"}') ->> 'code', 'internal_schema', 'a table that is none of its business');
select is(tests.refusal('{"relation": "auth.users"}') ->> 'code', 'internal_schema', 'nor are those who sign in');
select is(
  tests.refusal('{"contact": "phone", "attributes": {"colour": "paint"}}'), '{"code": "columns_missing", "columns": ["paint", "phone"]}',
  'columns that are not there, by name'
);
select is(
  tests.refusal('{"relation": "older.keyless", "key": "id", "contact": null, "contact_name": null, "updated_at": null, "columns": {"title": "name"}}'),
  '{"code": "key_not_unique", "key": "id", "keys": []}', 'a key that may be there twice, or not at all'
);
select is(tests.malformed('{"domain": "cars"}'), 'mapping_malformed domain', 'an unknown kind of listing');
select is(tests.malformed('{"key": 1}'), 'mapping_malformed key', 'a key that is no name');
select is(tests.malformed('{"columns": {"price": "amount"}}'), 'mapping_malformed columns.title', 'no title');
select is(tests.malformed('{"columns": {"title": "name", "org": "shop"}}'), 'mapping_malformed columns', 'a column that no listing has');
select is(tests.malformed('{"columns": {"title": {}}}'), 'mapping_malformed columns', 'a column that is no name');
select is(tests.malformed('{"states": {"available": "there"}}'), 'mapping_malformed states', 'a state that no listing has');
select is(tests.malformed('{"sides": null}'), 'mapping_malformed sides', 'sides that are not told apart');
select is(tests.malformed('{"values": {"org_id": "x"}}'), 'mapping_malformed values', 'a value for what is nobody''s to set');
select is(tests.begin('{"org_id": "d0000000-0000-4000-8000-000000000000"}') ->> 'code', 'organization_not_found', 'an organization that is not there');
select is_empty('select 1 from public.listing_imports', 'nothing of it begins an import');

-- Taken back, whatever a preview did.
select is(
  public.preview_listings_page(jsonb_build_object('org_id', tests.id('clinic'), 'mapping', tests.mapping(), 'limit', 2)) - 'refusals',
  '{"code": "previewed", "counts": {"read": 2, "imported": 2}, "last_key": "2", "is_last": false}', 'a preview tells what an import would do'
);
select is(
  public.preview_listings_page(jsonb_build_object('org_id', tests.id('clinic'), 'mapping', tests.mapping(), 'limit', 2, 'after', '2')) #> '{counts,read}',
  '1', 'page by page'
);
select is_empty('select 1 from public.unified_listings', 'and does nothing');
select is_empty('select 1 from public.contacts', 'to nobody');
select is_empty('select 1 from public.imported_listings', 'nor notes it');

-- Of a table of several organizations only its own.
select tests.act_as('operator');
update older.products set shop = tests.id('market') where code = 2;
update older.products set shop = tests.id('clinic') where code = 3;
select tests.act_as('service role');
select is(
  tests.import(jsonb_build_object('mapping', tests.mapping('{"org_id": "shop"}'))), '{"read": 3, "skipped": 2, "imported": 1}',
  'rows of other organizations are left to them'
);
select tests.act_as('operator');
alter table older.products drop column amount;
select tests.act_as('service role');
select tests.begin(jsonb_build_object('mapping', tests.mapping('{"columns": {"title": "name"}}')));
select is(tests.page(2) #> '{counts,read}', '3', 'another pass may have another mapping');
select is(
  tests.refusal('{}') - 'last_key', '{"code": "columns_missing", "columns": ["amount"]}', 'a column that went away meanwhile stops it'
);

select * from finish();
rollback;
