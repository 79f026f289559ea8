import assert from "node:assert/strict";
import { runSupabase } from "../../scripts/local/management/deploy_checkout.ts";
import { holdProject } from "../../scripts/release/hold_project.ts";
import { readPreviousRelease } from "../../scripts/release/read_releases.ts";
import { nameRelease, readVersionText } from "../../scripts/release/stamp_version.ts";
import { runGit, unpackRelease } from "../../scripts/release/run_git.ts";
import { queryDatabase } from "../support/query_database.ts";
import { openReleaseWorld } from "./support/open_release_world.ts";

const SLUGS = ["unified-webhook", "kb-sync"];
const FUNCTIONS = `--functions=${SLUGS.join(",")}`;
const VERSION_FILE = "supabase/functions/_shared/version.ts";
const MIGRATION = "20991231235901_rehearse_findings";
const MEND = "20991231235902_rehearse_mend";

async function removeTraces(): Promise<void> {
  await queryDatabase("drop table if exists public.rehearsed_findings");
  await queryDatabase(
    "delete from supabase_migrations.schema_migrations where version like '2099123123590_'",
  );
}

Deno.test("from the release before to this commit: what fails puts that release back", async (test) => {
  await using world = await openReleaseWorld({ isClone: true });
  const step = async (name: string, take: () => Promise<void>) => {
    if (!await test.step(name, take)) throw new Error(`stopped at "${name}"`);
  };
  const previous = await readPreviousRelease(world.folder);
  const shortly = previous.commit.slice(0, 7);
  const commit = await world.commit("as it is");
  const own = nameRelease({
    version: readVersionText(await world.read(VERSION_FILE)) ?? "",
    commit,
  });
  const ask = () => Promise.all(SLUGS.map((slug) => world.askVersion(slug)));
  await removeTraces();
  await world.setBackups([{
    id: 3,
    is_physical_backup: true,
    status: "COMPLETED",
    inserted_at: new Date().toISOString(),
  }]);
  try {
    const unpacked = await Deno.makeTempDir();
    await unpackRelease(previous, { into: unpacked });
    // By the CLI alone, as before there was a command for it.
    const deployed = await runSupabase(world, ["functions", "deploy", ...SLUGS, "--use-api"], {
      workFolder: unpacked,
    });
    await Deno.remove(unpacked, { recursive: true });
    assert.ok(deployed.success, deployed.output);
    const source = await runGit(["show", `${previous.commit}:${VERSION_FILE}`], world.folder);
    const old = readVersionText(new TextDecoder().decode(source)) ?? "";
    assert.deepEqual(await ask(), [`200 ${old}`, `200 ${old}`]);

    await step("while another machine releases it is refused", async () => {
      const refused = /Cannot release to "\w+": another release holds its database/;
      await holdProject(
        { ...world, tell: assert.fail },
        () => assert.rejects(world.release([FUNCTIONS]), refused),
      );
    });

    await step("a health that fails puts the release before back", async () => {
      const { isDone, text } = await world.release([FUNCTIONS], {
        intercept: (request) =>
          request.url.includes("/kb-sync/health?ready=1")
            ? Response.json({ version: own, ready: false, checks: [] }, { status: 503 })
            : null,
      });
      assert.equal(isDone, false);
      assert.match(text, new RegExp(`functions: those of ${shortly} again, NOT READY: kb-sync`));
      const stamped = nameRelease({ version: old, commit: previous.commit });
      assert.deepEqual(await ask(), [`200 ${stamped}`, `200 ${stamped}`]);
    });

    await step("who interrupts is told what is live and how to go back", async () => {
      const interrupt = new AbortController();
      const { isDone, text } = await world.release([FUNCTIONS, "--resume"], {
        signal: interrupt.signal,
        intercept: (request) => {
          if (request.url.includes("health?ready=1")) interrupt.abort();
          return null;
        },
      });
      assert.equal(isDone, false);
      assert.match(text, /Stopped at "proofs"\.\nInterrupted/);
      assert.match(text, /functions: new .*kb-sync v\d+ \(before v\d+\)/);
      assert.match(text, new RegExp(`go back +deno task rollback code --to ${shortly}`));
      assert.deepEqual(await ask(), [`200 ${own}`, `200 ${own}`]);
    });

    await step("gone on with, this commit is live", async () => {
      const { isDone, text } = await world.release([FUNCTIONS, "--resume"]);
      assert.ok(isDone, text);
      assert.deepEqual(await ask(), [`200 ${own}`, `200 ${own}`]);
    });

    await step("what the advisors find new stops it, and a further commit as well", async () => {
      await world.write(
        `supabase/migrations/${MIGRATION}.sql`,
        "create table public.rehearsed_findings (id bigint primary key);\n",
      );
      await world.commit("a table that everybody reads");
      for (const attempt of ["found", "nothing pending any more"]) {
        const { isDone, text } = await world.release([FUNCTIONS]);
        assert.equal(isDone, false, text);
        assert.match(text, /Stopped at "migrations"\.\nCannot go on with 1 new findings/, attempt);
        assert.match(text, /ERROR .*rehearsed_findings/);
        assert.match(text, new RegExp(`database: with ${MIGRATION}`));
        await world.commit("mends something else");
      }
      assert.deepEqual(await ask(), [`200 ${own}`, `200 ${own}`]);
    });

    await step("until a further migration mends it", async () => {
      await world.write(
        `supabase/migrations/${MEND}.sql`,
        "set local lock_timeout = '2s';\nalter table public.rehearsed_findings enable row level security;\n",
      );
      const mended = await world.commit("nobody reads it");
      const { isDone, text } = await world.release([FUNCTIONS]);
      assert.ok(isDone, text);
      assert.match(text, /migrations … 2 applied, advisors as before/);
      assert.match(await world.askVersion("kb-sync"), new RegExp(mended.slice(0, 12)));
    });
  } finally {
    await removeTraces();
    await world.setRollout(0);
    await runSupabase(world, ["functions", "deploy", "--use-api"]);
  }
});
