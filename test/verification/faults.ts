// Ways in which others' tools, and hands, have broken expanded tokenizers: each a change to a sound one, and the guarantee
// that must name it. Adding a fault is adding an entry.

import type { GuaranteeId } from "../../src/verification/certificate.ts";

export type Kind = "byte-level" | "byte-fallback";

export interface TokenizerParts {
  added_tokens: { id: number; content: string; [flag: string]: unknown }[];
  pre_tokenizer: unknown;
  normalizer: unknown;
  decoder: unknown;
  post_processor: unknown;
  model: {
    vocab: Record<string, number>;
    merges: [string, string][];
    [key: string]: unknown;
  };
}

export interface PlanParts {
  target: { vocabSize: number; embeddingRows: number };
  rows: {
    id: number;
    input: { ids: number[]; weights: number[] };
    output: { ids: number[]; weights: number[] };
  }[];
}

/** What a fault may change, and what it may look at. */
export interface Scene {
  readonly base: TokenizerParts;
  readonly expanded: TokenizerParts;
  readonly plan: PlanParts;
  /** Number of merges of the base, highest id of the base plus one. */
  readonly baseMerges: number;
  readonly firstId: number;
}

export interface Fault {
  readonly name: string;
  readonly guarantee: GuaranteeId;
  /** What the detail must name. */
  readonly names: RegExp;
  readonly only?: Kind;
  readonly change: (scene: Scene) => void;
}

