import { join } from "node:path";
import { dumpDatabase, OWN_SCHEMAS } from "../dump_database.ts";
import { ReleaseError } from "../release_error.ts";
import { explainCli } from "../run_cli.ts";
import { withPrivateFolder } from "../with_private_folder.ts";
import { writeCommand } from "../write_command.ts";
import { disableService } from "./disable_service.ts";
import { findCode } from "./find_code.ts";
import { readOwnRelations } from "./read_own_relations.ts";
import { redeployCode } from "./redeploy_code.ts";
import { requireStandstill } from "./require_standstill.ts";
import { restoreDatabase } from "./restore_database.ts";
import type { RollbackContext, Signature } from "./rollback_context.ts";

export type RestoreStep = {
  title: string;
  /** What it does to data. */
  toData: string;
  /** To copy, for whom this command is not at hand. */
  command: string;
  run: (context: RollbackContext) => Promise<void>;
};

export type RestoreInput = {
  /** The code of then, as `code` takes it. */
  to: string | null;
  /** A backup by `pg_dump --format custom`; null leaves the database to the dashboard's restore. */
  dump: string | null;
  signature: Signature;
  /** The options that say which project, for the commands that are shown. */
  about: Readonly<Record<string, string | undefined>>;
};

const SECRET = "WHATSAPP_APP_SECRET";

/** Code and database of one moment, in this order: whatever it is cut off by, nothing is half restored. */
export function listRestoreSteps(
  { target, folder }: Pick<RollbackContext, "target" | "folder">,
  { to, dump, signature, about }: RestoreInput,
): RestoreStep[] {
  const backups = join(folder, ".local", "backups", target.ref);
  return [
    {
      title: "switch the service off",
      toData: "nothing",
      command: writeCommand("rollback full", { ...about, reason: signature.reason }),
      run: (context) => disableService(context, signature),
    },
    {
      title: "refuse deliveries, so that Meta keeps them and delivers again, for seven days",
      toData:
        "nothing; Vapi, which keeps nothing, is heard on, and what it tells until step 5 is " +
        "lost by it",
      command: `supabase secrets unset ${SECRET} --remote=${target.ref} --yes`,
      run: async (context) => {
        requireSecret(context);
        await runCli(context, ["secrets", "unset", SECRET, `--remote=${target.ref}`]);
      },
    },
    {
      title: "keep what is there",
      toData: "nothing: it is copied",
      command: `pg_dump --format custom --load-via-partition-root ` +
        `${OWN_SCHEMAS.map((schema) => `--schema ${schema}`).join(" ")} ` +
        `--file ${join(backups, "before-restore.dump")} "$DATABASE"`,
      run: async (context) => {
        const name = `before-restore-${new Date().toISOString().replace(/[-:]|\.\d+/g, "")}`;
        const { databaseVersion } = await context.management.readProject(target.ref);
        const { path, bytes } = await dumpDatabase({
          databaseUrl: requireDatabase(context),
          serverVersion: databaseVersion,
          folder: backups,
          name,
          signal: context.signal,
        });
        context.print(`${path} (${bytes} bytes)`);
      },
    },
    {
      title: "the code of then",
      toData: "nothing",
      command: writeCommand("rollback code", { to: to ?? undefined, ...about }),
      run: async (context) => {
        // Found first: the database isn't touched for a code that isn't there.
        await findCode({ folder, ref: target.ref }, to);
        await redeployCode(context, { to, functions: null });
      },
    },
    {
      title: "the database of then",
      toData:
        "ALL OF OURS IS REPLACED: what came since the backup is lost, and who was erased since is " +
        "there again. What waited then is not done again, since it may have been done. Tables that " +
        "no migration of ours makes are left",
      command: dump === null
        ? "the dashboard's Database > Backups > Restore, or --dump <file> for one by pg_dump"
        : writeCommand("rollback restore", {
          step: "5",
          dump,
          ...about,
          reason: signature.reason,
          confirm: true,
        }),
      run: async (context) => {
        if (dump === null) {
          throw new ReleaseError(
            "missing",
            "Cannot restore the database: give --dump <file>, or restore it in the dashboard",
          );
        }
        const databaseUrl = requireDatabase(context);
        await requireStandstill(context, { backups, secret: SECRET });
        const own = await readOwnRelations(folder);
        const { tables, left } = await restoreDatabase({
          databaseUrl,
          dump,
          own,
          signal: context.signal,
        });
        context.print(`${tables} tables are as they were`);
        if (left.length > 0) context.print(`left as they are, not ours: ${left.join(", ")}`);
      },
    },
    {
      title: "look at it",
      toData: "nothing",
      command: `deno run -A scripts/verify.ts && ${writeCommand("doctor", about)}`,
      run: verifyRelease,
    },
    {
      title: "let deliveries in again; the flags are those of then",
      toData: "what Meta kept comes in",
      command: `supabase secrets set --env-file <file with ${SECRET}> --remote=${target.ref} --yes`,
      run: letIn,
    },
  ];
}

async function verifyRelease({ ops, print }: RollbackContext): Promise<void> {
  if (ops === null) {
    throw new ReleaseError("missing", "Cannot verify: SUPABASE_SECRET_KEY is not set");
  }
  const answer = await ops.callRpc("verify_release", {
    max_error_rate: 1,
    minimum_turns: 1_000_000,
  }) as { checks?: { check: string; passed: boolean; missing: string[] }[] };
  const failed = (answer.checks ?? []).filter(({ passed }) => !passed);
  if (answer.checks === undefined || failed.length > 0) {
    const words = failed.map(({ check, missing }) => `${check} ${missing.join(", ")}`.trim());
    throw new ReleaseError(
      "failed",
      `Cannot verify the release: ${words.join("; ") || "no answer"}`,
    );
  }
  print(`${answer.checks.length} checks passed`);
}

async function letIn(context: RollbackContext): Promise<void> {
  await withPrivateFolder("switchboard-secret-", async (folder) => {
    const path = join(folder, "one.env");
    await Deno.writeTextFile(path, `${SECRET}='${requireSecret(context)}'\n`, { mode: 0o600 });
    const { ref } = context.target;
    await runCli(context, ["secrets", "set", "--env-file", path, `--remote=${ref}`]);
  });
}

async function runCli(context: RollbackContext, args: string[]): Promise<void> {
  const result = await context.runCli(args);
  if (result.success) return;
  throw new ReleaseError("failed", `Cannot change the secrets: ${explainCli(result)}`);
}

/** Without it here nobody could set it again. */
function requireSecret({ target, read }: RollbackContext): string {
  const value = target.secrets[SECRET] || read(SECRET)?.trim();
  if (value) return value;
  throw new ReleaseError(
    "missing",
    `Cannot let deliveries in again afterwards: ${SECRET} is in no environment file, nor set here`,
  );
}

function requireDatabase({ target }: RollbackContext): string {
  if (target.databaseUrl !== null) return target.databaseUrl;
  throw new ReleaseError(
    "missing",
    "Cannot reach the database: give --database-url or set SUPABASE_DB_URL",
  );
}
