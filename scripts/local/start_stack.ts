import { join } from "node:path";
import { createKeys, PUBLISHABLE_KEY, SECRET_KEY } from "./create_keys.ts";
import { findFunctionDeno } from "./find_binary.ts";
import { findFreePort, isPortFree } from "./find_free_port.ts";
import { functionEnvironment, splitEnvironment } from "./function_environment.ts";
import { bootAll, deployCheckout } from "./management/deploy_checkout.ts";
import { type Management, startManagement } from "./management/start_management.ts";
import {
  endStaleProcesses,
  openProcessRegistry,
  type ProcessRegistry,
} from "./process_registry.ts";
import { scheduleJobs } from "./schedule_jobs.ts";
import { StackError } from "./stack_error.ts";
import type { Engine, StackFile } from "./stack_file.ts";
import { startDockerPlatform } from "./start_docker_platform.ts";
import { cacheFunctions, listFunctions, startFunction } from "./start_functions.ts";
import { startGateway } from "./start_gateway.ts";
import { type Keep, startPlatform } from "./start_platform.ts";
import { startSimulatorProcess } from "./start_simulator_process.ts";
import type { SupervisedProcess, Supervision } from "./supervise_process.ts";
import { watchFunctions } from "./watch_functions.ts";
import { writeFileAtomically } from "./write_file_atomically.ts";

export type StackOptions = {
  engine: Engine;
  /**
   * What serves: the checkout's files (default), or copies that the Supabase CLI deployed to a
   * stand-in for the platform.
   */
  functions?: "checkout" | "uploaded";
  stateFolder: string;
  /** 0 = any free port. */
  port: number;
  /** Variables for the functions that replace the stack's own, as `.env` gives them. */
  overrides: Record<string, string>;
  /** Start over with an empty database (docker only: the caller removes the state folder). */
  reset: boolean;
  /** Post the worker's jobs on a schedule. */
  cron: boolean;
  /** Restart functions when their files change. */
  watch: boolean;
  /** Copy the functions' lines to the terminal. */
  echo: boolean;
  /** What is being done, one line each. */
  report(line: string): void;
  /** Ends a start-up half-way. */
  signal: AbortSignal;
};

export type Stack = { file: StackFile; path: string; stop(): Promise<void> };

