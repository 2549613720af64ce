import { defineConfig } from "vitest/config";

// quick: the tests of `npm run check`, in seconds. full: those that load real tokenizers, run the program, or compare with an oracle.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "quick",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.full.test.ts"],
          // Time decides no test; a busy machine takes several times as long.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "full",
          include: ["test/**/*.full.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
