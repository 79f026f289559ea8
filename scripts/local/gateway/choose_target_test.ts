import assert from "node:assert/strict";
import { join } from "node:path";
import { REPOSITORY } from "../repository.ts";
import { chooseTarget, FUNCTION_ALIASES } from "./choose_target.ts";

const CASES = [
  {
    path: "/functions/v1/ops/health?live=1",
    expected: { service: "function", name: "ops", path: "/ops/health?live=1" },
  },
  {
    path: "/functions/v1/worker?x=a/b",
    expected: { service: "function", name: "worker", path: "/worker?x=a/b" },
  },
  {
    path: "/functions/v1/wa-webhook-unified/whatsapp",
    expected: {
      service: "function",
      name: "unified-webhook",
      path: "/wa-webhook-unified/whatsapp",
    },
  },
  {
    path: "/rest/v1/rpc/claim_jobs?select=*",
    expected: { service: "rest", path: "/rpc/claim_jobs?select=*" },
  },
  { path: "/auth/v1/token?a=b", expected: { service: "auth", path: "/token?a=b" } },
  { path: "/storage/v1/object/a/b", expected: { service: "storage", path: "/object/a/b" } },
  { path: "/rest/v2/x", expected: { service: "none" } },
  { path: "/", expected: { service: "none" } },
  { path: "/__gateway", expected: { service: "gateway", path: "/__gateway" } },
];

for (const { path, expected } of CASES) {
  Deno.test(`${path} goes to ${expected.service}`, () => {
    assert.deepEqual(chooseTarget(path), expected);
  });
}

Deno.test("the aliases are those of supabase/config.toml", async () => {
  const config = await Deno.readTextFile(join(REPOSITORY, "supabase", "config.toml"));
  const functions = config.matchAll(
    /^\[functions\.([\w-]+)\][^[]*?^entrypoint = "\.\/functions\/([\w-]+)\/index\.ts"/gm,
  );
  const aliases = [...functions].map(([, slug = "", name = ""]) => [slug, name])
    .filter(([slug, name]) => slug !== name);
  assert.deepEqual(Object.fromEntries(aliases), FUNCTION_ALIASES);
});
