// The verb `apply`: carries out the embedding plan of an expansion on a checkpoint, and writes a new one. The base is never
// changed.

import { realpath } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { JournalEntry } from "../artifacts/apply-journal.ts";
import { requireOurCheckpoint, writeCheckpoint } from "../artifacts/write-checkpoint.ts";
import { VocabError } from "../errors.ts";
import { canonicalJson } from "../io/canonical-json.ts";
import type { Application, ApplicationResult } from "./application-result.ts";
import { describeApplication } from "./apply-description.ts";
import { type ApplyInputs, type Preparation, prepareApplication } from "./apply-preparation.ts";
import { applyTasks, inputsHash, requireUnchanged } from "./apply-tasks.ts";
import { startRun } from "./run-record.ts";

export interface ApplyOptions extends ApplyInputs {
  /** Folder to write; one of ours that was not changed since is replaced. */
  readonly out: string;
  /** Says what would be done, and writes nothing. Default false. */
  readonly dryRun?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ApplyProgress) => void) | undefined;
}

export interface ApplyProgress {
  readonly phase: "writing";
  readonly bytes: number;
  readonly totalBytes: number;
}

/**
 * @throws VocabError whose `kind` says whether the request or the contents of a file is wrong; nothing is left behind then
 */
export async function apply(options: ApplyOptions): Promise<ApplicationResult> {
  const run = startRun();
  await requireApart(options);
  await requireOurCheckpoint(options.out);
  const prepared = await prepareApplication(options);
  try {
    const { expansion, checkpoint, out, dryRun = false } = options;
    const application = dryRun ? describeApplication(prepared) : await write(prepared, options);
    const { schema, ...rest } = application;
    const record = run.end(dryRun ? 0 : application.bytes.after, 1);
    return { schema, expansion, checkpoint, out, dryRun, ...rest, run: record };
  } finally {
    prepared.vectors?.close();
  }
}

async function write(prepared: Preparation, { out, signal, onProgress }: ApplyOptions): Promise<Application> {
  let bytes = 0;
  let totalBytes = 0;
  const onBytes = (more: number) => {
    bytes += more;
    onProgress?.({ phase: "writing", bytes, totalBytes });
  };
  const tasks = applyTasks(prepared, { signal, onBytes });
  totalBytes = tasks.reduce((sum, task) => sum + task.bytes, 0);
  const inputs = await inputsHash(prepared);
  const entries = await writeCheckpoint(
    out,
    {
      inputs,
      tasks,
      check: () => requireUnchanged(prepared, inputs),
      marker: (finished) => markerOf(describeApplication(prepared, notFiniteOf(finished)), finished),
    },
    { signal, onResumed: onBytes },
  );
  return describeApplication(prepared, notFiniteOf(entries));
}

// The same for the same inputs, wherever they lie.
function markerOf({ schema, ...application }: Application, entries: readonly JournalEntry[]): string {
  const files = Object.fromEntries(entries.map(({ file, bytes }) => [file, bytes]));
  return canonicalJson({ schema, ...application, files });
}

function notFiniteOf(entries: readonly JournalEntry[]): Readonly<Record<string, number>> {
  return Object.assign({}, ...entries.map(({ notFinite }) => notFinite)) as Record<string, number>;
}

// In the expansion's folder there may be a model: its README names files as seen from there. In a checkpoint's there may not.
async function requireApart({ expansion, checkpoint, out }: ApplyOptions): Promise<void> {
  const place = await realPlace(resolve(out));
  const fromCheckpoint = relative(await realPlace(resolve(checkpoint)), place);
  const isInCheckpoint = fromCheckpoint.split(/[\\/]/)[0] !== "..";
  if (!isInCheckpoint && place !== (await realPlace(resolve(expansion)))) return;
  throw new VocabError(
    "not-our-folder",
    isInCheckpoint
      ? `--out ${out} is the folder of --checkpoint, or lies in it`
      : `--out ${out} is the folder of --expansion`,
    { kind: "usage", hint: "name another folder: the base is never changed" },
  );
}

// Without links, as far as the path exists.
async function realPlace(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined || path === dirname(path)) return real ?? path;
  return join(await realPlace(dirname(path)), basename(path));
}
