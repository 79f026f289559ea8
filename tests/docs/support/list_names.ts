import { join } from "node:path";
import type { Database } from "../../../scripts/local/open_database.ts";
import { REPOSITORY } from "../../../scripts/local/repository.ts";
import { VARIABLES } from "../../../supabase/functions/_shared/env.ts";

export type NameKind = "file" | "setting" | "private" | "table" | "statement" | "variable";
export type Name = { kind: NameKind; name: string };

/** Variables that are no function's: an operator's shell and GitHub's environments have them. */
const OUTSIDE = [
  "SUPABASE_ACCESS_TOKEN",
  "SUPABASE_SECRET_KEY",
  "SUPABASE_DB_URL",
  "FUNCTION_SECRETS",
  "SUPABASE_PROJECT_REF",
];

const PATTERNS: [kind: NameKind, pattern: RegExp][] = [
  ["file", /^((?:scripts|bench|supabase|\.github|docs|tests)\/[\w./-]+)/],
  ["setting", /^app_config\['(\w+)'\]$/],
  ["private", /^private\.(\w+)$/],
  ["statement", /^(select .*)$/],
  ["variable", /^([A-Z][A-Z0-9]*_[A-Z0-9_]+)(?:=.*)?$/],
  [
    "table",
    /^(alert_rules|audit_log|hand_overs|legacy_deliveries|operation_events|provider_call_stats|unparsed_deliveries|imported_listings|organization_settings)$/,
  ],
];

/** What a page says in code between its words, where it is something that can be looked up. */
export function listNames(markdown: string): Name[] {
  const prose = markdown.replace(/^```[\s\S]*?^```$/gm, "");
  const codes = new Set([...prose.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code));
  return [...codes].flatMap((code) => {
    for (const [kind, pattern] of PATTERNS) {
      const [, name] = pattern.exec(code) ?? [];
      if (name !== undefined) return [{ kind, name }];
    }
    return [];
  });
}

/** Throws where there is no such thing. */
export async function findName(database: Database, kind: NameKind, name: string): Promise<void> {
  const expect = async (query: string) => {
    const [row] = await database.query<{ there: boolean }>(`select (${query}) as there`, [name]);
    if (row?.there !== true) throw new Error("there is none");
  };
  switch (kind) {
    case "file":
      await Deno.stat(join(REPOSITORY, name));
      return;
    case "setting":
      return await expect("exists (select 1 from public.app_config where key = $1)");
    case "private":
      return await expect(
        `to_regclass('private.' || $1) is not null
         or exists (select 1 from pg_proc where proname = $1 and pronamespace = 'private'::regnamespace)`,
      );
    case "table":
      return await expect("to_regclass('public.' || $1) is not null");
    case "statement":
      // The platform's own: nothing of them is here.
      if (/\b(?:cron|net|vault)\./.test(name)) return;
      await database.query(name);
      return;
    case "variable":
      if (!(name in VARIABLES) && !OUTSIDE.includes(name)) throw new Error("nothing reads it");
  }
}
