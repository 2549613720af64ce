// `vocab verify`: parses the options, verifies, prints the certificate; a failed guarantee is exit code 1.

import { type Command, InvalidArgumentError, Option } from "commander";
import { VocabError } from "../../errors.ts";
import { canonicalJson } from "../../io/canonical-json.ts";
import { type VerifyCommandOptions, verify } from "../../pipeline/verify.ts";
import { certificateReport } from "../../reports/certificate-report.ts";
import type { CliIo } from "../cli-io.ts";
import { hubOf } from "../hub-of.ts";
import { seedNumber } from "../option-parsers.ts";
import { ProgressLine } from "../progress.ts";
import { tokenizerOf } from "../tokenizer-of.ts";

interface Options extends Omit<VerifyCommandOptions, "base" | "languages" | "budgets"> {
  readonly base?: string;
  readonly lang?: readonly string[];
  readonly budget?: Readonly<Record<string, number>>;
  readonly json?: boolean;
}

export function addVerify(program: Command, io: CliIo): void {
  program
    .command("verify")
    .description("check the guarantees of an expanded tokenizer: ours, or anyone's against its base")
    .argument("<dir>", "folder of the expanded tokenizer, or its tokenizer.json")
    .option("--base <id>", "the tokenizer that was expanded (default: what embedding-plan.json names)")
    .option("--held-out <glob...>", "text of the language that was not trained on, to confirm on")
    .option("--corpus <glob...>", "the text that the tokens were learned from: do they all occur in it?")
    .option(
      "--panel <glob...>",
      "text that should not change, each file by itself (default: embedded text, code)",
    )
    .option(
      "--lang <tag,…>",
      "languages that the tokens are for: the default panel leaves them out",
      languageTags,
    )
    .option(
      "--budget <name=percent>",
      "documents of a panel text that may change (default: en=0, code=0)",
      budget,
    )
    .addOption(
      new Option("--unit <unit>", "what a document of a text file is (default: line)").choices([
        "line",
        "file",
      ]),
    )
    .option("--text-field <name>", "field of a JSON record that holds the text (default: text)")
    .option("--seed <n>", "seed of samples and of generated text (default: 0)", seedNumber)
    .option("--json", "print the certificate as JSON")
    .addHelpText("after", "\nExample:\n  $ vocab verify qwen3-fa --held-out fa-test.txt")
    .action((path: string, options: Options) => run(path, options, io));
}

async function run(
  path: string,
  { lang, base, budget: budgets, json, ...options }: Options,
  io: CliIo,
): Promise<void> {
  const progress = new ProgressLine(io.stderr);
  const certificate = await verify(await tokenizerOf(path, io), {
    ...options,
    hub: hubOf(io),
    ...(base === undefined ? {} : { base: await tokenizerOf(base, io) }),
    ...(lang === undefined ? {} : { languages: lang }),
    ...(budgets === undefined ? {} : { budgets }),
    signal: io.signal,
    onProgress: () => progress.show({ phase: "verifying" }),
  }).finally(() => progress.clear());
  await io.throwIfInterrupted();
  await io.write(
    json === true ? canonicalJson(certificate) : certificateReport(certificate, { color: io.color }),
  );
  const failed = certificate.checks.filter(({ ok }) => !ok).map(({ id }) => id);
  if (failed.length > 0)
    throw new VocabError(
      "not-verified",
      `${failed.join(", ")} ${failed.length === 1 ? "does" : "do"} not hold`,
      {
        hint: "docs/verification.md says what each guarantee means",
      },
    );
}

function languageTags(typed: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), ...typed.split(",").filter((tag) => tag !== "")];
}

/** Adds one more budget: "ur=5" lets 5 % of the documents of the text "ur" change. */
export function budget(
  typed: string,
  before: Readonly<Record<string, number>> | undefined,
): Record<string, number> {
  const [, name, percent] = /^(.+)=(\d+(?:\.\d+)?)$/.exec(typed) ?? [];
  if (name === undefined || Number(percent) > 100)
    throw new InvalidArgumentError("Expected a text and a percentage, such as en=0.5.");
  return { ...before, [name]: Number(percent) / 100 };
}
