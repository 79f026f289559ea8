import assert from "node:assert/strict";
import { join } from "node:path";
import { findPrevious, findPreviousCodes } from "./find_previous.ts";
import { createJournal, type Journal, saveJournal } from "./journal.ts";
import { runGit } from "./run_git.ts";
import { nameRelease, readStampedCommit, stampVersion } from "./stamp_version.ts";

const REF = "abcdefghijklmnopqrst";

function journal(day: string, fields: Partial<Journal> = {}): Journal {
  const created = createJournal({
    ref: REF,
    environment: "production",
    commit: fields.commit ?? "a".repeat(40),
    version: "0.2.0",
    now: new Date(`2026-11-${day}T10:00:00.000Z`),
  });
  return { ...created, functionsBefore: { ops: 1 }, ...fields };
}

const proofs = { state: "done" as const, at: "", milliseconds: 0, summary: "" };

/** A repository of some commits that all call themselves 0.2.0, of which the first is a release. */
async function withRepository(
  use: (
    commits: [string, string, string],
    find: (now: Journal) => ReturnType<typeof findPrevious>,
    folder: string,
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const git = async (...args: string[]) => {
    const who = ["-c", "user.name=test", "-c", "user.email=test@example.test"];
    return new TextDecoder().decode(await runGit([...who, ...args], folder)).trim();
  };
  try {
    const shared = join(folder, "supabase", "functions", "_shared");
    await Deno.mkdir(shared, { recursive: true });
    await git("init", "--quiet");
    const commits: string[] = [];
    for (const name of ["one", "two", "three"]) {
      await Deno.writeTextFile(
        join(shared, "version.ts"),
        `export const VERSION = "0.2.0"; // ${name}`,
      );
      await git("add", ".");
      await git("commit", "--quiet", `--message=${name}`);
      commits.push(await git("rev-parse", "HEAD"));
    }
    const [one = "", two = "", three = ""] = commits;
    const releases = [{ version: "0.1.0", commit: one }];
    await Deno.writeTextFile(join(folder, "supabase", "releases.json"), JSON.stringify(releases));
    const find = (now: Journal) => findPrevious({ localFolder: folder, folder, journal: now });
    await use([one, two, three], find, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("without any journal the live code itself says of which commit it is", () =>
  withRepository(async ([one, two, three], find) => {
    const before = (commit: string) => nameRelease({ version: "0.2.0", commit });
    assert.deepEqual(
      await find(journal("21", { commit: three, codeBefore: before(two) })),
      { commit: two, version: "0.2.0", isSure: true },
    );
    // Of another clone, or by something else than a release: the newest listed one, unsure.
    for (const codeBefore of [before("f".repeat(40)), "0.2.0", null]) {
      const found = await find(journal("21", { commit: three, codeBefore }));
      assert.deepEqual([found?.commit, found?.isSure], [one, false]);
    }
  }));

Deno.test("code that never proved itself isn't put back, what served before it is", () =>
  withRepository(async ([one, two, three], find, folder) => {
    const name = (commit: string) => nameRelease({ version: "0.2.0", commit });
    const stopped = journal("20", { commit: two, codeBefore: name(one) });
    await saveJournal(folder, stopped);
    const now = journal("21", { commit: three, codeBefore: name(two) });
    assert.deepEqual(await find(now), { commit: one, version: "0.2.0", isSure: true });
    // Stopped later than that, it served.
    await saveJournal(folder, { ...stopped, steps: { proofs } });
    assert.equal((await find(now))?.commit, two);
    // A release over itself has nothing before it that would be known.
    await saveJournal(folder, { ...stopped, codeBefore: name(two) });
    assert.equal((await find(now))?.isSure, false);
  }));

Deno.test("functions of several commits go back each to its own", () =>
  withRepository(async ([one, two, three], find, folder) => {
    const name = (commit: string) => nameRelease({ version: "0.2.0", commit });
    await saveJournal(folder, journal("20", { commit: two, steps: { proofs } }));
    const now = journal("21", {
      commit: three,
      functionsBefore: { ops: 7, worker: 2, "kb-sync": 3, "agent-sync": null },
      codesBefore: { ops: name(two), worker: name(one), "kb-sync": name(one) },
    });
    const codes = await findPreviousCodes({ localFolder: folder, folder, journal: now });
    assert.deepEqual(codes.map(({ commit, isSure, slugs }) => [commit, isSure, slugs]), [
      [two, true, ["ops"]],
      [one, true, ["worker", "kb-sync"]],
    ]);
    // Who asks for one commit is told both.
    await assert.rejects(find(now), {
      code: "refused",
      message: new RegExp(
        `--to ${two.slice(0, 12)} --functions ops; --to ${
          one.slice(0, 12)
        } --functions worker,kb-sync$`,
      ),
    });
  }));

Deno.test("half of a release that stopped is known by its versions where its code can't say", () =>
  withRepository(async ([one, two, three], _find, folder) => {
    const name = (commit: string) => nameRelease({ version: "0.2.0", commit });
    await saveJournal(
      folder,
      journal("20", {
        commit: two,
        functionsBefore: { ops: 4, worker: 2 },
        functionsAfter: { ops: 5 },
        codesBefore: { ops: name(one), worker: name(one) },
      }),
    );
    const find = (functionsBefore: Record<string, number>) =>
      findPreviousCodes({
        localFolder: folder,
        folder,
        journal: journal("21", {
          commit: three,
          functionsBefore,
          // What doesn't boot doesn't say.
          codesBefore: { ops: null, worker: name(one) },
        }),
      });
    const [both, none] = await find({ ops: 5, worker: 2 });
    assert.deepEqual([both?.commit, both?.isSure, both?.slugs, none], [
      one,
      true,
      ["ops", "worker"],
      undefined,
    ]);
    // Of a version that nobody here made nothing is known.
    const [, unknown] = await find({ ops: 6, worker: 2 }).then((codes) =>
      codes.toSorted((a, b) => Number(b.isSure) - Number(a.isSure))
    );
    assert.deepEqual([unknown?.isSure, unknown?.slugs], [false, ["ops"]]);
  }));

Deno.test("a version that put code back is of that code", () =>
  withRepository(async ([one, two, three], find, folder) => {
    await saveJournal(
      folder,
      journal("20", {
        commit: two,
        functionsBefore: { ops: 4 },
        functionsAfter: { ops: 5 },
        functionsRestored: { ops: { version: 6, commit: one } },
      }),
    );
    const found = await find(journal("21", { commit: three, functionsBefore: { ops: 6 } }));
    assert.deepEqual([found?.commit, found?.isSure], [one, true]);
  }));

Deno.test("a release's name holds its commit, and a stamp takes the place of another", async () => {
  const commit = "1dc15f924e5ff8daccf23e71d0fced1dba205066";
  assert.equal(nameRelease({ version: "0.2.0", commit }), "0.2.0+1dc15f924e5f");
  assert.equal(readStampedCommit("0.2.0+1dc15f924e5f"), "1dc15f924e5f");
  assert.equal(readStampedCommit("0.2.0"), null);
  await withRepository(async (_commits, _find, folder) => {
    for (const one of ["b".repeat(40), commit]) await stampVersion(folder, one);
    const path = join(folder, "supabase", "functions", "_shared", "version.ts");
    assert.equal(
      await Deno.readTextFile(path),
      'export const VERSION = "0.2.0+1dc15f924e5f"; // three',
    );
    await Deno.remove(path);
    await assert.rejects(stampVersion(folder, commit), /has no version/);
  });
});
