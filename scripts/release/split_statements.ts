export type Statement = {
  /** Its first and last line in the file, from 1; comments directly above it are before `line`. */
  line: number;
  endLine: number;
  /** Lower case, on one line, without comments; string literals are `''`, dollar quotes `$$`. */
  text: string;
  /** Of the comments above and inside it, without their dashes. */
  comments: string[];
  /** What stands in its dollar quotes and string literals, with the line where each begins. */
  quoted: { line: number; source: string }[];
};

const TOKEN = new RegExp(
  [
    /--(?<comment>[^\n]*)/,
    /\/\*(?<block>[\s\S]*?)\*\//,
    /(?<tag>\$(?:[A-Za-z_]\w*)?\$)(?<dollar>[\s\S]*?)\k<tag>/,
    /[eE]'(?<escaped>(?:[^'\\]|\\[\s\S]|'')*)'/,
    /'(?<literal>(?:[^']|'')*)'/,
    /(?<identifier>"(?:[^"]|"")*")/,
    /(?<space>\s+)/,
    /(?<end>;)/,
    /(?<word>[\w]+|[\s\S])/,
  ].map(({ source }) => source).join("|"),
  "gy",
);

function countLines(text: string): number {
  return text.split("\n").length - 1;
}

/** What of a block's control flow stands before a statement. */
const CONTROL =
  /^(?:declare|begin|exception|else|loop|<<\w+>>|(?:if|elsif|when) .* then|(?:for|foreach|while) .* loop)$/;

/**
 * The statements of a script, as the server takes them apart: nothing inside a function's body, a
 * literal or a comment is a statement of its own.
 * @param firstLine where the script begins, when it is a part of a file
 * @param isBlock it is PL/pgSQL's: the control flow around its statements is left out
 */
export function splitStatements(
  source: string,
  { firstLine = 1, isBlock = false }: { firstLine?: number; isBlock?: boolean } = {},
): Statement[] {
  const statements: Statement[] = [];
  let line = firstLine;
  const begin = (): Statement => ({ line: 0, endLine: 0, text: "", comments: [], quoted: [] });
  let current = begin();
  const finish = () => {
    current.text = current.text.trim();
    if (current.text !== "") statements.push(current);
    current = begin();
  };
  for (const { 0: whole, groups = {} } of source.matchAll(TOKEN)) {
    const { comment = groups["block"], identifier, space, end, word } = groups;
    const quoted = groups["dollar"] ?? groups["escaped"] ?? groups["literal"];
    if (comment !== undefined) {
      current.comments.push(comment.trim());
      current.text += " ";
    } else if (space !== undefined) {
      current.text = current.text === "" ? "" : `${current.text.trimEnd()} `;
    } else if (end !== undefined) {
      finish();
    } else {
      if (current.line === 0) current.line = line;
      current.endLine = line + countLines(whole);
      if (quoted !== undefined) current.quoted.push({ line, source: quoted });
      current.text += quoted === undefined
        ? (identifier ?? word ?? whole).toLowerCase()
        : groups["dollar"] === undefined
        ? "''"
        : "$$";
      if (isBlock && word !== undefined && CONTROL.test(current.text)) current = begin();
    }
    line += countLines(whole);
  }
  finish();
  return statements;
}

/**
 * What a `do` block runs: its statements, and the texts that it hands to `execute`. The line of
 * each is the file's.
 */
export function splitBlock({ quoted }: Statement): Statement[] {
  return quoted.flatMap(({ source, line }) =>
    splitStatements(source, { firstLine: line, isBlock: true }).flatMap((inner) => [
      inner,
      ...(inner.text.startsWith("execute ")
        ? inner.quoted.flatMap((one) => splitStatements(one.source, { firstLine: one.line }))
        : []),
    ])
  );
}
