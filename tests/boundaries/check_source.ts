import { dirname, join, normalize } from "node:path/posix";
import { type FoundImport, parseSource } from "./parse_source.ts";

const FUNCTIONS = "supabase/functions/";
const SHARED = `${FUNCTIONS}_shared/`;

export type KnownPackages = {
  /** The names of import_map.json, the only ones a function may use. */
  shipped: readonly string[];
  /** The names of package.json, for scripts and tests. */
  tools: readonly string[];
};

/** The rings, and what else a shipped file can be. Tests and scripts are no ring. */
export type Ring =
  | "domain"
  | "services"
  | "ports"
  | "errors"
  | "log"
  | "http"
  | "env"
  | "providers"
  | "platform"
  | "app"
  | "index";

type Rule = {
  /** Rings it may import; its own is always among them. */
  rings: readonly Ring[];
  /** Rings of which it may only name types. */
  types?: readonly Ring[];
  packages: readonly string[];
  builtins: readonly string[];
};

const EVERY_RING: readonly Ring[] = [
  "domain",
  "services",
  "ports",
  "errors",
  "log",
  "http",
  "env",
  "providers",
  "platform",
  "app",
];

/** What each ring may import. Everything that isn't here is forbidden. */
const RULES: Record<Ring, Rule> = {
  errors: { rings: [], packages: [], builtins: [] },
  ports: { rings: [], types: ["domain", "errors"], packages: [], builtins: [] },
  // The names of rows are data; only the types of ports.ts may be named, and they vanish.
  domain: {
    rings: ["errors"],
    types: ["ports"],
    packages: ["zod"],
    builtins: [],
  },
  services: {
    rings: ["domain", "ports", "errors"],
    types: ["log"],
    packages: ["zod"],
    builtins: ["node:crypto", "node:buffer"],
  },
  log: { rings: ["errors"], types: ["ports"], packages: [], builtins: [] },
  env: {
    rings: ["errors", "log"],
    types: ["ports"],
    packages: ["zod"],
    builtins: [],
  },
  http: {
    rings: ["errors", "log", "ports", "domain"],
    types: ["env"],
    packages: ["hono", "zod", "jose"],
    builtins: ["node:crypto", "node:buffer"],
  },
  providers: {
    rings: ["ports", "errors", "domain"],
    types: ["log"],
    packages: ["*"],
    // Connections to an address that was checked.
    builtins: ["node:crypto", "node:buffer", "node:dns/promises", "node:net", "node:tls"],
  },
  platform: { rings: [], types: ["ports"], packages: [], builtins: [] },
  app: {
    rings: ["http", "services", "domain", "ports", "errors"],
    types: ["log", "env"],
    packages: ["hono", "zod"],
    builtins: ["node:crypto", "node:buffer"],
  },
  index: { rings: EVERY_RING, packages: [], builtins: [] },
};

/** Which ring a file belongs to; null where it is a test, a script or none of ours. */
export function ringOf(path: string): Ring | null {
  if (!path.startsWith(FUNCTIONS) || isTest(path)) return null;
  if (!path.startsWith(SHARED)) {
    return /^[^/]+\/index\.ts$/.test(rest(path)) ? "index" : "app";
  }
  const inside = path.slice(SHARED.length);
  const folder = /^(domain|services|providers|http|log|env)\//.exec(inside)?.[1];
  if (folder !== undefined) return folder as Ring;
  if (inside === "errors.ts") return "errors";
  if (/^(?:ports(?:_\w+)?|database\.types)\.ts$/.test(inside)) return "ports";
  if (inside === "log.ts") return "log";
  if (inside === "env.ts") return "env";
  return "platform";
}

/** Everything a file does that it may not, one sentence each, beginning with `path:line`. */
export function checkSource(
  path: string,
  source: string,
  known: KnownPackages,
): string[] {
  const { imports, computedImports, uses } = parseSource(path, source);
  const ring = ringOf(path);
  const say = (line: number, text: string) => `${path}:${line} ${text}`;
  const violations: string[] = [];
  for (const found of imports) {
    const problem = checkImport(path, ring, found, known);
    if (problem) {
      violations.push(say(found.line, `${problem} ("${found.specifier}")`));
    }
  }
  if (ring === null) return violations;
  for (const line of computedImports) {
    violations.push(
      say(line, "imports what only running it can tell: use a literal"),
    );
  }
  for (const { text, line } of uses) {
    const problem = checkUse(path, ring, text);
    if (problem) violations.push(say(line, `${problem} (${text})`));
  }
  return violations;
}

