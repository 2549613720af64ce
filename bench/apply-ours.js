// One run of `vocab apply` in a process of its own: what it took, as JSON.

import { apply } from "../dist/index.js";

const [checkpoint, expansion, out] = process.argv.slice(2);
const start = performance.now();
await apply({ checkpoint, expansion, out });
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const wallMs = performance.now() - start;
console.log(
  JSON.stringify({ wallMs, cpuMs: (userCPUTime + systemCPUTime) / 1000, peakRssMb: (maxRSS * 1024) / 1e6 }),
);