export const FAULTS: readonly Fault[] = [
  {
    name: "new merges put before the old ones",
    guarantee: "G2",
    names: /merges\[0\] is .* in the base .*: 24 others stand before it/,
    change: ({ expanded: { model }, baseMerges }) => {
      model.merges = [...model.merges.slice(baseMerges), ...model.merges.slice(0, baseMerges)];
    },
  },
  {
    name: "new merges put before the old ones, as it shows in text",
    guarantee: "G3",
    names: /no proof: the merges of the base do not all come first/,
    change: ({ expanded: { model }, baseMerges }) => {
      model.merges = [...model.merges.slice(baseMerges), ...model.merges.slice(0, baseMerges)];
    },
  },
  {
    name: "two merge lists concatenated: pairs of the base stand again",
    guarantee: "G2",
    names: /stands at merges\[\d+\] already/,
    change: ({ expanded: { model } }) => {
      model.merges.push(...model.merges.slice(0, 5));
    },
  },
  {
    name: "two merge lists concatenated: a token whose parts the old merges take",
    guarantee: "G4",
    names: /"thea" is unreachable: its bytes become/,
    change: ({ expanded }) => {
      // Learned from bytes by another run: "t" + "h" always becomes "th" before "hea" can be.
      addToken(expanded, "hea", ["h", "ea"]);
      addToken(expanded, "thea", ["t", "hea"]);
    },
  },
  {
    name: "a base merge repeated at the end",
    guarantee: "G2",
    names: /merges\[\d+\], .*, stands at merges\[2\] already/,
    change: ({ expanded: { model } }) => {
      model.merges.push(model.merges[2]!);
    },
  },
  {
    name: "a base merge repeated at the end, which overrides its rank",
    guarantee: "G3",
    names: /a pair that stands twice/,
    change: ({ expanded: { model } }) => {
      model.merges.push(model.merges[2]!);
    },
  },
  {
    name: "a merge of the base missing",
    guarantee: "G2",
    names: /merges\[7\] is .*, which is missing/,
    change: ({ expanded: { model } }) => {
      model.merges.splice(7, 1);
    },
  },
  {
    name: "a new merge missing in the middle, hidden by ignore_merges",
    guarantee: "G4",
    names: /is unreachable: its bytes become/,
    change: ({ expanded: { model }, baseMerges }) => {
      model.merges.splice(baseMerges + 2, 1);
    },
  },
  {
    name: "specials only in added_tokens: the library numbers them behind the new tokens",
    guarantee: "G1",
    names:
      /"<\|begin\|>" of id 3\d\d has moved to id 3.*the file says id 3\d\d, the library loads it with id 3/,
    only: "byte-level",
    change: ({ expanded, firstId }) => {
      const specials = expanded.added_tokens.length;
      for (const { content } of expanded.added_tokens) delete expanded.model.vocab[content];
      for (const [token, id] of Object.entries(expanded.model.vocab))
        if (id >= firstId) expanded.model.vocab[token] = id - specials;
    },
  },
  {
    name: "specials only in added_tokens: the library numbers them into the new tokens",
    guarantee: "G1",
    names: /added_tokens\[\d\], "<\|begin\|>": the file says id 3\d\d, the library loads it with id 3/,
    only: "byte-level",
    change: ({ expanded }) => {
      for (const { content } of expanded.added_tokens) delete expanded.model.vocab[content];
    },
  },
  {
    name: "special tokens moved behind the new ones",
    guarantee: "G1",
    names: /token "<\|begin\|>" of id 3\d\d has moved to id 3\d\d/,
    only: "byte-level",
    change: ({ expanded, firstId }) => {
      const count = Object.keys(expanded.model.vocab).length - firstId;
      const specials = expanded.added_tokens.length;
      for (const [token, id] of Object.entries(expanded.model.vocab))
        if (id >= firstId) expanded.model.vocab[token] = id - specials;
      for (const token of expanded.added_tokens) {
        token.id += count;
        expanded.model.vocab[token.content] = token.id;
      }
    },
  },
  {
    name: "special tokens exchanged",
    guarantee: "G1",
    names: /has moved to id/,
    change: ({ expanded }) => {
      const [a, b] = expanded.added_tokens as [
        { id: number; content: string },
        { id: number; content: string },
      ];
      [a.content, b.content] = [b.content, a.content];
      for (const { content, id } of [a, b]) expanded.model.vocab[content] = id;
    },
  },
  {
    name: "vocabulary put into added_tokens",
    guarantee: "G9",
    names: /added_tokens has 3 tokens that the base has not: "سلام"/,
    change: ({ expanded }) => {
      for (const content of ["سلام", " خانه", "شهر"]) {
        const id = Object.keys(expanded.model.vocab).length + 100;
        expanded.added_tokens.push({ ...flags(expanded), id, content, special: false });
      }
      renumberBehindVocabulary(expanded);
    },
  },
  {
    name: "a dropped token of the base",
    guarantee: "G1",
    names: /token "the" of id \d+ is gone/,
    change: ({ expanded: { model } }) => {
      delete model.vocab["the"];
    },
  },
  {
    name: "a dropped token of the base, with its merges",
    guarantee: "G1",
    names: /token "the" of id \d+ is gone/,
    change: ({ expanded: { model } }) => {
      delete model.vocab["the"];
      model.merges = model.merges.filter((parts) => ![...parts, parts.join("")].includes("the"));
    },
  },
  {
    name: "a gap in the ids",
    guarantee: "G1",
    names: /id \d+ has no token: a gap/,
    change: ({ expanded: { model }, firstId }) => {
      for (const [token, id] of Object.entries(model.vocab))
        if (id > firstId + 9) model.vocab[token] = id + 1;
    },
  },
  {
    name: "two tokens with one id",
    guarantee: "G1",
    names: /belongs to two tokens/,
    change: ({ expanded: { model }, firstId }) => {
      const token = Object.entries(model.vocab).find(([, id]) => id === firstId + 3)![0];
      model.vocab[token] = firstId + 2;
    },
  },
  {
    name: "an id of the base given to another token",
    guarantee: "G1",
    names: /token "the" of id \d+ has moved to id/,
    change: ({ expanded: { model }, firstId }) => {
      const last = Object.entries(model.vocab).find(([, id]) => id === firstId + 23)![0];
      [model.vocab["the"], model.vocab[last]] = [model.vocab[last]!, model.vocab["the"]!];
    },
  },
  {
    name: "changed flags of a special token",
    guarantee: "G1",
    names: /added token "<.*>": lstrip is true, in the base false/,
    change: ({ expanded }) => {
      expanded.added_tokens[1]!["lstrip"] = true;
    },
  },
  {
    name: "a special token no longer special",
    guarantee: "G1",
    names: /special is false, in the base true/,
    change: ({ expanded }) => {
      expanded.added_tokens[0]!["special"] = false;
    },
  },
  {
    name: "another special token put before a text",
    guarantee: "G1",
    names: /post_processor/,
    change: ({ expanded }) => {
      expanded.post_processor = null;
    },
  },
  {
    name: "a new token with a special token inside",
    guarantee: "G1",
    names: /has the special token "<.*>" in it/,
    change: ({ expanded }) => {
      const [special] = expanded.added_tokens;
      expanded.model.vocab[`${special!.content}the`] = Object.keys(expanded.model.vocab).length;
    },
  },
  {
    name: "another normalizer",
    guarantee: "G3",
    names: /the normalizer is another/,
    change: ({ expanded }) => {
      expanded.normalizer = { type: "NFKC" };
    },
  },
  {
    name: "another pre-tokenizer",
    guarantee: "G3",
    names: /the pre-tokenizer is another/,
    only: "byte-level",
    change: ({ expanded }) => {
      expanded.pre_tokenizer = {
        type: "ByteLevel",
        add_prefix_space: false,
        trim_offsets: true,
        use_regex: true,
      };
    },
  },
  {
    name: "ignore_merges switched off",
    guarantee: "G3",
    names: /ignore_merges was switched off/,
    only: "byte-level",
    change: ({ expanded }) => {
      expanded.model["ignore_merges"] = false;
    },
  },
  {
    name: "a token that crosses a pre-token border",
    guarantee: "G7",
    names: /\("the h"\) is cut by the pre-tokenizer into "the" and " h"|has "▁" inside/,
    change: ({ expanded }) => {
      const space = "Ġ" in expanded.model.vocab ? "Ġ" : "▁";
      addToken(expanded, `the${space}h`, ["the", `${space}h`]);
    },
  },
  {
    name: "a token that is spelt like a byte token",
    guarantee: "G5",
    names: /"<0xe1>" is spelt like a byte token/,
    only: "byte-fallback",
    change: ({ expanded }) => {
      expanded.model.vocab["<0xe1>"] = Object.keys(expanded.model.vocab).length;
    },
  },
  {
    name: "byte tokens merged: they would be decoded as their letters",
    guarantee: "G5",
    names: /joins byte tokens: .*<0xD8><0xB4>/,
    only: "byte-fallback",
    change: ({ expanded }) => {
      addToken(expanded, "<0xD8><0xB4>", ["<0xD8>", "<0xB4>"]);
    },
  },
  {
    name: "a token outside the byte-level alphabet",
    guarantee: "G5",
    names: /"سلام" has characters outside the byte-level alphabet/,
    only: "byte-level",
    change: ({ expanded }) => {
      expanded.model.vocab["سلام"] = Object.keys(expanded.model.vocab).length;
    },
  },
  {
    name: "another decoder",
    guarantee: "G5",
    names: /the decoder is not that of the base/,
    change: ({ expanded }) => {
      expanded.decoder = { type: "Fuse" };
    },
  },
  {
    name: "a plan with a wrong weight",
    guarantee: "G10",
    names: /rows\[3\]: input of .*: weights sum to/,
    change: ({ plan }) => {
      plan.rows[3]!.input.weights[0]! += 0.001;
    },
  },
  {
    name: "a plan whose weights sum to 1 but are no mean",
    guarantee: "G10",
    names: /rows\[3\]: output of .*: a weight is/,
    change: ({ plan }) => {
      const { weights } = plan.rows[3]!.output;
      weights[0]! += 0.25;
      weights[1]! -= 0.25;
    },
  },
  {
    name: "a plan with a row missing",
    guarantee: "G10",
    names: /id \d+ has no row/,
    change: ({ plan }) => {
      plan.rows.splice(5, 1);
    },
  },
  {
    name: "a plan with a row twice",
    guarantee: "G10",
    names: /rows\[6\]: id \d+ has a row already/,
    change: ({ plan }) => {
      plan.rows.splice(6, 1, plan.rows[5]!);
    },
  },
  {
    name: "a plan with a constituent that is new itself",
    guarantee: "G10",
    names: /rows\[4\]: input of .*: expected ids of the base/,
    change: ({ plan, firstId }) => {
      plan.rows[4]!.input.ids[0] = firstId + 1;
    },
  },
  {
    name: "a plan with other constituents",
    guarantee: "G10",
    names: /rows\[4\]: constituents of .* spell/,
    change: ({ plan }) => {
      plan.rows[4]!.output.ids[0]!++;
    },
  },
  {
    name: "a plan with too few rows",
    guarantee: "G10",
    names: /target\.embeddingRows is \d+, but the highest id is/,
    change: ({ plan }) => {
      plan.target.embeddingRows -= 1;
    },
  },
];

/** Appends a token and the merge that makes it. */
export function addToken(parts: TokenizerParts, token: string, merge: [string, string]): void {
  parts.model.vocab[token] ??= Object.keys(parts.model.vocab).length;
  parts.model.merges.push(merge);
}

function flags({ added_tokens }: TokenizerParts): Record<string, unknown> {
  const { id: _, content: __, ...rest } = added_tokens[0]!;
  return rest;
}

// As add_tokens of the library does it.
function renumberBehindVocabulary(parts: TokenizerParts): void {
  let next = Object.keys(parts.model.vocab).length;
  for (const token of parts.added_tokens) token.id = parts.model.vocab[token.content] ?? next++;
}
