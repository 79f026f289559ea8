import assert from "node:assert/strict";
import { join } from "node:path";
import type { Target } from "./read_target.ts";
import { databaseRemote, explainCli, hideSecrets, runCli, splitPassword } from "./run_cli.ts";

const TARGET: Target = {
  environment: "staging",
  ref: "abcdefghijklmnopqrst",
  accessToken: "access-token-of-nobody",
  apiUrl: "http://127.0.0.1:9",
  profile: "/tmp/profile.yaml",
  projectUrl: "http://127.0.0.1:9",
  databaseUrl: null,
  databasePassword: "pass word",
  envFile: null,
  secrets: { VAPI_WEBHOOK_SECRET: "a secret with spaces", AGENT_LOG_LEVEL: "INFO" },
  secretKey: "secret-key-of-nobody",
};

Deno.test("the CLI gets the profile, a yes, the token in its environment, and says no secret", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const cli = join(folder, "supabase");
    await Deno.writeTextFile(
      cli,
      `#!/bin/sh\necho "args $*"\necho "token $SUPABASE_ACCESS_TOKEN of $PWD, \${SUPABASE_TELEMETRY_DISABLED}"\n` +
        `echo "unexpected status 500: a secret with spaces" >&2\nexit 1\n`,
      { mode: 0o700 },
    );
    Deno.env.set("SUPABASE_YES", "leaked");
    const result = await runCli(TARGET, ["functions", "list"], { cli, cwd: folder });
    assert.equal(result.success, false);
    assert.match(
      result.stdout,
      /^args functions list --yes --agent=no --profile=\/tmp\/profile.yaml\n/,
    );
    assert.match(
      result.stdout,
      new RegExp(`token \\[redacted\\] of ${await Deno.realPath(folder)}, 1`),
    );
    assert.equal(explainCli(result), "unexpected status 500: [redacted]");
  } finally {
    Deno.env.delete("SUPABASE_YES");
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("secrets are hidden, and words that are no secret stay", () => {
  const text = "INFO secret-key-of-nobody pass word postgres://u:hidden@db/x sb_secret_abcdefgh";
  assert.equal(
    hideSecrets(text, TARGET),
    "INFO [redacted] [redacted] postgres://u:[redacted]@db/x sb_secret_[redacted]",
  );
  const named = { ...TARGET, secrets: { SUPABASE_PROJECT_REF: TARGET.ref } };
  assert.equal(hideSecrets(`of ${TARGET.ref}`, named), `of ${TARGET.ref}`);
  const databaseUrl = "postgresql://postgres:p%40ss@127.0.0.1:5432/postgres";
  assert.equal(
    hideSecrets("refused for postgres with p@ss (p%40ss)", { ...TARGET, databaseUrl }),
    "refused for postgres with [redacted] ([redacted])",
  );
  assert.equal(
    hideSecrets("refused for 50%off", {
      ...TARGET,
      databaseUrl: "postgresql://postgres:50%off@127.0.0.1:5432/postgres",
    }),
    "refused for [redacted]",
  );
});

Deno.test("database commands go to the database, or to the project where only that is known", () => {
  assert.equal(databaseRemote(TARGET), "--remote=abcdefghijklmnopqrst");
  const databaseUrl = "postgresql://postgres:p%40ss@127.0.0.1:5432/postgres";
  assert.equal(
    databaseRemote({ ...TARGET, databaseUrl }),
    "--remote=postgresql://postgres@127.0.0.1:5432/postgres?sslmode=disable",
  );
  assert.equal(splitPassword(databaseUrl).password, "p@ss");
  assert.equal(
    splitPassword("postgresql://postgres@db.example.test/postgres").url,
    "postgresql://postgres@db.example.test/postgres",
  );
  assert.throws(() => splitPassword("nonsense with a pass word"), (error: Error) => {
    assert.doesNotMatch(error.message, /pass word/);
    return error.name === "ReleaseError";
  });
});

Deno.test("the CLI's reason is told, and not how far it came", () => {
  const stderr = [
    "Target: project shop",
    "Uploading asset (ops): supabase/functions/_shared/errors.ts",
    "Entity too large",
    "Try rerunning the command with --debug to troubleshoot the error.",
  ].join("\n");
  assert.equal(explainCli({ stdout: "", stderr }), "Entity too large");
  assert.equal(explainCli({ stdout: "ERROR: 42P01", stderr: "failed" }), "42P01");
  assert.equal(explainCli({ stdout: "", stderr: "" }), "no reason given");
});
