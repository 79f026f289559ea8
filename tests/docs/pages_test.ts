/**
 * A stranger's path: from a clone to a running stack and a rehearsed release by what README says, and
 * every command of the runbook that needs no account, against that release.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { findFreePort } from "../../scripts/local/find_free_port.ts";
import { findSupabaseCli } from "../../scripts/local/find_binary.ts";
import { findPostgresClient } from "../../scripts/local/find_postgres_client.ts";
import { openDatabase } from "../../scripts/local/open_database.ts";
import { REPOSITORY } from "../../scripts/local/repository.ts";
import { copyCheckout } from "./support/copy_checkout.ts";
import { listAlerts, listRaised } from "./support/list_alerts.ts";
import { findName, listNames } from "./support/list_names.ts";
import { listOccasions } from "./support/list_occasions.ts";
import { type Background, openShell } from "./support/open_shell.ts";
import { type Block, readBlocks } from "./support/read_blocks.ts";
import { NO_POSTGRES_CLIENT } from "../support/use_postgres_client.ts";

/** A page that grows by commands nobody tries says so here. */
const MANUAL = { "README.md": 1, "docs/runbook.md": 6 };

const readPage = (name: string) => Deno.readTextFileSync(join(REPOSITORY, name));

/** A database whose changes are taken back when a block has run. */
async function tryStatement(databaseUrl: string, block: Block): Promise<void> {
  const database = openDatabase(databaseUrl, { connections: 1 });
  try {
    await database.query("begin");
    await database.query("set local statement_timeout = '20s'");
    for (const statement of block.text.split(/;\s*$/m).filter((text) => text.trim() !== "")) {
      await database.query(statement);
    }
  } finally {
    await database.query("rollback").catch(() => {});
    await database.close();
  }
}

/** The words in angles that a reader fills in. */
function fill(text: string, values: Record<string, string>): string {
  return text.replace(/<([a-z ]+)>/g, (whole, name: string) => {
    const value = values[name];
    assert.ok(value !== undefined, `nothing is known for ${whole}`);
    return value;
  });
}

async function writeShim(folder: string, name: string, script: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(join(folder, name), `#!/usr/bin/env bash\n${script}\n`, { mode: 0o755 });
}

function readAssignments(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/^(?:export )?(\w+)='(.*)'$/gm)].map((
      [, name = "", value = ""],
    ) => [name, value]),
  );
}

