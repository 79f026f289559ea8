import assert from "node:assert/strict";
import { join } from "node:path";
import { LOCAL_SECRETS } from "../../scripts/local/function_environment.ts";
import { runSupabase } from "../../scripts/local/management/deploy_checkout.ts";
import { REPOSITORY } from "../../scripts/local/repository.ts";
import { createMetaApp } from "../../scripts/release/meta/create_meta_app.ts";
import { dumpDatabase } from "../../scripts/release/dump_database.ts";
import { holdProject } from "../../scripts/release/hold_project.ts";
import { archiveSource } from "../../scripts/release/legacy/archive_sources.ts";
import {
  SETTLE_AFTER_RESTORE,
  writeTruncation,
} from "../../scripts/release/rollback/restore_database.ts";
import { readOwnRelations } from "../../scripts/release/rollback/read_own_relations.ts";
import { rollback } from "../../scripts/rollback.ts";
import { queryDatabase } from "../support/query_database.ts";
import { readStack } from "../support/read_stack.ts";
import { openManagement } from "./support/open_management.ts";
import { openReleaseWorld } from "./support/open_release_world.ts";
import { NO_POSTGRES_CLIENT, usePostgresClient } from "../support/use_postgres_client.ts";

const APP_ID = "300000000000001";
const FLAGS = "unified_service_flags";

type Run = { folder?: string; intercept?: (url: string) => Response | null; opsKey?: string };

/** Runs the command on the stand-in's project. The text holds what it printed, and its error. */
async function goBack(args: string[], { folder, intercept, opsKey }: Run = {}) {
  const management = openManagement();
  const stack = readStack();
  const environment: Record<string, string> = {
    SUPABASE_ACCESS_TOKEN: management.accessToken,
    SUPABASE_SECRET_KEY: opsKey ?? stack.secret_key,
    SUPABASE_DB_URL: management.databaseUrl,
    WHATSAPP_APP_SECRET: LOCAL_SECRETS.WHATSAPP_APP_SECRET,
    LEGACY_WA_VERIFY_TOKEN: "legacy-verify-token",
    WA_VERIFY_TOKEN: LOCAL_SECRETS.WA_VERIFY_TOKEN,
    WHATSAPP_GRAPH_URL: stack.simulators.graph,
    USER: "ada",
  };
  const lines: string[] = [];
  const error = await rollback([
    ...args,
    `--project-ref=${management.ref}`,
    `--profile=${management.profilePath}`,
    `--project-url=${management.projectUrl}`,
  ], {
    print: (line) => void lines.push(line),
    read: (name) => environment[name],
    ...(folder === undefined ? {} : { folder }),
    fetch: (input, init) => {
      const answer = intercept?.(new Request(input, init).url);
      return answer ? Promise.resolve(answer) : fetch(input, init);
    },
  }).then(() => null, (thrown: Error) => thrown.message);
  const text = [...lines, ...(error === null ? [] : [error])].join("\n");
  assert.ok(!text.includes(stack.secret_key) && !text.includes(management.accessToken));
  assert.ok(!text.includes(LOCAL_SECRETS.WHATSAPP_APP_SECRET));
  return { text, error };
}

async function readFlags(): Promise<Record<string, unknown>> {
  const [row] = await queryDatabase<{ value: string }>(
    "select value::text from public.app_config where key = $1",
    [FLAGS],
  );
  return JSON.parse(row!.value);
}

async function lastChange() {
  const [row] = await queryDatabase<{ actor: string; reason: string }>(
    `select actor, reason from public.app_config_history
     where key = $1 order by changed_at desc limit 1`,
    [FLAGS],
  );
  return row!;
}

async function withFlags(run: () => Promise<void>): Promise<void> {
  const before = JSON.stringify(await readFlags());
  try {
    await queryDatabase(
      `update public.app_config set value = value || '{"unifiedServiceEnabled": true, "unifiedServiceRolloutPercent": 50}'
       where key = $1`,
      [FLAGS],
    );
    await run();
  } finally {
    await queryDatabase("update public.app_config set value = $2::text::jsonb where key = $1", [
      FLAGS,
      before,
    ]);
  }
}

