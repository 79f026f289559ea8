import assert from "node:assert/strict";
import { openDatabase } from "../../../scripts/local/open_database.ts";
import { REPOSITORY } from "../../../scripts/local/repository.ts";
import { createTenant } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";

const stack = readStack();
const ROWS = 600;

/** An older product's table with rows of fifty people, one in a hundred without a title. */
async function plantTable(): Promise<AsyncDisposable & { name: string }> {
  const name = `older_${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}`;
  await queryDatabase(
    `create table public.${name} (
       id uuid primary key default gen_random_uuid(), title text, phone text, price numeric,
       status text, updated_at timestamptz default now()
     )`,
  );
  await queryDatabase(
    `insert into public.${name} (title, phone, price, status)
     select case when n % 100 = 0 then null else 'Thing ' || n end, '25073' || lpad((n % 50)::text, 7, '5'),
       n, 'available'
     from generate_series(1, ${ROWS}) as n`,
  );
  return {
    name,
    [Symbol.asyncDispose]: async () => {
      await queryDatabase(`drop table public.${name}`);
    },
  };
}

function start(orgId: string, table: string, more: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      ["run", "--allow-all", "--no-check", "scripts/import_listings.ts", "--org", orgId],
      ["--product", "marketplace", "--relation", `public.${table}`, "--limit", "20", ...more],
    ].flat(),
    cwd: REPOSITORY,
    env: {
      SUPABASE_URL: stack.url,
      SUPABASE_SECRET_KEYS: JSON.stringify({ default: stack.secret_key }),
    },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function finish(child: Deno.ChildProcess): Promise<string> {
  const { success, stdout, stderr } = await child.output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.ok(success, text);
  return text;
}

async function countImported(orgId: string) {
  const [row] = await queryDatabase<{ listings: number; keys: number; refused: number }>(
    `select
       (select count(*)::int from public.unified_listings where org_id = $1::text::uuid) as listings,
       (select count(*)::int from public.imported_listings
         where org_id = $1::text::uuid and listing_id is not null) as keys,
       (select count(*)::int from public.imported_listings
         where org_id = $1::text::uuid and state = 'refused') as refused`,
    [orgId],
  );
  return row;
}

/** Somebody else is at one of the later rows: an import comes so far and waits, until this is over. */
async function holdRow(orgId: string, table: string): Promise<AsyncDisposable> {
  const database = openDatabase(stack.database_url, { connections: 1 });
  await database.query("begin");
  await database.query(
    `insert into public.imported_listings (org_id, source, source_key, state, reason, refused_at)
     select $1::text::uuid, 'public.${table}', id::text, 'refused', 'held', now()
     from public.${table} order by id offset ${ROWS / 2} limit 1`,
    [orgId],
  );
  return {
    [Symbol.asyncDispose]: async () => {
      await database.query("rollback");
      await database.close();
    },
  };
}

Deno.test("killed between pages, then by two at once, each row is there once", async () => {
  const { orgId } = await createTenant();
  await using table = await plantTable();
  const shown = await finish(start(orgId, table.name, []));
  assert.match(shown, /would be: 600 read, 594 imported, 6 refused/);
  assert.equal((await countImported(orgId))?.listings, 0);

  {
    // Else it may be at its end before whoever reads what it prints has killed it.
    await using _held = await holdRow(orgId, table.name);
    const cut = start(orgId, table.name, ["--confirm"]);
    const reader = cut.stdout.getReader();
    let text = "";
    while (!/pass 1: [0-9]{2,} read/.test(text)) {
      const { value, done } = await reader.read();
      assert.ok(!done, `it ended before it could be killed: ${text}`);
      text += new TextDecoder().decode(value);
    }
    cut.kill("SIGKILL");
    await Promise.all([cut.status, reader.cancel(), cut.stderr.cancel()]);
  }
  const half = await countImported(orgId);
  assert.ok(half !== undefined && half.listings > 0 && half.listings < 594, JSON.stringify(half));

  const texts = await Promise.all(
    [1, 2].map(() => finish(start(orgId, table.name, ["--confirm"]))),
  );
  assert.ok(texts.some((one) => /goes on behind/.test(one)), texts.join("\n"));
  assert.deepEqual(await countImported(orgId), { listings: 594, keys: 594, refused: 6 });

  const again = await finish(start(orgId, table.name, ["--confirm"]));
  assert.match(again, /600 read, 594 unchanged, 6 refused/);
  assert.deepEqual(await countImported(orgId), { listings: 594, keys: 594, refused: 6 });
  const [row] = await queryDatabase<{ rows: number; people: number }>(
    `select (select count(*)::int from public.${table.name}) as rows,
       (select count(distinct contact_id)::int from public.unified_listings
         where org_id = $1::text::uuid) as people`,
    [orgId],
  );
  assert.deepEqual(row, { rows: ROWS, people: 50 });
});
