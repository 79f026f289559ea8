export type BoundedMap<Value> = {
  /** The value under the key, made when it is not there. */
  get(key: string): Value;
  size(): number;
};

/** Keeps at most `limit` values; the one that was asked for longest ago goes first. */
export function createBoundedMap<Value>(limit: number, create: () => Value): BoundedMap<Value> {
  const values = new Map<string, Value>();
  return {
    get(key) {
      const value = values.get(key) ?? create();
      values.delete(key);
      values.set(key, value);
      const oldest = values.keys().next();
      if (values.size > limit && !oldest.done) values.delete(oldest.value);
      return value;
    },
    size: () => values.size,
  };
}
