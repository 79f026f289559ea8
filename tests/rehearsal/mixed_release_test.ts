import assert from "node:assert/strict";
import { runSupabase } from "../../scripts/local/management/deploy_checkout.ts";
import { nameRelease } from "../../scripts/release/stamp_version.ts";
import { openReleaseWorld } from "./support/open_release_world.ts";

const VERSION_FILE = "supabase/functions/_shared/version.ts";
const SLUGS = ["unified-webhook", "kb-sync"];
const FUNCTIONS = `--functions=${SLUGS.join(",")}`;

Deno.test("functions that were released alone go back each to its own commit", async (test) => {
  await using world = await openReleaseWorld();
  const step = async (name: string, take: () => Promise<void>) => {
    if (!await test.step(name, take)) throw new Error(`stopped at "${name}"`);
  };
  const commit = async (version: string) => {
    const source = await world.read(VERSION_FILE);
    await world.write(
      VERSION_FILE,
      source.replace(/VERSION = "\d.*"/, `VERSION = "${version}"`),
    );
    const made = await world.commit(version);
    return { commit: made, name: nameRelease({ version, commit: made }) };
  };
  const ask = () => Promise.all(SLUGS.map((slug) => world.askVersion(slug)));
  const staging = (args: string[], options?: Parameters<typeof world.release>[1]) =>
    world.release(["--env=staging", ...args], options);
  try {
    const first = await commit("0.8.0");
    const second = await (async () => {
      assert.ok((await staging([FUNCTIONS])).isDone);
      const next = await commit("0.8.1");
      assert.ok((await staging(["--functions=kb-sync"])).isDone);
      return next;
    })();
    const before = [`200 ${first.name}`, `200 ${second.name}`];
    assert.deepEqual(await ask(), before);
    const third = await commit("0.8.2");

    await step("a file says whose it is, and what it will do to the secrets is told", async () => {
      const look = () => staging(["--functions=kb-sync", "--dry-run"]);
      const unnamed = await look();
      assert.match(unnamed.text, /secrets: none is missing$/m);
      assert.match(
        unnamed.text,
        /note: \S+ doesn't say whose it is: SUPABASE_PROJECT_REF=\w+ in it/,
      );
      await world.writeSecrets({ SUPABASE_PROJECT_REF: "z".repeat(20) });
      await assert.rejects(look(), {
        name: "ReleaseError",
        message: /^Cannot use ".*live\.env" for "\w+": its SUPABASE_PROJECT_REF is "z+"/,
      });
      await world.writeSecrets({
        SUPABASE_PROJECT_REF: world.ref,
        SENTRY_DSN: "https://rehearsed@sentry.example.test/1",
        WA_VERIFY_TOKEN: "another-token-than-before",
      });
      const named = await look();
      assert.ok(named.isDone, named.text);
      assert.match(
        named.text,
        /none is missing; will add SENTRY_DSN; will REPLACE WA_VERIFY_TOKEN$/m,
      );
      assert.doesNotMatch(named.text, /whose it is|another-token/);
      await world.writeSecrets();
    });

    await step("a proof that fails puts both commits back", async () => {
      const { isDone, text } = await staging([FUNCTIONS], {
        intercept: (request) =>
          request.url.includes("/unified-webhook/health?ready=1")
            ? Response.json({ version: third.name, ready: false, checks: [] }, { status: 503 })
            : null,
      });
      assert.equal(isDone, false);
      const [one, two] = [first, second].map((release) => release.commit.slice(0, 7));
      assert.match(
        text,
        new RegExp(
          `functions: (?:unified-webhook of ${one}, kb-sync of ${two}|` +
            `kb-sync of ${two}, unified-webhook of ${one}) again, NOT READY: unified-webhook`,
        ),
      );
      assert.deepEqual(await ask(), before);
    });

    await step("the next attempt knows that they are back", async () => {
      const { isDone, text } = await staging([FUNCTIONS, "--resume"], {
        intercept: (request) =>
          request.url.endsWith("/secrets")
            ? Response.json({ message: "out" }, { status: 400 })
            : null,
      });
      assert.equal(isDone, false);
      assert.match(text, /Stopped at "preflight"/);
      assert.match(text, /go on +deno task deploy .*--env-file \S+.* --resume$/m);
      assert.match(text, /functions: as before [\w-]+ v\d+, [\w-]+ v\d+\n/);
      assert.match(text, /nothing to undo/);
      assert.doesNotMatch(text, /rollback code/);
    });

    await step("a job of GitHub's leads to its run, and names no file of its runner", async () => {
      const { isDone, text } = await staging([FUNCTIONS, "--actor=ada"], {
        intercept: (request) =>
          request.url.endsWith("/secrets")
            ? Response.json({ message: "out" }, { status: 400 })
            : null,
        variables: {
          GITHUB_ACTIONS: "true",
          GITHUB_REPOSITORY: "clinic/switchboard",
          GITHUB_RUN_ID: "7",
        },
      });
      assert.equal(isDone, false);
      assert.match(
        text,
        /go on +re-run the failed job: https:\/\/github\.com\/clinic\/switchboard\/act/,
      );
      assert.match(
        text,
        new RegExp(
          `or in a checkout of ${third.commit.slice(0, 12)}: deno task deploy .*--env staging`,
        ),
      );
      assert.doesNotMatch(text, /--env-file|--resume|--actor/);
    });

    await step("what something else deployed since isn't gone over by an old release", async () => {
      const deployed = await runSupabase(world, ["functions", "deploy", "kb-sync", "--use-api"]);
      assert.ok(deployed.success, deployed.output);
      await assert.rejects(staging([FUNCTIONS, "--resume"]), {
        name: "ReleaseError",
        message:
          /^Cannot resume: since release "\w+-\w+" stopped something else deployed kb-sync; without/,
      });
      const { isDone, text } = await staging([FUNCTIONS]);
      assert.ok(isDone, text);
      assert.match(text, /^note: since release .* deployed kb-sync; this release begins anew$/m);
      assert.doesNotMatch(text, /going on|done before/);
      assert.deepEqual(await ask(), [`200 ${third.name}`, `200 ${third.name}`]);
    });
  } finally {
    await world.clearFaults();
    await world.setRollout(0);
    await runSupabase(world, ["functions", "deploy", ...SLUGS, "--use-api"]);
  }
});
