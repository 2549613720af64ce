// What the environment says about a Hugging Face hub, by the rules of Python's huggingface_hub. Only the command line
// calls it: the rest of the library gets the result.

import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export interface HubEnvironment {
  /** Without a slash at its end. */
  readonly endpoint: string;
  readonly token?: string | undefined;
  /** The folder that holds `models--org--name`. */
  readonly cacheFolder: string;
  /** No request is made; what is in the cache is used. */
  readonly offline: boolean;
}

const TRUE = ["1", "ON", "YES", "TRUE"];

/** A variable that is set to nothing counts as not set. */
export function hubEnvironment(env: NodeJS.ProcessEnv): HubEnvironment {
  const home = expand(
    env["HF_HOME"] || join(env["XDG_CACHE_HOME"] || join("~", ".cache"), "huggingface"),
    env,
  );
  const cacheFolder = env["HF_HUB_CACHE"] || env["HUGGINGFACE_HUB_CACHE"] || join(home, "hub");
  const token = tokenOf(env, home);
  return {
    endpoint: (env["HF_ENDPOINT"] || "https://huggingface.co").replace(/\/+$/, ""),
    ...(token === undefined ? {} : { token }),
    cacheFolder: expand(cacheFolder, env),
    offline: isTrue(env["HF_HUB_OFFLINE"] || env["TRANSFORMERS_OFFLINE"]),
  };
}

function tokenOf(env: NodeJS.ProcessEnv, home: string): string | undefined {
  if (isTrue(env["HF_HUB_DISABLE_IMPLICIT_TOKEN"])) return undefined;
  const set = clean(env["HF_TOKEN"] || env["HUGGING_FACE_HUB_TOKEN"] || "");
  return set ?? readToken(expand(env["HF_TOKEN_PATH"] || join(home, "token"), env));
}

// Nobody has to be logged in, so a file that is missing or may not be read is no error.
function readToken(file: string): string | undefined {
  try {
    return clean(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function clean(token: string): string | undefined {
  return token.replaceAll(/[\r\n]/g, "").trim() || undefined;
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && TRUE.includes(value.toUpperCase());
}

// `~/hub`, `$SCRATCH/hub`, `${SCRATCH}/hub`: Python expands them, so a cache that is shared with it needs it too.
function expand(path: string, env: NodeJS.ProcessEnv): string {
  const home = (process.platform !== "win32" && env["HOME"]) || homedir();
  return path
    .replace(/^~(?=[/\\]|$)/, () => home)
    .replaceAll(/\$(?:(\w+)|\{(\w+)\})/g, (text, bare, braced) => env[bare ?? braced] ?? text);
}