/**
 * Starts the whole local stack and waits until each part is healthy. What it started is ended
 * again when it can't finish. Throws StackError for what a person can act on.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { stateFolder, report, signal } = options;
  await Deno.mkdir(stateFolder, { recursive: true });
  const ended = await endStaleProcesses(stateFolder);
  if (ended.length > 0) report(`ended what an earlier run left behind: ${ended.join(", ")}`);
  if (options.port !== 0 && !isPortFree(options.port)) {
    throw new StackError(
      `Cannot listen on 127.0.0.1:${options.port}: the port is in use; choose another with --port`,
    );
  }
  await Deno.remove(join(stateFolder, "logs"), { recursive: true }).catch(() => {});
  const registry = await openProcessRegistry(stateFolder);
  const path = join(stateFolder, "stack.json");
  const started: { stop(): unknown }[] = [];
  const stop = async () => {
    // The last started is ended first: the database outlives its clients.
    for (const part of started.splice(0).reverse()) await part.stop();
    await registry.close();
    await Deno.remove(path).catch(() => {});
  };
  const keep: Keep = (part) => {
    started.push(part);
    signal.throwIfAborted();
    return part;
  };
  const aborted = Promise.withResolvers<never>();
  signal.addEventListener("abort", () => aborted.reject(signal.reason), { once: true });
  try {
    const starting = startParts(options, { path, registry, keep });
    starting.catch(() => {});
    return { file: await Promise.race([starting, aborted.promise]), path, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startParts(
  options: StackOptions,
  { path, registry, keep }: { path: string; registry: ProcessRegistry; keep: Keep },
): Promise<StackFile> {
  const { engine, stateFolder, report } = options;
  const port = options.port === 0 ? findFreePort() : options.port;
  const url = `http://127.0.0.1:${port}`;
  const processes: Record<string, SupervisedProcess> = {};
  const functions: { name: string; port: number; process: SupervisedProcess }[] = [];
  let writeFile = () => Promise.resolve();
  const supervision: Supervision = {
    stateFolder,
    registry,
    echo: false,
    notice: report,
    onReady: () => writeFile(),
  };

  const isUploaded = options.functions === "uploaded";
  const names = await listFunctions();
  const deno = await findFunctionDeno();
  if (deno.notice !== undefined) report(deno.notice);
  const caching = isUploaded ? Promise.resolve() : cacheFunctions({ deno: deno.path, names });
  caching.catch(() => {});
  const simulators = startSimulatorProcess({ stateFolder, supervision });
  processes["simulators"] = keep(simulators.process);
  const parts = { stateFolder, keys: await createKeys(stateFolder), supervision, keep, report };
  const platform = engine === "docker"
    ? await startDockerPlatform({ ...parts, reset: options.reset })
    : await startPlatform(engine, parts);
  Object.assign(processes, platform.processes);
  const { keys, secretKey = SECRET_KEY, publishableKey = PUBLISHABLE_KEY } = platform;

  if (!isUploaded) report(`loading functions: ${names.join(", ")}`);
  await caching;
  const { overrides } = options;
  const env = functionEnvironment({
    url,
    keys,
    secretKey,
    publishableKey,
    ownsSigningKey: platform.platformUrl === undefined,
    simulators: simulators.urls,
    overrides,
  });
  const { platformVariables, secrets } = splitEnvironment(env);
  const management: Management | undefined = isUploaded
    ? keep(
      await startManagement({
        folder: stateFolder,
        databaseUrl: platform.databaseUrl,
        projectUrl: url,
        platform: { ...platformVariables, SUPABASE_DB_URL: platform.databaseUrl },
        deno: deno.path,
        registry,
        tokens: keys,
        onChange: () => writeFile(),
      }),
    )
    : undefined;
  for (const name of isUploaded ? [] : names) {
    const one = startFunction({
      name,
      deno: deno.path,
      env,
      supervision: { ...supervision, echo: options.echo },
    });
    functions.push(one);
    keep(one.process);
  }
  processes["gateway"] = keep(startGateway({
    port,
    url,
    postgrestUrl: platform.postgrestUrl,
    ...(platform.platformUrl === undefined ? {} : { platformUrl: platform.platformUrl }),
    databaseUrl: platform.databaseUrl,
    functions: Object.fromEntries(functions.map(({ name, port }) => [name, port])),
    ...(management === undefined ? {} : { functionsUrl: management.functionsUrl }),
    secretKey,
    publishableKey,
    privateJwk: keys.privateJwk,
    publicJwk: keys.publicJwk,
    legacyJwtSecret: keys.legacyJwtSecret,
    anonJwt: keys.anonJwt,
    serviceRoleJwt: keys.serviceRoleJwt,
    storageFolder: join(stateFolder, "storage"),
    processesPath: registry.path,
  }, supervision));
  await Promise.all([...Object.values(processes), ...functions.map((one) => one.process)].map(
    (process) => process.ready(),
  ));

  if (management !== undefined) {
    report(`deploying functions: ${names.join(", ")}`);
    await deployCheckout(management, { secrets, folder: stateFolder });
    await bootAll(management);
  }
  if (options.watch) {
    keep(watchFunctions(names, (changed) => {
      report(`files changed: restarting ${changed.join(", ")}`);
      for (const { name, process } of functions) if (changed.includes(name)) process.restart();
    }));
  }
  if (options.cron && names.includes("worker")) {
    keep(scheduleJobs({ url, secretKey, notice: report }));
  }
  const describe = (): StackFile => ({
    url,
    database_url: platform.databaseUrl,
    postgrest_url: platform.postgrestUrl,
    simulators: simulators.urls,
    functions: {
      ...Object.fromEntries(
        functions.map(({ name, port, process }) => [name, { port, pid: process.pid() }]),
      ),
      ...management?.state.processes(),
    },
    processes: Object.fromEntries(
      Object.entries(processes).map(([name, process]) => [name, process.pid()]),
    ),
    engine,
    ...(management === undefined ? {} : {
      management: {
        api_url: management.apiUrl,
        profile_path: management.profilePath,
        access_token: management.accessToken,
        ref: management.ref,
      },
    }),
    secret_key: secretKey,
    publishable_key: publishableKey,
    auth_private_jwk_path: keys.authPrivateJwkPath,
    legacy_jwt_secret: keys.legacyJwtSecret,
    state_folder: stateFolder,
  });
  writeFile = () => writeFileAtomically(path, JSON.stringify(describe(), null, 2));
  await writeFile();
  return describe();
}