Deno.test("quick takes everybody out by ops, says why in the history, and does it once", async () => {
  await withFlags(async () => {
    const first = await goBack(["quick", "--reason", "it's slow"]);
    assert.match(
      first.text,
      /^quick of \w{20}: everybody is outside.*\ndata +nothing\ndone, by ops/,
    );
    assert.equal((await readFlags())["unifiedServiceRolloutPercent"], 0);
    const change = await lastChange();
    assert.equal(change.reason, "it's slow");
    assert.match(change.actor, /ada/);
    assert.match((await goBack(["quick", "--reason", "again"])).text, /so already/);
    assert.deepEqual(await lastChange(), change);
    assert.match((await goBack(["quick"])).error!, /--reason/);
  });
});

Deno.test("full switches the service off, by the database where ops is down", async () => {
  await withFlags(async () => {
    const down = (url: string) =>
      url.includes("/functions/v1/ops") ? new Response("BOOT_ERROR", { status: 503 }) : null;
    const { text, error } = await goBack(["full", "--reason", "it's broken; 'really'"], {
      intercept: down,
    });
    assert.equal(error, null);
    assert.match(text, /the database is told instead\ndone, by the database/);
    const flags = await readFlags();
    assert.equal(flags["unifiedServiceEnabled"], false);
    assert.equal(flags["unifiedServiceRolloutPercent"], 50, "nothing else is touched");
    const change = await lastChange();
    assert.deepEqual([change.actor, change.reason], ["ada", "it's broken; 'really'"]);
    assert.match((await goBack(["full", "--reason", "again"])).text, /so already/);
  });
});

Deno.test("with both ways shut it ends with the statement to run by hand", async () => {
  const { error } = await goBack(["full", "--reason", "x"], {
    intercept: (url) =>
      url.includes("/ops/") || url.includes("/database/query")
        ? new Response("{}", { status: 400 })
        : null,
  });
  assert.match(error!, /SQL editor:\nselect set_config.*\nupdate public\.app_config set value/);
});

Deno.test("code deploys an earlier commit's functions, and the same again changes nothing", async () => {
  await using world = await openReleaseWorld();
  const versions = async () =>
    Object.fromEntries((await world.listFunctions()).map(({ row }) => [row.slug, row.version]));
  const good = await world.commit("Good");
  const path = "supabase/functions/kb-sync/index.ts";
  await world.write(path, `throw new Error("at boot");\n${await world.read(path)}`);
  const bad = await world.commit("Bad");
  const { folder } = world;
  const one = ["--functions", "kb-sync"];

  const before = await versions();
  const broken = await goBack(["code", "--to", bad, ...one], { folder });
  assert.match(broken.error!, /Cannot see "kb-sync" alive/);
  const after = await versions();
  assert.deepEqual(after, { ...before, "kb-sync": before["kb-sync"]! + 1 });

  const back = await goBack(["code", "--to", good.slice(0, 12), ...one], { folder });
  assert.equal(back.error, null, back.text);
  assert.match(back.text, /kb-sync: v\d+ → v\d+\n.*functions answer/s);
  assert.match(await world.askVersion("kb-sync"), /^200/);
  const again = await goBack(["code", "--to", good, ...one], { folder });
  assert.match(again.text, /kb-sync: v\d+, as before/);

  assert.match((await goBack(["code", "--to", "v9.9.9"], { folder })).error!, /no such tag/);
  assert.match(
    (await goBack(["code", "--to", "--help"], { folder })).error ?? "",
    /Cannot|ambiguous/,
  );
  assert.match((await goBack(["code"], { folder })).error!, /Cannot (?:find the code|unpack)/);
  assert.match((await goBack(["code", "--to", good, "--functions=x"], { folder })).error!, /"x"/);
  const worktrees = await new Deno.Command("git", { args: ["worktree", "list"], cwd: folder })
    .output();
  assert.equal(new TextDecoder().decode(worktrees.stdout).trim().split("\n").length, 1);
});

