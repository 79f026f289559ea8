/**
 * The gateway's process. It is one of its own so that neither the supervisor's work (logs, tests)
 * nor PGlite's blocking queries slow requests down, and so that it outlives a killed supervisor
 * for long enough to end the rest of the stack.
 */
import { endWithParent } from "../end_with_parent.ts";
import { openDatabase } from "../open_database.ts";
import { endListedProcesses } from "../process_registry.ts";
import type { GatewayConfig } from "./config.ts";
import { createGateway } from "./handle_request.ts";

const config = JSON.parse(Deno.env.get("GATEWAY_CONFIG") ?? "{}") as GatewayConfig;
const handle = createGateway(config, openDatabase(config.databaseUrl));

Deno.serve(
  { hostname: "127.0.0.1", port: config.port, onListen: () => {} },
  (request, info) => handle(request, info.remoteAddr.hostname),
);

await endWithParent(async () => {
  await endListedProcesses(config.processesPath);
  Deno.exit(0);
});
