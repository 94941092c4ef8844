/** Names of included files. */

/**
 * The name of a file that `from` includes as `path`: relative to the directory of `from`, without `.` and `..` where they
 * can be resolved. So a file has one name however it is reached, and a name is a path from where the main file's is.
 */
export function includedName(path: string, from: string): string {
  const parts: string[] = [];
  const whole = path.startsWith('/') ? path : from.slice(0, from.lastIndexOf('/') + 1) + path;
  for (const part of whole.split('/')) {
    const last = parts.at(-1);
    if (part === '.' || (part === '' && parts.length > 0)) continue;
    if (part === '..' && last !== undefined && last !== '..' && last !== '') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
