#!/usr/bin/env node
// The program `vocab`: connects the command line to this process. Exit codes by `process.exitCode`, so that no output
// that is still on its way to a pipe is lost.

import { CliIo } from "./cli-io.ts";
import { reportError } from "./report-error.ts";
import { runCli } from "./run.ts";

const interruption = new AbortController();
const { stdout, stderr, env } = process;
const io = new CliIo({
  // Opened when it is read: many commands never do.
  get stdin() {
    return process.stdin;
  },
  stdout,
  stderr,
  env,
  signal: interruption.signal,
});

// A second Ctrl-C meets no listener and ends the process at once.
process.once("SIGINT", () => interruption.abort());
// The reader has gone (`| head`): there is nothing to do and nobody to tell.
stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});
stderr.on("error", () => {});
process.on("uncaughtException", (error) => process.exit(reportError(error, io)));

process.exitCode = await runCli(process.argv.slice(2), io);
