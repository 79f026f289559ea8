import { type VariableName, VARIABLES } from "../../supabase/functions/_shared/env.ts";
import { LOCAL_SECRETS } from "../local/function_environment.ts";
import { PROOF_SECRETS } from "../release/preflight/check_secrets.ts";
import { PROJECT_VARIABLE } from "../release/read_target.ts";
import { advise, fail, type Finding, pass } from "./finding.ts";
import { findCure } from "./find_cure.ts";

type Environment = "staging" | "production";

/** Characters of each value: what is shorter can be guessed, or is a slip of the hand. */
const SHORTEST: { [name: string]: number } = { VAPI_WEBHOOK_SECRET: 16, WA_VERIFY_TOKEN: 16 };
const META_APP_SECRET = /^[0-9a-f]{32}$/;
/** Sends what is for others to this machine. */
const LOOPBACK = /^https?:\/\/(?:127\.|localhost\b|\[::1\]|0\.0\.0\.0)/;

const isPlatformName = (name: string) => name.startsWith("SUPABASE_") && name !== PROJECT_VARIABLE;

/**
 * A file of the functions' variables, as `supabase secrets set` is given it: what is missing, malformed,
 * weak, unknown, or has no place where customers are. Says names and reasons, never a value.
 */
export function checkEnvironment(
  file: Readonly<Record<string, string>>,
  environment: Environment,
): Finding[] {
  const names = Object.keys(VARIABLES) as VariableName[];
  const findings = names.flatMap((name) =>
    checkVariable(name, file[name]?.trim() ?? "", environment)
  );
  const unknown = Object.keys(file).filter((name) =>
    !(name in VARIABLES) && name !== PROJECT_VARIABLE && !isPlatformName(name)
  );
  findings.push(
    ...unknown.map((name) =>
      fail(name, "is read by no function", `a slip of the hand? .env.example has the names`)
    ),
  );
  const platform = Object.keys(file).filter((name) => isPlatformName(name));
  findings.push(
    ...platform.map((name) =>
      advise(name, "is set by the platform, which refuses to be told it", "take it out of the file")
    ),
  );
  if (findings.some(({ state }) => state === "failed")) return findings;
  const set = names.filter((name) => (file[name] ?? "") !== "").length;
  return [
    ...findings,
    pass("environment", `${set} variables are set, none is missing or malformed`),
  ];
}

function checkVariable(name: VariableName, value: string, environment: Environment): Finding[] {
  if (isPlatformName(name)) return [];
  const needed = VARIABLES[name].presence === "required" ||
    PROOF_SECRETS.some((secret) => secret === name);
  if (value === "") {
    return needed ? [fail(name, `is missing (${VARIABLES[name].purpose})`, findCure(name))] : [];
  }
  const parsed = VARIABLES[name].schema.safeParse(value);
  if (!parsed.success) {
    const reasons = parsed.error.issues.map(({ message }) => message).join(", ");
    return [fail(name, reasons, findCure(name))];
  }
  const weakness = findWeakness(name, value);
  if (weakness !== null) return [fail(name, weakness, findCure(name))];
  return environment === "production" ? checkProduction(name, value) : [];
}

function findWeakness(name: string, value: string): string | null {
  const parts = value.split(",").map((part) => part.trim()).filter((part) => part !== "");
  const shortest = SHORTEST[name];
  if (shortest !== undefined && parts.some((part) => part.length < shortest)) {
    return `has a value of fewer than ${shortest} characters`;
  }
  if (name === "WHATSAPP_APP_SECRET" && !parts.every(isMetaSecret)) {
    return "is no secret of a Meta app: 32 hexadecimal digits";
  }
  return null;
}

/** The local stack's own is told of where it matters: in production. */
const isMetaSecret = (part: string) =>
  META_APP_SECRET.test(part) || part === LOCAL_SECRETS.WHATSAPP_APP_SECRET;

function checkProduction(name: VariableName, value: string): Finding[] {
  if (name.endsWith("_TEST_ORIGINS")) {
    return [fail(name, "lets private addresses be fetched", "never in production: take it out")];
  }
  const demo: { [name: string]: string } = LOCAL_SECRETS;
  if (
    demo[name] !== undefined && value.split(",").map((part) => part.trim()).includes(demo[name])
  ) {
    return [fail(name, "has the local stack's value, which everybody knows", findCure(name))];
  }
  if (LOOPBACK.test(value)) {
    return [
      fail(name, "is an address of this machine", "take it out: the default is the real one"),
    ];
  }
  if (name.endsWith("_URL") && value.startsWith("http://")) {
    return [fail(name, "is not https", "give its https address")];
  }
  if (name === "DASHBOARD_ORIGINS" && value === "*") {
    return [advise(name, "lets pages of anybody call", "name your dashboard's origins")];
  }
  return [];
}
