import { ProviderError } from "../../errors.ts";

/** The answer, or null where the provider says that there is no such object. */
export async function findOrNull<Found>(request: Promise<Found>): Promise<Found | null> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof ProviderError && error.failure === "not_found") return null;
    throw error;
  }
}
