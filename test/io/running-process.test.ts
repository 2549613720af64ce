import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { isRunning } from "../../src/io/running-process.ts";

test("this process runs, one that has ended does not", () => {
  expect(isRunning(process.pid)).toBe(true);
  expect(isRunning(spawnSync(process.execPath, ["-e", ""]).pid)).toBe(false);
});

// The shell starts a child and becomes `sleep`, which never asks how the child ended.
test.skipIf(!existsSync("/proc/self/stat"))(
  "a killed process that nobody has asked about does not",
  async () => {
    const shell = spawn("sh", ["-c", "sleep 30 & echo $!; exec sleep 30"]);
    try {
      const [line] = (await once(shell.stdout, "data")) as [Buffer];
      const pid = Number(line.toString());
      expect(isRunning(pid)).toBe(true);
      // Only once the shell is `sleep`.
      await new Promise((done) => setTimeout(done, 300));
      process.kill(pid, "SIGKILL");
      await expect.poll(() => isRunning(pid)).toBe(false);
      expect(() => process.kill(pid, 0)).not.toThrow();
    } finally {
      shell.kill("SIGKILL");
    }
  },
);
