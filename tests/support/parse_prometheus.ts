export type PrometheusSample = { name: string; labels: Map<string, string>; value: number };

const SAMPLE =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{([^\n]*)\})? ([+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf)|NaN)$/i;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;

/**
 * Reads Prometheus's text format 0.0.4 by its rules and throws where it breaks one: every family has
 * its HELP and TYPE once and before its samples, which stand together, no series comes twice, names and
 * label values are well formed, the last line ends.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details
 */
export function parsePrometheus(text: string): PrometheusSample[] {
  if (!text.endsWith("\n")) throw new Error("the last line doesn't end");
  const samples: PrometheusSample[] = [];
  const seen = new Set<string>();
  const families = new Map<string, { help: boolean; type: boolean }>();
  let current: string | null = null;
  for (const line of text.slice(0, -1).split("\n")) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line);
    if (comment !== null) {
      const [, kind, name = "", rest = ""] = comment;
      if (name !== current && families.has(name)) throw new Error(`"${name}" stands in two places`);
      const family = families.get(name) ?? { help: false, type: false };
      const field = kind === "HELP" ? "help" : "type";
      if (family[field]) throw new Error(`"${name}" has two ${kind} lines`);
      if (kind === "TYPE" && !/^(counter|gauge|histogram|summary|untyped)$/.test(rest)) {
        throw new Error(`"${rest}" is no type`);
      }
      if (kind === "HELP" && /\\(?![\\n])/.test(rest)) throw new Error(`"${rest}" isn't escaped`);
      family[field] = true;
      families.set(name, family);
      current = name;
      continue;
    }
    const sample = SAMPLE.exec(line);
    if (sample === null) throw new Error(`"${line}" is no sample`);
    const [, name = "", written = "", value = ""] = sample;
    const family = families.get(name);
    if (name !== current || family?.type !== true) {
      throw new Error(`"${name}" has no TYPE before it`);
    }
    const labels = readLabels(written);
    const series = JSON.stringify([name, [...labels].sort()]);
    if (seen.has(series)) throw new Error(`${series} comes twice`);
    seen.add(series);
    samples.push({ name, labels, value: Number(value) });
  }
  return samples;
}

function readLabels(written: string): Map<string, string> {
  const labels = new Map<string, string>();
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < written.length) {
    const label = LABEL.exec(written);
    if (label === null) throw new Error(`"${written}" are no labels`);
    const [, name = "", value = ""] = label;
    if (labels.has(name)) throw new Error(`label "${name}" comes twice`);
    labels.set(name, value.replace(/\\(.)/g, (_, escaped) => escaped === "n" ? "\n" : escaped));
  }
  return labels;
}
