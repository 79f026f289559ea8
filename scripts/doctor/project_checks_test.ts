import assert from "node:assert/strict";
import type { AppWebhook } from "../release/meta/create_meta_app.ts";
import type { LiveFunction } from "../release/management/schemas.ts";
import { type Clock, judgeClock } from "./check_clock.ts";
import { judgeFunctions } from "./check_functions.ts";
import { judgeWebhook } from "./check_meta_webhook.ts";
import { judgeMigrations } from "./check_migrations.ts";
import { judgeReadiness } from "./check_readiness.ts";
import { judgeSecrets } from "./check_secrets.ts";
import { judgeServers } from "./check_vapi_server.ts";
import type { Finding } from "./finding.ts";

const REF = "abcdefghijklmnopqrst";
const DEPLOY = `deno task deploy --project-ref ${REF} --env staging`;
const URL = `https://${REF}.supabase.co`;

/** What failed, each with a cure. */
function failures(findings: Finding[]): string[] {
  const failed = findings.filter(({ state }) => state === "failed");
  for (const { cure } of failed) assert.ok(cure, "with what to do");
  return failed.map(({ check, detail }) => `${check}: ${detail}`);
}

Deno.test("a function that isn't live as config.toml has it is named", () => {
  const wanted = ["ops", "worker"].map((slug) => ({ slug, entrypoint: "", verifyJwt: false }));
  const live = (slug: string, change: Partial<LiveFunction> = {}): LiveFunction => ({
    slug,
    version: 1,
    status: "ACTIVE",
    verifyJwt: false,
    updatedAt: "2026-11-20T00:00:00Z",
    ...change,
  });
  const cases: [LiveFunction[], RegExp[]][] = [
    [[live("ops"), live("worker"), live("another")], []],
    [[live("ops")], [/"worker" is not deployed/]],
    [[live("ops", { status: "THROTTLED" }), live("worker")], [/"ops" is THROTTLED/]],
    [[live("ops"), live("worker", { verifyJwt: true })], [/"worker" has verify_jwt true/]],
    [[], [/"ops"/, /"worker"/]],
  ];
  for (const [present, expected] of cases) {
    const found = failures(judgeFunctions(wanted, present, DEPLOY));
    assert.equal(found.length, expected.length);
    expected.forEach((pattern, place) => assert.match(found[place]!, pattern));
  }
});

Deno.test("secrets that functions need are missed, and those of tests have no place", () => {
  const readers = new Map([
    ["SUPABASE_URL", ["ops"]],
    ["CREDENTIAL_KEYS", ["worker"]],
    ["WA_VERIFY_TOKEN", ["unified-webhook"]],
    ["GEMINI_API_KEY", ["worker"]],
  ]);
  const judge = (live: string[], environment: "staging" | "production" = "production") =>
    failures(judgeSecrets({ readers, live, environment, ref: REF }));
  assert.deepEqual(judge(["CREDENTIAL_KEYS", "WA_VERIFY_TOKEN"]), []);
  assert.match(judge(["CREDENTIAL_KEYS"])[0]!, /no WA_VERIFY_TOKEN/);
  assert.equal(judge([]).length, 2);
  const all = ["CREDENTIAL_KEYS", "WA_VERIFY_TOKEN", "PAGE_TEST_ORIGINS"];
  assert.match(judge(all)[0]!, /PAGE_TEST_ORIGINS/);
  assert.deepEqual(judge(all, "staging"), []);
});

Deno.test("migrations that are pending are missing, those of somebody else are told", () => {
  const [one, two, three] = ["20261120090000", "20261120090100", "20261120090200"] as const;
  const files = [one, two].map((version) => ({ version, file: `${version}_a.sql` }));
  assert.deepEqual(failures(judgeMigrations(files, [one, two], DEPLOY)), []);
  assert.match(
    failures(judgeMigrations(files, [one], DEPLOY))[0]!,
    /first is 20261120090100_a\.sql/,
  );
  const ahead = judgeMigrations(files, [one, two, three], DEPLOY);
  assert.deepEqual([ahead[0]!.state, failures(ahead).length], ["advised", 0]);
  const [beside] = judgeMigrations(files, ["20250101000000", one, two], DEPLOY);
  assert.deepEqual([beside?.state, beside?.detail], [
    "passed",
    "2 are applied, beside 1 of another product",
  ]);
});

