"""Counts a corpus on a real Spark of two executors, kills one of them in the middle, and compares with `vocab count`.

    python3 test/oracles/spark-counts.py [--venv FOLDER] [--format text|jsonl|parquet] [--no-kill]

Needs Java 17 and a built checkout (npm run build). PySpark is installed into a virtual environment of its own, once.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

PYSPARK = "pyspark==4.0.1"
TOP = Path(__file__).resolve().parents[2]
VOCAB = f"node {TOP}/dist/cli/main.js"
LINES = 250_000
# Where programs that read lines differ: marks, lone CR, CRLF, empty lines, U+0085, U+2028, NUL, white space at the start.
HOSTILE = "\ufeffa\r\n\ufeffb\n\n\n lone\rcr\u0085x\u2028y\nnul\0nul\r\r\n  \n\u3000x\n\t\tz  \nend"


def main() -> None:
    options = parse_arguments()
    python = make_environment(Path(options.venv).absolute())
    with tempfile.TemporaryDirectory(prefix="vocab-spark-") as folder:
        top = Path(folder)
        write_corpus(top, options.format)
        if options.format == "parquet":
            run_spark(python, top, ["--parquet-of", str(top / "texts.jsonl"), str(top / "corpus" / "a.parquet")])
        corpus = f"{top}/corpus/*"
        vocab("count", "--lang", "fa", "--corpus", corpus, "--out", str(top / "here"))
        log = run_spark(python, top, [
            str(TOP / "spark/count_segments.py"), "--lang", "fa", "--format", options.format, "--corpus", corpus,
            "--out", str(top / "spark"), "--vocab", VOCAB], kills=not options.no_kill)
        if not options.no_kill:
            check("ExecutorLostFailure" in log or "Lost executor" in log, "Spark does not say that an executor was lost")
        # Adding up one folder of counts writes it anew, in the one form that vocab itself gives to counts.
        vocab("count", "--counts", str(top / "spark"), "--out", str(top / "there"))
        for table in ("segments.parquet", "held-out.parquet"):
            check((top / "here" / table).read_bytes() == (top / "there" / table).read_bytes(), f"{table} differs")
        here, spark = (json.loads((top / name / "counts.json").read_text()) for name in ("here", "spark"))
        figures = ("documents", "bytes", "characters", "unit", "invalid")
        check(all(here["corpus"][key] == spark["corpus"][key] for key in figures), "the figures of the text differ")
        check(all(here[key] == spark[key] for key in ("language", "options", "heldOut")), "the options differ")
        print(f"{here['corpus']['documents']} documents, {here['segments']['training']['distinct']} segments: identical")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--venv", default=str(Path(tempfile.gettempdir()) / "vocab-spark-venv"))
    parser.add_argument("--format", default="text", choices=("text", "jsonl", "parquet"))
    parser.add_argument("--no-kill", action="store_true")
    return parser.parse_args()


def make_environment(folder: Path) -> Path:
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", PYSPARK], check=True)
        (folder / "ready").touch()
    return python


def write_corpus(top: Path, form: str) -> None:
    (top / "corpus").mkdir()
    choose = random.Random(0)
    words = [f"واژه{choose.randrange(10**6)}" for _ in range(20_000)]
    lines = [" ".join(choose.choices(words, k=6)) + choose.choice(("", ".", " !\t", " ؟")) for _ in range(LINES)]
    if form == "text":
        (top / "corpus" / "a.txt").write_bytes("\n".join(lines).encode())
        (top / "corpus" / "b.txt").write_bytes(HOSTILE.encode())
        return
    texts = [*lines, HOSTILE, *HOSTILE.split("\n"), *("\n".join(lines[i:i + 40]) for i in range(0, 4000, 40))]
    target = top / ("corpus/a.jsonl" if form == "jsonl" else "texts.jsonl")
    target.write_bytes(b"".join(json.dumps({"text": text}).encode() + b"\n" for text in texts))


def run_spark(python: Path, top: Path, program: list, kills: bool = False) -> str:
    site = next((python.parents[1] / "lib").glob("python*/site-packages"))
    environment = {**os.environ, "SPARK_HOME": str(site / "pyspark"), "PYSPARK_PYTHON": str(python),
                   "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_WORKER_DIR": str(top / "work")}
    if program[0] == "--parquet-of":
        script = top / "to_parquet.py"
        script.write_text("import sys\nfrom pyspark.sql import SparkSession\n"
                          "spark = SparkSession.builder.getOrCreate()\n"
                          "spark.read.json(sys.argv[1]).write.parquet(sys.argv[2] + '.d')\n")
        subprocess.run([python.parent / "spark-submit", "--master", "local[2]", script, *program[1:]],
                       env=environment, cwd=top, check=True, stderr=subprocess.DEVNULL)
        for number, part in enumerate(sorted(Path(program[2] + ".d").glob("*.parquet"))):
            part.rename(top / "corpus" / f"{number}.parquet")
        subprocess.run(["rm", "-r", program[2] + ".d"], check=True)
        return ""
    log = top / "spark.log"
    with open(log, "w") as stderr:
        spark = subprocess.Popen([
            python.parent / "spark-submit", "--master", "local-cluster[2,1,1024]",
            "--conf", "spark.ui.enabled=false", "--conf", "spark.sql.shuffle.partitions=2",
            "--conf", "spark.sql.files.maxPartitionBytes=16m", *program], env=environment, cwd=top, stderr=stderr)
        killed = not kills or kill_executor(spark)
    text = log.read_text()
    if spark.wait() != 0:
        sys.exit(f"spark-submit failed:\n{log.read_text()[-5000:]}")
    check(killed, "no executor was seen at work")
    return log.read_text() or text


def kill_executor(spark: subprocess.Popen) -> bool:
    """Kills the executor whose task has been counting for half a second. Returns whether there was one."""
    while spark.poll() is None:
        for executor in executors(spark.pid):
            if any("count-stream" in command for _, command in processes_under(executor)):
                time.sleep(0.5)
                os.kill(executor, signal.SIGKILL)
                return True
        time.sleep(0.05)
    return False


def executors(top: int) -> list:
    return [pid for pid, command in processes_under(top) if "CoarseGrainedExecutorBackend" in command and "java" in command]


def processes_under(top: int) -> list:
    parents, commands = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                commands[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue

    def is_under(pid: int) -> bool:
        while pid in parents:
            pid = parents[pid]
            if pid == top:
                return True
        return False

    return [(pid, commands.get(pid, "")) for pid in parents if is_under(pid)]


def vocab(*arguments: str) -> None:
    subprocess.run([*VOCAB.split(), *arguments], check=True, stdout=subprocess.DEVNULL)


def check(holds: bool, complaint: str) -> None:
    if not holds:
        sys.exit(f"spark-counts: {complaint}")


if __name__ == "__main__":
    main()
