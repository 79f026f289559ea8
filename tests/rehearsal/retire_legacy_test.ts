import assert from "node:assert/strict";
import { join } from "node:path";
import { LOCAL_SECRETS } from "../../scripts/local/function_environment.ts";
import { runSupabase } from "../../scripts/local/management/deploy_checkout.ts";
import { holdProject } from "../../scripts/release/hold_project.ts";
import { createMetaApp } from "../../scripts/release/meta/create_meta_app.ts";
import { retireLegacy } from "../../scripts/retire_legacy.ts";
import { rollback } from "../../scripts/rollback.ts";
import { queryDatabase } from "../support/query_database.ts";
import { readStack } from "../support/read_stack.ts";
import { openManagement } from "./support/open_management.ts";

const management = openManagement();
const APP_ID = "300000000000001";
const LEGACY = ["wa-webhook-jobs", "wa-webhook-marketplace", "wa-webhook-renamed"];
const EVERYONE = JSON.stringify({
  unifiedServiceEnabled: true,
  unifiedServiceRolloutPercent: 100,
  deny: [],
  overrides: {},
});

async function git(folder: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("git", { args, cwd: folder }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim();
}

/** A checkout for the archive, and the older product deployed as its makers did. */
async function deployLegacy(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "switchboard-older-" });
  await git(folder, "init", "--quiet");
  await git(folder, "init", "--quiet", "--bare", `${folder}/origin.git`);
  await git(folder, "remote", "add", "origin", `${folder}/origin.git`);
  await git(folder, "config", "user.name", "Operator");
  await git(folder, "config", "user.email", "operator@example.test");
  const functions = join(folder, "supabase", "functions");
  const write = async (path: string, text: string) => {
    await Deno.mkdir(join(functions, path, ".."), { recursive: true });
    await Deno.writeTextFile(join(functions, path), text);
  };
  const serve = (from: string) =>
    `import { NAME } from "${from}";
Deno.serve((request) => new Response(new URL(request.url).searchParams.get("hub.challenge") ?? NAME));\n`;
  // One that has all it needs beside it, and two that share files and an import map with others.
  await write("wa-webhook-jobs/deno.json", `{"imports": {}}\n`);
  await write("wa-webhook-jobs/shared.ts", `export const NAME = "wa-webhook-jobs";\n`);
  await write("wa-webhook-jobs/index.ts", serve("./shared.ts"));
  await write("_shared/name.ts", `export { NAME } from "name";\n`);
  await write("_shared/older/name.ts", `export const NAME = "shared by two";\n`);
  await write("import_map.json", `{"imports": {"name": "./_shared/older/name.ts"}}\n`);
  await write("wa-webhook-marketplace/index.ts", serve("../_shared/name.ts"));
  await write("wa-webhook-renamed/index.ts", serve("../_shared/name.ts"));
  await Deno.writeTextFile(join(folder, "supabase", "config.toml"), `project_id = "older"\n`);
  await deployOlder(folder, "wa-webhook-renamed");
  await deployOlder(folder, "--no-verify-jwt", "wa-webhook-jobs", "wa-webhook-marketplace");
  return folder;
}

async function deployOlder(workFolder: string, ...args: string[]): Promise<void> {
  const command = ["functions", "deploy", "--use-api", ...args];
  const { success, output } = await runSupabase(management, command, { workFolder });
  assert.ok(success, output);
}

/** Everybody inside for so many days, nothing forwarded, by what the database writes itself. */
async function holdFor(days: number): Promise<void> {
  await queryDatabase(
    `update public.app_config set value = value || $1::text::jsonb where key = 'unified_service_flags'`,
    [EVERYONE],
  );
  await queryDatabase(
    `update public.app_config_history as change
     set changed_at = now() - make_interval(days => case when change.id = (
       select newest.id from public.app_config_history as newest
       where newest.key = change.key order by newest.changed_at desc limit 1
     ) then $1::int else 90 end)
     where change.key = 'unified_service_flags'`,
    [days],
  );
  await queryDatabase(
    `update public.legacy_deliveries set forwarded_at = now() - interval '20 days' where forwarded_at is not null`,
  );
}

