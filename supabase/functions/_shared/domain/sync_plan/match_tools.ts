/** One of a model's `tools`, as Vapi shows it. */
export type ShownTool = { [name: string]: unknown };

/** What a model calls a function by; null for a tool of another kind. */
export function nameFunction(tool: unknown): string | null {
  if (!isObject(tool) || tool.type !== "function" || !isObject(tool.function)) return null;
  return typeof tool.function.name === "string" ? tool.function.name : null;
}

export function listFunctions(tools: unknown): { name: string; tool: ShownTool }[] {
  return readTools(tools).flatMap((tool) => {
    const name = nameFunction(tool);
    return name === null ? [] : [{ name, tool }];
  });
}

/**
 * What people attached there themselves. Ours are functions that ask our webhook, and those that have
 * a name which is wanted: a model can't tell two functions of one name apart.
 */
export function listOthers(
  tools: unknown,
  { wanted, webhookUrl }: { wanted: unknown; webhookUrl: string | null },
): ShownTool[] {
  const names = new Set(listFunctions(wanted).map(({ name }) => name));
  return readTools(tools).filter((tool) => {
    const name = nameFunction(tool);
    return name === null || !names.has(name) && !asksUs(tool, webhookUrl);
  });
}

function asksUs({ server }: ShownTool, webhookUrl: string | null): boolean {
  return webhookUrl !== null && isObject(server) && server.url === webhookUrl;
}

/** The url of an assistant's own webhook. */
export function readWebhookUrl({ server }: { [field: string]: unknown }): string | null {
  return isObject(server) && typeof server.url === "string" ? server.url : null;
}

function readTools(tools: unknown): ShownTool[] {
  return Array.isArray(tools) ? tools.filter(isObject) : [];
}

function isObject(value: unknown): value is ShownTool {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
