import { ReleaseError } from "./release_error.ts";

/** After it was asked to end. */
const GRACE_MILLISECONDS = 5_000;

/**
 * What a command prints. One that comes to no end is ended: what it was about may have been done.
 *
 * @param action beginning of the message, such as `Cannot take a backup`
 * @throws ReleaseError `unreachable` after the limit, `failed` when the signal is given
 */
export async function runLimited(
  command: Deno.Command,
  { action, limitMilliseconds, signal }: {
    action: string;
    limitMilliseconds: number;
    signal?: AbortSignal | undefined;
  },
): Promise<Deno.CommandOutput> {
  const child = command.spawn();
  let isLate = false;
  let killing: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    send(child, "SIGTERM");
    killing ??= setTimeout(() => send(child, "SIGKILL"), GRACE_MILLISECONDS);
  };
  const limiting = setTimeout(() => {
    isLate = true;
    end();
  }, limitMilliseconds);
  signal?.addEventListener("abort", end);
  if (signal?.aborted) end();
  try {
    const output = await child.output();
    if (isLate) {
      const seconds = Math.round(limitMilliseconds / 1_000);
      throw new ReleaseError("unreachable", `${action}: it came to no end within ${seconds} s`);
    }
    if (signal?.aborted) throw new ReleaseError("failed", `${action}: interrupted`);
    return output;
  } finally {
    clearTimeout(limiting);
    clearTimeout(killing);
    signal?.removeEventListener("abort", end);
  }
}

function send(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch {
    // It ended meanwhile.
  }
}
