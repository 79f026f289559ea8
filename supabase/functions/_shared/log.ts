import { fitLine } from "./log/fit_line.ts";
import { createLineBudget } from "./log/line_budget.ts";
import { redact } from "./log/redact.ts";
import type { Clock, LogFields, Logger } from "./ports.ts";

export const LOG_LEVELS = ["DEBUG", "INFO", "WARN", "ERROR", "CRITICAL"] as const;
export type LogLevel = typeof LOG_LEVELS[number];
export type WriteLine = (line: string, level: LogLevel) => void;

/**
 * Structured logs: one JSON object per line, `{timestamp, level, message, function, request_id,
 * org_id, …}`, without secrets, at most 10,000 characters, inside the platform's 100 lines per 10
 * seconds. The count is this logger's and its children's, so an isolate makes one logger.
 */
export function createLogger(
  { functionName, level = "INFO", write = writeToConsole, clock = Date.now }: {
    functionName: string;
    level?: LogLevel;
    write?: WriteLine;
    clock?: Clock;
  },
): Logger {
  const budget = createLineBudget({ clock });
  const threshold = LOG_LEVELS.indexOf(level);

  function line(lineLevel: LogLevel, message: string, fields: LogFields) {
    const { request_id, org_id, ...others } = redact(fields) as LogFields;
    return fitLine({
      timestamp: new Date(clock()).toISOString(),
      level: lineLevel,
      message: redact(message),
      function: functionName,
      ...(request_id === undefined ? {} : { request_id }),
      ...(org_id === undefined ? {} : { org_id }),
      ...withoutCore(others),
    });
  }

  function log(lineLevel: LogLevel, message: string, inherited: LogFields, fields?: LogFields) {
    if (LOG_LEVELS.indexOf(lineLevel) < threshold) return;
    // The budget comes first: what is dropped under load must cost next to nothing.
    const { allowed, dropped } = budget.take({
      urgent: lineLevel === "ERROR" || lineLevel === "CRITICAL",
    });
    if (!allowed) return;
    if (dropped > 0) write(line("WARN", "Log lines dropped", { dropped }), "WARN");
    write(line(lineLevel, message, { ...inherited, ...fields }), lineLevel);
  }

  function child(inherited: LogFields): Logger {
    return {
      debug: (message, fields) => log("DEBUG", message, inherited, fields),
      info: (message, fields) => log("INFO", message, inherited, fields),
      warn: (message, fields) => log("WARN", message, inherited, fields),
      error: (message, fields) => log("ERROR", message, inherited, fields),
      critical: (message, fields) => log("CRITICAL", message, inherited, fields),
      with: (fields) => child({ ...inherited, ...fields }),
    };
  }
  return child({});
}

/** A field named like one of the line's own members is kept under `field_<name>`. */
function withoutCore(fields: LogFields): LogFields {
  const result: LogFields = {};
  for (const [name, value] of Object.entries(fields)) {
    const taken = ["timestamp", "level", "message", "function"].includes(name);
    result[taken ? `field_${name}` : name] = value;
  }
  return result;
}

/** The platform takes a line's severity from the console's method. */
function writeToConsole(line: string, level: LogLevel) {
  // deno-lint-ignore no-console
  if (level === "ERROR" || level === "CRITICAL") console.error(line);
  // deno-lint-ignore no-console
  else if (level === "WARN") console.warn(line);
  // deno-lint-ignore no-console
  else console.log(line);
}
