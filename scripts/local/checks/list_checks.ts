import { join } from "node:path";
import { findFunctionDeno } from "../find_binary.ts";
import { FUNCTIONS_FOLDER } from "../repository.ts";
import { denoEnvironment, listFunctions } from "../start_functions.ts";
import { findUnitTests } from "./find_tests.ts";
import type { Check } from "./run_check.ts";
import { GROUP_COUNT } from "./unit/import_group.ts";

const deno = (name: string, args: string[]): Check => ({
  name,
  command: Deno.execPath(),
  args,
  summary: "none",
});

/** Format, lint and types, in lanes that may run side by side. */
export async function listStaticChecks(): Promise<Check[][]> {
  const { path, version } = await findFunctionDeno();
  const names = await listFunctions();
  const [first = "."] = names;
  // All at once: they share most of their code and, by their deno.json, one list of packages.
  const production: Check = {
    name: `types of the functions on Deno ${version}`,
    command: path,
    args: [
      ["check", "--quiet", "--config", "deno.json"],
      names.map((name) => join("..", name, "index.ts")),
    ].flat(),
    cwd: join(FUNCTIONS_FOLDER, first),
    env: denoEnvironment(),
    summary: "none",
  };
  return [
    [deno("format", ["fmt", "--check", "--quiet"]), deno("lint", ["lint", "--quiet"])],
    [deno("types", ["check", "--quiet", "."])],
    names.length === 0 ? [] : [production],
  ];
}

/** The unit tests in one runner, a few isolates side by side; undefined when there is none. */
export async function listUnitTests(filter?: string): Promise<Check | undefined> {
  if ((await findUnitTests()).length === 0) return undefined;
  return {
    name: "unit tests",
    command: Deno.execPath(),
    args: [
      // Types are a check of their own.
      ["test", "--allow-all", "--no-check", "--parallel"],
      filter === undefined ? [] : [`--filter=${filter}`],
      Array.from(
        { length: GROUP_COUNT },
        (_, at) => `scripts/local/checks/unit/group_${at + 1}.ts`,
      ),
    ].flat(),
    summary: "deno",
  };
}
