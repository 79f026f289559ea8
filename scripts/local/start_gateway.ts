import { join } from "node:path";
import { baseEnvironment } from "./base_environment.ts";
import type { GatewayConfig } from "./gateway/config.ts";
import { REPOSITORY } from "./repository.ts";
import { type SupervisedProcess, superviseProcess, type Supervision } from "./supervise_process.ts";

/** One address for everything, in a process of its own (gateway/main.ts says why). */
export function startGateway(config: GatewayConfig, supervision: Supervision): SupervisedProcess {
  return superviseProcess({
    name: "gateway",
    command: Deno.execPath(),
    args: [
      "run",
      "--allow-all",
      "--quiet",
      join(REPOSITORY, "scripts", "local", "gateway", "main.ts"),
    ],
    env: { ...baseEnvironment(), GATEWAY_CONFIG: JSON.stringify(config) },
    async isReady() {
      const response = await fetch(`http://127.0.0.1:${config.port}/__gateway`);
      await response.body?.cancel();
      return response.ok;
    },
  }, supervision);
}
