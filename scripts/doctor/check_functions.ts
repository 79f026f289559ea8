import { type ConfiguredFunction, readFunctions } from "../release/preflight/read_functions.ts";
import type { LiveFunction } from "../release/management/schemas.ts";
import { fail, type Finding, pass } from "./finding.ts";
import type { ReleasedProject } from "./project.ts";

/**
 * Whether every function of `config.toml` is live as it is configured.
 * @param command the release of this project, to be given `--functions`
 */
export function judgeFunctions(
  wanted: readonly ConfiguredFunction[],
  live: readonly LiveFunction[],
  command: string,
): Finding[] {
  const deploy = (slug: string) => `${command} --functions ${slug}`;
  const findings = wanted.flatMap(({ slug, verifyJwt }) => {
    const found = live.find((one) => one.slug === slug);
    if (found === undefined) return [fail("functions", `"${slug}" is not deployed`, deploy(slug))];
    if (found.status !== "ACTIVE") {
      return [fail("functions", `"${slug}" is ${found.status}`, deploy(slug))];
    }
    if (found.verifyJwt !== verifyJwt) {
      const detail = `"${slug}" has verify_jwt ${found.verifyJwt}: its callers are refused`;
      return [fail("functions", detail, deploy(slug))];
    }
    return [];
  });
  return findings.length > 0 ? findings : [pass("functions", `${wanted.length} are deployed`)];
}

export async function checkFunctions(
  { management, target, folder, deployCommand }: ReleasedProject,
): Promise<Finding[]> {
  const [wanted, live] = await Promise.all([
    readFunctions(folder),
    management.listFunctions(target.ref),
  ]);
  return judgeFunctions(wanted, live, deployCommand);
}
