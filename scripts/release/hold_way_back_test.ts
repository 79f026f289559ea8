import assert from "node:assert/strict";
import { holdRelease } from "./hold_release.ts";
import { holdWayBack } from "./hold_way_back.ts";
import { ReleaseError } from "./release_error.ts";

const REF = "a".repeat(20);

Deno.test("what goes back waits for no release: it is refused, or goes on where it is forced", async () => {
  const folder = await Deno.makeTempDir();
  const told: string[] = [];
  let runs = 0;
  const goBack = (isForced: boolean, use = () => Promise.resolve(++runs)) =>
    holdWayBack({
      folder,
      target: { ref: REF, databaseUrl: null },
      isForced,
      tell: (line) => told.push(line),
    }, use);
  try {
    await holdRelease({ folder: `${folder}/.local`, ref: REF }, async () => {
      await assert.rejects(goBack(false), {
        code: "refused",
        message: /^Cannot change "a+": process \d+ .*; --force goes on all the same$/,
      });
      assert.equal(runs, 0);
      assert.equal(await goBack(true), 1);
      assert.match(told.at(-1)!, /^note: Cannot change .*; going on all the same$/);
    });
    assert.equal(await goBack(false), 2);

    // What it does itself may be refused as well: that is no reason to do it again.
    const refuse = () => {
      runs += 1;
      return Promise.reject(new ReleaseError("refused", "Cannot restore: it is switched on"));
    };
    await assert.rejects(goBack(true, refuse), { message: "Cannot restore: it is switched on" });
    assert.equal(runs, 3);
    // And a release is refused meanwhile.
    await goBack(false, async () => {
      const release = holdRelease(
        { folder: `${folder}/.local`, ref: REF },
        () => Promise.resolve(),
      );
      await assert.rejects(release, /^ReleaseError: Cannot release to "a+"/);
      return runs;
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
