import { deepEqual, equal, match } from "node:assert/strict";
import { join } from "node:path";
import { findFreePort } from "../../scripts/local/find_free_port.ts";
import { listMigrations, pushMigrations } from "../../scripts/local/migrate_database.ts";
import { openDatabase } from "../../scripts/local/open_database.ts";
import { REPOSITORY } from "../../scripts/local/repository.ts";
import { resetState } from "../../scripts/local/reset_state.ts";
import { checkMigrations } from "../../scripts/release/check_migrations.ts";
import { verify } from "../../scripts/verify.ts";
import { readStack } from "../support/read_stack.ts";
import { eventually } from "../support/whatsapp.ts";
import { copyMigrations, MIGRATIONS } from "./support/copy_migrations.ts";
import { deliverMeanwhile } from "./support/deliver_meanwhile.ts";
import { findLosses, readRows } from "./support/read_rows.ts";
import { type RunningRelease, runTests, startRelease } from "./support/start_release.ts";
import { takeBack } from "./support/take_back.ts";
import { unpackCheckout } from "./support/unpack_checkout.ts";
import { becomeCustomer, checkCustomer, type Customer } from "./support/use_product.ts";

const SMOKE = ["tests/e2e/smoke_test.ts", "tests/e2e/smoke_knowledge_test.ts"];

/** What the release in use can't live with: a rename is enough. */
const PLANTED = {
  file: "29990101000000_rename_connected.sql",
  script: "set local lock_timeout = '5s';\n" +
    "alter table public.integrations rename column connected to is_connected;\n",
  undo: `alter table public.integrations rename column is_connected to connected;
    delete from supabase_migrations.schema_migrations where version = '29990101000000';`,
};

/** On a hosted project an event trigger tells the data API of each change. */
async function reloadSchema(databaseUrl: string, script = ""): Promise<void> {
  const database = openDatabase(databaseUrl, { connections: 1 });
  await database.execute(`${script}\nnotify pgrst, 'reload schema';`)
    .finally(() => database.close());
}

/** Rows when nothing works in the background any more. */
async function readSettledRows(databaseUrl: string) {
  let last = await readRows(databaseUrl);
  return await eventually(
    () => readRows(databaseUrl),
    (rows) => {
      const isSettled = findLosses(last, rows).length + findLosses(rows, last).length === 0;
      last = rows;
      return isSettled;
    },
  );
}

Deno.test("from the previous release to this one, with its data and while it runs", async (test) => {
  const stateFolder = join(REPOSITORY, ".local", `test-${Deno.pid}-upgrade`);
  const checkout = join(stateFolder, "checkout");
  const port = findFreePort();
  await unpackCheckout(checkout);
  let running: RunningRelease | undefined;
  const start = async (folder: string) => {
    running = await startRelease({ checkout: folder, stateFolder, port });
    Deno.env.set("SWITCHBOARD_STACK", running.stackPath);
  };
  let isGreen = true;
  const step = async (name: string, run: () => Promise<void>) => {
    // Each starts from what the one before left.
    if (isGreen) isGreen = await test.step(name, run);
  };
  try {
    await start(checkout);
    const { database_url: databaseUrl, url, secret_key } = readStack();
    let customer: Customer | undefined;

    await step("the previous release has a customer", async () => {
      customer = await becomeCustomer();
    });
    await step("the migrations lose none of its data", async () => {
      const before = await readSettledRows(databaseUrl);
      equal((before.get("public.organizations")?.length ?? 0) > 2, true);
      await pushMigrations(databaseUrl);
      deepEqual(findLosses(before, await readRows(databaseUrl)), []);
      await reloadSchema(databaseUrl);
    });
    await step("the release is verified", async () => {
      const environment: Record<string, string> = {
        SUPABASE_URL: url,
        SUPABASE_SECRET_KEYS: JSON.stringify({ default: secret_key }),
      };
      const { text, passed } = await verify([], { read: (name) => environment[name] });
      equal(passed, true, text);
    });
    await step("taken back and in again while messages come, none of them is lost", async () => {
      const old = await listMigrations(join(checkout, "supabase", "migrations"));
      const all = await listMigrations(MIGRATIONS);
      const added = all.filter(({ file }) => !old.some((one) => one.file === file));
      for (const migration of added.reverse()) await takeBack(databaseUrl, migration);
      await reloadSchema(databaseUrl);
      const { tenant } = await becomeCustomer();
      const { lost, doubled, pushes } = await deliverMeanwhile(
        tenant,
        () => pushMigrations(databaseUrl),
      );
      deepEqual({ lost, doubled }, { lost: [], doubled: [] });
      equal(pushes > 0, true);
      await reloadSchema(databaseUrl);
    });
    await step("the previous release's functions serve their customer meanwhile", async () => {
      await checkCustomer(customer!);
    });
    await step("and a new one", async () => {
      await checkCustomer(await becomeCustomer());
    });
    await step("and pass their own smoke tests", async () => {
      const { success, output } = await runTests(checkout, SMOKE);
      equal(success, true, output);
    });
    await step(
      "which fail at a migration that isn't additive, and it is told of before",
      async () => {
        const workFolder = join(stateFolder, "planted");
        await copyMigrations(workFolder, await listMigrations(MIGRATIONS));
        const file = join(workFolder, "supabase", "migrations", PLANTED.file);
        await Deno.writeTextFile(file, PLANTED.script);
        const findings = await checkMigrations([file]);
        deepEqual(findings.map(({ rule }) => rule), ["renaming-column"]);
        await pushMigrations(databaseUrl, workFolder);
        const { success, output } = await runTests(checkout, SMOKE);
        await reloadSchema(databaseUrl, PLANTED.undo);
        equal(success, false, output);
        match(output, /the demo: sign in, save, look, sync, disconnect/);
      },
    );
    await running?.stop();
    running = undefined;

    await step("this release's functions serve the same customer", async () => {
      await start(REPOSITORY);
      await checkCustomer(customer!);
    });
    await step("and pass their smoke tests on the same database", async () => {
      const { success, output } = await runTests(REPOSITORY, SMOKE);
      equal(success, true, output);
    });
  } finally {
    await running?.stop();
    if (isGreen) await resetState(stateFolder);
  }
});
