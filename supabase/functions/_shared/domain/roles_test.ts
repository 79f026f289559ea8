import assert from "node:assert/strict";
import type { MemberRole as PortRole } from "../ports.ts";
import { isAtLeast, MEMBER_ROLES, type MemberRole } from "./roles.ts";

Deno.test("a role may do what the roles below it may, and no more", () => {
  const allowed: Record<MemberRole, MemberRole[]> = {
    viewer: ["viewer"],
    member: ["viewer", "member"],
    admin: ["viewer", "member", "admin"],
    owner: ["viewer", "member", "admin", "owner"],
  };
  for (const role of MEMBER_ROLES) {
    const reached = MEMBER_ROLES.filter((minimum) => isAtLeast(role, minimum));
    assert.deepEqual(reached, allowed[role], role);
  }
});

Deno.test("the database's roles are the same ones", () => {
  const roles = MEMBER_ROLES satisfies readonly PortRole[];
  const back: readonly MemberRole[] = roles satisfies readonly PortRole[];
  assert.equal(back.length, 4);
});
