import { join } from "node:path";
import { REPOSITORY } from "../../../scripts/local/repository.ts";

type Row = { name: string; cause: string; cure: string };

/** The alerts of the runbook's two tables. */
export function listAlerts(
  markdown: string,
): { rules: string[]; raised: string[]; rows: Row[] } {
  const read = (heading: string) => readTable(markdown, heading);
  const [rules, raised] = [read("### Rules"), read("### Raised where it happens")];
  const names = (rows: Row[]) => rows.map(({ name }) => name);
  return { rules: names(rules), raised: names(raised), rows: [...rules, ...raised] };
}

function readTable(markdown: string, heading: string): Row[] {
  const [, after = ""] = markdown.split(`\n${heading}\n`);
  const [section = ""] = after.split(/\n##+ /);
  return [...section.matchAll(/^\| `([a-z_]+)`\s*\|([^|]*)\|([^|]*)\|$/gm)].map((
    [, name = "", cause = "", cure = ""],
  ) => ({ name, cause: cause.trim(), cure: cure.trim() }));
}

async function* walk(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* walk(path);
    else if (/\.(?:sql|ts)$/.test(name) && !name.endsWith("_test.ts")) yield path;
  }
}

/** Every alert that the sources raise by its name. */
export async function listRaised(): Promise<string[]> {
  const found = new Set<string>();
  for (const folder of ["supabase/migrations", "supabase/functions/_shared/services"]) {
    for await (const path of walk(join(REPOSITORY, folder))) {
      const text = await Deno.readTextFile(path);
      for (const [, name = ""] of text.matchAll(/'rule', '([a-z_]+[a-z])'/g)) found.add(name);
      // A name that is put together: its ends are the states that raise it.
      if (text.includes("'rule', 'call_back_' || p_state")) {
        found.add("call_back_unknown").add("call_back_failed");
      }
      const [, list = ""] = /export const ROLLOUT_ALERTS = \[([^\]]*)\]/.exec(text) ?? [];
      for (const [, name = ""] of list.matchAll(/"([a-z_]+)"/g)) found.add(name);
    }
  }
  return [...found].sort();
}
