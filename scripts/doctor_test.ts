import assert from "node:assert/strict";
import { join } from "node:path";
import { diagnose } from "./doctor.ts";

async function run(args: string[]) {
  const lines: string[] = [];
  const isWell = await diagnose(args, { print: (line) => lines.push(line), read: () => undefined });
  return { isWell, text: lines.join("\n") };
}

const GOOD = [
  `CREDENTIAL_KEYS='{"key-1":"${btoa("k".repeat(32))}"}'`,
  "VAPI_WEBHOOK_SECRET=a-secret-of-32-characters-or-more",
  "WHATSAPP_APP_SECRET=0123456789abcdef0123456789abcdef",
  "WA_VERIFY_TOKEN=a-token-of-24-characters",
];

Deno.test("an environment file is judged, and what is missing ends it with failure", async () => {
  const folder = await Deno.makeTempDir({ prefix: "switchboard-doctor-" });
  const path = join(folder, "live.env");
  try {
    await Deno.writeTextFile(path, GOOD.join("\n"));
    const good = await run(["--env-file", path]);
    assert.equal(good.isWell, true, good.text);
    assert.match(good.text, /^ok +environment: 4 variables.*\n1 ok, 0 missing/);
    await Deno.writeTextFile(path, GOOD.slice(1).join("\n"));
    const bad = await run(["--env-file", path]);
    assert.equal(bad.isWell, false);
    assert.match(
      bad.text,
      /^MISSING +CREDENTIAL_KEYS: is missing .*\n +→ .*openssl rand -base64 32/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a cure is the command for this project, with its environment and its file", async () => {
  const folder = await Deno.makeTempDir({ prefix: "switchboard-doctor-" });
  const path = join(folder, "live.env");
  const lines: string[] = [];
  try {
    await Deno.writeTextFile(path, GOOD.join("\n"));
    const ref = "a".repeat(20);
    await diagnose(["--project-ref", ref, "--env", "staging", "--env-file", path], {
      print: (line) => lines.push(line),
      read: (name) => name === "SUPABASE_ACCESS_TOKEN" ? "sbp_1" : undefined,
      fetch: () => Promise.resolve(Response.json([])),
    });
    const cures = lines.filter((line) => line.includes("deno task deploy"));
    const about = `--project-ref ${ref} --env staging --env-file ${path}`;
    assert.ok(cures.some((line) => line.endsWith(`→ deno task deploy ${about} --functions ops`)));
    assert.ok(cures.every((line) => line.includes(about)), cures.join("\n"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("what it can't look at is one sentence", async () => {
  await assert.rejects(run(["--env-file", "/nowhere/.env"]), /^ReleaseError: Cannot read "/);
  await assert.rejects(run(["--env-file", "x", "--env", "moon"]), /staging or production/);
  await assert.rejects(run(["--project-ref", "short"]), /20 lower-case letters/);
  await assert.rejects(run(["--project-ref", "a".repeat(20)]), /SUPABASE_ACCESS_TOKEN is not set/);
  assert.match((await run(["--help"])).text, /deno task doctor --project-ref <ref>/);
});