function checkImport(
  path: string,
  ring: Ring | null,
  { specifier, kind }: FoundImport,
  known: KnownPackages,
): string | null {
  if (/^\.{1,2}\//.test(specifier)) {
    const target = normalize(join(dirname(path), specifier));
    if (target.startsWith("..")) return "leaves the repository";
    return ring === null ? null : checkRing(path, ring, target, kind === "type");
  }
  if (specifier.startsWith("node:")) {
    return ring === null || RULES[ring].builtins.includes(specifier)
      ? null
      : `${ring} may not use this built-in`;
  }
  if (/^[a-z][a-z0-9+.-]*:|^\//i.test(specifier)) {
    return "names a package or an address directly: use a name of import_map.json";
  }
  if (!isAmong(specifier, known.shipped)) {
    if (ring === null && isAmong(specifier, known.tools)) return null;
    return "is in no list of packages";
  }
  return ring === null || isAllowed(specifier, RULES[ring].packages)
    ? null
    : `${ring} may not use this package`;
}

function checkRing(
  path: string,
  ring: Ring,
  target: string,
  typeOnly: boolean,
): string | null {
  if (!target.startsWith(FUNCTIONS)) return "reaches out of supabase/functions";
  if (isTest(target)) return "imports a test";
  const other = ringOf(target);
  if (other === null) return "reaches out of supabase/functions";
  if (ring === "providers" && other === "providers") {
    return checkVendor(path, target);
  }
  if (
    (ring === "app" || ring === "index") &&
    (other === "app" || other === "index")
  ) {
    if (other === "index") return "imports an index.ts, which starts a server";
    return functionOf(path) === functionOf(target) ? null : "reaches into another function";
  }
  const { rings, types = [] } = RULES[ring];
  if (ring === other || rings.includes(other)) return null;
  if (types.includes(other)) {
    return typeOnly ? null : `${ring} may only name types of ${other}`;
  }
  return `${ring} may not import ${other}`;
}

/** A vendor's folder knows itself and what all share; the files beside the folders join them. */
function checkVendor(path: string, target: string): string | null {
  const own = vendorOf(path);
  const other = vendorOf(target);
  if (own === null || other === own || other === "resilience") return null;
  return `providers/${own} may not import providers/${other ?? "*.ts"}`;
}

function checkUse(path: string, ring: Ring, text: string): string | null {
  const [name, member] = text.split(".");
  // `globalThis` without a plain name behind it could be anything; the platform's file needs it.
  const runtime = ["Deno", "process", "require"].includes(name!) ||
    (name === "globalThis" && ring !== "platform" &&
      (member === undefined || ["Deno", "process"].includes(member)));
  if (ring === "index") {
    return runtime && text !== "Deno.serve"
      ? "index.ts reads the environment through readEnvironment alone"
      : null;
  }
  if (runtime) {
    return path === `${SHARED}env.ts` && text === "Deno.env"
      ? null
      : `${ring} may not touch the runtime`;
  }
  if (ring === "domain") {
    return "domain takes clock, randomness and the outside as parameters";
  }
  return null;
}

function isTest(path: string): boolean {
  return /_test\.ts$/.test(path) ||
    /(?:^|\/)(?:testing|test_support)\//.test(path);
}

function rest(path: string): string {
  return path.slice(FUNCTIONS.length);
}

function functionOf(path: string): string {
  return rest(path).split("/")[0]!;
}

function vendorOf(path: string): string | null {
  const parts = path.slice(`${SHARED}providers/`.length).split("/");
  return parts.length > 1 ? parts[0]! : null;
}

function isAmong(specifier: string, names: readonly string[]): boolean {
  return names.some((name) =>
    name.endsWith("/")
      ? specifier.startsWith(name)
      : specifier === name || specifier.startsWith(`${name}/`)
  );
}

function isAllowed(specifier: string, packages: readonly string[]): boolean {
  return packages.includes("*") || isAmong(specifier, packages);
}