Deno.test("what a function says it lacks is told, and silence too", () => {
  const check = (name: string, state: string) => ({ name, state, detail: "x" });
  const answer = (ready: boolean, ...checks: unknown[]) => ({
    status: ready ? 200 : 503,
    body: { ready, version: "1.0.0", checks },
  });
  const cases: [{ status: number; body: unknown }, RegExp[]][] = [
    [answer(true, check("secrets", "passed")), []],
    [answer(false, check("secrets", "failed"), check("database", "passed")), [/secrets: x/]],
    [answer(false, check("cron", "failed"), check("vault", "failed")), [/cron/, /vault/]],
    [{ status: 503, body: { code: "BOOT_ERROR" } }, [/answers 503 and doesn't say why/]],
    [{ status: 0, body: null }, [/doesn't answer/]],
  ];
  for (const [given, expected] of cases) {
    const found = failures(judgeReadiness("worker", given, { ref: REF, deployCommand: DEPLOY }));
    assert.equal(found.length, expected.length);
    expected.forEach((pattern, place) => assert.match(found[place]!, pattern));
  }
});

Deno.test("a clock that is missing, stands, or finds no key in the vault", () => {
  const good: Clock = {
    cron_lines: 20,
    vault_names: ["project_url", "worker_secret_key"],
    seconds_since_heartbeat: 10,
  };
  const cases: [Partial<Clock>, RegExp[]][] = [
    [{}, []],
    [{ cron_lines: null }, [/no pg_cron/]],
    [{ cron_lines: 0 }, [/^cron: no kind/]],
    [{ vault_names: ["project_url"] }, [/^vault: .*"worker_secret_key"/]],
    [{ vault_names: null }, [/"project_url"/, /"worker_secret_key"/]],
    [{ seconds_since_heartbeat: null }, [/never called/]],
    [{ seconds_since_heartbeat: 300 }, []],
    [{ seconds_since_heartbeat: 301 }, [/301 seconds ago/]],
  ];
  for (const [change, expected] of cases) {
    const found = failures(judgeClock({ ...good, ...change }));
    assert.equal(found.length, expected.length, JSON.stringify(change));
    expected.forEach((pattern, place) => assert.match(found[place]!, pattern));
  }
});

Deno.test("Meta has to deliver messages, to us", () => {
  const hook = (change: Partial<AppWebhook> = {}): AppWebhook => ({
    callbackUrl: `${URL}/functions/v1/unified-webhook/whatsapp`,
    isActive: true,
    fields: ["messages", "account_update"],
    ...change,
  });
  const cases: [AppWebhook | null, RegExp[]][] = [
    [hook(), []],
    [hook({ callbackUrl: `${URL}/functions/v1/wa-webhook-unified` }), []],
    [null, [/no webhook/]],
    [hook({ callbackUrl: "https://old.test/hook" }), [/delivers to "https:\/\/old\.test\/hook"/]],
    [hook({ callbackUrl: `${URL}/functions/v1/ops` }), [/delivers to/]],
    [hook({ isActive: false }), [/not active/]],
    [hook({ fields: ["account_update"] }), [/no messages/]],
  ];
  for (const [webhook, expected] of cases) {
    const found = failures(judgeWebhook(webhook, URL));
    assert.equal(found.length, expected.length);
    expected.forEach((pattern, place) => assert.match(found[place]!, pattern));
  }
});

Deno.test("what calls somebody else, or nobody, at Vapi is named", () => {
  const ours = `${URL}/functions/v1/unified-webhook/vapi`;
  const found = failures(judgeServers("vapi of x", [
    { name: "good", server: { url: ours, timeoutSeconds: 20 } },
    { name: "old", server: { url: "https://old.test" } },
    { name: "bare", server: null },
    { name: "gone", server: undefined },
  ], ours));
  assert.deepEqual(found, [
    'vapi of x: old calls "https://old.test" and not us',
    "vapi of x: bare has no server URL",
    "vapi of x: gone has no server URL",
  ]);
});
