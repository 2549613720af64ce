#!/usr/bin/env node
// The program `vocab`: connects the command line to this process. Exit codes by `process.exitCode`, so that no output
// that is still on its way to a pipe is lost.

import "./engine-flags.ts";
import { fstatSync } from "node:fs";
import { VocabError } from "../errors.ts";
import { CliIo } from "./cli-io.ts";
import { reportError } from "./report-error.ts";
import { runCli } from "./run.ts";

const interruption = new AbortController();
const { stdout, stderr, env } = process;
const io = new CliIo({
  // Opened when it is read: many commands never do. Node takes a folder for an empty input.
  get stdin() {
    if (fstatSync(0).isDirectory())
      throw new VocabError("not-a-file", "stdin is a folder", { hint: "pipe a file into the command" });
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
  if (error.code === "EPIPE") process.exit(0);
  throw new VocabError("cannot-write", `stdout cannot be written to: ${error.message}`, { cause: error });
});
stderr.on("error", () => {});
process.on("uncaughtException", (error) => process.exit(reportError(error, io)));

process.exitCode = await runCli(process.argv.slice(2), io);
