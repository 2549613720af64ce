"""Writes src/text/unicode-data.ts: Unicode character classes and normalization facts as Python `tokenizers` has them.

Every set is observed on the library itself, over every code point. Sets that equal a combination of others are
asserted here and derived in src/text/unicode.ts instead of being stored.

  python test/oracles/unicode.py [--out src/text/unicode-data.ts]

Needs: tokenizers, regex (only for the list of script names and aliases), node on the PATH (for the differences of
normalization). About 25 seconds.
"""

import argparse
import itertools
import json
import os
import subprocess
import tempfile
import unicodedata

import regex._regex_core
import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers

ALL = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
CATEGORIES = (
    "Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Cs Co Cn".split()
)
FORMS = ("NFC", "NFD", "NFKC", "NFKD")
NORMALIZE = {form: getattr(normalizers, form)().normalize_str for form in FORMS}


# --- observing the library -------------------------------------------------------------------------------------


def matched(pattern, among=ALL):
    """Code points that the regex (Oniguruma) matches: those that Replace deletes."""
    replace = normalizers.Replace(Regex(f"{pattern}+"), "")
    texts = ("".join(map(chr, among[i : i + 8192])) for i in range(0, len(among), 8192))
    return {ord(x) for text in texts for x in set(text) - set(replace.normalize_str(text))}


def prop(name, among=ALL):
    return matched(rf"\p{{{name}}}", among)


def split_on(pre_tokenizer):
    """Code points that the pre-tokenizer isolates or removes between two letters."""
    return {c for c in ALL if len(pre_tokenizer.pre_tokenize_str(f"a{chr(c)}a")) > 1}


def stripped():
    strip = normalizers.Strip()
    return {c for c in ALL if strip.normalize_str(f"{chr(c)}a{chr(c)}") == "a"}


def removed_by(normalizer):
    """Code points that the normalizer takes away between two letters."""
    return {c for c in ALL if normalizer.normalize_str(f"a{chr(c)}a") == "aa"}


def bert(**options):
    off = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    return normalizers.BertNormalizer(**(off | options))


def word_neighbours(before):
    """Code points that, right before (or after) a `single_word` added token, stop it from being found."""
    tokenizer = Tokenizer(models.WordLevel({"x": 0}, unk_token="x"))
    tokenizer.add_tokens([AddedToken("[T]", single_word=True, normalized=False)])
    groups = [ALL[i : i + 16] for i in range(0, len(ALL), 16)]
    row = (lambda c: f"{chr(c)}[T]\n") if before else (lambda c: f"\n[T]{chr(c)}")
    word = set()
    for batch in (groups[i : i + 4096] for i in range(0, len(groups), 4096)):
        texts = ["".join(map(row, group)) for group in batch]
        for group, encoding in zip(batch, tokenizer.encode_batch(texts, add_special_tokens=False)):
            found = {start for (start, _), i in zip(encoding.offsets, encoding.ids) if i == 1}
            word |= {c for k, c in enumerate(group) if 5 * k + 1 not in found}
    return word


def script_names():
    """[(name, aliases)] of the scripts that Oniguruma knows, without Unknown."""
    by_id = {}
    for name, number in regex._regex_core.PROPERTIES["SCRIPT"][1].items():
        by_id.setdefault(number, []).append(name.lower())
    known = []
    for name, *aliases in by_id.values():
        try:
            Regex(rf"\p{{{name}}}")
        except Exception:  # the library raises a bare Exception for an unknown name
            continue
        if name != "unknown":
            known.append((name, aliases))
    return sorted(known)


# --- normalization ---------------------------------------------------------------------------------------------


def reorders(nfd, c):
    """Whether c has a combining class above 0: it is overtaken by U+0334 (1) or overtakes U+0345 (240)."""
    s = chr(c)
    return nfd(s + "\u0334") != s + "\u0334" or nfd("\u0345" + s) != "\u0345" + s


def order_signature(nfd, c, representatives):
    """Equal for two marks exactly if they have the same combining class."""
    s = chr(c)
    return [(nfd(s + r) != s + r, nfd(r + s) != r + s) for r in representatives]


