import { deepEqual, equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { LOCAL_SECRETS } from "../../scripts/local/function_environment.ts";
import { runSupabase } from "../../scripts/local/management/deploy_checkout.ts";
import { callFunction } from "../support/call_function.ts";
import { copyProject } from "./support/copy_project.ts";
import { openManagement } from "./support/open_management.ts";

const DEPLOY = ["functions", "deploy", "--use-api"];

const versions = async () =>
  Object.fromEntries(
    (await openManagement().listFunctions()).map(({ row }) => [row.slug, row.version]),
  );

async function supabase(args: string[], workFolder?: string) {
  return await runSupabase(openManagement(), args, workFolder === undefined ? {} : { workFolder });
}

/** Puts code before a function's own, in a copy of the project. */
async function spoil(folder: string, name: string, code: string): Promise<void> {
  const path = join(folder, "supabase", "functions", name, "index.ts");
  await Deno.writeTextFile(path, `${code}\n${await Deno.readTextFile(path)}`);
}

Deno.test("the CLI reads what the project holds, and no secret's value", async () => {
  const { accessToken } = openManagement();
  const functions = await supabase(["functions", "list"]);
  ok(functions.success, functions.output);
  match(functions.output, /wa-webhook-unified +\| ACTIVE/);
  const secrets = await supabase(["secrets", "list"]);
  ok(secrets.success, secrets.output);
  match(secrets.output, /VAPI_WEBHOOK_SECRET/);
  equal(secrets.output.includes(LOCAL_SECRETS.VAPI_WEBHOOK_SECRET), false);
  equal(secrets.output.includes(accessToken), false);
  const backups = await supabase(["backups", "list"]);
  ok(backups.success, backups.output);
  match(backups.output, /COMPLETED/);
});

Deno.test("what is live can be downloaded again as it was uploaded", async () => {
  await using project = await copyProject();
  const path = join(project.folder, "supabase", "functions", "kb-sync", "app.ts");
  const before = await Deno.readTextFile(path);
  await Deno.remove(path);
  const { success, output } = await supabase(
    ["functions", "download", "kb-sync", "--use-api"],
    project.folder,
  );
  ok(success, output);
  equal(await Deno.readTextFile(path), before);
});

Deno.test("the same again changes no version; a change replaces one at its next request", async () => {
  const before = await versions();
  await using project = await copyProject();
  await spoil(project.folder, "kb-sync", "// Another comment.");
  const changed = await supabase(DEPLOY, project.folder);
  ok(changed.success, changed.output);
  deepEqual(await versions(), { ...before, "kb-sync": (before["kb-sync"] ?? 0) + 1 });
  equal((await callFunction("kb-sync/health")).status, 200);
  const back = await supabase([...DEPLOY, "kb-sync"]);
  ok(back.success, back.output);
  equal((await callFunction("kb-sync/health")).status, 200);
});

Deno.test("one that doesn't boot is down alone, until what ran before is deployed again", async () => {
  await using project = await copyProject();
  await spoil(project.folder, "kb-sync", 'throw new Error("at boot");');
  const deployed = await supabase([...DEPLOY, "kb-sync"], project.folder);
  ok(deployed.success, deployed.output);
  const { status, text } = await callFunction("kb-sync/health");
  equal(status, 503);
  match(text, /BOOT_ERROR/);
  equal((await callFunction("ops/health")).status, 200);
  const back = await supabase([...DEPLOY, "kb-sync"]);
  ok(back.success, back.output);
  equal((await callFunction("kb-sync/health")).status, 200);
});

Deno.test("a deployment that fails half-way says so, serves both halves and can be repeated", async () => {
  const management = openManagement();
  const before = await versions();
  await using project = await copyProject();
  await spoil(project.folder, "kb-sync", "// Before the one that fails.");
  await spoil(project.folder, "ops", "// The one that fails.");
  await management.fail({ path: "/v1/projects/*/functions/deploy", slug: "ops", status: 500 });
  try {
    const { success, output } = await supabase([...DEPLOY, "kb-sync", "ops"], project.folder);
    equal(success, false);
    match(output, /500/);
  } finally {
    await management.clearFaults();
  }
  deepEqual(await versions(), { ...before, "kb-sync": (before["kb-sync"] ?? 0) + 1 });
  for (const name of ["kb-sync", "ops"]) {
    equal((await callFunction(`${name}/health`)).status, 200);
  }
  const back = await supabase([...DEPLOY, "kb-sync", "ops"]);
  ok(back.success, back.output);
  equal((await versions())["ops"], before["ops"]);
});

Deno.test("a query through the API is one of the project's database", async () => {
  const { call } = openManagement();
  const query = async (body: unknown) => {
    const response = await call("POST", "/database/query", body);
    return { status: response.status, body: await response.json() };
  };
  deepEqual(
    await query({ query: "select $1::int + 1 as sum", parameters: [1] }),
    { status: 201, body: [{ sum: 2 }] },
  );
  const organizations = await query({ query: "select count(*)::int from public.organizations" });
  ok(organizations.body[0].count > 0);
  const refused = await query({ query: "delete from public.organizations", read_only: true });
  equal(refused.status, 400);
  match(refused.body.message, /read-only transaction/);
  equal((await query({ query: "selec" })).status, 400);
  equal((await query({ sql: "select 1" })).status, 400);
});
