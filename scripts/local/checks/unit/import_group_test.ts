import assert from "node:assert/strict";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { findUnitTests } from "../find_tests.ts";
import { listUnitTests } from "../list_checks.ts";
import { chooseGroup, GROUP_COUNT } from "./import_group.ts";

Deno.test("every unit test is in one group, and every group is run", async () => {
  const files = await findUnitTests();
  assert.ok(files.includes("scripts/local/checks/unit/import_group_test.ts"));
  const groups = Array.from({ length: GROUP_COUNT }, (_, index) => chooseGroup(files, index + 1));
  assert.deepEqual(groups.flat().sort(), files);
  const folder = dirname(fileURLToPath(import.meta.url));
  const run = (await listUnitTests())!.args.filter((argument) => /group_/.test(argument));
  assert.equal(run.length, GROUP_COUNT);
  for (const [index, path] of run.entries()) {
    const source = await Deno.readTextFile(`${folder}/${path.split("/").at(-1)}`);
    assert.match(source, new RegExp(`^await importGroup\\(${index + 1}\\);$`, "m"));
  }
});
