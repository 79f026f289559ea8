import * as z from "zod";
import type { JsonObject } from "../../ports.ts";

export const VEHICLES = ["car", "motorcycle", "truck"] as const;
export const COVERS = ["third_party", "comprehensive"] as const;
export const vehicleSchema = z.enum(VEHICLES);
export const coverSchema = z.enum(COVERS);

/** `app_config.insurance_tariffs`: a year's price by vehicle, and what each cover multiplies it by. */
const tariffs = z.object({
  currency: z.string().regex(/^[A-Z]{3}$/),
  yearly: z.record(z.string(), z.number().min(0)),
  covers: z.record(z.string(), z.number().min(0)),
});

/** A year's price; null where the tariffs don't name it. */
export function quotePolicy(
  value: JsonObject | null,
  { vehicle, cover }: { vehicle: string; cover: string },
): { yearly_price: number; currency: string } | null {
  const read = tariffs.safeParse(value);
  if (!read.success) return null;
  const { currency, yearly, covers } = read.data;
  const base = yearly[vehicle];
  const factor = covers[cover];
  return base === undefined || factor === undefined
    ? null
    : { yearly_price: Math.round(base * factor), currency };
}
