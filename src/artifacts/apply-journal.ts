// What an unfinished checkpoint folder already holds, one line a finished file, so that the next run with the same inputs goes
// on where a killed one stopped. The first line says what the inputs were.

import { appendFile, readFile, stat, writeFile } from "node:fs/promises";
import { hostname, uptime } from "node:os";
import { join } from "node:path";

/** A file that is finished, and what its writing found out. */
export interface JournalEntry {
  readonly file: string;
  readonly bytes: number;
  /** New rows with values that are not finite, by tensor. */
  readonly notFinite: Readonly<Record<string, number>>;
}

interface JournalHead {
  readonly schema: "vocab.apply-journal/1";
  /** Hash of all that the new folder is a function of. */
  readonly inputs: string;
  readonly host: string;
  /** When the machine was started, in seconds: what it had not written to its disk when it stopped is lost. */
  readonly started: number;
}

export const JOURNAL_FILE = "journal.jsonl";

/** Clocks are set right by a few seconds; a machine runs for longer than that. */
const CLOCK_SECONDS = 5;

export class ApplyJournal {
  private readonly folder: string;
  private readonly finished: ReadonlyMap<string, JournalEntry>;

  private constructor(folder: string, finished: ReadonlyMap<string, JournalEntry>) {
    this.folder = folder;
    this.finished = finished;
  }

  /** Begins a journal in an empty folder. */
  static async begin(folder: string, inputs: string): Promise<ApplyJournal> {
    await writeFile(join(folder, JOURNAL_FILE), `${JSON.stringify(headOf(inputs))}\n`);
    return new ApplyJournal(folder, new Map());
  }

  /** The journal that a killed run left; undefined where its folder is of no use for these inputs. */
  static async resume(folder: string, inputs: string): Promise<ApplyJournal | undefined> {
    const text = await readFile(join(folder, JOURNAL_FILE), "utf8").catch(() => "");
    // What stands behind the last line feed was cut off.
    const [head, ...lines] = text.split("\n").slice(0, -1).map(parseLine);
    if (!isHeadFor(head, inputs)) return undefined;
    const finished = new Map<string, JournalEntry>();
    for (const line of lines) {
      if (!isEntry(line)) return undefined;
      finished.set(line.file, line);
    }
    return new ApplyJournal(folder, finished);
  }

  /** Whether the folder belongs to another machine that shares the disk, and may still be written to. */
  static async isForeign(folder: string): Promise<boolean> {
    const text = await readFile(join(folder, JOURNAL_FILE), "utf8").catch(() => "");
    const head = parseLine(text.split("\n")[0]!) as Partial<JournalHead> | undefined;
    return typeof head?.host === "string" && head.host !== hostname();
  }

  /** The entry of a file that is there as it was when it was finished. */
  async entryOf(file: string): Promise<JournalEntry | undefined> {
    const entry = this.finished.get(file);
    const found = await stat(join(this.folder, file)).catch(() => undefined);
    return entry !== undefined && found?.size === entry.bytes ? entry : undefined;
  }

  async add(entry: JournalEntry): Promise<void> {
    await appendFile(join(this.folder, JOURNAL_FILE), `${JSON.stringify(entry)}\n`);
  }
}

function headOf(inputs: string): JournalHead {
  const started = Math.round(Date.now() / 1000 - uptime());
  return { schema: "vocab.apply-journal/1", inputs, host: hostname(), started };
}

function isHeadFor(value: unknown, inputs: string): boolean {
  const head = value as Partial<JournalHead> | undefined;
  const now = headOf(inputs);
  return (
    head?.schema === now.schema &&
    head.inputs === inputs &&
    head.host === now.host &&
    Math.abs((head.started ?? 0) - now.started) <= CLOCK_SECONDS
  );
}

function isEntry(value: unknown): value is JournalEntry {
  const entry = value as Partial<JournalEntry> | undefined;
  return (
    typeof entry?.file === "string" && typeof entry.bytes === "number" && typeof entry.notFinite === "object"
  );
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) ?? undefined;
  } catch {
    return undefined;
  }
}
