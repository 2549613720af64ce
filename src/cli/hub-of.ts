// What a command asks a hub for texts with: only the command line reads the environment.

import { hubEnvironment } from "../io/hub-environment.ts";
import type { HubOptions } from "../io/hub-request.ts";
import type { CliIo } from "./cli-io.ts";

export function hubOf({ env, signal }: CliIo): HubOptions {
  return { environment: hubEnvironment(env), signal };
}
