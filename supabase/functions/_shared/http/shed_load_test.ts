import assert from "node:assert/strict";
import * as fc from "fast-check";
import { AppError } from "../errors.ts";
import { createLoadShedder } from "./shed_load.ts";

function refuses(action: () => unknown): boolean {
  try {
    action();
    return false;
  } catch (error) {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, "unavailable");
    assert.ok((error.retryAfterSeconds ?? 0) > 0);
    return true;
  }
}

Deno.test("each kind is refused from its own limit on, over one count", () => {
  const shedder = createLoadShedder({ limits: { whatsapp: 2, vapi: 3 } });
  const leave = [shedder.enter("whatsapp"), shedder.enter("vapi")];
  assert.ok(refuses(() => shedder.enter("whatsapp")));
  leave.push(shedder.enter("vapi"));
  assert.ok(refuses(() => shedder.enter("vapi")));
  leave[0]!();
  leave[0]!();
  assert.equal(shedder.inFlight(), 2, "leaving twice is leaving once");
  assert.ok(refuses(() => shedder.enter("whatsapp")));
  leave[1]!();
  shedder.enter("whatsapp");
});

Deno.test("bodies are counted as well, but a single one is always taken", () => {
  const shedder = createLoadShedder({ limits: { whatsapp: 50, vapi: 100 }, maxBytes: 1000 });
  const leave = shedder.enter("whatsapp", 2000);
  assert.ok(refuses(() => shedder.enter("whatsapp", 1)));
  leave();
  shedder.enter("whatsapp", 400);
  assert.ok(refuses(() => shedder.enter("whatsapp", 200)));
  shedder.enter("vapi", 500);
  assert.ok(refuses(() => shedder.enter("vapi", 200)));
});

Deno.test("whoever comes and goes: the count is who is inside, and never above a limit", () => {
  fc.assert(fc.property(
    fc.array(fc.oneof(fc.constantFrom("whatsapp", "vapi"), fc.nat(20)), { maxLength: 200 }),
    (steps) => {
      const limits = { whatsapp: 5, vapi: 8 };
      const shedder = createLoadShedder({ limits });
      const inside: (() => void)[] = [];
      for (const step of steps) {
        if (typeof step === "number") inside.splice(step % Math.max(inside.length, 1), 1)[0]?.();
        else {
          const kind = step as keyof typeof limits;
          const full = inside.length >= limits[kind];
          const refused = refuses(() => inside.push(shedder.enter(kind)));
          assert.equal(refused, full);
        }
        assert.equal(shedder.inFlight(), inside.length);
      }
    },
  ));
});