/** Somebody writes to us; answers the organization, which is to be deleted. */
async function receive(): Promise<string> {
  const [organization] = await queryDatabase<{ id: string }>(
    "insert into public.organizations (name) values ('Shop of the older product') returning id::text",
  );
  const { id } = organization!;
  await queryDatabase(
    `with contact as (
       insert into public.contacts (org_id, rollout_key) values ($1::text::uuid, '250788000001') returning *
     )
     insert into public.inbound_messages
       (org_id, contact_id, wamid, sequence, type, payload, phone_number_id, disposition, disposed_at)
     select org_id, id, 'wamid.retire', 1, 'text', '{}', 'retire', 'answered', now() from contact`,
    [id],
  );
  return id;
}

async function readConfig(key: string): Promise<string> {
  const [row] = await queryDatabase<{ value: string }>(
    "select value::text from public.app_config where key = $1",
    [key],
  );
  return row?.value ?? "null";
}

async function writeConfig(key: string, value: string): Promise<void> {
  await queryDatabase("update public.app_config set value = $2::text::jsonb where key = $1", [
    key,
    value,
  ]);
}

async function listSlugs(): Promise<string[]> {
  return (await management.listFunctions()).map(({ row }) => row.slug).sort();
}

type Command = typeof retireLegacy | typeof rollback;

async function give(command: Command, folder: string, ...more: string[]) {
  const environment: Record<string, string> = {
    SUPABASE_ACCESS_TOKEN: management.accessToken,
    SUPABASE_SECRET_KEY: readStack().secret_key,
    SUPABASE_DB_URL: management.databaseUrl,
    USER: "operator",
    WA_VERIFY_TOKEN: LOCAL_SECRETS.WA_VERIFY_TOKEN,
    WHATSAPP_APP_SECRET: LOCAL_SECRETS.WHATSAPP_APP_SECRET,
    WHATSAPP_GRAPH_URL: readStack().simulators.graph,
  };
  const lines: string[] = [];
  const args = [
    ...more,
    `--project-ref=${management.ref}`,
    `--profile=${management.profilePath}`,
    `--project-url=${management.projectUrl}`,
  ];
  const done = await command(args, {
    folder,
    read: (name) => environment[name],
    print: (line) => void lines.push(line),
  }).catch((error: Error) => error.message);
  return { done, text: lines.join("\n") };
}

const run = (folder: string, ...more: string[]) => give(retireLegacy, folder, ...more);

