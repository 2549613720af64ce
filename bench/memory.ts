// Peak memory of `vocab count --memory` on a corpus many times as large, with tens of millions of different segments; the
// counts of sampled segments are compared with what the generator of the corpus knows. See bench/README.md.

import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { countsOf } from "../src/counts/counts-folder.ts";
import { blocksOfTable } from "../src/counts/counts-table.ts";
import { resolveLanguage } from "../src/text/languages.ts";
import { Random } from "../test/tokenizer/hostile-text.ts";

const { values } = parseArgs({
  options: {
    folder: { type: "string" },
    gigabytes: { type: "string", default: "5" },
    memory: { type: "string", default: "256M" },
    workers: { type: "string", default: "2" },
  },
});
if (values.folder === undefined) throw new Error("--folder: where 6 GB and the counts have room");

const PROGRAM = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const LETTERS = [..."ابپتثجچحخدذرزسشصضطظعغفقکگلمنوهی"];
const VOCABULARY = 500_000;
const PHRASES = 100_000;
const FILES = 8;
/** One segment in so many is counted by the generator. */
const SAMPLED = 997;
/** Beside the limit, what the program itself takes. */
const ALLOWED_MB = 150;

/** 0 → "ا", 31 → "بب": each number another word. */
function wordOf(number: number): string {
  let word = "";
  for (let rest = number; rest >= 0; rest = Math.floor(rest / LETTERS.length) - 1)
    word += LETTERS[rest % LETTERS.length]!;
  return word;
}

/** A line that occurs again and again, each time with another word behind it. */
interface Phrase {
  readonly bytes: Buffer;
  /** Its sampled segments. */
  readonly sampled: readonly string[];
  uses: number;
}

function phrasesOf(random: Random): Phrase[] {
  return Array.from({ length: PHRASES }, () => {
    const numbers = Array.from({ length: 24 }, () => Math.floor(VOCABULARY * random.next() ** 6));
    const segments = numbers.map((number, i) => ({
      number,
      segment: `${i === 0 ? "" : " "}${wordOf(number)}`,
    }));
    const sampled = segments.filter(({ number }) => number % SAMPLED === 0).map(({ segment }) => segment);
    return { bytes: Buffer.from(numbers.map(wordOf).join(" ")), sampled, uses: 0 };
  });
}

/** Lines of a phrase and a word of their own. Returns the sampled counts. */
function writeCorpus(folder: string, bytes: number): Map<string, number> {
  const random = new Random(1);
  const phrases = phrasesOf(random);
  const sampled = new Map<string, number>();
  const buffer = Buffer.alloc(1 << 24);
  let next = VOCABULARY;
  for (let file = 0; file < FILES; file++) {
    const descriptor = openSync(join(folder, `${file}.txt`), "w");
    for (let written = 0; written < bytes / FILES; ) {
      let length = 0;
      while (length < buffer.length - 4096) {
        const phrase = phrases[Math.floor(PHRASES * random.next())]!;
        phrase.uses++;
        length += phrase.bytes.copy(buffer, length);
        const own = ` ${wordOf(next)}`;
        if (next++ % SAMPLED === 0) sampled.set(own, 1);
        length += buffer.write(`${own}\n`, length);
      }
      written += writeSync(descriptor, buffer, 0, length);
    }
    closeSync(descriptor);
  }
  for (const phrase of phrases)
    for (const segment of phrase.sampled)
      if (phrase.uses > 0) sampled.set(segment, (sampled.get(segment) ?? 0) + phrase.uses);
  console.log(`${next - VOCABULARY} lines, ${sampled.size} sampled segments`);
  return sampled;
}

function run(args: readonly string[]): Promise<{ peakMb: number; seconds: number }> {
  const began = performance.now();
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ["ignore", "inherit", "inherit"] });
  let peakMb = 0;
  const look = () => {
    const status = existsSync(`/proc/${child.pid}/status`)
      ? readFileSync(`/proc/${child.pid}/status`, "utf8")
      : "";
    peakMb = Math.max(peakMb, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  };
  // The mark is the highest so far: what is lost are the last milliseconds.
  const timer = setInterval(look, 50);
  return new Promise((resolve, reject) => {
    child.on("close", (code) => {
      clearInterval(timer);
      if (code === 0) resolve({ peakMb, seconds: (performance.now() - began) / 1000 });
      else reject(new Error(`vocab count ended with ${code}`));
    });
  });
}

async function compare(out: string, sampled: ReadonlyMap<string, number>): Promise<number> {
  const [counted] = await countsOf([out], [resolveLanguage("fa")]);
  let found = 0;
  let rows = 0;
  for await (const { bytes, offsets, counts } of blocksOfTable(counted!.training)) {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    rows += counts.length;
    for (let i = 0; i < counts.length; i++)
      if (sampled.get(buffer.toString("utf8", offsets[i], offsets[i + 1])) === counts[i]) found++;
  }
  console.log(
    `${rows} different segments; ${found} of ${sampled.size} sampled ones have the generator's count`,
  );
  return sampled.size - found;
}

const corpus = join(values.folder, "corpus");
const out = join(values.folder, "counts");
rmSync(corpus, { recursive: true, force: true });
rmSync(out, { recursive: true, force: true });
mkdirSync(corpus, { recursive: true });
const sampled = writeCorpus(corpus, Number(values.gigabytes) * 1e9);
const options = ["--memory", values.memory, "--workers", values.workers, "--hold-out", "0"];
const { peakMb, seconds } = await run([
  "count",
  "--lang",
  "fa",
  "--corpus",
  join(corpus, "*.txt"),
  "--out",
  out,
  ...options,
]);
const wrong = await compare(out, sampled);
const limitMb = Number(/^(\d+)M$/.exec(values.memory)?.[1] ?? Number.NaN) + ALLOWED_MB;
console.log(`${seconds.toFixed(0)} s, peak ${peakMb.toFixed(0)} MB; allowed ${limitMb} MB`);
if (wrong > 0 || !(peakMb < limitMb)) process.exitCode = 1;
