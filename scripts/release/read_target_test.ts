import assert from "node:assert/strict";
import { readTarget, type TargetValues } from "./read_target.ts";

const REF = "abcdefghijklmnopqrst";
const FILES: Record<string, string> = {
  "profile.yaml":
    'name: rehearsal\napi_url: "http://127.0.0.1:8000/"\nproject_host: example.test # ours\n',
  "live.env": 'CREDENTIAL_KEYS={"a":"b"}\nWA_VERIFY_TOKEN="with space"\nSENTRY_DSN=\n',
};

function read(
  values: TargetValues,
  environment: Record<string, string> = {},
  options: { usesDatabase?: boolean } = {},
) {
  const variables: Record<string, string> = { SUPABASE_ACCESS_TOKEN: "sbp_1", ...environment };
  return readTarget(values, {
    ...options,
    read: (name) => variables[name],
    readText: (path) => {
      const text = FILES[path];
      return text === undefined
        ? Promise.reject(new Deno.errors.NotFound(`no ${path}`))
        : Promise.resolve(text);
    },
  });
}

Deno.test("a reference alone is Supabase's own project", async () => {
  assert.deepEqual(await read({ "project-ref": REF }, { SUPABASE_SECRET_KEY: " sb_secret_1 " }), {
    environment: "production",
    ref: REF,
    accessToken: "sbp_1",
    apiUrl: "https://api.supabase.com",
    profile: null,
    projectUrl: `https://${REF}.supabase.co`,
    databaseUrl: null,
    databasePassword: null,
    envFile: null,
    secrets: {},
    secretKey: "sb_secret_1",
  });
});

Deno.test("a profile, an environment file and addresses replace it", async () => {
  const target = await read(
    { "project-ref": REF, env: "staging", profile: "profile.yaml", "env-file": "live.env" },
    { SUPABASE_DB_URL: "postgresql://postgres@127.0.0.1/postgres" },
  );
  assert.equal(target.environment, "staging");
  assert.equal(target.apiUrl, "http://127.0.0.1:8000");
  assert.equal(target.projectUrl, `https://${REF}.example.test`);
  assert.equal(target.databaseUrl, "postgresql://postgres@127.0.0.1/postgres");
  // An empty value counts as missing, as in a function.
  assert.deepEqual(target.secrets, {
    CREDENTIAL_KEYS: '{"a":"b"}',
    WA_VERIFY_TOKEN: "with space",
  });
  const local = await read({ "project-ref": REF, "project-url": "http://127.0.0.1:1/" });
  assert.equal(local.projectUrl, "http://127.0.0.1:1");
});

Deno.test("another project's environment file is refused, also the one that --env reads", async () => {
  const other = "z".repeat(20);
  const text = `SUPABASE_PROJECT_REF=${other}\nSENTRY_DSN=x\n`;
  const take = (values: TargetValues) =>
    readTarget({ "project-ref": REF, ...values }, {
      read: (name) => name === "SUPABASE_ACCESS_TOKEN" ? "sbp_1" : undefined,
      readText: () => Promise.resolve(text),
    });
  await assert.rejects(take({}), {
    code: "refused",
    message:
      /^Cannot use ".*\.env\.production" for "abc\w+": its SUPABASE_PROJECT_REF is "z+"; .*--env st/,
  });
  await assert.rejects(take({ env: "staging", "env-file": "live.env" }), {
    message: /^Cannot use "live\.env" for .*or --env production/,
  });
  const { secrets } = await take({ "project-ref": other });
  assert.deepEqual(secrets, { SUPABASE_PROJECT_REF: other, SENTRY_DSN: "x" });
});

Deno.test("another project's database is refused, whoever named it", async () => {
  const other = "postgresql://postgres.zyxwvutsrqponmlkjihg:p@pooler.example.test/postgres";
  const exported = { SUPABASE_DB_URL: other };
  await assert.rejects(read({ "project-ref": REF }, exported), {
    code: "refused",
    message: /^Cannot use SUPABASE_DB_URL for "abc\w+": it is the database of "zyxwvut/,
  });
  await assert.rejects(read({ "project-ref": REF, "database-url": other }), {
    code: "refused",
    message: /^Cannot use --database-url for/,
  });
  const own = `postgresql://postgres.${REF}:p@pooler.example.test/postgres`;
  const given = await read({ "project-ref": REF, "database-url": own }, exported);
  assert.equal(given.databaseUrl, own);
  const elsewhere = await read({ "project-ref": REF, profile: "profile.yaml" }, exported);
  assert.equal(elsewhere.databaseUrl, other);
  // What doesn't connect isn't held up, nor tempted.
  const unused = await read({ "project-ref": REF }, exported, { usesDatabase: false });
  assert.equal(unused.databaseUrl, null);
});

Deno.test("what is missing or wrong is named", async (test) => {
  const cases: [string, TargetValues, Record<string, string>, RegExp][] = [
    ["no project", {}, {}, /--project-ref/],
    ["no such reference", { "project-ref": "Shop" }, {}, /"Shop": --project-ref is 20/],
    ["no such environment", { "project-ref": REF, env: "prod" }, {}, /"prod": --env is/],
    ["no token", { "project-ref": REF }, { SUPABASE_ACCESS_TOKEN: "" }, /ACCESS_TOKEN is not set/],
    ["no file", { "project-ref": REF, "env-file": "none.env" }, {}, /"none.env": no none.env/],
    ["no profile", { "project-ref": REF, profile: "none.yaml" }, {}, /profile "none.yaml"/],
    ["no address", { "project-ref": REF, "project-url": "shop" }, {}, /--project-url "shop"/],
  ];
  for (const [name, values, environment, message] of cases) {
    await test.step(name, () =>
      assert.rejects(read(values, environment), {
        name: "ReleaseError",
        message,
      }));
  }
});
