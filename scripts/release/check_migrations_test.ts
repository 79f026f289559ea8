import assert from "node:assert/strict";
import { join } from "node:path";
import { checkMigrations } from "./check_migrations.ts";

/** Each line is a migration of its own, behind a lock timeout. */
const CASES: Record<string, string[]> = {
  drop_table: [
    "do $$ begin if true then drop table public.contacts; end if; end $$;",
    "do $$ begin execute format('drop table %I', 'contacts'); end $$;",
  ],
  "ban-drop-table": [
    "drop table public.contacts;",
    "drop table if exists public.contacts cascade;",
  ],
  "ban-drop-column": [
    "alter table public.agents drop column name;",
    "alter table public.agents add column a text, drop name;",
  ],
  drop_column: ["do $$ begin alter table public.agents drop column name; end $$;"],
  drop_default: ["alter table public.agents alter column state drop default;"],
  detach_partition: ["alter table public.metrics detach partition public.metrics_1 concurrently;"],
  drop_schema: ["drop schema private;", "drop schema if exists private cascade;"],
  "ban-drop-database": ["drop database postgres;"],
  drop_sequence: ["drop sequence public.numbers;"],
  drop_extension: ["drop extension vector;"],
  truncate: ["truncate public.agents;", "TRUNCATE TABLE public.agents;"],
  "ban-truncate-cascade": ["truncate public.agents cascade;"],
  delete_without_where: ["delete from public.agents;", "delete from public.agents returning id;"],
  update_without_where: ["update public.agents set name = 'where' /* where */;"],
  drop_function: [
    "drop function public.claim_turn(jsonb);",
    "drop\n  function if exists public.claim_turn;",
    "drop procedure public.tidy();",
  ],
  drop_view: ["drop view public.jobs;", "drop materialized view public.counts;"],
  drop_type: ["drop type public.mood;", "drop domain public.digits;"],
  drop_role: ["drop role reader;"],
  rename: [
    "alter function public.claim_turn(jsonb) rename to take_turn;",
    "do $$ begin alter table public.agents rename to people; end $$;",
  ],
  "renaming-table": ["alter table public.agents rename to people;"],
  "renaming-column": ["alter table public.agents rename column name to title;"],
  set_schema: ["alter table public.agents set schema private;"],
  "changing-column-type": ["alter table public.agents alter column name type varchar(40);"],
  alter_type: ["do $$ begin alter table public.agents alter name type int using 1; end $$;"],
  drop_constraint: ["alter table public.agents drop constraint agents_org_id_role_unique;"],
  drop_index: ["drop index public.agents_template_id_idx;"],
  drop_trigger: ["drop trigger agents_bump_revision on public.agents;"],
  drop_policy: ['drop policy "members read" on public.agents;'],
  revoke: ["revoke execute on function public.claim_turn(jsonb) from service_role;"],
  disable_security: ["alter table public.agents disable row level security;"],
  disable_trigger: ["alter table public.agents disable trigger all;"],
  "adding-required-field": ["alter table public.agents add column a text not null;"],
  "adding-not-nullable-field": ["alter table public.agents alter column voice set not null;"],
  "ban-drop-not-null": ["alter table public.agents alter column name drop not null;"],
  "require-concurrent-index-creation": ["create index agents_name_idx on public.agents (name);"],
  "require-concurrent-index-deletion": ["drop index public.agents_template_id_idx;"],
  "require-concurrent-reindex": ["reindex table public.agents;"],
  "constraint-missing-not-valid": [
    "alter table public.agents add constraint agents_named check (name <> '');",
  ],
  "adding-foreign-key-constraint": [
    "alter table public.agents add constraint agents_f foreign key (id) references public.calls (id);",
  ],
  "disallowed-unique-constraint": [
    "alter table public.agents add constraint agents_name_unique unique (name);",
  ],
  "adding-field-with-default": [
    "alter table public.agents add column a uuid default gen_random_uuid();",
  ],
  vacuum_full: ["vacuum full public.agents;", "vacuum (verbose, full) public.agents;"],
  cluster: ["cluster public.agents using agents_pkey;"],
  lock_table: ["lock table public.agents in access exclusive mode;"],
  refresh_view: ["refresh materialized view public.counts;"],
  "syntax-error": ["alter table public.agents add colum;"],
  ignored_without_reason: ["-- squawk-ignore ban-drop-table\ndrop table public.contacts;"],
};

