import type { LogFields, Logger } from "../../supabase/functions/_shared/ports.ts";

export type LogLine = { level: string; message: string; fields: LogFields };

/** A logger that keeps its lines for a test to read. */
export function createMemoryLogger(
  lines: LogLine[] = [],
  own: LogFields = {},
): Logger {
  const write = (level: string) => (message: string, fields: LogFields = {}) =>
    void lines.push({ level, message, fields: { ...own, ...fields } });
  return {
    debug: write("DEBUG"),
    info: write("INFO"),
    warn: write("WARN"),
    error: write("ERROR"),
    critical: write("CRITICAL"),
    with: (fields) => createMemoryLogger(lines, { ...own, ...fields }),
  };
}
