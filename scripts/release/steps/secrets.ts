import { createHash } from "node:crypto";
import { ReleaseError } from "../release_error.ts";
import type { ReleaseContext } from "../release_context.ts";
import { explainCli } from "../run_cli.ts";
import type { Step } from "../run_steps.ts";

const digest = (value: string) => createHash("sha256").update(value).digest("hex");

/** Names in the file whose values aren't what the project has, by their SHA-256. */
async function listDifferent({ management, target }: ReleaseContext): Promise<string[]> {
  const live = new Map(
    (await management.listSecrets(target.ref)).map(({ name, digest }) => [name, digest]),
  );
  return Object.entries(target.secrets)
    .filter(([name]) => !name.startsWith("SUPABASE_"))
    .filter(([name, value]) => live.get(name)?.toLowerCase() !== digest(value))
    .map(([name]) => name);
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
    const { target, runCli, journal, save } = context;
    if (target.envFile === null) return "no environment file, left as they are";
    const names = await listDifferent(context);
    if (names.length === 0) return "as they are";
    // Before it is done: what is cut off half-way is told as new.
    const before = journal.secretsSet;
    journal.secretsSet = [...new Set([...before, ...names])];
    await save();
    const result = await runCli([
      "secrets",
      "set",
      "--env-file",
      await Deno.realPath(target.envFile),
      `--remote=${target.ref}`,
    ]);
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
        `Cannot confirm ${left.join(", ")}: the project has another value than the file; ` +
          "write it in single quotes",
      );
    }
    return `set ${names.join(", ")}`;
  },
  holds: async (context) => (await listDifferent(context)).length === 0,
};
