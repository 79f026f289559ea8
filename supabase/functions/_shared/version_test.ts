import assert from "node:assert/strict";
import { readReleases } from "../../../scripts/release/read_releases.ts";
import { REPOSITORY } from "../../../scripts/local/repository.ts";
import { VERSION } from "./version.ts";

const numbers = (version: string) => version.split(".").map(Number);

Deno.test("the version is later than every release's: a deployment is known by it", async () => {
  const releases = await readReleases(REPOSITORY);
  for (const { version } of releases) {
    const [major = 0, minor = 0, patch = 0] = numbers(VERSION).map((part, place) =>
      part - (numbers(version)[place] ?? 0)
    );
    assert.ok((major || minor || patch) > 0, `${VERSION} comes after ${version}`);
  }
  assert.ok(releases.length > 0);
});