Deno.test("the older functions go after a week without them, archived, and ours stay", async () => {
  const before = {
    flags: await readConfig("unified_service_flags"),
    webhooks: await readConfig("legacy_webhooks"),
  };
  const ours = await listSlugs();
  const folder = await deployLegacy();
  const organization = await receive();
  const meta = createMetaApp({
    appId: APP_ID,
    appSecret: LOCAL_SECRETS.WHATSAPP_APP_SECRET,
    graphUrl: readStack().simulators.graph,
    version: "v26.0",
  });
  const deliverTo = (path: string) =>
    meta.registerWebhook({
      callbackUrl: `${management.projectUrl}/functions/v1/${path}`,
      verifyToken: LOCAL_SECRETS.WA_VERIFY_TOKEN,
    });
  try {
    const { projectUrl } = management;
    await writeConfig(
      "legacy_webhooks",
      JSON.stringify({
        default: `${projectUrl}/functions/v1/wa-webhook-renamed`,
        agents: { jobs: `${projectUrl}/functions/v1/unified-webhook` },
      }),
    );
    await holdFor(3);
    const early = await run(folder, "--confirm");
    assert.equal(early.done, false, early.text);
    assert.match(early.text, /kept {6}100 % has held for 3\.0 days of 7/);
    assert.deepEqual(await listSlugs(), [...ours, ...LEGACY].sort());

    await holdFor(8);
    const shown = await run(folder);
    assert.equal(shown.done, true);
    for (const slug of LEGACY) assert.match(shown.text, new RegExp(`legacy {4}${slug} `));
    assert.match(shown.text, /ours {6}unified-webhook/);
    assert.match(shown.text, /Nothing was done/);

    // Nothing is forwarded to a function that Meta delivers to itself: whoever asks Meta sees it.
    await deliverTo("wa-webhook-jobs");
    const served = await run(folder, "--confirm", "--meta-app-id", APP_ID);
    assert.equal(served.done, false, served.text);
    assert.match(served.text, /kept {6}Meta delivers to ".+\/functions\/v1\/wa-webhook-jobs"/);
    assert.deepEqual(await listSlugs(), [...ours, ...LEGACY].sort());
    await deliverTo("unified-webhook/whatsapp");

    // A source that isn't all of it is found out before anything is deleted, or archived.
    const part = join(folder, "part");
    for (const slug of LEGACY) {
      await Deno.mkdir(join(part, slug), { recursive: true });
      await Deno.writeTextFile(join(part, slug, "index.ts"), `import "../_shared/name.ts";\n`);
    }
    const partial = await run(folder, "--confirm", "--source", part);
    assert.match(String(partial.done), /Cannot delete "wa-webhook-jobs": .*Module not found/);
    assert.deepEqual(await listSlugs(), [...ours, ...LEGACY].sort());
    assert.equal(await git(folder, "branch", "--list", "archive/*"), "");

    // While a release replaces functions none is deleted.
    const { databaseUrl, ref } = management;
    await holdProject({ databaseUrl, ref, tell: () => {} }, async () => {
      const held = await run(folder, "--confirm");
      assert.match(String(held.done), /another release holds its database .*; --force/);
    });
    assert.deepEqual(await listSlugs(), [...ours, ...LEGACY].sort());

    // Cut off after the archive and the first deletion.
    await management.fail({
      method: "DELETE",
      path: "/v1/projects/*/functions/wa-webhook-marketplace",
      status: 500,
      times: 20,
    });
    const cut = await run(folder, "--confirm");
    assert.match(String(cut.done), /Cannot delete "wa-webhook-marketplace"/);
    await management.clearFaults();
    assert.ok(!(await listSlugs()).includes("wa-webhook-jobs"));
    assert.equal(
      await readConfig("legacy_webhooks"),
      JSON.stringify({
        agents: { jobs: `${projectUrl}/functions/v1/unified-webhook` },
        default: null,
      })
        .replaceAll(`":`, `": `).replaceAll(`,"`, `, "`),
    );

    const done = await run(folder, "--confirm", "--meta-app-id", APP_ID);
    assert.equal(done.done, true, done.text);
    assert.deepEqual(await listSlugs(), ours);
    const archived = await git(folder, "ls-tree", "-r", "--name-only", "archive/legacy-webhooks");
    const [jobs, shop] = ["wa-webhook-jobs", "wa-webhook-marketplace"]
      .map((slug) => `functions/${slug}/supabase/functions`);
    const expected = [
      ...["deno.json", "index.ts", "shared.ts"].map((name) => `${jobs}/wa-webhook-jobs/${name}`),
      ...["_shared/name.ts", "_shared/older/name.ts", "import_map.json"]
        .map((path) => `${shop}/${path}`),
    ];
    for (const path of expected) assert.ok(archived.split("\n").includes(path), path);
    assert.match(done.text, /pushed {4}the archive to origin/);
    assert.equal(
      await git(`${folder}/origin.git`, "rev-parse", "archive/legacy-webhooks"),
      await git(folder, "rev-parse", "archive/legacy-webhooks"),
    );
    const again = await run(folder, "--confirm");
    assert.deepEqual(
      [again.done, /No function of the older product/.test(again.text)],
      [true, true],
    );

    // What is archived is all that it takes to have them back, each as open as it was.
    const back = await give(
      rollback,
      folder,
      ...["legacy", "--meta-app-id", APP_ID, "--webhook", "wa-webhook-marketplace"],
    );
    assert.equal(back.done, undefined, `${back.done}\n${back.text}`);
    const live = new Map((await management.listFunctions()).map(({ row }) => [row.slug, row]));
    assert.deepEqual(LEGACY.map((slug) => live.get(slug)?.verify_jwt), [false, false, true]);
    const answer = await fetch(`${projectUrl}/functions/v1/wa-webhook-marketplace`);
    assert.deepEqual([answer.status, await answer.text()], [200, "shared by two"]);
  } finally {
    await management.clearFaults();
    await deliverTo("unified-webhook/whatsapp");
    await queryDatabase("delete from public.organizations where id = $1::text::uuid", [
      organization,
    ]);
    await writeConfig("unified_service_flags", before.flags);
    await writeConfig("legacy_webhooks", before.webhooks);
    for (const slug of LEGACY) {
      const answer = await management.call("DELETE", `/functions/${slug}`);
      await answer.body?.cancel();
    }
    await Deno.remove(folder, { recursive: true });
  }
});