NODE_SCRIPT = r"""
const nfd = (s) => s.normalize("NFD");
const representatives = JSON.parse(require("fs").readFileSync(0, "utf8"));
const out = { NFC: {}, NFD: {}, NFKC: {}, NFKD: {}, order: {}, pairs: [] };
for (let c = 0; c < 0x110000; c++) {
  if (c >= 0xd800 && c < 0xe000) continue;
  const s = String.fromCodePoint(c);
  for (const form of ["NFC", "NFD", "NFKC", "NFKD"]) if (s.normalize(form) !== s) out[form][c] = s.normalize(form);
  if (nfd(s) === s && (nfd(s + "\u0334") !== s + "\u0334" || nfd("\u0345" + s) !== "\u0345" + s))
    out.order[c] = representatives.map((r) => [nfd(s + r) !== s + r, nfd(r + s) !== r + s]);
  if (nfd(s) !== s && s.normalize("NFC") === s) {
    const parts = [...nfd(s)];
    out.pairs.push([parts.slice(0, -1).join("").normalize("NFC") + parts.at(-1), s]);
  }
}
console.log(JSON.stringify({ ...out, unicode: process.versions.unicode, node: process.version }));
"""


def node_facts(representatives):
    done = subprocess.run(
        ["node", "-e", NODE_SCRIPT], input=json.dumps(representatives), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def normalization():
    """nfcMaybe, nfcMark, and the code points that the reference and Node treat differently."""
    nfc, nfd = NORMALIZE["NFC"], NORMALIZE["NFD"]
    changed = {form: {c: n for c in ALL if (n := NORMALIZE[form](chr(c))) != chr(c)} for form in FORMS}
    marks = {c for c in ALL if c not in changed["NFD"] and reorders(nfd, c)}
    by_class = {unicodedata.combining(chr(c)): chr(c) for c in sorted(marks, reverse=True)}
    representatives = [by_class[k] for k in sorted(by_class) if k]
    order = {c: order_signature(nfd, c, representatives) for c in marks}

    maybe = set(changed["NFC"])
    for c, parts in changed["NFD"].items():
        if c not in maybe:
            assert nfc(nfc(parts[:-1]) + parts[-1]) == chr(c)
            maybe.add(ord(parts[-1]))

    node = node_facts(representatives)
    differing = set()
    for form in FORMS:
        theirs = {int(c): n for c, n in node[form].items()}
        differing |= {c for c in theirs.keys() | changed[form].keys() if theirs.get(c) != changed[form].get(c)}
    theirs = {int(c): [tuple(x) for x in s] for c, s in node["order"].items()}
    differing |= {c for c in theirs.keys() | order.keys() if theirs.get(c) != order.get(c)}
    for pair, composed in node["pairs"]:
        if nfc(pair) != composed:
            differing.add(ord(pair[0]))
    # In the reference all of them are starters that neither decompose nor compose, so text can be cut around them.
    inert(differing, changed, marks, maybe)
    # nfcMark includes what decomposes into marks alone (U+0344): those are in nfcMaybe as well.
    return maybe, marks, differing, node


def inert(code_points, changed, marks, maybe):
    firsts = {ord(NORMALIZE["NFC"](parts[:-1])[0]) for parts in changed["NFD"].values() if len(parts) > 1}
    for c in code_points:
        assert all(c not in changed[form] for form in FORMS), hex(c)
        assert c not in marks and c not in maybe and c not in firsts, hex(c)


# --- writing ---------------------------------------------------------------------------------------------------


def base36(n):
    digits = ""
    while n or not digits:
        n, r = divmod(n, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[r] + digits
    return digits


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ!#$%"


def encode_partition(label_of, labels, width):
    """`<length in base 36, omitted if 1><letter(s) of the label>` for each run of equal labels."""
    code = {}
    for i, label in enumerate(labels):
        code[label] = LETTERS[i] if width == 1 else LETTERS[i // 26] + LETTERS[i % 26]
    runs = itertools.groupby(range(0x110000), key=lambda c: code[label_of.get(c, labels[-1])])
    lengths = ((letters, sum(1 for _ in run)) for letters, run in runs)
    return "".join(("" if length == 1 else base36(length)) + letters for letters, length in lengths)


def encode_set(code_points):
    """Lengths in base 36 of the alternating runs outside, inside, outside, ... up to the last inside."""
    edges = [0]
    for c in sorted(code_points):
        if len(edges) > 1 and c == edges[-1]:
            edges[-1] = c + 1
        else:
            edges += [c, c + 1]
    return " ".join(base36(b - a) for a, b in zip(edges, edges[1:]))


def check_derived(category, alphabetic):
    """What src/text/unicode.ts derives instead of storing."""
    of = lambda *names: {c for c in ALL if category[c] in names or category[c][0] in names}  # noqa: E731
    for name in "LMNPSZC":
        assert prop(name) == of(name), name
    assert prop("LC") == of("Lu", "Ll", "Lt")
    space = prop("White_Space")
    assert matched(r"\s") == space == prop("Space") == stripped()
    assert split_on(pre_tokenizers.WhitespaceSplit()) == space
    word = alphabetic | of("M", "Nd", "Pc")
    # Oniguruma has a second table below U+0100: outside brackets \w and \b take ² ³ ¹ ¼ ½ ¾ for word characters.
    assert matched(r"[\w]") == matched(r"[\p{Word}]") == word
    assert matched(r"\w") == prop("Word") == word | set(map(ord, "²³¹¼½¾"))
    assert matched(r"\d") == prop("Digit") == of("Nd")
    assert prop("Punct") == prop("Punctuation") == of("P")
    assert prop("Alpha") == alphabetic and prop("Alnum") == alphabetic | of("Nd")
    rust = word_neighbours(before=True)
    assert rust == word_neighbours(before=False) == word | {0x200C, 0x200D}
    return space


def script_partition(names):
    unknown = prop("Unknown")
    known = [c for c in ALL if c not in unknown]
    script = {}
    for name, _ in names:
        for c in prop(name, known):
            assert c not in script, (hex(c), name)
            script[c] = name
    assert len(script) == len(known)
    return script


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", default="src/text/unicode-data.ts")
    out = parser.parse_args().out
    category = {c: name for name in CATEGORIES[:-1] for c in prop(name)}
    unassigned = prop("Cn") & set(ALL)
    assert not unassigned & category.keys() and len(unassigned) + len(category) == len(ALL)
    category |= {c: "Cn" for c in unassigned} | {c: "Cs" for c in range(0xD800, 0xE000)}
    alphabetic = prop("Alphabetic")
    names = script_names()
    script = script_partition(names)
    maybe, marks, differing, node = normalization()
    sets = {
        "Alphabetic": alphabetic,
        "White_Space": check_derived(category, alphabetic),
        "Numeric": split_on(pre_tokenizers.Digits(individual_digits=True)),
        "Punctuation": split_on(pre_tokenizers.Punctuation()),
        "StrippedAccent": removed_by(normalizers.StripAccents()),
        "BertAccent": removed_by(bert(strip_accents=True)),
        "BertControl": removed_by(bert(clean_text=True)),
        "NfcMaybe": maybe,
        "NfcMark": marks,
        "NormalizationDiffers": differing,
    }
    write(out, category, names, script, sets, node)


def write(out, category, names, script, sets, node):
    labels = [" ".join([name, *aliases]) for name, aliases in names] + ["unknown zzzz"]
    label_of = dict(zip([name for name, _ in names], labels))
    lines = [
        f"// Generated by test/oracles/unicode.py from Python tokenizers {tokenizers.__version__} (Unicode 16.0);",
        f"// NormalizationDiffers by comparison with Node {node['node']} (Unicode {node['unicode']}). Do not edit.",
        "",
        "/** In the order of the letters of CATEGORY_RUNS: A, B, … Z, then ! # $ %. */",
        f"export const CATEGORIES = {json.dumps(' '.join(CATEGORIES))};",
        "",
        "/** The general category of every code point: runs of `<length, base 36, 1 if absent><letter>`. */",
        f"export const CATEGORY_RUNS = {json.dumps(encode_partition(category, CATEGORIES, 1))};",
        "",
        "/** Each script's name and aliases, in the order of the letter pairs of SCRIPT_RUNS: AA, AB, … */",
        f"export const SCRIPTS = {json.dumps(','.join(labels))};",
        "",
        "/** The script of every code point, as CATEGORY_RUNS with two letters. */",
        f"export const SCRIPT_RUNS = {json.dumps(encode_partition({c: label_of[s] for c, s in script.items()}, labels, 2))};",
        "",
        "/** Sets as lengths, in base 36, of the alternating runs outside, inside, outside, … */",
        "export const SETS = {",
        *(f"  {name}: {json.dumps(encode_set(members))}," for name, members in sets.items()),
        "} as const;",
        "",
    ]
    with tempfile.NamedTemporaryFile("w", dir=os.path.dirname(out) or ".", delete=False) as f:
        f.write("\n".join(lines))
    os.chmod(f.name, 0o644)
    os.replace(f.name, out)
    report(out, sets, node)


def report(out, sets, node):
    print(f"{out}: {os.path.getsize(out)} bytes; node {node['node']}, Unicode {node['unicode']}")
    for name, members in sets.items():
        print(f"{name}: {len(members)} code points")


if __name__ == "__main__":
    main()
