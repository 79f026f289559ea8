import assert from "node:assert/strict";
import { join } from "node:path";
import { findPrevious } from "./find_previous.ts";
import { holdRelease } from "./hold_release.ts";
import { createJournal, type Journal, journalPath, listJournals, saveJournal } from "./journal.ts";
import { chooseJournal, inheritStopped, requireSameEnvironment } from "./open_release.ts";
import { runGit } from "./run_git.ts";

const REF = "abcdefghijklmnopqrst";

function journal(day: string, fields: Partial<Journal> = {}): Journal {
  const { commit = "a".repeat(40) } = fields;
  return {
    ...createJournal({
      ref: REF,
      environment: "production",
      commit,
      version: "1.0.0",
      now: new Date(`2026-11-${day}T10:00:00.000Z`),
    }),
    ...fields,
  };
}

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  await use(folder).finally(() => Deno.remove(folder, { recursive: true }));
}

Deno.test("journals are kept for their owner alone and listed newest first", () =>
  withFolder(async (folder) => {
    assert.deepEqual(await listJournals(folder, REF), []);
    const [older, newer] = [journal("20"), journal("21", { migrationsApplied: ["1_one.sql"] })];
    await saveJournal(folder, newer);
    await saveJournal(folder, older);
    await saveJournal(folder, { ...older, finishedAt: "2026-11-20T11:00:00.000Z" });
    await Deno.writeTextFile(join(folder, "releases", REF, "99999999-half.json"), '{"id":');
    const listed = await listJournals(folder, REF);
    assert.deepEqual(listed.map(({ id, finishedAt }) => [id, finishedAt]), [
      ["20261121T100000Z-aaaaaaa", null],
      ["20261120T100000Z-aaaaaaa", "2026-11-20T11:00:00.000Z"],
    ]);
    const { mode } = await Deno.stat(journalPath(folder, newer));
    assert.equal((mode ?? 0) & 0o777, 0o600);
  }));

Deno.test("the release that stopped is resumed on its own commit alone", async (test) => {
  const [mine, other] = ["a".repeat(40), "b".repeat(40)];
  const stopped = journal("20", { commit: mine });
  const finished = journal("20", { commit: mine, finishedAt: "2026-11-20T11:00:00.000Z" });
  const fresh = journal("21");
  const cases: [string, Journal[], string, boolean, Journal | RegExp][] = [
    ["nothing before", [], mine, false, fresh],
    ["the same commit goes on by itself", [stopped], mine, false, stopped],
    ["and when told so", [stopped], mine, true, stopped],
    ["another commit is another release", [stopped], other, false, fresh],
    ["but not when told to resume", [stopped], other, true, /is of aaaaaaa, this is bbbbbbb/],
    ["a finished one is released anew", [finished], mine, false, fresh],
    ["and can't be resumed", [finished], mine, true, /no release of this project stopped here/],
  ];
  for (const [name, journals, commit, resume, expected] of cases) {
    await test.step(name, () => {
      const choose = () => chooseJournal(journals, { commit, resume, create: () => fresh });
      if (expected instanceof RegExp) assert.throws(choose, expected);
      else assert.equal(choose(), expected);
    });
  }
});

Deno.test("a project that was released to as the one isn't released to as the other", async (test) => {
  const staging = (day: string, fields: Partial<Journal> = {}) =>
    journal(day, { environment: "staging", ...fields });
  const changed = { secretsSet: ["SENTRY_DSN"] };
  const cases: [string, Journal[], string | null, boolean][] = [
    ["a first release", [], null, false],
    ["as before", [journal("20", changed)], null, false],
    ["the other one's functions", [staging("20", { functionsBefore: { ops: 1 } })], null, true],
    ["the other one's secrets", [staging("20", changed)], null, true],
    ["the other one's migrations", [staging("20", { migrationsPlanned: ["1.sql"] })], null, true],
    ["a slip that its preflight stopped", [staging("21"), journal("20", changed)], null, false],
    ["a slip before it", [staging("21"), staging("20", changed)], null, true],
    ["a rehearsal", [staging("20", changed)], "profile.yaml", false],
  ];
  for (const [name, journals, profile, isRefused] of cases) {
    await test.step(name, () => {
      const target = { environment: "production" as const, ref: REF, profile };
      const require = () => requireSameEnvironment(journals, target, "/checkout/.local");
      if (!isRefused) return require();
      assert.throws(require, {
        code: "refused",
        message:
          /^Cannot take "abc.*" for production: .*was to staging; give --env staging, or .*move \/che/,
      });
    });
  }
});

