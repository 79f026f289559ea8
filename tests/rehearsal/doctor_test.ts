import { deepEqual, equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { diagnose } from "../../scripts/doctor.ts";
import { LOCAL_SECRETS } from "../../scripts/local/function_environment.ts";
import { createMetaApp } from "../../scripts/release/meta/create_meta_app.ts";
import { callFunction } from "../support/call_function.ts";
import { controlSimulator } from "../support/control_simulator.ts";
import { createTenant, type Tenant, workspaceBody } from "../support/create_tenant.ts";
import { readStack } from "../support/read_stack.ts";
import { openManagement } from "./support/open_management.ts";

const APP_ID = "300000000000001";

/** The environment file of the project on this stack. */
async function writeEnvironment(folder: string): Promise<string> {
  const { simulators, state_folder } = readStack();
  const keys = await Deno.readTextFile(join(state_folder, "keys", "credential_keys.json"));
  const path = join(folder, ".env.staging");
  const values = {
    ...LOCAL_SECRETS,
    CREDENTIAL_KEYS: JSON.stringify(JSON.parse(keys)),
    VAPI_API_URL: simulators.vapi,
    TWILIO_API_URL: simulators.twilio,
    WHATSAPP_GRAPH_URL: simulators.graph,
  };
  const lines = Object.entries(values).map(([name, value]) => `${name}='${value}'`);
  await Deno.writeTextFile(path, lines.join("\n"));
  return path;
}

/** Runs the command on the live project; its lines, without those of other tests' organizations. */
async function examine(
  envFile: string,
  { tenant, more = [], secretKey = readStack().secret_key }: {
    tenant: Tenant;
    more?: string[];
    secretKey?: string | null;
  },
) {
  const { ref, profilePath, accessToken, projectUrl } = openManagement();
  const environment: Record<string, string | null> = {
    SUPABASE_ACCESS_TOKEN: accessToken,
    SUPABASE_SECRET_KEY: secretKey,
  };
  const lines: string[] = [];
  const isWell = await diagnose([
    "--project-ref",
    ref,
    "--profile",
    profilePath,
    "--project-url",
    projectUrl,
    "--env",
    "staging",
    "--env-file",
    envFile,
    ...more,
  ], { print: (line) => lines.push(line), read: (name) => environment[name] ?? undefined });
  const isForeign = (line: string) =>
    /^MISSING +(?:vapi|twilio|whatsapp) of /.test(line) && !line.includes(tenant.orgId);
  const missing = lines.filter((line) => line.startsWith("MISSING") && !isForeign(line));
  ok(!lines.join("\n").includes(readStack().secret_key), "no secret is printed");
  ok(!lines.join("\n").includes(LOCAL_SECRETS.WHATSAPP_APP_SECRET), "nor the app's");
  return { isWell, lines, missing: missing.map((line) => line.replace(/^MISSING +/, "")) };
}

Deno.test("a live project is examined, and what is taken from it is missed", async (test) => {
  const folder = await Deno.makeTempDir({ prefix: "switchboard-doctor-" });
  try {
    const envFile = await writeEnvironment(folder);
    const tenant = await createTenant();
    const saved = await callFunction("workspace-save/", {
      token: tenant.owner.token,
      body: workspaceBody(tenant.accounts),
    });
    equal(saved.status, 200, saved.text);
    const { simulators, url } = readStack();
    const meta = createMetaApp({
      appId: APP_ID,
      appSecret: LOCAL_SECRETS.WHATSAPP_APP_SECRET,
      graphUrl: simulators.graph,
      version: "v26.0",
    });
    await meta.registerWebhook({
      callbackUrl: `${url}/functions/v1/unified-webhook/whatsapp`,
      verifyToken: LOCAL_SECRETS.WA_VERIFY_TOKEN,
    });

    await test.step("only this machine's database lacks something: the clock", async () => {
      const { isWell, lines, missing } = await examine(envFile, { tenant });
      deepEqual(missing, ["cron: the database has no pg_cron: nobody calls the worker"]);
      equal(isWell, false);
      for (
        const expected of [
          /^ok +functions: 7 are deployed/,
          /^ok +secrets: /,
          /^ok +migrations: \d+ are applied/,
          /^ok +ready worker: /,
          /^ok +meta webhook: Meta delivers to /,
        ]
      ) {
        ok(lines.some((line) => expected.test(line)), `${expected} in ${lines.join("\n")}`);
      }
    });

    await test.step("what providers no longer know, or know otherwise, is named", async () => {
      await controlSimulator("graph", "DELETE", {
        path: "accounts",
        body: { token: tenant.accounts.whatsapp.token },
      });
      const headers = {
        authorization: `Bearer ${tenant.accounts.vapi.key}`,
        "content-type": "application/json",
      };
      const listed = await fetch(`${simulators.vapi}/assistant?limit=10`, { headers });
      const [first] = await listed.json() as { id: string }[];
      const changed = await fetch(`${simulators.vapi}/assistant/${first!.id}`, {
        method: "PATCH",
        headers,
        body: JSON.stringify({ server: { url: "https://elsewhere.test/hook" } }),
      });
      ok(changed.ok, await changed.text());
      await meta.registerWebhook({
        callbackUrl: `${url}/functions/v1/unified-webhook`,
        verifyToken: LOCAL_SECRETS.WA_VERIFY_TOKEN,
      });
      const { missing } = await examine(envFile, { tenant, more: ["--meta-app-id", APP_ID] });
      const about = missing.filter((line) => line.includes(tenant.orgId));
      equal(about.length, 2, missing.join("\n"));
      ok(about.some((line) => /^vapi of .*calls "https:\/\/elsewhere\.test\/hook"/.test(line)));
      ok(about.some((line) => line.startsWith("whatsapp of ")));
    });

    await test.step("without a secret key the rest is looked at, and told what it takes", async () => {
      const { lines, missing } = await examine(envFile, { tenant, secretKey: null });
      deepEqual(missing, []);
      const skipped = lines.filter((line) => line.startsWith("skipped"));
      equal(skipped.length, 4, lines.join("\n"));
      match(lines.join("\n"), /→ set SUPABASE_SECRET_KEY/);
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