/** What a migration may do to a schema that is in use. */
const HARMLESS = [
  "alter table public.agents add column a text;",
  "alter table public.agents add column a boolean not null default false;",
  "alter table public.agents add constraint agents_named check (name <> '') not valid;",
  "create table public.a (id uuid primary key, n integer);\ncreate index a_n_idx on public.a (n);\n" +
  "revoke all on table public.a from public, anon, authenticated, service_role;",
  // What a function does when it is called is its own affair.
  "create function public.f() returns void language plpgsql as $$ begin delete from a; drop table b; end $$;",
  "create or replace function public.f() returns text language sql as 'truncate a; select 1';",
  "-- drop table public.agents;\nselect 1; /* truncate a; */ select 'drop table a;';",
  "delete from public.agents where name is null;\nupdate public.agents set name = '' where false;",
  "insert into public.a (id) values (1) on conflict (id) do update set n = 1;",
  "alter function public.f(int) rename to g;\n" +
  "create function public.f(a int) returns int language sql as 'select public.g(a)';",
  "create trigger a before update on public.a for each row execute function private.f();",
  "do $$ begin if to_regclass('public.a') is null then create table public.b (id int); end if; end $$;",
  "-- accepted drop_function: nobody has called it since 0.8.0\ndrop function public.f(jsonb);",
  "-- accepted ban-drop-table: empty since 0.8.0\ndrop table public.contacts;",
];

async function check(
  scripts: string[],
  head = "set local lock_timeout = '5s';\n",
): Promise<string[][]> {
  const folder = await Deno.makeTempDir();
  try {
    const files = await Promise.all(scripts.map(async (script, index) => {
      const file = join(folder, `${index}.sql`);
      await Deno.writeTextFile(file, head + script);
      return file;
    }));
    const findings = await checkMigrations(files);
    return files.map((file) =>
      findings.filter((finding) => finding.file === file).map(({ rule }) => rule)
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const [rule, scripts] of Object.entries(CASES)) {
  Deno.test(`a migration is told of: ${rule}`, async () => {
    for (const [index, rules] of (await check(scripts)).entries()) {
      assert.equal(rules.includes(rule), true, `${scripts[index]}: ${rules.join(", ")}`);
    }
  });
}

Deno.test("what a migration may do is no finding", async () => {
  assert.deepEqual(
    (await check(HARMLESS)).map((rules, index) => [HARMLESS[index], rules]),
    HARMLESS.map((script) => [script, []]),
  );
});

Deno.test("a lock on a table that is in use wants a timeout before it", async () => {
  const scripts = [
    "alter table public.agents add column a text;",
    "alter table public.agents add column a text;\nset local lock_timeout = '5s';",
    "do $$ begin alter table public.agents add column a text; end $$;",
    "create trigger a after insert on public.agents for each row execute function private.f();",
    "create table public.a (id uuid references public.agents);",
    'create policy "they read" on public.agents for select using (true);',
    "create table public.a (id uuid);\nalter table public.a enable row level security;",
    "create function public.f() returns int language sql as 'select 1';",
  ];
  const missing = ["lock_timeout_missing"];
  assert.deepEqual(await check(scripts, ""), [
    ...scripts.slice(0, -2).map(() => missing),
    [],
    [],
  ]);
});

Deno.test("a finding is told once, where it stands", async () => {
  const folder = await Deno.makeTempDir();
  const file = join(folder, "1.sql");
  await Deno.writeTextFile(
    file,
    "select 1;\n\n-- Why not.\ndrop table\n  public.contacts;\n" +
      "do $$\nbegin\n  drop table a;\nend $$;\n",
  );
  assert.deepEqual(
    (await checkMigrations([file])).map(({ line, kind, rule, statement }) =>
      `${line} ${kind} ${rule}: ${statement}`
    ),
    [
      "4 destructive ban-drop-table: drop table public.contacts",
      "8 destructive drop_table: drop table a",
    ],
  );
  await Deno.remove(folder, { recursive: true });
});
