import { join } from "node:path";
import { baseEnvironment } from "./base_environment.ts";
import { findFreePort } from "./find_free_port.ts";
import { REPOSITORY } from "./repository.ts";
import { type SupervisedProcess, superviseProcess, type Supervision } from "./supervise_process.ts";

export type SimulatorUrls = {
  vapi: string;
  twilio: string;
  graph: string;
  gemini: string;
  legacy: string;
};

/** The provider simulators, in a process of their own, so that their latency is theirs alone. */
export function startSimulatorProcess(
  { stateFolder, supervision }: { stateFolder: string; supervision: Supervision },
): { process: SupervisedProcess; urls: SimulatorUrls } {
  const ports = {
    vapi: findFreePort(),
    twilio: findFreePort(),
    graph: findFreePort(),
    gemini: findFreePort(),
    legacy: findFreePort(),
  };
  const process = superviseProcess({
    name: "simulators",
    command: Deno.execPath(),
    args: [
      ["run", "--allow-all", "--quiet"],
      [join(REPOSITORY, "scripts", "local", "simulators", "main.ts")],
      Object.entries(ports).map(([name, port]) => `--${name}-port=${port}`),
      [`--state=${join(stateFolder, "simulators.json")}`],
    ].flat(),
    env: baseEnvironment(),
    async isReady() {
      const answers = await Promise.all(
        Object.values(ports).map(async (port) => {
          const response = await fetch(`http://127.0.0.1:${port}/__simulator/health`);
          await response.body?.cancel();
          return response.ok;
        }),
      );
      return answers.every(Boolean);
    },
  }, supervision);
  const urlOf = (port: number) => `http://127.0.0.1:${port}`;
  return {
    process,
    urls: {
      vapi: urlOf(ports.vapi),
      twilio: urlOf(ports.twilio),
      graph: urlOf(ports.graph),
      gemini: urlOf(ports.gemini),
      legacy: urlOf(ports.legacy),
    },
  };
}
