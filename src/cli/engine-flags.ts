// Settings of V8 for a short, busy run; imported first, by the program only (a library leaves its process alone).

import { setFlagsFromString } from "node:v8";

// Inlining less makes the optimizing compiler cheaper than what its code gains within seconds: one tokenizer on 121 MB took
// 1.8 to 2.1 CPU-s against 2.2 to 2.5 in turn (`docs/log.md`).
setFlagsFromString("--max-inlined-bytecode-size-cumulative=300");
// A loop that becomes hot is compiled at once, not on another thread while it goes on slowly: the same wall time, a tenth
// of the CPU time less on 121 MB of Persian, a sixth on 4 MB of English.
setFlagsFromString("--no-concurrent-osr");
// The heap may grow to four times what lives before it is marked again: what is measured lies in arrays, whose growth V8 adds
// to the heap's, and no marking frees the rest. Five markings became three (`docs/log.md`).
setFlagsFromString("--heap-growing-percent=300");
