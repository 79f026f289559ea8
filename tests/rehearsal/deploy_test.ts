import assert from "node:assert/strict";
import { dumpDatabase } from "../../scripts/release/dump_database.ts";
import { nameRelease } from "../../scripts/release/stamp_version.ts";
import { readStack } from "../support/read_stack.ts";
import { runSupabase } from "../../scripts/local/management/deploy_checkout.ts";
import { VERSION } from "../../supabase/functions/_shared/version.ts";
import { queryDatabase } from "../support/query_database.ts";
import { openReleaseWorld, type ReleaseWorld } from "./support/open_release_world.ts";
import { NO_POSTGRES_CLIENT, usePostgresClient } from "../support/use_postgres_client.ts";

const VERSION_FILE = "supabase/functions/_shared/version.ts";
const MIGRATION = "20991231235900_rehearse_release";
/** Enough to see some of them change together, and quick to upload. */
const SLUGS = ["unified-webhook", "kb-sync"];
const FUNCTIONS = `--functions=${SLUGS.join(",")}`;

const writeVersion = async (world: ReleaseWorld, version: string) =>
  world.write(
    VERSION_FILE,
    (await world.read(VERSION_FILE)).replace(/VERSION = "\d.*"/, `VERSION = "${version}"`),
  );

/** The live functions answer, so does somebody's message, and what was stored before is there. */
async function assertServes(world: ReleaseWorld, version: string): Promise<void> {
  for (const slug of SLUGS) assert.equal(await world.askVersion(slug), `200 ${version}`, slug);
  await world.converse();
  const [row] = await queryDatabase<{ count: number }>(
    "select count(*)::int as count from public.organizations where not is_canary",
  );
  assert.ok(row !== undefined && row.count > 0);
}

const backUp = (world: ReleaseWorld) =>
  world.setBackups([{
    id: 2,
    is_physical_backup: true,
    status: "COMPLETED",
    inserted_at: new Date().toISOString(),
  }]);

async function removeTraces(): Promise<void> {
  await queryDatabase("drop table if exists private.rehearsed_releases");
  await queryDatabase("drop table if exists private.rehearsal_in_the_way");
  await queryDatabase(
    "delete from supabase_migrations.schema_migrations where version = '20991231235900'",
  );
  await queryDatabase("delete from public.alerts where rule = 'rehearsed_breach'");
}

