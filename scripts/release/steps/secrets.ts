import { createHash } from "node:crypto";
import { join } from "node:path";
import { writeDotenv } from "../../local/write_dotenv.ts";
import { ReleaseError } from "../release_error.ts";
import type { ReleaseContext } from "../release_context.ts";
import { explainCli } from "../run_cli.ts";
import type { Step } from "../run_steps.ts";
import { withPrivateFolder } from "../with_private_folder.ts";

const digest = (value: string) => createHash("sha256").update(value).digest("hex");

/**
 * Names in the file whose values aren't what the project has, by their SHA-256. A line without a value
 * is none: it leaves the project's as it is.
 */
async function listDifferent(
  { management, target }: Pick<ReleaseContext, "management" | "target">,
): Promise<string[]> {
  const live = new Map(
    (await management.listSecrets(target.ref)).map(({ name, digest }) => [name, digest]),
  );
  return Object.entries(target.secrets)
    .filter(([name]) => !name.startsWith("SUPABASE_"))
    .filter(([name, value]) => live.get(name)?.toLowerCase() !== digest(value))
    .map(([name]) => name);
}

const pick = ({ target }: Pick<ReleaseContext, "target">, names: readonly string[]) =>
  Object.fromEntries(
    Object.entries(target.secrets).filter(([name]) => names.includes(name)),
  );

/**
 * Sees before anything is changed that what would be set can be written down for the CLI. Resolves to the
 * names of it; throws StackError.
 */
export async function checkWritable(
  context: Pick<ReleaseContext, "management" | "target">,
): Promise<string[]> {
  const names = await listDifferent(context);
  writeDotenv(pick(context, names));
  return names;
}

/**
 * The CLI is given what differs and nothing else, as this release read it: of the person's own file it
 * would send lines without a value as well, and wipe what is live.
 */
async function send({ target, runCli }: ReleaseContext, text: string) {
  return await withPrivateFolder("switchboard-secrets-", async (folder) => {
    const file = join(folder, "secrets.env");
    await Deno.writeTextFile(file, text, { mode: 0o600 });
    return await runCli(["secrets", "set", "--env-file", file, `--remote=${target.ref}`]);
  });
}

/** The file's secrets, by a file: no value is in an argument, a line or the journal. */
export const secrets: Step<ReleaseContext> = {
  name: "secrets",
  async plan(context) {
    const { target } = context;
    if (target.envFile === null) return "nothing to do: there is no environment file";
    const names = await listDifferent(context);
    return names.length === 0 ? "nothing to do" : `would set ${names.join(", ")}`;
  },
  async run(context) {
    const { target, journal, save } = context;
    if (target.envFile === null) return "no environment file, left as they are";
    const names = await listDifferent(context);
    if (names.length === 0) return "as they are";
    const text = writeDotenv(pick(context, names));
    // Before it is done: what is cut off half-way is told as new.
    const before = journal.secretsSet;
    journal.secretsSet = [...new Set([...before, ...names])];
    await save();
    const result = await send(context, text);
    const left = await listDifferent(context);
    journal.secretsSet = journal.secretsSet.filter((name) =>
      before.includes(name) || !left.includes(name)
    );
    await save();
    if (!result.success) {
      throw new ReleaseError(
        "failed",
        `Cannot set the secrets of "${target.ref}": ${explainCli(result)}`,
      );
    }
    if (left.length > 0) {
      throw new ReleaseError(
        "failed",
        `Cannot confirm ${left.join(", ")}: the project has another value than the file`,
      );
    }
    return `set ${names.join(", ")}`;
  },
  holds: async (context) => (await listDifferent(context)).length === 0,
};
