import assert from "node:assert/strict";
import { checkLock, checkPackages, type PinnedPackage, readPackages } from "./check_packages.ts";
import { checkTools, type ToolVersions } from "./check_tools.ts";
import { checkTree } from "./check_tree.ts";
import { REPOSITORY } from "../local/repository.ts";

const failed = (findings: { state: string; check: string }[]) =>
  findings.filter(({ state }) => state === "failed").map(({ check }) => check);

Deno.test("tools that are too old or missing are named", async (test) => {
  const good: ToolVersions = { deno: "2.9.6", node: "22.11.0", git: "2.47.1" };
  const cases: [Partial<ToolVersions>, string[]][] = [
    [{}, []],
    [{ deno: "2.10.0" }, []],
    [{ deno: "3.0.1" }, []],
    [{ deno: "2.8.9" }, ["deno"]],
    [{ deno: "1.46.3" }, ["deno"]],
    [{ node: "20.0.0" }, []],
    [{ node: "18.20.4" }, ["node"]],
    [{ node: null }, []],
    [{ git: null }, ["git"]],
  ];
  for (const [change, expected] of cases) {
    await test.step(JSON.stringify(change), () => {
      assert.deepEqual(failed(checkTools({ ...good, ...change })), expected);
    });
  }
});

Deno.test("a package that is missing or another version is named with what to do", () => {
  const packages: PinnedPackage[] = [
    { name: "hono", wanted: "4.0.0", installed: "4.0.0" },
    { name: "jose", wanted: "6.0.0", installed: null },
    { name: "zod", wanted: "4.1.0", installed: "4.0.9" },
  ];
  const findings = checkPackages(packages);
  assert.deepEqual(findings.map(({ detail }) => detail), [
    "jose@6.0.0 is not installed",
    "zod is 4.0.9, and pinned at 4.1.0",
  ]);
  assert.ok(findings.every(({ cure }) => cure?.includes("install")));
  assert.deepEqual(failed(checkPackages(packages.slice(0, 1))), []);
});

Deno.test("the lockfile has to know the pinned versions", () => {
  const packages = [{ name: "hono", wanted: "4.0.0", installed: null }];
  const lock = (specifier: string) => JSON.stringify({ specifiers: { [specifier]: "x" } });
  assert.deepEqual(failed(checkLock(packages, lock("npm:hono@4.0.0"))), []);
  assert.deepEqual(failed(checkLock(packages, lock("npm:hono@4.0.1"))), ["lock"]);
  assert.deepEqual(failed(checkLock(packages, "{}")), ["lock"]);
  assert.deepEqual(failed(checkLock(packages, null)), ["lock"]);
});

Deno.test("this checkout's packages are found, those of the functions and of the tools", async () => {
  const packages = await readPackages(REPOSITORY);
  const names = packages.map(({ name }) => name);
  assert.ok(
    ["hono", "@ai-sdk/google", "postgres"].every((name) => names.includes(name)),
    `${names}`,
  );
  const lock = await Deno.readTextFile(`${REPOSITORY}/deno.lock`);
  assert.deepEqual(failed(checkLock(packages, lock)), []);
});

Deno.test("what isn't committed is told, and keeps nothing from working", () => {
  assert.equal(checkTree([])[0]!.state, "passed");
  assert.equal(checkTree(null)[0]!.state, "advised");
  const [finding] = checkTree([" M README.md", "?? scripts/new.ts"]);
  assert.equal(finding!.state, "advised");
  assert.match(finding!.detail, /"README.md" and 1 more/);
});
