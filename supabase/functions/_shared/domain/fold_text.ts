/** Case, accents, punctuation and spaces folded away, so that "Arrêt !" and "arret" are one. */
export function foldText(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
