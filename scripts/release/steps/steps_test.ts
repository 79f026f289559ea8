import assert from "node:assert/strict";
import { createReleaseContext, digest } from "../../../tests/in_memory/create_release_context.ts";
import type { OpenAlert } from "../ops/create_ops.ts";
import { StackError } from "../../local/stack_error.ts";
import { saveJournal } from "../journal.ts";
import { putCodeBack } from "../put_code_back.ts";
import { ReleaseError } from "../release_error.ts";
import { restoreFunctions } from "../restore_functions.ts";
import { backup } from "./backup.ts";
import { flags } from "./flags.ts";
import { functions } from "./functions.ts";
import { migrations } from "./migrations.ts";
import { checkWritable, secrets } from "./secrets.ts";
import { watch } from "./watch.ts";

const FILE = "20991231000000_one.sql";
const advice = (level: "INFO" | "WARN" | "ERROR") => ({
  name: "rls_disabled_in_public",
  title: "RLS Disabled in Public",
  level,
  detail: "Table `public.one` is public",
  remediation: "https://example.test",
  cache_key: "rls_one",
});

/** A database whose one migration brings what the advisors say, before or after it. */
function createDatabase(after: ReturnType<typeof advice>[], { isApplied = false } = {}) {
  const state = { isApplied };
  return (args: string[]): { stdout: string } => {
    const command = args.slice(0, 2).join(" ");
    if (command === "db push") state.isApplied = true;
    if (command === "db advisors") {
      return { stdout: state.isApplied ? JSON.stringify(after) : "" };
    }
    return { stdout: JSON.stringify({ migrations: [] }) };
  };
}

