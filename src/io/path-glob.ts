// Globs over paths that are only names, such as those of a hub's repository. Files of this machine are fast-glob's.

/** Whether a path is a pattern. */
export function isPathGlob(path: string): boolean {
  return /[*?[{]/.test(path);
}

/** The folder that all matches lie in: "data/fa/*.parquet" → "data/fa", "*.txt" → "". */
export function globFolder(glob: string): string {
  const parts = glob.split("/");
  const first = parts.findIndex(isPathGlob);
  return parts.slice(0, first < 0 ? -1 : first).join("/");
}

/**
 * `*` and `?` stay within a name and pass over one that begins with a dot, as in a shell; a part `**` is any number of
 * folders; `[a-f]`, `[!a-f]` and `{fa,ckb}` are as usual.
 * @returns undefined for a glob that is none: a bracket that does not close, a range from high to low
 */
export function pathMatcher(glob: string): ((path: string) => boolean) | undefined {
  try {
    const pattern = new RegExp(`^${glob.split("/").map(partPattern).join("")}$`, "su");
    return (path) => pattern.test(`/${path}`);
  } catch {
    return undefined;
  }
}

const SPECIAL: Readonly<Record<string, string>> = { "*": "[^/]*", "?": "[^/]" };

function partPattern(part: string): string {
  if (part === "**") return "(?:/(?!\\.)[^/]+)*";
  return `/${part.startsWith(".") ? "" : "(?!\\.)"}${namePattern(part)}`;
}

function namePattern(name: string): string {
  return name.replaceAll(/\[!?[^\]]*\]|\{[^{}]*\}|[*?]|[\\^$.|+()[\]{}]/g, (found) => {
    if (found.length > 1) return found[0] === "[" ? classPattern(found) : choicePattern(found);
    return SPECIAL[found] ?? (found === "[" || found === "{" ? unclosed() : `\\${found}`);
  });
}

// "[!a-f]" → "[^a-f/]"
function classPattern(found: string): string {
  const isNot = found[1] === "!";
  const inside = found.slice(isNot ? 2 : 1, -1).replaceAll(/[\\^[&~]/g, "\\$&");
  return isNot ? `[^${inside}/]` : `(?!/)[${inside}]`;
}

function choicePattern(found: string): string {
  const choices = found.slice(1, -1).split(",");
  return `(?:${choices.map(namePattern).join("|")})`;
}

function unclosed(): never {
  throw new SyntaxError("a bracket does not close");
}
