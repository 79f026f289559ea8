import assert from "node:assert/strict";
import { callAtOnce, countCodes, repeat } from "./call_at_once.ts";
import { createOrganization } from "./create_organization.ts";
import { beginSave, finishSave } from "./save_workspace.ts";

Deno.test("of twenty saves at the same instant, one begins, round after round", async () => {
  const { orgId } = await createOrganization();
  let lastToken = 0;
  for (let round = 0; round < 5; round++) {
    const answers = await callAtOnce(repeat(20, () => beginSave(orgId)));
    assert.deepEqual(countCodes(answers), { began: 1, busy: 19 });
    const token = answers.find(({ code }) => code === "began")?.fencing_token as number;
    assert.ok(token > lastToken, "each round has a higher token than the one before");
    lastToken = token;
    const [finished] = await callAtOnce([finishSave(orgId, token)]);
    assert.equal(finished?.code, "finished");
  }
});

Deno.test("saves of different organizations begin side by side", async () => {
  const organizations = await Promise.all(repeatCreate(10));
  const answers = await callAtOnce(organizations.map(({ orgId }) => beginSave(orgId)));
  assert.deepEqual(countCodes(answers), { began: 10 });
});

function repeatCreate(count: number) {
  return Array.from({ length: count }, createOrganization);
}
