/**
 * How a prompt speaks of the query tool: a model doesn't use one that its prompt doesn't name.
 * In French for a French agent, else in English, which models understand whatever they speak.
 */
export function describeKnowledgeTool(toolName: string, language: string): string {
  return /^fr(-|$)/i.test(language)
    ? [
      `Vous avez accès aux documents de l'organisation par l'outil « ${toolName} ».`,
      "Utilisez-le avant de répondre à toute question sur l'organisation, ses services, ses prix, ses horaires ou ses règles, et répondez d'après ce qu'il trouve.",
      "S'il ne trouve rien, dites que vous ne savez pas ; n'inventez pas de réponse.",
    ].join("\n")
    : [
      `You can search the organization's documents with the tool "${toolName}".`,
      "Use it before you answer any question about the organization, its services, prices, opening hours or rules, and answer from what it finds.",
      "If it finds nothing, say that you do not know; do not make an answer up.",
    ].join("\n");
}
