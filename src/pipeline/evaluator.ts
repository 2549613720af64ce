// Runs finetune/evaluate_bits_per_byte.py for one model: starts Python, hands over what it says, and turns what went wrong
// into an error that says what to do.

import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { VocabError } from "../errors.ts";
import { streamLines } from "../io/stream-lines.ts";
import { type EvaluatorMessage, notUnderstood, parseMessage } from "./evaluator-messages.ts";

/** The same file in the source tree and beside the built program. */
const SCRIPT = fileURLToPath(new URL("../../finetune/evaluate_bits_per_byte.py", import.meta.url));

/** What a library prints as it fails stands at the end. */
const TAIL_BYTES = 8192;
const TAIL_LINES = 6;

export type EvaluationDevice = "auto" | "cpu" | "cuda";
export type EvaluationDtype = "auto" | "float32" | "float16" | "bfloat16";

export interface EvaluatorSettings {
  /** Tokens of a window, the start token included; a model made for fewer gets fewer. Default 1024. */
  readonly window?: number | undefined;
  /** Tokens that each further window adds. Default half a window. */
  readonly stride?: number | undefined;
  /** Tokens of one forward pass, padding included; memory grows by it. Default one window. */
  readonly batchTokens?: number | undefined;
  /** Default auto: CUDA where torch finds it. */
  readonly device?: EvaluationDevice | undefined;
  /** Default auto: float32 on a CPU, else as the weights are. */
  readonly dtype?: EvaluationDtype | undefined;
  /** Token before every window. Default the tokenizer's BOS, else its EOS. */
  readonly startToken?: string | undefined;
  /** Threads of torch on a CPU. Default its own choice. */
  readonly threads?: number | undefined;
}

export interface EvaluatorRequest extends EvaluatorSettings {
  /** Interpreter with torch and transformers. */
  readonly python: string;
  /** Folder of the model. */
  readonly model: string;
  /** File of one JSON string a line. */
  readonly documents: string;
  readonly signal?: AbortSignal | undefined;
}

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The program could not be started. */
  readonly failure?: NodeJS.ErrnoException;
}

/**
 * Ends when Python has, and never leaves it running.
 * @throws VocabError `python-not-found`, `python-package-missing`, `evaluator-failed`, `evaluator-crashed`, `evaluator-protocol`, and what `onMessage` throws
 */
export async function runEvaluator(
  request: EvaluatorRequest,
  onMessage: (message: EvaluatorMessage) => void,
): Promise<void> {
  const { signal } = request;
  signal?.throwIfAborted();
  const child = spawn(request.python, argumentsOf(request), { stdio: ["ignore", "pipe", "pipe"] });
  const ended = endOf(child);
  const stop = () => {
    child.kill("SIGKILL");
    // A wrapper that was killed may leave a Python that holds the pipe open: it ends when it next writes.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  signal?.addEventListener("abort", stop, { once: true });
  const errorText = tailOf(child);
  try {
    const isDone = child.pid !== undefined && (await readMessages(child, request, onMessage));
    const end = await ended;
    signal?.throwIfAborted();
    if (end.failure !== undefined) throw notStarted(request.python, end.failure);
    if (end.code !== 0) throw crashed(request, end, errorText());
    if (!isDone) throw notUnderstood("(the end, before all documents)");
  } catch (error) {
    stop();
    await ended;
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

// -X utf8: text comes and goes as UTF-8 whatever the locale says. -u is not needed: the script flushes.
function argumentsOf({ python: _, signal: __, threads, ...settings }: EvaluatorRequest): string[] {
  const { model, documents, window, stride, batchTokens, device, dtype, startToken } = settings;
  const options = {
    model,
    documents,
    window,
    stride,
    "batch-tokens": batchTokens,
    device,
    dtype,
    "start-token": startToken,
    threads,
  };
  const typed = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}=${value}`],
  );
  return ["-X", "utf8", SCRIPT, ...typed];
}

// Returns whether the script said that it was done.
async function readMessages(
  { stdout }: ChildProcess,
  request: EvaluatorRequest,
  onMessage: (message: EvaluatorMessage) => void,
): Promise<boolean> {
  let isDone = false;
  const lines = streamLines(stdout as AsyncIterable<Uint8Array>, ({ bytes }) =>
    Buffer.from(bytes).toString("utf8"),
  );
  for await (const batch of lines)
    for (const line of batch) {
      const message = parseMessage(line);
      if (message.kind === "error") throw failed(request, message.code, message.message);
      isDone = message.kind === "done";
      onMessage(message);
    }
  return isDone;
}

function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.once("error", (failure) => resolve({ code: null, signal: null, failure }));
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
}

function tailOf({ stderr }: ChildProcess): () => string {
  let tail = Buffer.alloc(0);
  stderr?.on("data", (piece: Buffer) => {
    tail = Buffer.concat([tail, piece]).subarray(-TAIL_BYTES);
  });
  stderr?.on("error", () => {});
  return () => tail.toString("utf8").trimEnd().split("\n").slice(-TAIL_LINES).join("\n").trim();
}

function notStarted(python: string, cause: NodeJS.ErrnoException): VocabError {
  const what = cause.code === "ENOENT" ? "no such program" : cause.message;
  return new VocabError("python-not-found", `Python cannot be started: ${python}: ${what}`, {
    cause,
    kind: "usage",
    hint: "models run in Python with torch and transformers: `python3 -m venv env && env/bin/pip install torch transformers`, then --python env/bin/python",
  });
}

function failed({ python, model }: EvaluatorRequest, code: string, message: string): VocabError {
  if (code === "missing-package")
    return new VocabError(
      "python-package-missing",
      `${python} has no ${message.split(" ").join(" and no ")}`,
      {
        kind: "usage",
        hint: `${python} -m pip install torch transformers, or name an environment that has them: --python PATH (PyTorch's installation page has smaller builds for CPUs alone)`,
      },
    );
  return new VocabError("evaluator-failed", `${model}: ${message}`, { hint: HINTS[code] ?? HINTS["failed"] });
}

const HINTS: Readonly<Record<string, string>> = {
  "no-cuda": "--device cpu, or a torch that was built for this GPU's driver",
  "no-row": "the model was not given rows for this tokenizer: vocab apply",
  "no-start-token": "--start-token NAME says which token stands before the text",
  "not-finite": "--dtype float32 or bfloat16 where numbers overflow; else the weights are broken",
  "missing-weights": "the folder is not complete, or of another kind than config.json says",
  failed:
    "the folder needs config.json, *.safetensors and a tokenizer as transformers loads them; no code from it is run",
};

function crashed({ python, model }: EvaluatorRequest, { code, signal }: End, tail: string): VocabError {
  const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
  const said = tail === "" ? "" : `; it said: ${tail}`;
  return new VocabError("evaluator-crashed", `${python} ${how} while it evaluated ${model}${said}`, {
    hint:
      signal === "SIGKILL"
        ? "the system ends what takes too much memory: --window 512, --batch-tokens, --dtype bfloat16, or a larger machine"
        : "the last lines above are Python's own; docs/evaluate.md says what it needs",
  });
}
