import assert from "node:assert/strict";
import { runSupabase } from "../../scripts/local/management/deploy_checkout.ts";
import { readTarget } from "../../scripts/release/read_target.ts";
import { databaseRemote, runCli } from "../../scripts/release/run_cli.ts";
import { queryDatabase } from "../support/query_database.ts";
import { openReleaseWorld } from "./support/open_release_world.ts";

const MIGRATION = "20991231235910_rehearse_beside";
/** As an older product's history has them: a day, a count, and before our first. */
const OTHERS = ["20240102", "3", "20250101000000"];
const LATER = "20991231235911";

const listHistory = async () =>
  (await queryDatabase<{ version: string }>(
    "select version from supabase_migrations.schema_migrations order by 1",
  )).map(({ version }) => version);

async function removeTraces(): Promise<void> {
  await queryDatabase("drop table if exists private.rehearsed_beside");
  const versions = [...OTHERS, LATER, "20991231235910"].map((one) => `'${one}'`).join(", ");
  await queryDatabase(
    `delete from supabase_migrations.schema_migrations where version in (${versions})`,
  );
}

Deno.test("a project that holds another product gets releases, and keeps that one's history", async (test) => {
  await using world = await openReleaseWorld();
  const step = async (name: string, take: () => Promise<void>) => {
    if (!await test.step(name, take)) throw new Error(`stopped at "${name}"`);
  };
  const insert = (versions: string[]) =>
    queryDatabase(
      `insert into supabase_migrations.schema_migrations (version, name, statements) values ` +
        versions.map((version) => `('${version}', 'of_another', '{}')`).join(", "),
    );
  const release = () => world.release(["--functions=kb-sync", "--env=staging"]);
  await removeTraces();
  try {
    await insert(OTHERS);
    await world.write(
      `supabase/migrations/${MIGRATION}.sql`,
      "create table private.rehearsed_beside (id bigint generated always as identity primary key);\n" +
        "alter table private.rehearsed_beside enable row level security;\n",
    );
    await world.commit("one more table");

    await step("ours are applied, theirs stay as they are", async () => {
      const before = await listHistory();
      const { isDone, text } = await release();
      assert.ok(isDone, text);
      assert.match(text, /note: 3 migrations of another product stay \(/);
      assert.match(text, /migrations … 1 applied, advisors as before/);
      assert.deepEqual(await listHistory(), [...before, "20991231235910"].sort());
      const [row] = await queryDatabase<{ name: string }>(
        "select name from supabase_migrations.schema_migrations where version = '3'",
      );
      assert.equal(row?.name, "of_another");
    });

    await step(
      "what may be of a newer checkout stops it, and the command it names helps",
      async () => {
        await insert([LATER]);
        const stopped = await release();
        assert.equal(stopped.isDone, false);
        const [, command = ""] = /(supabase migration repair .*--remote=\w+)/.exec(stopped.text) ??
          [];
        assert.match(
          stopped.text,
          /Cannot release an older checkout: the project has 1 migrations/,
        );
        assert.equal(
          command,
          `supabase migration repair --status reverted ${LATER} --remote=${world.ref}`,
        );
        // As the person does, by the address that this machine has for the database.
        const target = await readTarget(
          {
            "project-ref": world.ref,
            profile: world.profilePath,
            "project-url": world.projectUrl,
          },
          { read: (name) => name === "SUPABASE_ACCESS_TOKEN" ? world.accessToken : undefined },
        );
        const repaired = await runCli(target, [
          ...command.split(" ").slice(1, -1),
          databaseRemote({ ...target, databaseUrl: world.databaseUrl }),
        ]);
        assert.ok(repaired.success, repaired.stderr);
        const { isDone, text } = await release();
        assert.ok(isDone, text);
      },
    );
  } finally {
    await removeTraces();
    await runSupabase(world, ["functions", "deploy", "kb-sync", "--use-api"]);
  }
});
