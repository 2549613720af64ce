// Finds the WebAssembly that `npm run build` makes from wasm/assembly. Everything works without it, only more slowly.

import { readFileSync } from "node:fs";

const modules = new Map<string, WebAssembly.Module | undefined>();

/** The module, or undefined when it was not built or this processor lacks its instructions. */
export function loadWasm(name: string): WebAssembly.Module | undefined {
  if (!modules.has(name)) modules.set(name, compile(name));
  return isEnabled ? modules.get(name) : undefined;
}

let isEnabled = true;

/** For tests of the twins in TypeScript. */
export function enableWasm(enabled: boolean): void {
  isEnabled = enabled;
}

function compile(name: string): WebAssembly.Module | undefined {
  // From source the built file lies in dist, from dist beside this one.
  const isSource = import.meta.url.endsWith(".ts");
  const file = new URL(isSource ? `../../dist/wasm/${name}.wasm` : `./${name}.wasm`, import.meta.url);
  try {
    return new WebAssembly.Module(readFileSync(file));
  } catch {
    return undefined;
  }
}
