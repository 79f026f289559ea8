/**
 * A change of a part: members of `patch` replace those of `value`, objects member by member, `null`
 * takes away. https://www.rfc-editor.org/rfc/rfc7396
 */
export function mergePatch(value: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(value) ? { ...value } : {};
  for (const [name, change] of Object.entries(patch)) {
    if (change === null) delete merged[name];
    // Defined, not assigned: a member may have any name.
    else {Object.defineProperty(merged, name, {
        value: mergePatch(merged[name], change),
        configurable: true,
        enumerable: true,
        writable: true,
      });}
  }
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