Deno.test("backup: resumed, an old one isn't enough", async (test) => {
  const path = await Deno.makeTempFile();
  const cases: [string, number, { planned?: string[]; applied?: string[] }, boolean][] = [
    ["of today", 1, {}, true],
    ["a day late", 26, {}, true],
    ["too old", 27, { planned: [FILE] }, false],
    ["from before the migrations", 25, { planned: [FILE], applied: [FILE] }, true],
    ["from before the migrations, too old", 27, { planned: [FILE], applied: [FILE] }, false],
    ["cut off while they were applied", 27, { planned: ["20991230000000_gone.sql"] }, false],
  ];
  try {
    for (const [name, hours, { planned = [], applied = [] }, expected] of cases) {
      await test.step(name, async () => {
        const { context } = createReleaseContext({ pending: [FILE], options: { backup: true } });
        const { journal, clock } = context;
        const takenAt = new Date(clock() - hours * 3_600_000);
        await Deno.utime(path, takenAt, takenAt);
        Object.assign(journal, {
          backup: path,
          migrationsPlanned: planned,
          migrationsApplied: applied,
        });
        assert.equal(await backup.holds?.(context), expected);
      });
    }
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("backup: taken again, the one from before the migrations stays", async () => {
  const folder = await Deno.makeTempDir();
  const before = Deno.env.get("PG_DUMP");
  const program = `${folder}/pg_dump`;
  await Deno.writeTextFile(
    program,
    '#!/bin/sh\nif [ "$1" = --version ]; then echo "pg_dump (PostgreSQL) 17.2"; exit; fi\n' +
      'for one in "$@"; do case $one in --file=*) file=${one#--file=};; esac; done\n' +
      "printf PGDMP > $file\n",
    { mode: 0o700 },
  );
  Deno.env.set("PG_DUMP", program);
  try {
    const { context } = createReleaseContext({ options: { backup: true } });
    context.checkout = { ...context.checkout, folder };
    context.target.databaseUrl = "postgresql://postgres@127.0.0.1:9/postgres";
    await backup.run(context);
    const first = context.journal.backup ?? "";
    await context.pause(27 * 3_600_000);
    assert.match(await backup.run(context), new RegExp(`, beside ${first}$`));
    const second = context.journal.backup ?? "";
    assert.notEqual(second, first);
    for (const path of [first, second]) assert.equal(await Deno.readTextFile(path), "PGDMP");
  } finally {
    if (before === undefined) Deno.env.delete("PG_DUMP");
    else Deno.env.set("PG_DUMP", before);
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("migrations: without a pending one nobody is asked", async () => {
  const { context, calls } = createReleaseContext();
  assert.equal(await migrations.run(context), "none pending");
  assert.deepEqual(calls, []);
});

Deno.test("migrations: what the advisors hadn't said before stops the release", async (test) => {
  for (const [level, isStopped] of [["INFO", false], ["WARN", true], ["ERROR", true]] as const) {
    await test.step(level, async () => {
      const { context, told } = createReleaseContext({
        pending: [FILE],
        cli: createDatabase([advice(level)]),
      });
      const running = migrations.run(context);
      if (!isStopped) return assert.equal(await running, "1 applied, advisors as before");
      await assert.rejects(running, {
        message: /Cannot go on with 1 new findings of the advisors/,
      });
      assert.match(told.join(), /RLS Disabled in Public: Table `public\.one`/);
      assert.deepEqual(context.journal.migrationsApplied, [FILE]);
    });
  }
});

Deno.test("migrations: beside another product's the CLI is shown a file for each of those", async () => {
  const folder = await Deno.makeTempDir();
  const place = `${folder}/supabase/migrations`;
  await Deno.mkdir(place, { recursive: true });
  const { context } = createReleaseContext({ pending: [FILE] });
  context.facts.otherMigrations = ["20250101000000", "3"];
  context.unpackCode = () =>
    Promise.resolve({ folder, [Symbol.asyncDispose]: () => Promise.resolve() });
  const answer = createDatabase([]);
  const seen: string[][] = [];
  context.runCli = (args, { cwd } = {}) => {
    if (args[1] === "push") {
      assert.equal(cwd, folder);
      seen.push([...Deno.readDirSync(place)].map(({ name }) => name).sort());
    }
    return Promise.resolve({ success: true, stderr: "", ...answer(args) });
  };
  try {
    assert.equal(await migrations.run(context), "1 applied, advisors as before");
    assert.deepEqual(seen, [["20250101000000_of_another_product.sql", "3_of_another_product.sql"]]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("migrations: a release that was killed after the push still asks the advisors", async () => {
  const { context, saved } = createReleaseContext({
    pending: [FILE],
    cli: createDatabase([advice("ERROR")]),
  });
  // As it was when `db push` began.
  await assert.rejects(migrations.run(context));
  const journal = JSON.parse(saved[0] ?? "{}");
  assert.deepEqual(journal.migrationsApplied, []);
  const resumed = createReleaseContext({
    pending: [],
    cli: createDatabase([advice("ERROR")], { isApplied: true }),
  });
  Object.assign(resumed.context.journal, journal);
  await assert.rejects(migrations.run(resumed.context), /new findings of the advisors/);
  assert.deepEqual(resumed.context.journal.migrationsApplied, [FILE]);
  assert.ok(!resumed.calls.some((args) => args.includes("push")));
});

Deno.test("secrets: only what differs is set, and what was set is confirmed", async () => {
  const file = { CREDENTIAL_KEYS: "{}", SENTRY_DSN: "new", SUPABASE_URL: "the platform's" };
  const { context, project, calls } = createReleaseContext({
    fileSecrets: file,
    cli: (_args, project) => {
      for (const [name, value] of Object.entries(file)) project.secrets[name] = digest(value);
      return {};
    },
  });
  project.secrets["CREDENTIAL_KEYS"] = digest("{}");
  assert.equal(await secrets.plan(context), "would set SENTRY_DSN");
  assert.equal(await secrets.run(context), "set SENTRY_DSN");
  assert.deepEqual(context.journal.secretsSet, ["SENTRY_DSN"]);
  assert.equal(await secrets.run(context), "as they are");
  assert.equal(calls.length, 1);
  assert.ok(!calls.flat().some((word) => word.includes("new")));
});

Deno.test("secrets: the CLI is handed what differs alone, by a file that nobody else reads", async () => {
  let sent = "";
  const { context, project } = createReleaseContext({
    // As `readTarget` reads a file where `VAPI_WEBHOOK_SECRET=` has no value.
    fileSecrets: { CREDENTIAL_KEYS: '{"a":"b"}', SENTRY_DSN: "a$b \\n#c", SUPABASE_URL: "x" },
    cli: (args, project) => {
      const path = args[args.indexOf("--env-file") + 1] ?? "";
      assert.equal((Deno.statSync(path).mode ?? 0) & 0o777, 0o600);
      sent = Deno.readTextFileSync(path);
      project.secrets["SENTRY_DSN"] = digest("a$b \\n#c");
      return {};
    },
  });
  Object.assign(project.secrets, {
    CREDENTIAL_KEYS: digest('{"a":"b"}'),
    VAPI_WEBHOOK_SECRET: digest("live"),
  });
  assert.equal(await secrets.run(context), "set SENTRY_DSN");
  assert.equal(sent, "SENTRY_DSN='a$b \\n#c'\n");
  assert.equal(project.secrets["VAPI_WEBHOOK_SECRET"], digest("live"));
});

Deno.test("secrets: what no file can hold is refused before anything is sent", async (test) => {
  for (const value of ["it's", "one\ntwo"]) {
    await test.step(JSON.stringify(value), async () => {
      const { context, calls, saved } = createReleaseContext({
        fileSecrets: { SENTRY_DSN: value },
      });
      for (const attempt of [checkWritable(context), secrets.run(context)]) {
        await assert.rejects(attempt, (error: Error) => {
          assert.match(error.message, /Cannot set secret "SENTRY_DSN": .*quote or a line break/);
          assert.ok(!error.message.includes(value));
          return true;
        });
      }
      assert.deepEqual([calls, saved], [[], []]);
    });
  }
});

Deno.test("secrets: a value that arrives as another one is told, and so is one that doesn't", async () => {
  const misread = createReleaseContext({
    fileSecrets: { WA_VERIFY_TOKEN: "a$b" },
    cli: (_args, project) => {
      project.secrets["WA_VERIFY_TOKEN"] = digest("a");
      return {};
    },
  });
  await assert.rejects(secrets.run(misread.context), /Cannot confirm WA_VERIFY_TOKEN/);
  const failing = createReleaseContext({
    fileSecrets: { WA_VERIFY_TOKEN: "a" },
    cli: () => ({ success: false, stderr: "Unexpected error: boom" }),
  });
  await assert.rejects(secrets.run(failing.context), /Cannot set the secrets of ".*": .*boom/);
  assert.deepEqual(failing.context.journal.secretsSet, []);
  // Cut off meanwhile, it would have been told as new.
  assert.match(failing.saved[0] ?? "", /"secretsSet":\["WA_VERIFY_TOKEN"\]/);
});

Deno.test("functions: what was live before the first attempt stays what was live before", async () => {
  const { context, project } = createReleaseContext({
    cli: (_args, project) => {
      project.functions["ops"] = (project.functions["ops"] ?? 0) + 1;
      if (project.functions["ops"] < 4) return { success: false, stderr: "status 500" };
      project.functions["worker"] = 1;
      return {};
    },
  });
  project.functions["ops"] = 2;
  await assert.rejects(functions.run(context), { message: /status 500 \(changed: ops\)/ });
  assert.equal(await functions.run(context), "ops v4, worker v1");
  assert.deepEqual(context.journal.functionsBefore, { ops: 2, worker: null });
  assert.deepEqual(context.journal.codesBefore, { ops: "1.0.0" });
  assert.ok(await functions.holds?.(context));
  project.functions["ops"] = 5;
  assert.equal(await functions.holds?.(context), false);
});

Deno.test("functions: each one's code is asked before it is replaced, and half of them is kept", async () => {
  const { context, project } = createReleaseContext({
    cli: (_args, project) => {
      project.functions["ops"] = 3;
      return { success: false, stderr: "status 500" };
    },
  });
  Object.assign(project.functions, { ops: 2, worker: 7 });
  context.options.functions = ["ops"];
  context.fetch = (input) =>
    Promise.resolve(
      String(input).includes("/ops/")
        ? Response.json({ version: "1.0.0+aaaaaaaaaaaa" })
        : new Response("no JSON", { status: 503 }),
    );
  await assert.rejects(functions.run(context), { message: /changed: ops/ });
  const { journal } = context;
  assert.deepEqual(journal.codesBefore, { ops: "1.0.0+aaaaaaaaaaaa" });
  assert.deepEqual(journal.functionsAfter, { ops: 3 });
  // Resumed with more of them, these are asked as well, and what was new isn't what was before.
  context.options.functions = null;
  await assert.rejects(functions.run(context), { message: /none of them changed/ });
  assert.deepEqual(journal.codesBefore, { ops: "1.0.0+aaaaaaaaaaaa", worker: null });
  assert.deepEqual(journal.functionsBefore, { ops: 2, worker: 7 });
});

Deno.test("functions: what another release replaced meanwhile is left alone", async () => {
  const { context, project, calls } = createReleaseContext({
    cli: (_args, project) => {
      Object.assign(project.functions, { ops: 4, worker: 1 });
      return {};
    },
  });
  context.facts.liveVersions = { ops: 2 };
  project.functions["ops"] = 3;
  await assert.rejects(functions.run(context), { code: "refused", message: /: ops changed since/ });
  assert.deepEqual([calls, context.journal.functionsBefore], [[], null]);
  context.facts.liveVersions = { ops: 3 };
  assert.equal(await functions.run(context), "ops v4, worker v1");
});

Deno.test("functions: the code before is left alone where nobody knows what it was", async () => {
  const { context, calls } = createReleaseContext();
  context.journal.functionsBefore = { ops: 2 };
  await restoreFunctions(context, () => assert.fail("nothing is restored"));
  assert.deepEqual(calls, []);
});

Deno.test("putting the code before back tells what became of it, whatever fails", async (test) => {
  const folder = await Deno.makeTempDir();
  const restoring = () => {
    const world = createReleaseContext();
    const { context } = world;
    context.checkout = { ...context.checkout, folder };
    const last = { ...context.journal, id: "20261120T100000Z-bbbbbbb", commit: "b".repeat(40) };
    context.journal.functionsBefore = { ops: 2 };
    const saved = saveJournal(`${folder}/.local`, {
      ...last,
      finishedAt: "2026-11-20T11:00:00.000Z",
      functionsAfter: { ops: 2 },
    });
    return saved.then(() => world);
  };
  const commit = "b".repeat(40);
  try {
    await test.step("it is live and answers", async () => {
      const { context, calls } = await restoring();
      assert.deepEqual(await putCodeBack(context), {
        restored: { codes: [{ commit, slugs: ["ops"] }], unready: [] },
        problem: null,
      });
      assert.deepEqual(calls[0]?.slice(0, 3), ["functions", "deploy", "ops"]);
    });
    await test.step("each function from its own commit, what isn't known is left", async () => {
      const { context, calls } = await restoring();
      await saveJournal(`${folder}/.local`, {
        ...context.journal,
        id: "20261120T080000Z-ccccccc",
        commit: "c".repeat(40),
        finishedAt: "2026-11-20T09:00:00.000Z",
        functionsAfter: { worker: 5 },
      });
      context.journal.functionsBefore = { ops: 2, worker: 5, "kb-sync": 9 };
      const { restored, problem } = await putCodeBack(context);
      assert.deepEqual([restored?.codes, problem], [[
        { commit, slugs: ["ops"] },
        { commit: "c".repeat(40), slugs: ["worker"] },
      ], null]);
      assert.deepEqual(calls.map((args) => args.slice(0, 3)), [
        ["functions", "deploy", "ops"],
        ["functions", "deploy", "worker"],
      ]);
    });
    await test.step("this clone doesn't have it", async () => {
      const { context } = await restoring();
      context.unpackCode = () => Promise.reject(new StackError("Cannot find release"));
      const { restored, problem } = await putCodeBack(context);
      assert.equal(restored, null);
      assert.match(String(problem), /Cannot find release/);
    });
    await test.step("it is live and can't be asked", async () => {
      const { context } = await restoring();
      context.management.listFunctions = () =>
        Promise.reject(new ReleaseError("unreachable", "Cannot list the functions"));
      const { restored, problem } = await putCodeBack(context);
      assert.deepEqual(restored, { codes: [{ commit, slugs: ["ops"] }], unready: null });
      assert.match(String(problem), /Cannot list the functions/);
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("flags: set with its reason, once", async () => {
  const set: unknown[] = [];
  const world = createReleaseContext({
    options: { rollout: 10, actor: "ada" },
    ops: {
      setRollout: (change) => {
        set.push(change);
        return Promise.resolve({ percent: change.percent, enabled: false });
      },
    },
  });
  assert.equal(await flags.run(world.context), "10 % inside, SWITCHED OFF, before 5 % inside");
  assert.deepEqual(set, [{ percent: 10, reason: "release 1.0.0 (aaaaaaa)", actor: "ada" }]);
  const left = createReleaseContext({ options: { rollout: 5 } });
  assert.equal(await flags.run(left.context), "left at 5 % inside");
});

Deno.test("watch: looks for as long as wanted, and ends at a breach", async () => {
  const quiet = createReleaseContext({ options: { watchMinutes: 2 } });
  const words = await watch.run(quiet.context);
  assert.equal(words, "5 looks, nothing clearly worse than before");
  const alert: OpenAlert = { id: "1", rule: "bad", severity: "critical", raisedAt: "" };
  let looks = 0;
  const breached = createReleaseContext({
    options: { watchMinutes: 60 },
    ops: { listOpenAlerts: () => Promise.resolve(++looks < 3 ? [] : [alert]) },
  });
  await assert.rejects(watch.run(breached.context), { message: /alert "bad" is raised/ });
  assert.equal(looks, 3);
});

Deno.test("watch: a look that fails is taken again, three in a row are told", async () => {
  const failing = (times: number) => {
    let looks = 0;
    return createReleaseContext({
      ops: {
        readMetrics: () =>
          ++looks <= times
            ? Promise.reject(new ReleaseError("unreachable", "Cannot read the metrics: no answer"))
            : Promise.resolve({}),
      },
    });
  };
  const passing = failing(2);
  assert.equal(await watch.run(passing.context), "1 looks, nothing clearly worse than before");
  assert.equal(passing.told.filter((line) => line.startsWith("no look")).length, 2);
  await assert.rejects(watch.run(failing(3).context), /no answer/);
});
