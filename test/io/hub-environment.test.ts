import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hubEnvironment } from "../../src/io/hub-environment.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const home = temporaryFolder();
const environment = (env: Record<string, string>) => hubEnvironment({ HOME: home, ...env });

test("without any variable: the public hub, Python's cache, no token", () => {
  expect(environment({})).toEqual({
    endpoint: "https://huggingface.co",
    cacheFolder: join(home, ".cache", "huggingface", "hub"),
    offline: false,
  });
});

// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the shell
const IN_SCRATCH = "$SCRATCH/a/${SCRATCH}/$NOTHING";

// Each line adds a variable that wins over those before it.
test("which variable names the cache", () => {
  const steps: [Record<string, string>, string][] = [
    [{ XDG_CACHE_HOME: "/xdg" }, "/xdg/huggingface/hub"],
    [{ HF_HOME: "~/hf" }, join(home, "hf/hub")],
    [{ HUGGINGFACE_HUB_CACHE: "/old" }, "/old"],
    [{ HF_HUB_CACHE: IN_SCRATCH, SCRATCH: "/s" }, "/s/a//s/$NOTHING"],
    [{ HF_HUB_CACHE: "" }, "/old"],
  ];
  let env: Record<string, string> = {};
  for (const [variables, folder] of steps) {
    env = { ...env, ...variables };
    expect(environment(env).cacheFolder).toBe(folder);
  }
});

test("the endpoint loses the slash at its end; set to nothing it is not set", () => {
  expect(environment({ HF_ENDPOINT: "https://mirror.example/hf//" }).endpoint).toBe(
    "https://mirror.example/hf",
  );
  expect(environment({ HF_ENDPOINT: "" }).endpoint).toBe("https://huggingface.co");
});

test.each([
  ["1", true],
  ["true", true],
  ["Yes", true],
  ["ON", true],
  ["0", false],
  ["false", false],
  ["", false],
  ["2", false],
])("HF_HUB_OFFLINE=%s", (value, offline) => {
  expect(environment({ HF_HUB_OFFLINE: value }).offline).toBe(offline);
});

test("TRANSFORMERS_OFFLINE counts where HF_HUB_OFFLINE is not set", () => {
  expect(environment({ TRANSFORMERS_OFFLINE: "1" }).offline).toBe(true);
  expect(environment({ TRANSFORMERS_OFFLINE: "1", HF_HUB_OFFLINE: "0" }).offline).toBe(false);
});

test("the token: HF_TOKEN, its old name, then the file; without line ends", () => {
  const folder = join(home, "logged-in");
  mkdirSync(folder);
  writeFileSync(join(folder, "token"), "hf_file\n");
  writeFileSync(join(folder, "other"), "hf_other");
  const token = (env: Record<string, string>) => environment({ HF_HOME: folder, ...env }).token;
  expect(token({})).toBe("hf_file");
  expect(token({ HF_TOKEN_PATH: join(folder, "other") })).toBe("hf_other");
  expect(token({ HUGGING_FACE_HUB_TOKEN: "hf_old" })).toBe("hf_old");
  expect(token({ HUGGING_FACE_HUB_TOKEN: "hf_old", HF_TOKEN: " hf_new\r\n" })).toBe("hf_new");
  expect(token({ HF_TOKEN: " \n" })).toBe("hf_file");
  expect(token({ HF_TOKEN: "hf_new", HF_HUB_DISABLE_IMPLICIT_TOKEN: "1" })).toBeUndefined();
});
