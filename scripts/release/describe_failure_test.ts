import assert from "node:assert/strict";
import { type Commands, describeFailure, type LiveState } from "./describe_failure.ts";
import { createJournal, type Journal } from "./journal.ts";
import { quote, readRunner, targetValues, withoutRunner, writeCommand } from "./write_command.ts";

const COMMANDS: Commands = {
  resume: ["RESUME"],
  code: [{ command: "CODE", isSure: true }],
  quick: "QUICK",
};

function describe(
  step: string,
  fields: Partial<Journal>,
  live: Partial<LiveState> = {},
  commands = COMMANDS,
): string {
  const journal = {
    ...createJournal({
      ref: "abcdefghijklmnopqrst",
      environment: "production",
      commit: "a".repeat(40),
      version: "1.0.0",
      now: new Date(0),
    }),
    ...fields,
  };
  return describeFailure({
    step,
    reason: "Cannot do it: broken",
    journal,
    live: { functions: {}, rollout: { percent: 5, enabled: true }, restored: null, ...live },
    commands,
    journalPath: "/journal.json",
  }).join("\n");
}

Deno.test("before anything was changed there is nothing to undo", () => {
  assert.equal(
    describe("preflight", {}),
    `
Stopped at "preflight".
Cannot do it: broken

live      functions: as before
          database: as before
          secrets: as before
          rollout: 5 %
go on     RESUME
go back   nothing was changed: there is nothing to undo
journal   /journal.json`,
  );
});

