import assert from "node:assert/strict";
import { findFreePort, isPortFree } from "./find_free_port.ts";

Deno.test("gives out a port once", () => {
  const ports = Array.from({ length: 20 }, findFreePort);
  assert.equal(new Set(ports).size, ports.length);
});

Deno.test("a port that somebody listens on is not free", () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  assert.equal(isPortFree(port), false);
  listener.close();
  assert.equal(isPortFree(port), true);
});
