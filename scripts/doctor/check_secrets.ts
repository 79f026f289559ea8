import {
  checkSecrets as compareSecrets,
  listVariables,
} from "../release/preflight/check_secrets.ts";
import { fail, type Finding, pass } from "./finding.ts";
import { findCure } from "./find_cure.ts";
import type { Project } from "./project.ts";

const NEVER_LIVE = /_TEST_ORIGINS$/;

/** The project's secrets by name: all that functions need, and none that has no place there. */
export function judgeSecrets(
  { readers, live, environment, ref }: {
    readers: ReadonlyMap<string, readonly string[]>;
    live: readonly string[];
    environment: "staging" | "production";
    ref: string;
  },
): Finding[] {
  const { missing } = compareSecrets({ readers, live, file: {} });
  const findings = missing.map((text) => {
    const name = text.split(" ")[0]!;
    return fail("secrets", `the project has no ${text}`, findCure(name));
  });
  const dangerous = live.filter((name) => environment === "production" && NEVER_LIVE.test(name));
  findings.push(...dangerous.map((name) =>
    fail(
      "secrets",
      `${name} lets private addresses be fetched in production`,
      `supabase secrets unset ${name} --remote=${ref} --yes`,
    )
  ));
  return findings.length > 0 ? findings : [pass("secrets", "every one that functions need is set")];
}

export async function checkProjectSecrets(
  { management, target, folder }: Project,
): Promise<Finding[]> {
  const [readers, live] = await Promise.all([
    listVariables(folder),
    management.listSecretNames(target.ref),
  ]);
  return judgeSecrets({ readers, live, environment: target.environment, ref: target.ref });
}
