import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { REPOSITORY } from "../../repository.ts";
import { findUnitTests } from "../find_tests.ts";

/** As many as there are files `group_<number>.ts` beside this one. */
export const GROUP_COUNT = 8;

/** Every eighth of these files, beginning with the first, second, … for group 1, 2, …; all groups have all. */
export function chooseGroup(files: readonly string[], group: number): string[] {
  return files.filter((_, index) => index % GROUP_COUNT === group - 1);
}

/**
 * Registers a share of the unit tests in this isolate. One for each file would load and compile the
 * same modules hundreds of times, which takes longer than the tests. Tests of a share run one after
 * the other; what one changes for all it puts back.
 */
export async function importGroup(group: number): Promise<void> {
  for (const file of chooseGroup(await findUnitTests(), group)) {
    await import(pathToFileURL(join(REPOSITORY, file)).href);
  }
}
