-- Everything of the schema, a line each, in an order that says nothing: what two databases are compared by.
-- Left out is what belongs to an extension, and what the CLI keeps for itself.
with schema as (
  select oid, nspname as name from pg_namespace
  where nspname !~ '^pg_' and nspname not in ('information_schema', 'supabase_migrations')
),
foreign_to_us as (
  select classid, objid from pg_depend where deptype = 'e'
),
-- Grants one by one: their order in the array is that of their history.
granted (object, acl) as (
  select 'schema ' || nspname, nspacl from pg_namespace join schema using (oid)
  union all
  select format('relation %I.%I', schema.name, relname), relacl from pg_class join schema on schema.oid = relnamespace
  union all
  select format('column %I.%I.%I', schema.name, relname, attname), attacl
  from pg_attribute join pg_class on pg_class.oid = attrelid join schema on schema.oid = relnamespace
  union all
  select 'function ' || pg_proc.oid::regprocedure, coalesce(proacl, acldefault('f', proowner))
  from pg_proc join schema on schema.oid = pronamespace
  where (('pg_proc'::regclass, pg_proc.oid)) not in (select classid, objid from foreign_to_us)
  union all
  select format('type %s', pg_type.oid::regtype), typacl from pg_type join schema on schema.oid = typnamespace
  union all
  select format('default in %s for %s', defaclnamespace::regnamespace, defaclobjtype), defaclacl from pg_default_acl
),
line (what) as (
  select format('schema %s owner %s', name, nspowner::regrole) from pg_namespace join schema using (oid)
  union all
  select format('extension %s in %s', extname, extnamespace::regnamespace) from pg_extension
  union all
  select format(
    'grant on %s to %s: %s%s', object, case when grantee = 0 then 'public' else grantee::regrole::text end, privilege_type,
    case when is_grantable then ' grantable' else '' end
  )
  from granted cross join lateral aclexplode(acl)
  union all
  select format(
    'relation %I.%I: kind %s, owner %s, persistence %s, security %s %s, replica identity %s, options %s, inherits %s',
    schema.name, relname, relkind, relowner::regrole, relpersistence, relrowsecurity, relforcerowsecurity, relreplident,
    reloptions, array(select inhparent::regclass::text from pg_inherits where inhrelid = pg_class.oid order by 1)
  )
  from pg_class join schema on schema.oid = relnamespace
  where relkind in ('r', 'p', 'v', 'm', 'S', 'f', 'c')
  union all
  select format('view %I.%I: %s', schema.name, relname, pg_get_viewdef(pg_class.oid))
  from pg_class join schema on schema.oid = relnamespace
  where relkind in ('v', 'm')
  union all
  select format(
    'column %I.%I.%I: %s, %s%s, default %s, identity %s, generated %s, collation %s, storage %s',
    schema.name, relname, attname, row_number() over (partition by attrelid order by attnum), format_type(atttypid, atttypmod),
    case when attnotnull then ' not null' else '' end, pg_get_expr(adbin, adrelid), attidentity, attgenerated,
    nullif(attcollation, 0)::regcollation, attstorage
  )
  from pg_attribute
  join pg_class on pg_class.oid = attrelid
  join schema on schema.oid = relnamespace
  left join pg_attrdef on adrelid = attrelid and adnum = attnum
  where attnum > 0 and not attisdropped and relkind in ('r', 'p', 'v', 'm', 'f', 'c')
  union all
  select format(
    'constraint %s.%I: %s%s', coalesce(nullif(conrelid, 0)::regclass::text, contypid::regtype::text), conname,
    pg_get_constraintdef(pg_constraint.oid), case when convalidated then '' else ' unproven' end
  )
  from pg_constraint join schema on schema.oid = connamespace
  union all
  select format('index %s%s', pg_get_indexdef(indexrelid), case when indisvalid then '' else ' invalid' end)
  from pg_index join pg_class on pg_class.oid = indexrelid join schema on schema.oid = relnamespace
  union all
  select format('trigger %s enabled %s', pg_get_triggerdef(pg_trigger.oid), tgenabled)
  from pg_trigger join pg_class on pg_class.oid = tgrelid join schema on schema.oid = relnamespace
  where not tgisinternal
  union all
  select format(
    'policy %I on %I.%I: %s for %s to %s using (%s) with check (%s)', policyname, schemaname, tablename, permissive, cmd,
    roles, qual, with_check
  )
  from pg_policies join schema on schema.name = schemaname
  union all
  select format('function %s owner %s: %s', pg_proc.oid::regprocedure, proowner::regrole, pg_get_functiondef(pg_proc.oid))
  from pg_proc join schema on schema.oid = pronamespace
  where prokind in ('f', 'p', 'w') and (('pg_proc'::regclass, pg_proc.oid)) not in (select classid, objid from foreign_to_us)
  union all
  select format(
    'type %s: %s, %s of %s, labels %s', pg_type.oid::regtype, typtype, typdefault, nullif(typbasetype, 0)::regtype,
    array(select enumlabel from pg_enum where enumtypid = pg_type.oid order by enumsortorder)
  )
  from pg_type join schema on schema.oid = typnamespace
  where typtype in ('e', 'd', 'r', 'm')
  union all
  select format('sequence %I.%I: %s from %s by %s, %s to %s, cycle %s', schemaname, sequencename, data_type, start_value,
    increment_by, min_value, max_value, cycle)
  from pg_sequences join schema on schema.name = schemaname
  union all
  select format('comment on %s: %s', pg_describe_object(classoid, objoid, objsubid), description)
  from pg_description
  where objoid in (select oid from pg_class where relnamespace in (select oid from schema))
    or objoid in (select oid from pg_proc where pronamespace in (select oid from schema))
  union all
  select format('publication %s: %s.%s', pubname, schemaname, tablename) from pg_publication_tables
  union all
  select format('event trigger %s on %s: %s', evtname, evtevent, evtfoid::regproc) from pg_event_trigger
)
select what from line order by what collate "C"
