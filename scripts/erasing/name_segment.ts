/** A path's segment, or an id, as a name that stays in its folder, whatever is in it. */
export function nameSegment(segment: string): string {
  return encodeURIComponent(segment).replace(/^\.+$/, (dots) => "%2E".repeat(dots.length)) || "_";
}