Deno.test("README leads a stranger to a rehearsed release, and the runbook's commands work on it", async (test) => {
  const folder = await Deno.makeTempDir({ prefix: "switchboard-stranger-" });
  const tools = join(folder, "tools");
  const clientPath = await findPostgresClient();
  const shell = openShell({ folder, path: tools });
  const running: Background[] = [];
  const failures: string[] = [];
  const port = String(findFreePort());
  const { repository, commit } = await copyCheckout(folder);
  const values: Record<string, string> = { repository };

  const tryBlock = async (page: string, block: Block) => {
    const where = `${page}:${block.line}`;
    const script = fill(block.text, values)
      .replaceAll("54321", port)
      // What a page can't know: which port is free here, and where the rehearsed project is.
      .replaceAll(/task dev\b/g, `task dev --port ${port}`)
      .replaceAll(/--project-ref (\S+)/g, "$TARGET --project-ref $1")
      // Nobody waits for an hour here.
      .replaceAll(/--watch \d+/g, "--watch 0");
    const { code, output } = await shell.run(script);
    const isRight = block.mark === "refused"
      ? code !== 0 && output.includes(block.says)
      : code === 0;
    if (!isRight) failures.push(`${where} ended with ${code}\n${script}\n${output.slice(-3_000)}`);
    return output;
  };
  const expectAll = () => {
    const text = failures.splice(0).join("\n\n");
    assert.equal(text, "", text);
  };

  try {
    await test.step("README", async () => {
      for (const block of readBlocks(readPage("README.md"))) {
        if (block.mark === "manual") continue;
        assert.equal(block.language, "sh");
        if (block.mark !== "background") {
          await tryBlock("README.md", block);
          expectAll();
          continue;
        }
        const script = fill(block.text, values).replace(/task dev\b/, `task dev --port ${port}`);
        const started = shell.start(script);
        running.push(started);
        if (/task dev/.test(script)) {
          await started.printed(/Switchboard is ready/);
          const [, curl = ""] = await started.printed(/^(curl -sS -X POST [\s\S]*?\}')$/m);
          const saved = await shell.run(curl);
          assert.match(saved.output, /"success":\s*true/, saved.output);
        } else {
          await started.printed(/^released \S+ in /m);
          await started.printed(/The project answers at/);
        }
      }
    });

    const checkout = join(folder, "switchboard");
    const variables = readAssignments(
      await Deno.readTextFile(join(checkout, ".local/rehearsal/environment.sh")),
    );
    shell.setVariables(variables);
    const secretsFile = join(checkout, ".local/rehearsal/secrets.env");
    const secrets = readAssignments(await Deno.readTextFile(secretsFile));
    const databaseUrl = variables["SUPABASE_DB_URL"] ?? "";
    const database = openDatabase(databaseUrl, { connections: 1 });
    const [owner] = await database.query<{ id: string; org_id: string }>(
      `select user_id::text as id, org_id::text from public.organization_members
       where role = 'owner' order by org_id limit 1`,
    );
    const rules = await database.query<{ rule: string }>("select rule from public.alert_rules");
    await database.close();

    await test.step("what an operator has before", async () => {
      await writeShim(tools, "deno", `exec '${Deno.execPath()}' "$@"`);
      await writeShim(
        tools,
        "supabase",
        `SUPABASE_TELEMETRY_DISABLED=1 exec '${await findSupabaseCli()}' "$@" --yes --profile "$SUPABASE_PROFILE"`,
      );
      for (const name of [".env.staging", ".env.production"]) {
        await Deno.copyFile(secretsFile, join(checkout, name));
      }
      // Whoever releases has seen the tests pass.
      await Deno.mkdir(join(checkout, ".local/ci"), { recursive: true });
      await Deno.writeTextFile(
        join(checkout, `.local/ci/${commit}.json`),
        JSON.stringify({ commit, passed: 1, finishedAt: new Date().toISOString() }),
      );
      shell.setVariables({
        ...(clientPath === null ? {} : { PATH: clientPath }),
        GIT_AUTHOR_NAME: "Operator",
        GIT_AUTHOR_EMAIL: "operator@example.test",
        GIT_COMMITTER_NAME: "Operator",
        GIT_COMMITTER_EMAIL: "operator@example.test",
        TARGET: (variables["TARGET"] ?? "").replace(/--(?:project-ref|env|env-file)=\S+/g, ""),
      });
      Object.assign(values, {
        ref: "switchboardrehearsal",
        owner: owner?.id ?? "",
        organization: owner?.org_id ?? "",
        version: "99.0.0",
        app: "300000000000001",
        "verify token": secrets["WA_VERIFY_TOKEN"] ?? "",
      });
    });

    await test.step("runbook", async (runbook) => {
      const database = openDatabase(databaseUrl, { connections: 1 });
      const occasions = listOccasions({
        shell,
        folder,
        database,
        projectUrl: variables["SUPABASE_URL"] ?? "",
        secrets,
        ref: values["ref"] ?? "",
        organization: owner?.org_id ?? "",
        metaAppId: values["app"] ?? "",
      });
      const tryShell = async (block: Block) => {
        const met = occasions.filter(({ of }) => of.test(block.text));
        for (const { before } of met) await before?.();
        const output = await tryBlock("docs/runbook.md", block);
        for (const one of met) {
          occasions.splice(occasions.indexOf(one), 1);
          if (one.says.test(output)) continue;
          failures.push(`docs/runbook.md:${block.line} doesn't say ${one.says}\n${output}`);
        }
      };
      try {
        for (const block of readBlocks(readPage("docs/runbook.md"))) {
          if (block.mark === "manual") continue;
          if (block.language === "sql") {
            await tryStatement(databaseUrl, block).catch((error) => {
              failures.push(`docs/runbook.md:${block.line} ${error.message}\n${block.text}`);
            });
          } else if (clientPath === null && /pg_dump|--backup/.test(block.text)) {
            await runbook.step({
              name: `docs/runbook.md:${block.line} takes a backup: ${NO_POSTGRES_CLIENT}`,
              ignore: true,
              fn: () => {},
            });
          } else await tryShell(block);
        }
      } finally {
        await database.close();
      }
      expectAll();
      assert.deepEqual(occasions.map(({ of }) => of), [], "the page has no such command");
    });

    await test.step("what the runbook names exists", async () => {
      const page = readPage("docs/runbook.md");
      const database = openDatabase(databaseUrl, { connections: 1 });
      try {
        for (const { kind, name } of listNames(page)) {
          await findName(database, kind, name).catch((error) => {
            failures.push(`${kind} "${name}": ${error.message}`);
          });
        }
      } finally {
        await database.close();
      }
      expectAll();
    });

    await test.step("every alert is on the page, and none that there isn't", async () => {
      const page = listAlerts(readPage("docs/runbook.md"));
      const known = rules.map(({ rule }) => rule);
      const raised = (await listRaised()).filter((rule) => !known.includes(rule));
      assert.deepEqual(page.rules.toSorted(), known.toSorted());
      assert.deepEqual(page.raised.toSorted(), raised.toSorted());
      for (const { name, cause, cure } of page.rows) {
        assert.ok(cause !== "" && cure !== "", `${name} has no cause or no cure`);
      }
    });
  } finally {
    for (const one of running.reverse()) await one.stop();
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("what can't be tried here is counted", () => {
  const counted = Object.fromEntries(
    Object.keys(MANUAL).map((name) => [
      name,
      readBlocks(readPage(name)).filter(({ mark }) => mark === "manual").length,
    ]),
  );
  assert.deepEqual(counted, MANUAL);
});