Deno.test("a further commit answers for the migrations of the release that stopped", async (test) => {
  const finding = {
    name: "rls_disabled_in_public",
    title: "RLS Disabled in Public",
    level: "WARN" as const,
    detail: "",
    remediation: "",
    cache_key: "rls_one",
  };
  const stopped = {
    advisorsBefore: [finding],
    migrationsPlanned: ["1_one.sql", "2_gone.sql"],
    migrationsApplied: ["1_one.sql"],
  };
  const finished = { ...stopped, finishedAt: "2026-11-20T11:00:00.000Z" };
  const mended = { ...stopped, migrationsPlanned: ["1_one.sql"] };
  const nothing = { advisorsBefore: null, migrationsPlanned: [], migrationsApplied: [] };
  const cases: [string, Journal[], typeof mended | typeof nothing][] = [
    ["nothing before", [], nothing],
    ["one that stopped", [journal("20", stopped)], mended],
    ["one that stopped before the migrations", [journal("20")], nothing],
    ["one that finished", [journal("20", finished)], nothing],
    ["one that finished after it", [journal("21", finished), journal("20", stopped)], nothing],
  ];
  for (const [name, journals, expected] of cases) {
    await test.step(name, () => {
      const fresh = journal("22", { commit: "b".repeat(40) });
      const files = ["1_one.sql", "3_more.sql"];
      assert.deepEqual(inheritStopped(fresh, { journals, files }), { ...fresh, ...expected });
    });
  }
});

Deno.test("what was live before is known for sure only where its versions are", () =>
  withFolder(async (folder) => {
    const find = (now: Journal) => findPrevious({ localFolder: folder, folder, journal: now });
    const last = journal("19", {
      commit: "b".repeat(40),
      finishedAt: "2026-11-19T11:00:00.000Z",
      functionsAfter: { ops: 4, worker: 2 },
    });
    await saveJournal(folder, last);
    await saveJournal(folder, journal("20"));
    const before = (functionsBefore: Journal["functionsBefore"]) =>
      find(journal("21", { functionsBefore }));
    assert.deepEqual(await before({ ops: 4 }), {
      commit: last.commit,
      version: "1.0.0",
      isSure: true,
    });
    // Somebody deployed in between, or it was never deployed from here.
    assert.equal(await before({ ops: 5 }), null);
    assert.equal(await before({ "kb-sync": 1 }), null);
    await Deno.mkdir(join(folder, "supabase"));
    await Deno.writeTextFile(
      join(folder, "supabase", "releases.json"),
      JSON.stringify([{ version: "0.9.0", commit: "c".repeat(40) }]),
    );
    assert.deepEqual(await before({ ops: 5 }), {
      commit: "c".repeat(40),
      version: "0.9.0",
      isSure: false,
    });
  }));

Deno.test("without journals the listed release that the live code names is the one before", () =>
  withFolder(async (folder) => {
    const git = async (...args: string[]) => {
      const who = ["-c", "user.name=test", "-c", "user.email=test@example.test"];
      return new TextDecoder().decode(await runGit([...who, ...args], folder)).trim();
    };
    const shared = join(folder, "supabase", "functions", "_shared");
    await Deno.mkdir(shared, { recursive: true });
    await git("init", "--quiet");
    const commits: string[] = [];
    for (const [index, version] of ["0.1.0", "0.2.0", "0.2.0"].entries()) {
      const source = `export const VERSION = "${version}"; // ${index}`;
      await Deno.writeTextFile(join(shared, "version.ts"), source);
      await git("add", ".");
      await git("commit", "--quiet", `--message=${index}`);
      commits.push(await git("rev-parse", "HEAD"));
    }
    const [one = "", two = "", three = ""] = commits;
    await Deno.writeTextFile(
      join(folder, "supabase", "releases.json"),
      JSON.stringify(commits.map((commit, index) => ({ version: `0.${index}.0`, commit }))),
    );
    const find = (codeBefore: string | null, commit = "d".repeat(40)) =>
      findPrevious({
        localFolder: folder,
        folder,
        journal: journal("21", { functionsBefore: { ops: 1 }, codeBefore, commit }),
      });
    assert.deepEqual(await find("0.1.0"), { commit: one, version: "0.1.0", isSure: true });
    // Two listed releases call themselves 0.2.0; one of them is being released.
    assert.equal((await find("0.2.0"))?.isSure, false);
    assert.deepEqual(await find("0.2.0", three), { commit: two, version: "0.2.0", isSure: true });
    assert.equal((await find("0.3.0"))?.isSure, false);
    assert.equal((await find(null))?.commit, three);
  }));

Deno.test("one release of a project at a time, and one that was killed holds nobody up", () =>
  withFolder(async (folder) => {
    const hold = (use: () => Promise<void>) => holdRelease({ folder, ref: REF }, use);
    await hold(() =>
      assert.rejects(hold(() => Promise.resolve()), /process \d+ is releasing to it/)
    );
    const path = join(folder, "releases", REF, "lock");
    // Left by one that was killed, whose id another process has now.
    await Deno.writeTextFile(path, `${Deno.pid}\n`);
    let isDone = false;
    await hold(() => Promise.resolve(void (isDone = true)));
    assert.ok(isDone);
    await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
  }));

Deno.test("of many releases that begin at once one runs", () =>
  withFolder(async (folder) => {
    let [running, ran] = [0, 0];
    const { promise: allAsked, resolve } = Promise.withResolvers<void>();
    const asked = Array.from({ length: 20 }, () =>
      holdRelease({ folder, ref: REF }, async () => {
        ran += 1;
        assert.equal(running += 1, 1);
        await allAsked;
        running -= 1;
      }).catch((error) => assert.match(error.message, /is releasing to it/)));
    const refused = asked.length - 1;
    let settled = 0;
    for (const one of asked) void one.then(() => (settled += 1) === refused && resolve());
    await Promise.all(asked);
    assert.equal(ran, 1);
  }));
