// A tokenizer of a repository on the hub, `hf:org/name[@revision]`, as a source that every verb takes.

import { furtherHubFiles, hubFile, hubSource } from "../io/hub.ts";
import { parseHubId } from "../io/hub-id.ts";
import type { HubOptions } from "../io/hub-request.ts";
import type { TokenizerSource } from "./load-tokenizer.ts";

/** What makers call their tokenizer, the one that says the most first. */
const TOKENIZER_FILES = [
  "tokenizer.json",
  "tokenizer.model",
  "sentencepiece.bpe.model",
  "spiece.model",
  "spm.model",
  "tiktoken.model",
  "tekken.json",
] as const;

/** What an expansion takes over from beside the tokenizer. */
const COMPANIONS = [
  "tokenizer_config.json",
  "special_tokens_map.json",
  "chat_template.jinja",
  "chat_template.json",
  "generation_config.json",
  "config.json",
] as const;

/**
 * Downloads the tokenizer, or takes it from the cache. The commit is pinned in `source`.
 * @param id "hf:org/name" or "hf:org/name@revision"
 * @throws VocabError `hub-…` (docs/hub.md)
 */
export async function hubTokenizer(id: string, options: HubOptions): Promise<TokenizerSource> {
  const file = await hubFile(id, TOKENIZER_FILES, options);
  await furtherHubFiles(file, COMPANIONS, options);
  const { repo } = parseHubId(id)!;
  return { id, name: repo.slice(repo.indexOf("/") + 1), source: hubSource(file), file: file.path };
}
