import { killQuietly, type ProcessRegistry } from "./process_registry.ts";
import { StackError } from "./stack_error.ts";
import { eachLine, openLog } from "./write_log.ts";

/** How a process of the stack is started and known to be ready. */
export type ProcessSpec = {
  name: string;
  command: string;
  args: string[];
  /** Its whole environment: nothing is inherited. */
  env: Record<string, string>;
  cwd?: string;
  /** Run as this user and group (needs root). */
  user?: { uid: number; gid: number };
  stopSignal?: Deno.Signal;
  /** How often in a row it may end before it was ready; default 3. */
  attempts?: number;
  /** Asked every few milliseconds after the start, until true. */
  isReady(): Promise<boolean>;
  /** Lines of its standard output that are a message to us and not a log: return true to keep them. */
  takeLine?(line: string): boolean;
};

export type Supervision = {
  stateFolder: string;
  registry: ProcessRegistry;
  /** Copy its lines to the terminal. */
  echo: boolean;
  /** One line to the person who runs the stack. */
  notice(line: string): void;
  /** Called after every start, when the process is ready. */
  onReady?(): Promise<void> | void;
};

export type SupervisedProcess = {
  name: string;
  /** 0 while it doesn't run. */
  pid(): number;
  /** Resolves when it is ready; throws StackError when it ended too often before that. */
  ready(): Promise<void>;
  restart(): void;
  stop(): Promise<void>;
};

const READY_POLL_MILLISECONDS = 40;
const STOP_LIMIT_MILLISECONDS = 5_000;
/** So many ends in a row before it was ever ready mean that another attempt won't help. */
const DEFAULT_ATTEMPTS = 3;

const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** The wait before the next attempt: none after a process that had been ready. */
export function backoffMilliseconds(failedAttempts: number): number {
  return failedAttempts === 0 ? 0 : Math.min(100 * 2 ** (failedAttempts - 1), 2_000);
}

/**
 * Keeps one process running: starts it, waits until it is ready, starts it again when it ends by
 * itself. It holds the process's standard input open for as long as this process lives.
 */
export function superviseProcess(spec: ProcessSpec, supervision: Supervision): SupervisedProcess {
  const log = openLog(supervision.stateFolder, spec.name, { echo: supervision.echo });
  const attempts = spec.attempts ?? DEFAULT_ATTEMPTS;
  const stopSignal = spec.stopSignal ?? "SIGTERM";
  let child: Deno.ChildProcess | undefined;
  let stopping = false;
  let restarting = false;
  let isReady = false;
  let failure: StackError | undefined;
  let waiters: PromiseWithResolvers<void>[] = [];
  let wake = () => {};

  function settle(error?: StackError): void {
    isReady = error === undefined;
    failure = error;
    for (const waiter of waiters) error === undefined ? waiter.resolve() : waiter.reject(error);
    waiters = [];
  }

  async function watchReadiness(started: Deno.ChildProcess): Promise<void> {
    while (child === started && !restarting) {
      if (await spec.isReady().catch(() => false)) {
        await supervision.onReady?.();
        if (child === started && !restarting) settle();
        return;
      }
      await pause(READY_POLL_MILLISECONDS);
    }
  }

  async function runOnce(): Promise<string> {
    restarting = false;
    const started = new Deno.Command(spec.command, {
      args: spec.args,
      ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
      ...spec.user,
      env: spec.env,
      clearEnv: true,
      // Its own session: Ctrl-C in the terminal reaches the stack alone, which ends all in order.
      detached: true,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    child = started;
    await supervision.registry.add(spec.name, started.pid);
    const output = Promise.all([
      eachLine(started.stdout, (line) => {
        if (spec.takeLine?.(line) !== true) log.write(line);
      }),
      eachLine(started.stderr, (line) => log.write(line)),
    ]);
    void watchReadiness(started);
    const status = await started.status;
    child = undefined;
    await supervision.registry.remove(started.pid);
    // A process that left children behind keeps its output open.
    await Promise.race([output, pause(500)]);
    return status.signal === null ? `with code ${status.code}` : `by ${status.signal}`;
  }

  async function giveUp(how: string): Promise<void> {
    const error = new StackError(
      `Cannot keep "${spec.name}" running: it ended ${how} ${attempts} times before it was ready: ` +
        `${log.reason()} (${log.path})`,
    );
    supervision.notice(error.message);
    const woken = Promise.withResolvers<void>();
    wake = woken.resolve;
    settle(error);
    await woken.promise;
  }

  async function keepRunning(): Promise<void> {
    let failedAttempts = 0;
    while (!stopping) {
      const how = await runOnce().catch((error: Error) => `(${error.message})`);
      if (stopping) return;
      const wasReady = isReady;
      isReady = false;
      if (restarting) {
        failedAttempts = 0;
        continue;
      }
      failedAttempts = wasReady ? 0 : failedAttempts + 1;
      if (wasReady) supervision.notice(`${spec.name} ended ${how}; starting it again`);
      if (failedAttempts === attempts) {
        await giveUp(how);
        failedAttempts = 0;
      } else {
        await pause(backoffMilliseconds(failedAttempts));
      }
    }
  }

  const running = keepRunning();
  return {
    name: spec.name,
    pid: () => child?.pid ?? 0,
    ready() {
      if (isReady) return Promise.resolve();
      if (failure !== undefined) return Promise.reject(failure);
      const waiter = Promise.withResolvers<void>();
      waiters.push(waiter);
      return waiter.promise;
    },
    restart() {
      restarting = true;
      isReady = false;
      failure = undefined;
      if (child !== undefined) killQuietly(child.pid, stopSignal);
      wake();
    },
    async stop() {
      stopping = true;
      wake();
      const last = child;
      if (last !== undefined) {
        killQuietly(last.pid, stopSignal);
        const limit = setTimeout(() => killQuietly(last.pid, "SIGKILL"), STOP_LIMIT_MILLISECONDS);
        await last.status;
        clearTimeout(limit);
      }
      await running;
      log.close();
    },
  };
}