Deno.test("while the project is held elsewhere nothing of it is replaced, but harm is stopped", async () => {
  const { folder } = await openCheckout();
  const { databaseUrl, ref } = openManagement();
  const release = { databaseUrl, ref, tell: () => {} };
  const restore = ["restore", "--reason=x", "--confirm"];
  try {
    await holdProject(release, async () => {
      const held = /Cannot change "\w+": another release holds .*; --force goes on all the same$/;
      for (
        const args of [
          ["code", "--to", "v9.9.9"],
          ["legacy", "--meta-app-id", APP_ID],
          [...restore, "--step=5", "--dump=x.dump"],
        ]
      ) {
        assert.match((await goBack(args, { folder })).error!, held, args.join(" "));
        const forced = await goBack([...args, "--force"], { folder });
        assert.match(forced.text, /^note: Cannot change .*; going on all the same$/m);
        assert.doesNotMatch(forced.error!, held, "it got further");
      }
      await withFlags(async () => {
        for (
          const args of [["quick", "--reason=x"], ["full", "--reason=x"], [...restore, "--step=1"]]
        ) {
          const { error, text } = await goBack(args, { folder });
          assert.equal(error, null, text);
        }
      });
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** A folder beside this checkout with its migrations: what is kept in `.local` is its own. */
async function openCheckout(): Promise<{ folder: string }> {
  const folder = await Deno.makeTempDir({ prefix: "switchboard-checkout-" });
  await Deno.mkdir(join(folder, "supabase"));
  const migrations = new URL("../../supabase/migrations", import.meta.url).pathname;
  await Deno.symlink(migrations, join(folder, "supabase", "migrations"));
  return { folder };
}

Deno.test("constraint shows what it protects, drops it when confirmed, and says how it comes back", async (test) => {
  const name = "leads_org_id_not_null";
  const isThere = async () =>
    (await queryDatabase("select 1 from pg_constraint where conname = $1", [name])).length === 1;
  const { folder } = await openCheckout();
  try {
    await test.step("shown, and nothing is done", async () => {
      const { text } = await goBack(["constraint", name], { folder });
      assert.match(text, /protects +public\.leads: every row fulfils/);
      assert.match(text, /says +CHECK \(\(org_id IS NOT NULL\)\)/);
      assert.match(text, /Nothing was done: add --confirm$/);
      assert.ok(await isThere());
    });
    await test.step("dropped, and again", async () => {
      const { text, error } = await goBack(["constraint", name, "--confirm"], { folder });
      assert.equal(error, null, text);
      assert.equal(await isThere(), false);
      const again = await goBack(["constraint", name, "--confirm"], { folder });
      assert.match(again.text, /it isn't there: nothing was changed/);
    });
    await test.step("what was written down brings it back", async () => {
      const path = join(folder, ".local", "rollbacks", openManagement().ref, `${name}.sql`);
      for (const statement of (await Deno.readTextFile(path)).split(";\n").filter(Boolean)) {
        await queryDatabase(statement);
      }
      assert.ok(await isThere());
    });
    await test.step("what isn't ours, or holds others up, is refused", async () => {
      const cases: [string, RegExp][] = [
        ["users_pkey", /no migration of ours/],
        ["leads; drop table x", /no migration of ours/],
        ["organizations_pkey", /known by/],
        ["contacts_org_id_id_unique", /relied upon by .*contact_identities/],
      ];
      for (const [wrong, reason] of cases) {
        assert.match((await goBack(["constraint", wrong, "--confirm"], { folder })).error!, reason);
      }
    });
    await test.step("who would fail without it is named", async () => {
      const unique = "agents_org_id_role_unique";
      const { text } = await goBack(["constraint", unique], { folder });
      assert.match(text, /breaks +private\.create_agent: /);
      assert.match(
        text,
        /back +alter table public\.agents add constraint \w+ UNIQUE \(org_id, role\);/,
      );
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("legacy deploys what was archived, and Meta delivers there once it shook hands", async () => {
  await using world = await openReleaseWorld();
  const { folder, projectUrl } = world;
  await world.commit("Ours");
  for (const [key, value] of [["user.name", "Operator"], ["user.email", "o@example.test"]]) {
    await new Deno.Command("git", { args: ["config", key!, value!], cwd: folder }).output();
  }
  const sources = await Deno.makeTempDir({ prefix: "switchboard-archived-" });
  const slug = "wa-webhook-older";
  const entrypoint = `supabase/functions/${slug}/index.ts`;
  await Deno.mkdir(join(sources, entrypoint, ".."), { recursive: true });
  const answer = `Deno.serve((request) => {
    const query = new URL(request.url).searchParams;
    const isMeta = query.get("hub.verify_token") === "legacy-verify-token";
    return new Response(isMeta ? query.get("hub.challenge") : "older", { status: isMeta ? 200 : 403 });
  });\n`;
  await Deno.writeTextFile(join(sources, entrypoint), answer);
  const meta = createMetaApp({
    appId: APP_ID,
    appSecret: LOCAL_SECRETS.WHATSAPP_APP_SECRET,
    graphUrl: readStack().simulators.graph,
    version: "v26.0",
  });
  const ours = `${projectUrl}/functions/v1/unified-webhook/whatsapp`;
  const theirs = `${projectUrl}/functions/v1/${slug}`;
  await meta.registerWebhook({ callbackUrl: ours, verifyToken: LOCAL_SECRETS.WA_VERIFY_TOKEN });
  const args = ["legacy", "--meta-app-id", APP_ID];
  try {
    const empty = await goBack(args, { folder });
    assert.match(empty.error!, /no branch archive\/legacy-webhooks here/);
    await archiveSource({
      slug,
      ref: world.ref,
      version: 1,
      verifyJwt: false,
      entrypoint,
      importMap: null,
      from: sources,
    }, { folder });
    // Of a folder that has ours as well, ours are left, and refused where they are named.
    const mixed = join(sources, "supabase", "functions");
    for (const name of ["ops", "something-else"]) {
      await Deno.mkdir(join(mixed, name));
      await Deno.writeTextFile(join(mixed, name, "index.ts"), "Deno.serve(() => new Response());");
    }
    const live = async () =>
      (await world.listFunctions()).map(({ row }) => `${row.slug} ${row.version}`);
    const before = await live();
    const named = await goBack([...args, "--source", mixed, "--functions=ops"], { folder });
    assert.match(named.error!, /Cannot deploy "ops" as an older function: it is one of ours/);
    const unknown = await goBack([...args, "--source", mixed, "--webhook=ops"], { folder });
    assert.match(
      unknown.error!,
      /Cannot point Meta at "ops": --webhook is one of wa-webhook-older$/,
    );
    assert.deepEqual(await live(), before, "nothing was deployed");
    const sourced = await goBack([...args, "--source", mixed], { folder });
    assert.equal(sourced.error, null, sourced.text);
    assert.deepEqual(await live(), [...before, `${slug} 1`].sort());
    assert.equal((await meta.readWebhook())?.callbackUrl, theirs);
    await meta.registerWebhook({ callbackUrl: ours, verifyToken: LOCAL_SECRETS.WA_VERIFY_TOKEN });

    const { text, error } = await goBack(args, { folder });
    assert.equal(error, null, text);
    assert.equal((await meta.readWebhook())?.callbackUrl, theirs);
    assert.match((await goBack(args, { folder })).text, /as before/);

    // Meta asks the address itself: one that doesn't shake hands with that token moves nothing.
    const wrong = `${projectUrl}/functions/v1/ops`;
    const refused = await goBack([...args, "--callback-url", wrong], { folder });
    assert.match(refused.error!, /Callback verification failed/);
    assert.equal((await meta.readWebhook())?.callbackUrl, theirs);

    // The way forward is the command as it was printed, whatever the older function's token is.
    const [, printed] = /^forward again: deno task rollback (.*)$/m.exec(text) ?? [];
    assert.ok(printed !== undefined, text);
    const forward = await goBack(printed.split(" "), { folder });
    assert.equal(forward.error, null, forward.text);
    assert.doesNotMatch(forward.text, /forward again/);
    assert.equal((await meta.readWebhook())?.callbackUrl, ours);
  } finally {
    await meta.registerWebhook({ callbackUrl: ours, verifyToken: LOCAL_SECRETS.WA_VERIFY_TOKEN });
    await runSupabase(openManagement(), ["functions", "delete", slug]);
    await Deno.remove(sources, { recursive: true });
  }
});

Deno.test("restore shows its steps, and runs one at a time where it is confirmed", async (test) => {
  const args = ["restore", "--reason", "rows are wrong"];
  const webhook = () =>
    fetch(`${openManagement().projectUrl}/functions/v1/unified-webhook/whatsapp`, {
      method: "POST",
      body: "{}",
    }).then(async (response) => {
      await response.body?.cancel();
      return response.status;
    });
  await test.step("nothing is done without a step, nor without --confirm", async () => {
    const before = await readFlags();
    const all = await goBack(args);
    assert.equal(all.text.match(/^\[\d\/7\] /gm)?.length, 7);
    assert.match(all.text, /\[5\/7\][^\n]*\n +data +ALL OF OURS IS REPLACED/);
    assert.equal(all.text.match(/ALL OF OURS/g)?.length, 1, "one step alone touches rows");
    const one = await goBack([...args, "--step", "1"]);
    assert.match(one.text, /Nothing was done: add --confirm$/);
    assert.deepEqual(await readFlags(), before);
    assert.match((await goBack([...args, "--step", "9"])).error!, /1 to 7/);
    assert.match((await goBack([...args, "--step", "5", "--confirm"])).error!, /--dump/);
  });
  await test.step("no row is replaced while the service runs, by whatever step was asked for", async () => {
    await withFlags(async () => {
      const checkout = await openCheckout();
      try {
        const { error } = await goBack(
          [...args, "--step=5", "--dump=x.dump", "--confirm"],
          checkout,
        );
        assert.match(error!, /switched on \(--step 1\); .*\(--step 2\); .*\(--step 3\)$/);
      } finally {
        await Deno.remove(checkout.folder, { recursive: true });
      }
    });
  });
  await test.step("the first switches the service off", async () => {
    await withFlags(async () => {
      const { error, text } = await goBack([...args, "--step", "1", "--confirm"]);
      assert.equal(error, null, text);
      assert.equal((await readFlags())["unifiedServiceEnabled"], false);
    });
  });
  await test.step("deliveries are refused for as long, and let in again", async () => {
    assert.equal(await webhook(), 401);
    try {
      const out = await goBack([...args, "--step", "2", "--confirm"]);
      assert.equal(out.error, null, out.text);
      assert.equal(await webhook(), 500, "so that Meta keeps what it has");
    } finally {
      const back = await goBack([...args, "--step", "7", "--confirm"]);
      assert.equal(back.error, null, back.text);
    }
    assert.equal(await webhook(), 401);
  });
  await test.step("the release is verified in the database", async () => {
    const { error, text } = await goBack([...args, "--step", "6", "--confirm"]);
    assert.equal(error, null, text);
    assert.match(text, /\d+ checks passed\nstep 6 is done/);
  });
});

Deno.test("what a restore runs in the database empties what it refills, and repeats nothing that waited", async () => {
  const management = openManagement();
  const rows = `
    insert into public.organizations (id, name) values ('0e000000-0000-4000-8000-000000000000', 'Restored');
    insert into public.contacts (id, org_id, rollout_key)
    values ('0e000000-0000-4000-8000-000000000001', '0e000000-0000-4000-8000-000000000000', 'k');
    insert into public.contact_queues (org_id, contact_id, received_sequence, turn_due_at, send_due_at)
    values ('0e000000-0000-4000-8000-000000000000', '0e000000-0000-4000-8000-000000000001', 1, now(), now());
    insert into public.inbound_messages (org_id, contact_id, wamid, sequence, type, payload, phone_number_id)
    values ('0e000000-0000-4000-8000-000000000000', '0e000000-0000-4000-8000-000000000001', 'w', 1, 'text', '{}', '1');
    insert into public.inbound_messages
      (org_id, contact_id, wamid, sequence, type, payload, phone_number_id, disposition, disposed_at)
    values ('0e000000-0000-4000-8000-000000000000', '0e000000-0000-4000-8000-000000000001', 'f', 2, 'text', '{}', '1',
      'forwarding', now());
    insert into public.legacy_deliveries (org_id, contact_id, body, signature, is_whole, state, claimed_at, fencing_token)
    select '0e000000-0000-4000-8000-000000000000', '0e000000-0000-4000-8000-000000000001', '{}', 's', true, state,
      now(), 1
    from unnest(array['queued', 'claimed']) as state;
    insert into public.outbound_messages (org_id, contact_id, kind, type, content, state, claimed_at, fencing_token)
    select '0e000000-0000-4000-8000-000000000000', '0e000000-0000-4000-8000-000000000001', 'reply', 'text', '{}', state,
      now(), 1
    from unnest(array['queued', 'claimed']) as state;`;
  // Looked at before it is taken back: an error with what was found ends the transaction.
  const look = `do $look$ begin raise exception 'found %', (
    select jsonb_build_object(
      'organizations', (select jsonb_agg(name) from public.organizations),
      'states', (select jsonb_agg(state order by state) from public.outbound_messages),
      'dispositions', (select jsonb_agg(disposition) from public.inbound_messages),
      'legacy', (select jsonb_agg(state || coalesce(body::text, '')) from public.legacy_deliveries),
      'legacy_due', (select count(*) from public.legacy_deliveries where due_at is not null),
      'theirs', (select count(*) from public.wa_contacts_of_older),
      'due', (select count(*) from public.contact_queues where turn_due_at is not null or send_due_at is not null)
    )); end $look$;`;
  // An older product's own table, which refers to ours.
  const theirs =
    `create table public.wa_contacts_of_older (org_id uuid references public.organizations);
    insert into public.wa_contacts_of_older select id from public.organizations limit 1;`;
  const tables = ["public.organizations", "public.contacts", "partitions.gone_2020_01"];
  const own = await readOwnRelations(REPOSITORY);
  const response = await management.call("POST", "/database/query", {
    query: `begin;\n${theirs}\n${writeTruncation(tables, own)}\n${rows}\n` +
      `set local session_replication_role = origin;\n${SETTLE_AFTER_RESTORE}\n${look}\nrollback;`,
  });
  const { message } = await response.json();
  const [, found] = /found (\{.*\})/.exec(message) ?? [];
  assert.ok(found !== undefined, message);
  assert.deepEqual(JSON.parse(found), {
    organizations: ["Restored"],
    states: ["expired", "unknown"],
    dispositions: ["ignored", "ignored"],
    legacy: ["ignored", "ignored"],
    legacy_due: 0,
    theirs: 1,
    due: 0,
  });
  const [row] = await queryDatabase<{ count: number }>(
    "select count(*)::int as count from public.organizations where name <> 'Restored'",
  );
  assert.ok(row!.count > 0, "and here it was taken back");
});

const hasClient = await usePostgresClient();

Deno.test({
  name: "a backup is restored, step by step, and what came since it is gone" +
    (hasClient ? "" : `: ${NO_POSTGRES_CLIENT}`),
  ignore: !hasClient,
  async fn() {
    const { folder } = await openCheckout();
    const since = crypto.randomUUID();
    const count = async (condition: string) => {
      const [row] = await queryDatabase<{ count: number }>(
        `select count(*)::int as count from ${condition}`,
      );
      return row!.count;
    };
    const run = async (step: number, ...more: string[]) => {
      const args = ["restore", "--reason", "rehearsed", `--step=${step}`, "--confirm", ...more];
      const { error, text } = await goBack(args, { folder });
      assert.equal(error, null, text);
      return text;
    };
    try {
      await queryDatabase(
        `create table public.wa_contacts_of_older (org_id uuid references public.organizations)`,
      );
      const { path } = await dumpDatabase({
        databaseUrl: openManagement().databaseUrl,
        serverVersion: "17.6",
        folder,
        name: "then",
      });
      const [flags, organizations] = [await readFlags(), await count("public.organizations")];
      const audited = await count("public.audit_log");
      await queryDatabase("insert into public.organizations (id, name) values ($1, 'Since')", [
        since,
      ]);
      await queryDatabase("insert into public.wa_contacts_of_older values ($1)", [since]);
      for (const step of [1, 2, 3]) await run(step);
      assert.equal((await readFlags())["unifiedServiceEnabled"], false);

      const text = await run(5, `--dump=${path}`);
      assert.match(
        text,
        /\d+ tables are as they were\nleft as they are, not ours: .*wa_contacts_of/,
      );
      assert.equal(await count("public.organizations"), organizations);
      assert.equal(await count(`public.organizations where id = '${since}'`), 0);
      assert.equal(await count("public.audit_log"), audited, "no trigger wrote what wasn't there");
      assert.equal(await count("public.wa_contacts_of_older"), 1);
      assert.deepEqual(await readFlags(), flags);
      // A table without row-level security is a finding of the next step's.
      await queryDatabase("drop table public.wa_contacts_of_older");
      await run(6);
    } finally {
      await run(7);
      await queryDatabase("drop table if exists public.wa_contacts_of_older");
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("what our migrations make is known by their text: all of it, and nothing else", async () => {
  const own = await readOwnRelations(REPOSITORY);
  const there = await queryDatabase<{ name: string; kind: string }>(
    `select format('%I.%I', namespace.nspname, class.relname) as name, class.relkind::text as kind
     from pg_catalog.pg_class as class
     join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
     where namespace.nspname in ('public', 'private') and class.relkind in ('r', 'p', 'S')
       and not exists (
         select from pg_catalog.pg_depend as made
         where made.classid = 'pg_class'::regclass and made.objid = class.oid and made.deptype = 'e'
       )
     order by 1`,
  );
  const named = (isSequence: boolean) =>
    there.filter(({ kind }) => (kind === "S") === isSequence).map(({ name }) => name).sort();
  assert.deepEqual(own.tables.toSorted(), named(false));
  assert.deepEqual(own.sequences.toSorted(), named(true));
});
