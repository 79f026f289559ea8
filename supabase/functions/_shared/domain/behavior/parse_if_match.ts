import { AppError } from "../../errors.ts";
import type { AgentRole } from "../../ports.ts";

/** One revision for the only agent that changes, or one for each; null for any. */
export type ExpectedRevisions = { [role in AgentRole]?: number } | null;

const NUMBER = /^(?:W\/)?"?([1-9]\d{0,8})"?$/;
const NAMED = /^(inbound|outbound)\s*=\s*(?:W\/)?"?([1-9]\d{0,8})"?$/;

/**
 * What the header `if-match` expects of the agents that change: `"3"` of a single one, or
 * `inbound="3", outbound="4"`. Null where there is no header, or `*`.
 * @throws AppError `invalid_input` where it is malformed or leaves one of the roles out
 */
export function parseIfMatch(
  header: string | null | undefined,
  roles: readonly AgentRole[],
): ExpectedRevisions {
  if (header === null || header === undefined) return null;
  const value = header.trim();
  if (value === "*") return null;
  if (value === "") throw refuse('must not be empty: a revision, such as "3", or no header at all');

  const [, revision] = NUMBER.exec(value) ?? [];
  if (revision !== undefined) {
    const [role, ...others] = roles;
    if (role === undefined || others.length > 0) {
      throw refuse(`must name each agent that changes, as in ${example(roles)}`);
    }
    return { [role]: Number(revision) };
  }

  const expected: { [role in AgentRole]?: number } = {};
  for (const part of value.split(",")) {
    const [, role, revision] = NAMED.exec(part.trim()) ?? [];
    if (role !== "inbound" && role !== "outbound" || revision === undefined) {
      throw refuse(`must be a revision, such as "3", or ${example(["inbound", "outbound"])}`);
    }
    if (expected[role] !== undefined) throw refuse(`names the ${role} agent twice`);
    expected[role] = Number(revision);
  }
  const missing = roles.find((role) => expected[role] === undefined);
  if (missing !== undefined) throw refuse(`must name the ${missing} agent, which changes as well`);
  return expected;
}

function example(roles: readonly AgentRole[]): string {
  return roles.map((role, index) => `${role}="${index + 3}"`).join(", ");
}

function refuse(detail: string): AppError {
  return new AppError("invalid_input", `Cannot compare revisions: if-match ${detail}`, {
    errors: [{ field: "if-match", detail }],
  });
}
