import type { JsonObject } from "../../ports.ts";
import { foldText } from "../fold_text.ts";
import { readAmounts } from "./read_amount.ts";

export type Quantity = JsonObject & { amount: number; unit: string };

/** Units by their folded words. */
export type Units = readonly { value: string; words: string }[];

/** A number with its unit, on either side of it: "200 kg", "magunia 20", "imifuka icumi" isn't. */
export function readQuantity(text: string, units: Units): Quantity | undefined {
  const unitOf = (word: string | undefined) =>
    word === undefined
      ? undefined
      : units.find(({ words }) => words.split(",").includes(word))?.value;
  for (const { amount, at, length, isMoney, currency } of readAmounts(text)) {
    if (currency !== null) continue;
    const after = foldText(text.slice(at + length)).split(" ")[0];
    const before = foldText(text.slice(0, at)).split(" ").at(-1);
    const unit = unitOf(after) ?? unitOf(before);
    if (unit !== undefined && !(isMoney && unitOf(after) === undefined)) return { amount, unit };
  }
  return undefined;
}