Deno.test("a release stops at whatever fails, serves on, says how to go on, and is resumed", async (test) => {
  await using world = await openReleaseWorld();
  // Each begins where the one before it ended.
  const step = async (name: string, take: () => Promise<void>) => {
    if (!await test.step(name, take)) throw new Error(`stopped at "${name}"`);
  };
  await removeTraces();
  try {
    await writeVersion(world, "0.8.0");
    const first = await world.commit("0.8.0");
    let live: string = VERSION;
    await world.setRollout(0);
    await backUp(world);

    await step("a dry run says what would be done and changes nothing", async () => {
      await world.clearRequests();
      const { isDone, text } = await world.release([FUNCTIONS, "--dry-run", "--rollout=5"]);
      assert.ok(isDone, text);
      assert.match(text, /\[5\/8\] functions … would deploy kb-sync \(now \d+\), unified-webhook/);
      assert.match(text, /\[7\/8\] flags … would set the rollout to 5 % \(now 0 % inside\)/);
      const requests = await world.listRequests();
      assert.deepEqual(requests.filter(({ method }) => method !== "GET"), []);
      await assert.rejects(world.readJournals(), Deno.errors.NotFound);
    });

    await step("a whole release: every step, the canary answered, the rollout set", async () => {
      const { isDone, text } = await world.release([
        FUNCTIONS,
        "--rollout=5",
        "--reason=the first stage",
      ]);
      assert.ok(isDone, text);
      live = nameRelease({ version: "0.8.0", commit: first });
      await assertServes(world, live);
      assert.match(text, /tests: 1 tests passed here/);
      assert.match(
        text,
        /\[6\/8\] proofs … \d functions healthy, the canary answered into the sink/,
      );
      assert.match(text, /\[7\/8\] flags … 5 % inside, before 0 % inside/);
      assert.match(text, /\[8\/8\] watch … 1 looks, nothing clearly worse than before \(\d/);
      const [stage] = await queryDatabase<{ actor: string; reason: string }>(
        `select actor, reason from public.app_config_history
         where key = 'unified_service_flags' order by changed_at desc limit 1`,
      );
      assert.equal(stage?.reason, "the first stage");
      assert.equal(stage?.actor, "operator:ada");
    });

    await writeVersion(world, "0.8.1");
    await world.write(
      `supabase/migrations/${MIGRATION}.sql`,
      `-- Fails while something is in its way.
do $$ begin
  if to_regclass('private.rehearsal_in_the_way') is not null then
    raise exception 'rehearsal_in_the_way is in the way';
  end if;
end $$;
create table private.rehearsed_releases (id bigint generated always as identity primary key);
alter table private.rehearsed_releases enable row level security;
`,
    );

    await step(
      "preflight: all that is missing is told at once, and nothing was changed",
      async () => {
        await world.setBackups([]);
        const { isDone, text } = await world.release([FUNCTIONS], {
          intercept: (request) =>
            request.url.endsWith("/secrets")
              ? Response.json([{ name: "VAPI_WEBHOOK_SECRET", value: "" }])
              : null,
        });
        assert.equal(isDone, false);
        assert.match(text, /checkout: NO\. .*2 changes/);
        assert.match(text, /secrets: NO\. Cannot release without CREDENTIAL_KEYS \(encrypts/);
        assert.match(text, /backup: NO\. .*there is no backup; --backup takes one/);
        assert.match(
          text,
          /Stopped at "preflight"[^]*nothing was changed: there is nothing to undo/,
        );
        await assertServes(world, live);
        await backUp(world);
      },
    );

    await step(
      "preflight: a commit that nobody saw green is refused, unless with a reason",
      async () => {
        await world.commit("0.8.1", { green: false });
        const { isDone, text } = await world.release([FUNCTIONS]);
        assert.equal(isDone, false);
        assert.match(text, /tests: NO\. Cannot confirm the tests of .*--skip-tests "<reason>"/);
        const planned = await world.release([
          FUNCTIONS,
          "--dry-run",
          "--skip-tests=shown to be green",
        ]);
        assert.ok(planned.isDone, planned.text);
        assert.match(planned.text, /tests: SKIPPED: shown to be green/);
        assert.match(planned.text, new RegExp(`would apply 1: ${MIGRATION}`));
      },
    );

    const second = await world.commit("green");
    const readDigest = async (name: string) => {
      const secrets: { name: string; value: string }[] = await (await world.call("GET", "/secrets"))
        .json();
      return secrets.find((one) => one.name === name)?.value;
    };
    const kept = await readDigest("VAPI_WEBHOOK_SECRET");
    assert.ok(kept);
    const resume = () => world.release([FUNCTIONS, "--resume"]);

    await step("the API fails for longer than what is tried again", async () => {
      await world.fail({
        method: "GET",
        path: "/v1/projects/*",
        status: 500,
        message: "out",
        times: 3,
      });
      const { isDone, text } = await world.release([FUNCTIONS]);
      assert.equal(isDone, false);
      assert.match(
        text,
        /Stopped at "preflight"\.\nCannot read the project "\w+": answered 500 out/,
      );
      await assertServes(world, live);
    });

    await step(
      "a migration fails: the file and the reason, and the live code goes on",
      async () => {
        await world.clearFaults();
        await queryDatabase("create table private.rehearsal_in_the_way ()");
        const { isDone, text } = await resume();
        assert.equal(isDone, false);
        assert.match(text, /\[3\/8\] migrations … FAILED/);
        assert.match(
          text,
          new RegExp(
            `Stopped at "migrations"\\.\\nCannot apply migration "${MIGRATION}\\.sql": .*in the way`,
          ),
        );
        assert.match(text, /live +functions: as before\n +database: as before/);
        assert.match(text, /go on +deno task deploy --project-ref \w+ .*--resume/);
        await assertServes(world, live);
        await queryDatabase("drop table private.rehearsal_in_the_way");
      },
    );

    await step("setting the secrets fails: no value is told, the migration stays", async () => {
      await world.writeSecrets({ SENTRY_DSN: "https://rehearsed-secret@sentry.example.test/1" });
      await world.fail({ method: "POST", path: "/v1/projects/*/secrets", status: 500 });
      const { isDone, text } = await resume();
      assert.equal(isDone, false);
      assert.match(text, /\[3\/8\] migrations … 1 applied, advisors as before/);
      assert.match(text, /Stopped at "secrets"\.\nCannot set the secrets/);
      assert.match(
        text,
        new RegExp(`go back +migrations only add.*supabase/rollbacks/${MIGRATION}`),
      );
      await assertServes(world, live);
      await world.clearFaults();
    });

    await step(
      "one of two uploads fails: which is new is told, and both answer",
      async () => {
        await world.fail({
          path: "/v1/projects/*/functions/deploy",
          slug: "unified-webhook",
          status: 500,
          message: "bundler",
        });
        const { isDone, text } = await resume();
        assert.equal(isDone, false);
        assert.match(text, /\[3\/8\] migrations … done before: 1 applied/);
        assert.match(text, /\[4\/8\] secrets … set SENTRY_DSN \(/);
        assert.equal(await readDigest("VAPI_WEBHOOK_SECRET"), kept);
        assert.match(text, /Stopped at "functions"\.\n.*500.*bundler.*\(changed: kb-sync\)/);
        assert.match(
          text,
          /functions: new kb-sync v\d+ \(before v\d+\); as before unified-webhook v\d+\n/,
        );
        assert.match(text, /secrets: new SENTRY_DSN/);
        await world.clearFaults();
        // The code before is what the webhook runs, with the others' new code and the new schema.
        assert.deepEqual(
          await Promise.all(SLUGS.map((slug) => world.askVersion(slug))),
          [`200 ${live}`, `200 ${nameRelease({ version: "0.8.1", commit: second })}`],
        );
      },
    );

    await step("a health that fails puts the code before back, by itself", async () => {
      const { isDone, text } = await world.release([FUNCTIONS, "--resume"], {
        intercept: (request) =>
          request.url.includes("/kb-sync/health?ready=1")
            ? Response.json({
              version: "0.8.1",
              ready: false,
              checks: [{ name: "secrets", state: "failed", detail: "CREDENTIAL_KEYS is missing" }],
            }, { status: 503 })
            : null,
      });
      assert.equal(isDone, false);
      assert.match(
        text,
        /Stopped at "proofs"\.\nCannot call "kb-sync" ready: secrets: CREDENTIAL_KEYS is missing/,
      );
      assert.match(
        text,
        new RegExp(`functions: those of ${first.slice(0, 7)} again, NOT READY: kb-sync`),
      );
      await assertServes(world, live);
    });

    await step(
      "ops refuses the rollout: the release is live, and the way back is told",
      async () => {
        const { isDone, text } = await world.release([FUNCTIONS, "--rollout=10", "--resume"], {
          intercept: (request) =>
            request.method === "POST" && request.url.endsWith("/ops/rollout")
              ? Response.json({ detail: "Cannot steer the rollout" }, { status: 500 })
              : null,
        });
        assert.equal(isDone, false);
        assert.match(text, /Stopped at "flags"\.\nCannot set the rollout to "10": answered 500/);
        assert.match(text, /go back +deno task rollback quick --project-ref/);
        live = nameRelease({ version: "0.8.1", commit: second });
        await assertServes(world, live);
      },
    );

    await step("a critical alert after it ends the watch with the way back", async () => {
      await queryDatabase(
        `insert into public.alerts (rule, severity, message)
         values ('rehearsed_breach', 'critical', 'rehearsed')`,
      );
      const { isDone, text } = await world.release([FUNCTIONS, "--rollout=10", "--resume"]);
      assert.equal(isDone, false);
      assert.match(text, /\[5\/8\] functions … done before/);
      assert.match(text, /\[7\/8\] flags … 10 % inside, before 5 % inside/);
      assert.match(text, /Stopped at "watch"\.\n.*alert "rehearsed_breach" is raised/);
      assert.match(text, /go back +deno task rollback quick/);
      await queryDatabase("delete from public.alerts where rule = 'rehearsed_breach'");
    });

    await step(
      "what was mended is resumed to its end, and what is done isn't done again",
      async () => {
        await world.clearRequests();
        const { isDone, text } = await resume();
        assert.ok(isDone, text);
        for (const step of ["migrations", "secrets", "functions"]) {
          assert.match(text, new RegExp(`${step} … done before`));
        }
        const requests = await world.listRequests();
        assert.deepEqual(requests.filter(({ method }) => method !== "GET"), []);
        await assertServes(world, live);
        const journals = await world.readJournals();
        assert.ok(journals.includes(second));
        for (const secret of ["rehearsed-secret", world.accessToken, "local-whatsapp-app-secret"]) {
          assert.ok(!journals.includes(secret));
          assert.ok(!text.includes(secret));
        }
      },
    );

    await step(
      "code that doesn't boot is found out, and the release before serves on",
      async () => {
        const path = "supabase/functions/kb-sync/index.ts";
        await world.write(path, `throw new Error("rehearsed");\n${await world.read(path)}`);
        await writeVersion(world, "0.8.2");
        await world.commit("0.8.2");
        const { isDone, text } = await world.release(["--functions=kb-sync"]);
        assert.equal(isDone, false);
        assert.match(text, /Stopped at "proofs"\.\nCannot call "kb-sync" ready: 503/);
        assert.match(text, new RegExp(`those of ${second.slice(0, 7)} again, all ready`));
        assert.match(text, /or mend it in a further commit and deploy that/);
        await assertServes(world, live);
      },
    );
  } finally {
    await world.clearFaults();
    await backUp(world);
    await removeTraces();
    await world.setRollout(0);
    await world.call("DELETE", "/secrets", ["SENTRY_DSN"]).then(({ body }) => body?.cancel());
    await runSupabase(world, ["functions", "deploy", "--use-api"]);
  }
});

const hasClient = await usePostgresClient();

Deno.test({
  name: "a backup of the live database is one that pg_restore reads" +
    (hasClient ? "" : `: ${NO_POSTGRES_CLIENT}`),
  ignore: !hasClient,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const { path } = await dumpDatabase({
        databaseUrl: readStack().database_url,
        serverVersion: "17.6",
        folder,
        name: "one",
      });
      const { stdout } = await new Deno.Command("pg_restore", { args: ["--list", path] }).output();
      assert.match(new TextDecoder().decode(stdout), /TABLE DATA public organizations/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
