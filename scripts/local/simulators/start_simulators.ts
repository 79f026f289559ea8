import { createSimulator } from "./create_simulator.ts";
import { DEMO_ACCOUNTS } from "./demo_accounts.ts";
import { createGemini } from "./gemini/create_gemini.ts";
import { createGraph } from "./graph/create_graph.ts";
import { createLegacy } from "./legacy/create_legacy.ts";
import { createStateFile } from "./state_file.ts";
import { serveHttp } from "./serve_http.ts";
import { createTwilio } from "./twilio/create_twilio.ts";
import { createVapi } from "./vapi/create_vapi.ts";

export type SimulatorOptions = {
  /** 0 or absent = any free port. */
  ports?: { vapi?: number; twilio?: number; graph?: number; gemini?: number; legacy?: number };
  /** Where accounts and their objects are kept over a restart; absent = only in memory. */
  stateFile?: string;
};

export type Simulators = {
  urls: { vapi: string; twilio: string; graph: string; gemini: string; legacy: string };
  stop: () => Promise<void>;
};

/**
 * Starts the provider simulators on 127.0.0.1, the demo accounts registered. Rejects when a
 * port is taken or the state file can't be read; nothing is left running then.
 */
export async function startSimulators(options: SimulatorOptions = {}): Promise<Simulators> {
  const twilio = createTwilio();
  const providers = {
    vapi: createVapi(twilio.checkTwilio),
    twilio,
    graph: createGraph(),
    gemini: createGemini(),
    legacy: createLegacy(),
  };
  const state = options.stateFile === undefined
    ? null
    : createStateFile(options.stateFile, providers);
  await state?.load();
  for (const body of DEMO_ACCOUNTS.vapi) providers.vapi.register(body);
  for (const body of DEMO_ACCOUNTS.twilio) providers.twilio.register(body);
  for (const body of DEMO_ACCOUNTS.graph) providers.graph.register(body);
  for (const body of DEMO_ACCOUNTS.gemini) providers.gemini.register(body);
  for (const body of DEMO_ACCOUNTS.legacy) providers.legacy.register(body);

  const servers = await Promise.allSettled(
    (["vapi", "twilio", "graph", "gemini", "legacy"] as const).map((name) => {
      const simulator = createSimulator(providers[name], state?.changed);
      const port = options.ports?.[name] ?? 0;
      return serveHttp(port, simulator.handle).catch((cause: NodeJS.ErrnoException) => {
        const reason = cause.code === "EADDRINUSE" ? "the port is in use" : cause.message;
        throw new Error(`Cannot start simulator "${name}" on port ${port}: ${reason}`, { cause });
      });
    }),
  );
  const running = servers.flatMap((server) => server.status === "fulfilled" ? [server.value] : []);
  const failed = servers.find((server) => server.status === "rejected");
  const stop = async () => {
    await Promise.all(running.map((server) => server.stop()));
    await state?.save();
  };
  const [vapi, twilioServer, graph, gemini, legacy] = running;
  if (failed !== undefined || !vapi || !twilioServer || !graph || !gemini || !legacy) {
    await Promise.all(running.map((server) => server.stop()));
    throw failed?.status === "rejected" ? failed.reason : new Error("a simulator did not start");
  }
  const urls = {
    vapi: vapi.url,
    twilio: twilioServer.url,
    graph: graph.url,
    gemini: gemini.url,
    legacy: legacy.url,
  };
  return { urls, stop };
}
