import assert from "node:assert/strict";
import { parsePrometheus } from "./parse_prometheus.ts";

const HEAD = "# HELP a Help.\n# TYPE a gauge\n";

Deno.test("text in Prometheus's format is read, anything else is refused", () => {
  const [sample] = parsePrometheus(`${HEAD}a{b="c\\"\\\\\\nd",e=""} 1.5\n`);
  assert.deepEqual([...sample?.labels ?? []], [["b", 'c"\\\nd'], ["e", ""]]);
  assert.equal(sample?.value, 1.5);
  const broken = [
    `${HEAD}a 1`,
    "a 1\n",
    `${HEAD}a{b="c} 1\n`,
    `${HEAD}a{b="c"d"} 1\n`,
    `${HEAD}a{b-c="d"} 1\n`,
    `${HEAD}a null\n`,
    `${HEAD}a 1\na 2\n`,
    `${HEAD}${HEAD}a 1\n`,
    `${HEAD}a 1\n# TYPE b gauge\nb 1\na{c="d"} 2\n`,
    "# TYPE a number\na 1\n",
  ];
  for (const text of broken) assert.throws(() => parsePrometheus(text), text);
});
