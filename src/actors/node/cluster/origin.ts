/** Where a node listens, as others name it. */

const ORIGIN = /^wss?:\/\/[^/\s?#]+$/;

/** As in `ws://10.0.0.7:7400`. */
export function isOrigin(text: string): boolean {
  return ORIGIN.test(text) && URL.canParse(text);
}
