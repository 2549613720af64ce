// Run in a process of its own: applies an expansion and prints how long that took and the most memory it had, as JSON.

import { apply } from "../../src/pipeline/apply.ts";

const [checkpoint = "", expansion = "", out = ""] = process.argv.slice(2);
const started = performance.now();
const { bytes } = await apply({ checkpoint, expansion, out });
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ bytes, seconds, mebibytes: process.resourceUsage().maxRSS / 1024 }));
