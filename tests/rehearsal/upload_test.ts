import { deepEqual, equal, ok } from "node:assert/strict";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { findFunctionDeno } from "../../scripts/local/find_binary.ts";
import { FUNCTION_ALIASES } from "../../scripts/local/gateway/choose_target.ts";
import { FUNCTIONS_FOLDER, REPOSITORY } from "../../scripts/local/repository.ts";
import { denoEnvironment, listFunctions } from "../../scripts/local/start_functions.ts";
import { callFunction } from "../support/call_function.ts";
import { openManagement } from "./support/open_management.ts";

/** The checkout's files that a function's `index.ts` reaches, by types and dynamically as well. */
async function listReached(name: string): Promise<string[]> {
  const { stdout, success } = await new Deno.Command((await findFunctionDeno()).path, {
    args: ["info", "--json", "--config", "deno.json", "index.ts"],
    cwd: join(FUNCTIONS_FOLDER, name),
    env: denoEnvironment(),
    stderr: "inherit",
  }).output();
  ok(success);
  const graph = JSON.parse(new TextDecoder().decode(stdout)) as {
    modules: { specifier: string }[];
  };
  return graph.modules.map(({ specifier }) => specifier)
    .filter((specifier) => specifier.startsWith("file:"))
    .map((specifier) => relative(REPOSITORY, fileURLToPath(specifier)));
}

async function listUnpacked(folder: string, under = folder): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) files.push(...await listUnpacked(path, under));
    else files.push(relative(under, path));
  }
  return files.sort();
}

Deno.test("the CLI uploads what each index.ts reaches and nothing else", async (test) => {
  const live = await openManagement().listFunctions();
  const names = [...await listFunctions(), ...Object.keys(FUNCTION_ALIASES)].sort();
  deepEqual(live.map(({ row }) => row.slug), names);
  for (const { row, bundle } of live) {
    await test.step(row.slug, async () => {
      const name = FUNCTION_ALIASES[row.slug] ?? row.slug;
      const expected = [
        ...await listReached(name),
        `supabase/functions/${name}/deno.json`,
        "supabase/functions/_shared/import_map.json",
      ].sort();
      deepEqual(bundle.files.toSorted(), expected);
      deepEqual(bundle.files.filter((file) => /_test\.ts$|^scripts|^tests/.test(file)), []);
      equal(bundle.entrypoint, `supabase/functions/${name}/index.ts`);
      equal(row.verify_jwt, false);
    });
  }
});

Deno.test("each copy boots outside the checkout, where only its upload is", async (test) => {
  for (const { row, bundle } of await openManagement().listFunctions()) {
    await test.step(row.slug, async () => {
      ok(relative(REPOSITORY, bundle.folder).startsWith(".."), bundle.folder);
      deepEqual(await listUnpacked(bundle.folder), bundle.files.toSorted());
      const { status, text } = await callFunction(`${row.slug}/health`);
      equal(status, 200, text);
    });
  }
});
