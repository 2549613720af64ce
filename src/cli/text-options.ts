// Options that several commands have: how text is read, and what may be learned from it.

import { type Command, Option } from "commander";
import { ORTHOGRAPHIES } from "../text/orthography.ts";
import { commaList, documentBytes, seedNumber, wholeNumber, workerCount } from "./option-parsers.ts";

/** How the text of a document is read, wherever it comes from. */
export function addTextOptions(command: Command): Command {
  return command
    .option("--text-field <name>", "field of a record, or column, that holds the text (default: text)")
    .addOption(
      new Option("--on-invalid <policy>", "what to do with invalid UTF-8 (default: error)").choices([
        "error",
        "replace",
        "skip",
      ]),
    )
    .option("--max-document-bytes <n>", "refuse longer documents; 64M, 1G (default: 256M)", documentBytes);
}

/** How the documents of files are read, and by how many threads. */
export function addDocumentOptions(command: Command): Command {
  const unit = new Option(
    "--unit <unit>",
    "what a document of a file is (default: line; record for .jsonl, .parquet, .wet, .conllu)",
  ).choices(["line", "file", "record"]);
  return addTextOptions(command.addOption(unit))
    .option(
      "--max-expansion <n>",
      "refuse compressed files that give more than so many times their bytes (default: 250)",
      wholeNumber(1, 1_000_000),
    )
    .option("--workers <n>", "threads that count (default: the cores)", workerCount);
}

/** What is left out of a corpus before it is counted. */
export function addFilterOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--dedup <what>", "leave out documents, or lines of them, that occurred before").choices([
        "document",
        "line",
      ]),
    )
    .option("--sample <n|p%>", "take so many documents, or such a share of them, by a seeded hash")
    .option("--script <code[:share]>", "keep documents of whose letters half, or the share, is of the script")
    .addOption(
      new Option("--normalize <form>", "bring documents into a Unicode form (default: none)").choices([
        "NFC",
        "NFKC",
        "none",
      ]),
    );
}

/** @param does what is done with it */
export function orthographyOption(does: string): Option {
  return new Option("--orthography <tag>", does).choices(ORTHOGRAPHIES);
}

export function addHoldOutOptions(command: Command): Command {
  return command
    .option(
      "--hold-out <n>",
      "keep one document in n apart; 0: none (default: 50)",
      wholeNumber(0, 1_000_000),
    )
    .option("--seed <n>", "seed of the choice of documents (default: 0)", seedNumber);
}

/** The base, the languages, and the text to learn from. */
export function addTrainingTextOptions(command: Command): Command {
  command
    .requiredOption("--base <id>", "known name or path of the tokenizer to begin with")
    .requiredOption("--lang <tag,…>", "language of the text, or several", commaList)
    .option(
      "--corpus <glob...>",
      "text files (default: those under corpora/<lang>/); for several languages fa=GLOB, or {lang} in the path",
    )
    .option("--counts <dir...>", "folders that vocab count made, in place of a corpus")
    .option("--held-out <glob...>", "text to judge by, never learned from (default: a part of the corpus)");
  return addDocumentOptions(addHoldOutOptions(command));
}

/** Training without a base. */
export function addFromNothingOptions(command: Command): Command {
  return command.option(
    "--pre-tokenizer <id>",
    "with --base none, plain BPE from the 256 bytes: known name, path, or a pattern (default: GPT-2's)",
  );
}

/** What may become a token. */
export function addConstraintOptions(command: Command): Command {
  return command
    .option("--min-count <n>", "join pairs that occur so often (default: 2)", wholeNumber(1, 2 ** 40))
    .option("--max-bytes <n>", "longest token (default: 64; from nothing 65535)", wholeNumber(1, 65_535))
    .option("--scripts <code,…>", "scripts of the tokens, or any (default: the language's)", commaList)
    .option("--digits", "numbers may stand in tokens")
    .option("--punctuation", "punctuation and symbols may stand in tokens")
    .option("--include <file...>", "words that become tokens first, one a line")
    .option("--exclude <file...>", "words that no token may spell, one a line")
    .option("--protect <glob...>", "text in which no new token may occur")
    .option(
      "--protect-budget <n>",
      "how often new tokens may occur in it (default: 0)",
      wholeNumber(0, 2 ** 40),
    )
    .option("--cover-characters", "characters that the base spells in bytes become tokens (default)")
    .option("--no-cover-characters", "they do not")
    .addOption(
      new Option(
        "--balance <rule>",
        "several languages: parity lets the worst-off gain first (default: size)",
      ).choices(["parity", "size"]),
    );
}
