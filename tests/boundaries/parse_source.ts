import ts from "typescript";

export type ImportKind = "static" | "dynamic" | "type";
export type FoundImport = { specifier: string; kind: ImportKind; line: number };
export type FoundUse = { text: string; line: number };
export type ParsedSource = {
  imports: FoundImport[];
  /** Imports whose target can't be known without running them. */
  computedImports: number[];
  /** Uses of the runtime, the clock, randomness and the network, e.g. `Deno.env`, `Date.now`. */
  uses: FoundUse[];
};

const WATCHED_GLOBALS = [
  "Deno",
  "process",
  "globalThis",
  "fetch",
  "crypto",
  "performance",
  "console",
  "setTimeout",
  "setInterval",
  "queueMicrotask",
  "XMLHttpRequest",
  "WebSocket",
  "require",
];

/** Reads what a module reaches from its syntax tree, so that texts and comments don't count. */
export function parseSource(path: string, source: string): ParsedSource {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const result: ParsedSource = { imports: [], computedImports: [], uses: [] };
  const lineOf = (node: ts.Node) =>
    file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;

  function add(specifier: ts.Node | undefined, kind: ImportKind) {
    if (specifier === undefined) return;
    if (ts.isStringLiteralLike(specifier)) {
      result.imports.push({
        specifier: specifier.text,
        kind,
        line: lineOf(specifier),
      });
    } else result.computedImports.push(lineOf(specifier));
  }

  function visit(node: ts.Node): void {
    if (ts.isImportDeclaration(node)) {
      add(
        node.moduleSpecifier,
        isTypeOnly(node.importClause) ? "type" : "static",
      );
    } else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly ? "type" : "static");
    } else if (ts.isImportEqualsDeclaration(node)) {
      if (ts.isExternalModuleReference(node.moduleReference)) {
        add(
          node.moduleReference.expression,
          node.isTypeOnly ? "type" : "static",
        );
      }
    } else if (ts.isImportTypeNode(node)) {
      add(
        ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument,
        "type",
      );
    } else if (
      ts.isCallExpression(node) &&
      node.expression.kind === ts.SyntaxKind.ImportKeyword
    ) {
      add(node.arguments[0] ?? node, "dynamic");
    } else if (isMetaResolve(node)) {
      add(node.arguments[0] ?? node, "dynamic");
    } else if (ts.isIdentifier(node) && isWatchedUse(node)) {
      result.uses.push({ text: textOfUse(node), line: lineOf(node) });
    } else if (isClockRead(node)) {
      result.uses.push({ text: "new Date()", line: lineOf(node) });
    }
    ts.forEachChild(node, visit);
  }
  visit(file);
  return result;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const bindings = clause.namedBindings;
  return clause.name === undefined && bindings !== undefined &&
    ts.isNamedImports(bindings) &&
    bindings.elements.length > 0 &&
    bindings.elements.every((element) => element.isTypeOnly);
}

function isMetaResolve(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    ts.isMetaProperty(node.expression.expression) &&
    node.expression.name.text === "resolve";
}

function isClockRead(node: ts.Node): boolean {
  return ts.isNewExpression(node) && ts.isIdentifier(node.expression) &&
    node.expression.text === "Date" && (node.arguments ?? []).length === 0;
}

/** A name that refers to the global, not a member, a parameter or a property of that name. */
function isWatchedUse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
    return false;
  }
  if (node.text === "Date" || node.text === "Math") {
    return ts.isPropertyAccessExpression(parent) &&
      ["Date.now", "Math.random"].includes(`${node.text}.${parent.name.text}`);
  }
  if (!WATCHED_GLOBALS.includes(node.text)) return false;
  if (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)) {
    return parent.name !== node;
  }
  if (ts.isMethodDeclaration(parent) || ts.isMethodSignature(parent)) {
    return false;
  }
  if (ts.isBindingElement(parent) || ts.isParameter(parent)) {
    return parent.initializer === node;
  }
  if (ts.isVariableDeclaration(parent)) return parent.initializer === node;
  return !isShadowed(node);
}

/** A parameter or a local of the same name hides the global: `fetch` is one in every provider. */
function isShadowed(node: ts.Identifier): boolean {
  for (
    let scope: ts.Node | undefined = node.parent;
    scope;
    scope = scope.parent
  ) {
    if (ts.isFunctionLike(scope)) {
      if (
        scope.parameters.some((parameter) => declares(parameter.name, node.text))
      ) return true;
    }
    if (ts.isBlock(scope) || ts.isSourceFile(scope)) {
      const hidden = scope.statements.some((statement) =>
        ts.isVariableStatement(statement) &&
        statement.declarationList.declarations.some(({ name }) => declares(name, node.text))
      );
      if (hidden) return true;
    }
  }
  return false;
}

function declares(name: ts.BindingName, text: string): boolean {
  if (ts.isIdentifier(name)) return name.text === text;
  return name.elements.some((element) =>
    ts.isBindingElement(element) && declares(element.name, text)
  );
}

function textOfUse(node: ts.Identifier): string {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node) {
    return `${node.text}.${parent.name.text}`;
  }
  if (ts.isQualifiedName(parent) && parent.left === node) {
    return `${node.text}.${parent.right.text}`;
  }
  return node.text;
}
