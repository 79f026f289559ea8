import { findDestructive } from "./find_destructive.ts";
import { runSquawk } from "./run_squawk.ts";
import { splitStatements, type Statement } from "./split_statements.ts";

export type Finding = {
  /** As it was given. */
  file: string;
  /** From 1. */
  line: number;
  /** What is lost or refused to the live release, what holds others up, or how it is written. */
  kind: "destructive" | "locks" | "form";
  /** Squawk's name with dashes, or ours with underscores. */
  rule: string;
  /** The statement's beginning, on one line. */
  statement: string;
  message: string;
};

/** Squawk's rules that are told by ours too, and ours. */
const SAME: Record<string, string> = {
  "ban-drop-column": "drop_column",
  "ban-drop-database": "drop_database",
  "ban-drop-table": "drop_table",
  "ban-truncate-cascade": "truncate",
  "changing-column-type": "alter_type",
  "renaming-column": "rename",
  "renaming-table": "rename",
};
const REFUSES = ["adding-required-field", "adding-not-nullable-field", "ban-drop-not-null"];
/** Not what squawk can't read, or is told to pass over: that may do anything. */
const FORM = /^(?:prefer|identifier|ban-char|require-(?:enum|table))/;

function kindOf(rule: string): Finding["kind"] {
  if (rule in SAME || REFUSES.includes(rule)) return "destructive";
  return FORM.test(rule) ? "form" : "locks";
}

const ACCEPTED = /^accepted ([\w-]+): *\S/;

/** A finding is accepted by a comment at its statement: `-- accepted drop_index: nothing uses it`. */
function isAccepted({ rule }: { rule: string }, { comments }: Statement): boolean {
  return comments.some((comment) => ACCEPTED.exec(comment)?.[1] === rule);
}

const begin = ({ text }: Statement) => text.length > 80 ? `${text.slice(0, 79)}…` : text;

/**
 * What migrations would destroy or hold up: dropped, emptied or rewritten things, also inside `do`
 * blocks, and locks, of which squawk tells. In the order of the files and lines; empty when there
 * is nothing to say. Throws StackError when squawk can't run or read a file.
 * @param files paths of `.sql` files
 */
export async function checkMigrations(files: string[]): Promise<Finding[]> {
  const reports = await runSquawk(files);
  const findings: Finding[] = [];
  for (const file of files) {
    const source = await Deno.readTextFile(file);
    const statements = splitStatements(source);
    const told: { finding: Finding; at: Statement | undefined }[] = reports
      .filter((report) => report.file === file)
      .map(({ line, rule, message }) => {
        const at = statements.findLast((one) => one.line <= line);
        const statement = at === undefined ? "" : begin(at);
        return { finding: { file, line, kind: kindOf(rule), rule, statement, message }, at };
      });
    for (
      const { rule: { name: rule, kind, message }, statement, within } of findDestructive(source)
    ) {
      const isTold = told.some(({ finding, at }) =>
        at?.line === within.line && SAME[finding.rule] === rule
      );
      const finding = {
        file,
        line: statement.line,
        kind,
        rule,
        statement: begin(statement),
        message,
      };
      if (!isTold) told.push({ finding, at: within });
    }
    for (const at of statements) {
      if (!at.comments.some((comment) => comment.startsWith("squawk-ignore"))) continue;
      const message = "say why instead: -- accepted <rule>: <reason>";
      const rule = "ignored_without_reason";
      told.push({
        finding: { file, line: at.line, kind: "locks", rule, statement: begin(at), message },
        at,
      });
    }
    findings.push(
      ...told
        .filter(({ finding, at }) => at === undefined || !isAccepted(finding, at))
        .map(({ finding }) => finding)
        .sort((a, b) => a.line - b.line),
    );
  }
  return findings;
}
