import { deepEqual, equal, notDeepEqual, rejects } from "node:assert/strict";
import { join } from "node:path";
import postgres from "postgres";
import { listMigrations, pushMigrations } from "../../scripts/local/migrate_database.ts";
import { openDatabase } from "../../scripts/local/open_database.ts";
import { REPOSITORY } from "../../scripts/local/repository.ts";
import { withDatabase } from "../../scripts/local/with_database.ts";
import { readPreviousRelease } from "../../scripts/release/read_releases.ts";
import { unpackRelease } from "../../scripts/release/run_git.ts";
import { copyDatabase } from "./support/copy_database.ts";
import { copyMigrations, MIGRATIONS } from "./support/copy_migrations.ts";
import { compareCatalogues, readCatalogue } from "./support/read_catalogue.ts";
import { findLosses, readRows } from "./support/read_rows.ts";
import { takeBack } from "./support/take_back.ts";

/** What nobody may do while somebody reads, behind what would be left if it weren't one transaction. */
const PLANTED = {
  file: "29990101000000_rename_organizations.sql",
  script: `create table public.left_behind (id uuid primary key);
    set local lock_timeout = '200ms';
    alter table public.organizations rename to people;`,
};

/** Rows that a migration's own functions make, so that its note meets some. */
const FILLED: Record<string, string> = {
  "20261122000000_create_canary.sql": "select public.ensure_canary_organization('{}');",
  "20261122010000_import_listings.sql": `
    insert into public.listing_imports (org_id, source, mapping)
    select listing.org_id, 'public.listings', '{}' from public.unified_listings as listing limit 1;
    insert into public.imported_listings (org_id, source, source_key, state, listing_id, imported_at)
    select listing.org_id, 'public.listings', '1', 'imported', listing.id, now()
    from public.unified_listings as listing limit 1;`,
};

/** Changes that a note could forget, and what takes them back: each is one difference or more. */
const FORGOTTEN: [change: string, back: string][] = [
  ["create table private.a (b int)", "drop table private.a"],
  ["alter table public.agents add column a int", "alter table public.agents drop column a"],
  [
    "alter table public.agents alter column name set default 'a'",
    "alter table public.agents alter column name drop default",
  ],
  [
    "alter table public.agents add constraint a check (name <> 'a') not valid",
    "alter table public.agents drop constraint a",
  ],
  ["create index a on public.agents (name, state)", "drop index public.a"],
  [
    "create trigger a before insert on public.agents for each row execute function private.touch_updated_at()",
    "drop trigger a on public.agents",
  ],
  [
    "alter table public.agents disable trigger agents_bump_revision",
    "alter table public.agents enable trigger agents_bump_revision",
  ],
  [
    "alter table public.agents force row level security",
    "alter table public.agents no force row level security",
  ],
  ["create policy a on public.agents for select using (false)", "drop policy a on public.agents"],
  [
    "grant select on public.app_config to anon",
    "revoke select on public.app_config from anon",
  ],
  [
    "grant update (name) on public.agents to anon",
    "revoke update (name) on public.agents from anon",
  ],
  ["create function public.a() returns int language sql as 'select 1'", "drop function public.a()"],
  [
    "alter function private.touch_updated_at() security definer",
    "alter function private.touch_updated_at() security invoker",
  ],
  [
    "grant execute on function private.touch_updated_at() to anon",
    "revoke execute on function private.touch_updated_at() from anon",
  ],
  ["create type public.a as enum ('b')", "drop type public.a"],
  ["create sequence private.a", "drop sequence private.a"],
  ["comment on table public.agents is 'a'", "comment on table public.agents is null"],
  ["create view public.a as select 1 as b", "drop view public.a"],
];

async function execute(databaseUrl: string, script: string): Promise<void> {
  const database = openDatabase(databaseUrl, { connections: 1 });
  await database.execute(script).finally(() => database.close());
}

function equalSchema(expected: string[], actual: string[], what = "the schema"): void {
  const differences = compareCatalogues(expected, actual).join("\n");
  equal(differences, "", `${what}: ${differences}`);
}

Deno.test("migrations since the previous release, forth and back", async (test) => {
  const folder = await Deno.makeTempDir({ prefix: "switchboard-" });
  const [released, workFolder] = [join(folder, "released"), join(folder, "work")];
  const release = await readPreviousRelease();
  await unpackRelease(release, { into: released });
  const old = await listMigrations(join(released, "supabase", "migrations"));
  const all = await listMigrations(MIGRATIONS);
  const added = all.filter(({ file }) => !old.some((one) => one.file === file));
  try {
    await withDatabase(join(REPOSITORY, ".local"), async (emptyUrl) => {
      const freshUrl = await copyDatabase(emptyUrl, "fresh");
      await pushMigrations(freshUrl);
      const fresh = await readCatalogue(freshUrl);

      // The release as it is in production: its own schema, with rows.
      const url = await copyDatabase(emptyUrl, "upgraded");
      await pushMigrations(url, released);
      await execute(url, await Deno.readTextFile(join(released, "supabase", "seed.sql")));
      const catalogues = [await readCatalogue(url)];
      const rows = await readRows(url);

      await test.step("each can be pushed upon the release, and loses none of its rows", async () => {
        for (const index of added.keys()) {
          await copyMigrations(workFolder, [...old, ...added.slice(0, index + 1)]);
          await pushMigrations(url, workFolder);
          catalogues.push(await readCatalogue(url));
          const losses = findLosses(rows, await readRows(url)).join("\n");
          equal(losses, "", `${added[index]!.file}: ${losses}`);
        }
      });
      await test.step("the schema is the one that an empty database gets", () => {
        equalSchema(fresh, catalogues.at(-1)!);
      });
      await test.step("each is taken back by its note: the schema before, and every row", async () => {
        for (const { file } of added) await execute(url, FILLED[file] ?? "");
        for (const [index, migration] of [...added.entries()].reverse()) {
          await takeBack(url, migration);
          equalSchema(catalogues[index]!, await readCatalogue(url), migration.file);
        }
        equal(findLosses(rows, await readRows(url)).join("\n"), "");
      });
      await test.step("and can be pushed again", async () => {
        await pushMigrations(url);
        equalSchema(fresh, await readCatalogue(url));
      });
      await test.step("one that has to wait for its lock gives up, and leaves nothing", async () => {
        await copyMigrations(workFolder, all);
        await Deno.writeTextFile(
          join(workFolder, "supabase", "migrations", PLANTED.file),
          PLANTED.script,
        );
        const reader = postgres(url, { max: 1, onnotice: () => {} });
        await reader.begin(async (transaction) => {
          await transaction`select count(*) from public.organizations`;
          await rejects(pushMigrations(url, workFolder), /rename_organizations.*lock timeout/);
        }).finally(() => reader.end());
        equalSchema(fresh, await readCatalogue(url));
      });
      await test.step("whatever a note forgets is seen", async () => {
        for (const [change, back] of FORGOTTEN) {
          await execute(freshUrl, change);
          notDeepEqual(compareCatalogues(fresh, await readCatalogue(freshUrl)), [], change);
          await execute(freshUrl, back);
        }
        equalSchema(fresh, await readCatalogue(freshUrl));
      });
      await test.step("and so is every row that is lost or changed", async () => {
        const before = await readRows(url);
        await execute(
          url,
          "update public.organizations set name = name || '!' where name like '%Clinic'",
        );
        const [loss, ...others] = findLosses(before, await readRows(url))
          .filter((text) => text.startsWith("public.organizations:"));
        equal(loss?.includes("Demo Clinic"), true);
        deepEqual(others, []);
      });
    }, { isMigrated: false });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