Deno.test("code that is only listed isn't called the code before", () => {
  const fields = { functionsBefore: { ops: 3 } };
  const live = { functions: { ops: 4 } };
  assert.match(describe("proofs", fields, live), /CODE {3}# the code before$/m);
  const unsure = describe("proofs", fields, live, {
    ...COMMANDS,
    code: [{ command: "CODE", isSure: false }],
  });
  assert.match(unsure, /CODE {3}# the newest listed release, if that was live$/m);
});

Deno.test("each thing that changed has its way back", async (test) => {
  const functionsBefore = { ops: 3, "kb-sync": 2, worker: null };
  const cases: [string, string, Partial<Journal>, Partial<LiveState>, RegExp[], RegExp[]][] = [
    ["migrations", "migrations", { migrationsApplied: ["1_one.sql"] }, {}, [
      /database: with 1_one\.sql/,
      /the code before goes on with them; to undo them: supabase\/rollbacks\/1_one\.sql/,
    ], [/CODE|QUICK/]],
    ["secrets", "secrets", { secretsSet: ["SENTRY_DSN"] }, {}, [
      /secrets: new SENTRY_DSN/,
      /can't be read back/,
    ], [/CODE|QUICK/]],
    ["half of the functions", "functions", { functionsBefore }, {
      functions: { ops: 4, "kb-sync": 2 },
    }, [
      /functions: new ops v4 \(before v3\); as before kb-sync v2, worker none/,
      /go back {3}CODE/,
    ], [/QUICK/]],
    [
      "none of the functions",
      "functions",
      { functionsBefore },
      {
        functions: { ops: 3, "kb-sync": 2 },
      },
      [/as before ops v3, kb-sync v2, worker none/, /nothing to undo/],
      [/CODE/],
    ],
    ["no answer", "functions", { functionsBefore }, { functions: null, rollout: null }, [
      /functions: unknown/,
      /rollout: unknown/,
    ], []],
    [
      "restored",
      "proofs",
      { functionsBefore },
      {
        functions: { ops: 5, "kb-sync": 6 },
        restored: {
          codes: [{ commit: "b".repeat(40), slugs: ["ops", "kb-sync"] }],
          unready: [],
        },
      },
      [
        /functions: those of bbbbbbb again, all ready/,
        /or mend it in a further commit/,
        /the code before is live again: there is nothing to undo/,
      ],
      [/CODE/],
    ],
    [
      "restored, and nobody could be asked",
      "proofs",
      { functionsBefore },
      {
        functions: null,
        restored: {
          codes: [{ commit: "b".repeat(40), slugs: ["ops", "kb-sync"] }],
          unready: null,
        },
      },
      [/functions: those of bbbbbbb again, whether they are ready is unknown/],
      [/CODE/],
    ],
    [
      "restored from two commits, with one that wasn't there",
      "proofs",
      { functionsBefore },
      {
        functions: { ops: 5, "kb-sync": 6, worker: 1 },
        restored: {
          codes: [
            { commit: "b".repeat(40), slugs: ["ops"] },
            { commit: "c".repeat(40), slugs: ["kb-sync"] },
          ],
          unready: [],
        },
      },
      [/functions: ops of bbbbbbb, kb-sync of ccccccc again, all ready; new, and left so: worker$/m],
      [],
    ],
    [
      "the attempt after one that put the code before back",
      "preflight",
      {
        functionsBefore,
        functionsRestored: {
          ops: { version: 5, commit: "b".repeat(40) },
          "kb-sync": { version: 4, commit: "b".repeat(40) },
        },
      },
      { functions: { ops: 5, "kb-sync": 4 } },
      [/functions: as before ops v5, kb-sync v4, worker none$/m, /there is nothing to undo/],
      [/CODE/, /new/],
    ],
    [
      "one that replaced a part of it again",
      "functions",
      {
        functionsBefore,
        functionsRestored: {
          ops: { version: 5, commit: "b".repeat(40) },
          "kb-sync": { version: 4, commit: "b".repeat(40) },
        },
      },
      { functions: { ops: 6, "kb-sync": 4 } },
      [/functions: new ops v6 \(before v3\); as before kb-sync v4, worker none$/m, /CODE/],
      [],
    ],
    [
      "a breach",
      "watch",
      { functionsBefore },
      {
        functions: { ops: 4, "kb-sync": 3, worker: 1 },
        rollout: { percent: 5, enabled: false },
      },
      [/go back {3}QUICK[^]*CODE/, /worker v1 \(before none\)/, /5 %, switched off/],
      [],
    ],
  ];
  for (const [name, step, fields, live, expected, absent] of cases) {
    await test.step(name, () => {
      const text = describe(step, fields, live);
      for (const pattern of expected) assert.match(text, pattern);
      for (const pattern of absent) assert.doesNotMatch(text, pattern);
      assert.match(text, /go on {5}RESUME/);
    });
  }
});

Deno.test("commands can be pasted, and hold no password", () => {
  assert.equal(
    writeCommand("deploy", {
      "project-ref": "abc",
      backup: true,
      resume: false,
      reason: "it's time",
      profile: undefined,
      "database-url": "postgresql://postgres:hidden@db/postgres",
    }),
    `deno task deploy --project-ref abc --backup --reason 'it'\\''s time' ` +
      '--database-url "$SUPABASE_DB_URL"',
  );
  assert.equal(quote("a,b"), "a,b");
  assert.equal(quote(""), "''");
  assert.deepEqual(
    targetValues({ environment: "production", ref: "abc", profile: null }, {}),
    {
      "project-ref": "abc",
      env: "production",
      profile: undefined,
      "project-url": undefined,
      "env-file": undefined,
    },
  );
});

Deno.test("what a job of GitHub's prints leads to its run, and to commands of another machine", () => {
  const variables: Record<string, string> = {
    GITHUB_ACTIONS: "true",
    GITHUB_SERVER_URL: "https://github.example.test",
    GITHUB_REPOSITORY: "clinic/switchboard",
    GITHUB_RUN_ID: "7",
  };
  assert.deepEqual(readRunner((name) => variables[name]), {
    url: "https://github.example.test/clinic/switchboard/actions/runs/7",
  });
  assert.equal(readRunner(() => undefined), null);
  const values = {
    "project-ref": "abc",
    env: "staging",
    "env-file": "/home/runner/work/_temp/functions.env",
    actor: "bot",
    watch: "10",
    resume: true,
  };
  assert.deepEqual(withoutRunner<string | boolean>(values), {
    "project-ref": "abc",
    env: "staging",
    watch: "10",
  });
});
