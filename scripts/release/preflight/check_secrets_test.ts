import assert from "node:assert/strict";
import { REPOSITORY } from "../../local/repository.ts";
import { findProofSecret } from "../proofs/find_proof_secret.ts";
import { checkSecrets, describeChanges, listVariables } from "./check_secrets.ts";
import { judgeBackups } from "./judge_backups.ts";
import { parseMigrationList, splitForeign } from "./list_pending_migrations.ts";
import { chooseSlugs, readFunctions } from "./read_functions.ts";

const readers = await listVariables(REPOSITORY);
const KEY = JSON.stringify({ a: btoa("x".repeat(32)) });

Deno.test("what functions read is found in their index.ts", () => {
  assert.ok(readers.get("CREDENTIAL_KEYS")?.includes("workspace-save"));
  assert.ok(readers.get("WA_VERIFY_TOKEN")?.includes("wa-webhook-unified"));
  // `env.ts` knows no others, so a list that couldn't be read would show.
  assert.ok(readers.size > 20);
});

Deno.test("every required secret must be at the project or in the file, by its name", () => {
  const check = (live: string[], file: Record<string, string> = {}) =>
    checkSecrets({ readers, live, file });
  const missing = check([]).missing.map((line) => line.split(" ")[0]).sort();
  assert.deepEqual(missing, [
    "CREDENTIAL_KEYS",
    "VAPI_WEBHOOK_SECRET",
    "WA_VERIFY_TOKEN",
    "WHATSAPP_APP_SECRET",
  ]);
  const proof = ["WA_VERIFY_TOKEN", "WHATSAPP_APP_SECRET"];
  assert.deepEqual(
    check(["CREDENTIAL_KEYS", ...proof], { VAPI_WEBHOOK_SECRET: "one" }).missing,
    [],
  );
  // The platform's own are nobody's to set.
  assert.deepEqual(check([], { SUPABASE_URL: "nonsense" }).unknown, []);
});

Deno.test("what a function couldn't read is told by name, never by value", () => {
  const report = checkSecrets({
    readers,
    live: [],
    file: {
      CREDENTIAL_KEYS: "hidden",
      AGENT_LOG_LEVEL: "INFO",
      AGENT_LOG_LEVLE: "INFO",
      WEBHOOK_MAX_IN_FLIGHT: "many",
    },
  });
  assert.deepEqual(report.unknown, ["AGENT_LOG_LEVLE"]);
  assert.deepEqual(report.malformed.map((line) => line.split(" ")[0]), [
    "CREDENTIAL_KEYS",
    "WEBHOOK_MAX_IN_FLIGHT",
  ]);
  assert.doesNotMatch(report.malformed.join(), /hidden|many/);
  assert.deepEqual(
    checkSecrets({ readers, live: [], file: { CREDENTIAL_KEYS: KEY } }).malformed,
    [],
  );
});

Deno.test("the newest secret proves the webhook, from the file or from here", () => {
  const find = (secrets: Record<string, string>, name: "WHATSAPP_APP_SECRET" | "WA_VERIFY_TOKEN") =>
    findProofSecret({ secrets }, name, (name) => name === "WA_VERIFY_TOKEN" ? "here" : undefined);
  assert.equal(find({ WHATSAPP_APP_SECRET: "new, old" }, "WHATSAPP_APP_SECRET"), "new");
  assert.equal(find({ WA_VERIFY_TOKEN: "a,b" }, "WA_VERIFY_TOKEN"), "a,b");
  assert.equal(find({}, "WA_VERIFY_TOKEN"), "here");
  assert.throws(() => find({}, "WHATSAPP_APP_SECRET"), /without WHATSAPP_APP_SECRET: put it/);
});

Deno.test("functions are chosen from config.toml", async () => {
  const functions = await readFunctions(REPOSITORY);
  const slugs = functions.map(({ slug }) => slug);
  assert.ok(functions.every(({ verifyJwt }) => !verifyJwt));
  assert.equal(
    functions.find(({ slug }) => slug === "wa-webhook-unified")?.entrypoint,
    `${REPOSITORY}/supabase/functions/unified-webhook/index.ts`,
  );
  assert.deepEqual(chooseSlugs(slugs, null), slugs);
  assert.deepEqual(chooseSlugs(["a", "b", "c"], ["c", "a"]), ["a", "c"]);
  assert.throws(() => chooseSlugs(["a"], ["x"]), /function "x": config.toml has a/);
});

Deno.test("a backup is recent for a day and a little", async (test) => {
  const now = Date.parse("2026-11-21T12:00:00Z");
  const cases: [string, boolean, string[], boolean, string][] = [
    ["none", false, [], false, "there is no backup"],
    ["an hour's fraction", false, ["2026-11-21T11:30:00Z"], true, "30 min old"],
    ["yesterday's", false, ["2026-11-20T10:30:00Z", "2026-11-19T10:00:00Z"], true, "25.5 h old"],
    ["the day before's", false, ["2026-11-20T09:00:00Z"], false, "27.0 h old"],
    ["point in time", true, [], true, "point-in-time recovery is on"],
  ];
  for (const [name, pointInTime, completedAt, isRecent, words] of cases) {
    await test.step(name, () => {
      const judged = judgeBackups({ pointInTime, completedAt }, now);
      assert.equal(judged.isRecent, isRecent);
      assert.ok(judged.words.endsWith(words), judged.words);
    });
  }
});

Deno.test("the CLI's list of migrations is read, and its refusal told", () => {
  const stdout = '{"migrations":[{"local":"1","remote":""},{"local":"","remote":"2"}]}';
  const rows = parseMigrationList({ success: true, stdout, stderr: "" }, "abc");
  assert.deepEqual(rows.map(({ remote }) => remote), ["", "2"]);
  assert.throws(
    () => parseMigrationList({ success: false, stdout: "", stderr: "failed to connect" }, "abc"),
    { message: 'Cannot list the migrations of "abc": failed to connect' },
  );
});

Deno.test("what a project has and this checkout hasn't is of a newer one, or another product's", () => {
  const [first, second, newer] = ["20261120090000", "20261120090100", "20261121080000"];
  const files = [first, second].map((version) => ({ version: version! }));
  const cases: [string[], { foreign: string[]; others: string[] }][] = [
    [[], { foreign: [], others: [] }],
    [[first!, second!], { foreign: [], others: [] }],
    [[first!, newer!], { foreign: [newer!], others: [] }],
    // Between two of ours is a newer checkout too: one that merged a branch.
    [["20261120090030"], { foreign: ["20261120090030"], others: [] }],
    [["20261120085959", "3", "20270101"], {
      foreign: [],
      others: ["20261120085959", "3", "20270101"],
    }],
  ];
  for (const [applied, expected] of cases) assert.deepEqual(splitForeign(applied, files), expected);
});

Deno.test("what a release does to the secrets is said by name, what can't be read back loudly", () => {
  const live = ["CREDENTIAL_KEYS", "SENTRY_DSN"];
  const cases: [string[], string][] = [
    [[], "none is missing"],
    [["GEMINI_API_KEY"], "none is missing; will add GEMINI_API_KEY"],
    [
      ["CREDENTIAL_KEYS", "GEMINI_API_KEY", "SENTRY_DSN"],
      "none is missing; will add GEMINI_API_KEY; will REPLACE CREDENTIAL_KEYS, SENTRY_DSN",
    ],
  ];
  for (const [different, expected] of cases) {
    assert.equal(describeChanges({ different, live }), expected);
  }
});
