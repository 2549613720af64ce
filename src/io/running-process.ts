// Whether a process that has left its number in a file still runs.

import { readFileSync } from "node:fs";

/** False also for one that was killed and that its parent has not asked about yet, where the system tells. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return !isZombie(pid);
}

// Linux: "1234 (name) Z …"; the name may hold parentheses.
function isZombie(pid: number): boolean {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text[text.lastIndexOf(")") + 2] === "Z";
  } catch {
    return false;
  }
}
