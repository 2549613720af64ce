"""Counts the segments of a corpus on Apache Spark, as `vocab count` does on one machine: spark/README.md.

Each task pipes its documents through `vocab count-stream`, Spark adds the rows by key, sorts them, and writes the tables of
`vocab.counts/1` (docs/counts.md) with their manifest.
"""

import argparse
import json
import shlex
import struct
import subprocess
import threading

from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession, functions as F
from pyspark.sql.types import BooleanType, LongType, StringType, StructField, StructType

LENGTH, ROW = "<I", "<BdI"
ROWS = StructType([
    StructField("segment", StringType(), nullable=False),
    StructField("opens_document", BooleanType(), nullable=False),
    StructField("held_out", BooleanType(), nullable=False),
    StructField("count", LongType(), nullable=False),
])
"""Rows of a table lie in row groups of about so many bytes: a reader of counts holds one."""
ROW_GROUP_BYTES = 16 << 20


def main() -> None:
    options = parse_arguments()
    spark = SparkSession.builder.appName("vocab count").getOrCreate()
    stream = [*shlex.split(options.vocab), "count-stream", "--format", STREAM_FORMATS[options.format],
              "--text-field", options.text_field, "--on-invalid", options.on_invalid,
              "--hold-out", str(options.hold_out), "--seed", str(options.seed)]
    rows = read_documents(spark, options).rdd.mapPartitions(lambda documents: count_partition(stream, documents))
    counts = (spark.createDataFrame(rows, ROWS, verifySchema=False)
              .groupBy("segment", "opens_document", "held_out")
              .agg(F.coalesce(F.sum("count"), F.lit(0)).alias("count"))
              .where("count != 0").persist(StorageLevel.DISK_ONLY))
    invalid = counts.where("segment = ''").agg(F.sum("count")).first()[0] or 0
    figures = {"invalid": invalid}
    for name, folder, is_held_out in (("training", "segments", False), ("heldOut", "held-out", True)):
        table = counts.where((F.col("held_out") == is_held_out) & (F.col("segment") != "")).drop("held_out")
        figures[name] = write_table(spark, table, options.out, folder)
    manifest = subprocess.run([*stream, "--manifest", options.lang], input=json.dumps(figures).encode(),
                              stdout=subprocess.PIPE, check=True).stdout
    write_file(spark, f"{options.out}/counts.json", manifest)
    spark.stop()


STREAM_FORMATS = {"text": "text", "jsonl": "jsonl", "parquet": "documents"}


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Count the segments of a corpus on Spark.")
    parser.add_argument("--lang", required=True, help="language of the text, as a BCP 47 tag")
    parser.add_argument("--corpus", required=True, nargs="+", help="paths or globs, of any file system that Spark has")
    parser.add_argument("--format", required=True, choices=STREAM_FORMATS)
    parser.add_argument("--out", required=True, help="folder for the counts, which must not hold any")
    parser.add_argument("--text-field", default="text", help="field or column that holds the text")
    parser.add_argument("--on-invalid", default="error", choices=("error", "replace", "skip"))
    parser.add_argument("--hold-out", type=int, default=50, help="keep one document in so many apart; 0: none")
    parser.add_argument("--seed", type=int, default=0, help="of the choice of these documents")
    parser.add_argument("--vocab", default="vocab", help="command that runs vocab, on every machine")
    return parser.parse_args()


def read_documents(spark: SparkSession, options: argparse.Namespace) -> DataFrame:
    """One document a row, as the bytes that it has: a string of Python would hide what is invalid."""
    if options.format == "parquet":
        texts = spark.read.parquet(*options.corpus).select(F.col(options.text_field).alias("text"))
    else:
        # Without it Spark would end a line at a lone CR as well, which is text.
        texts = spark.read.option("lineSep", "\n").text(options.corpus).select(F.col("value").alias("text"))
    (_, kind), = texts.dtypes
    if kind not in ("string", "binary"):
        raise SystemExit(f"the column {options.text_field} is no string but {kind}; name one with --text-field")
    return texts.select(F.col("text").cast("binary"))


def count_partition(stream, documents):
    """Rows (segment, opens_document, held_out, count) of the documents of a task."""
    program = subprocess.Popen(stream, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    failure = []

    def feed():
        try:
            with program.stdin as pipe:
                for number, (text,) in enumerate(documents):
                    if text is None:
                        raise ValueError(f"document {number} of the task has no text (null)")
                    pipe.write(struct.pack(LENGTH, len(text)) + text)
        except Exception as error:  # told by the task below: a thread has nobody to tell
            failure.append(error)
            program.kill()

    feeder = threading.Thread(target=feed, daemon=True)
    feeder.start()
    try:
        with program.stdout as rows:
            while header := rows.read(struct.calcsize(ROW)):
                flags, count, size = struct.unpack(ROW, header)
                yield rows.read(size).decode(), bool(flags & 1), bool(flags & 2), int(count)
        feeder.join()
        if program.wait() != 0 or failure:
            raise RuntimeError(f"vocab count-stream failed with {program.returncode}; the log of the executor says why"
                               ) from (failure[0] if failure else None)
    finally:
        program.kill()


def write_table(spark: SparkSession, table: DataFrame, out: str, folder: str) -> dict:
    """Writes the rows in order (Spark compares strings as their UTF-8 bytes) and says what was written."""
    path = f"{out}/{folder}"
    (table.orderBy("segment", "opens_document").write.mode("errorifexists")
     .option("parquet.block.size", ROW_GROUP_BYTES).parquet(path))
    stored = spark.read.parquet(path)
    total, documents, size, characters = stored.agg(
        F.sum("count"), F.sum(F.when(F.col("opens_document"), F.col("count"))),
        F.sum(F.octet_length("segment") * F.col("count")), F.sum(F.char_length("segment") * F.col("count"))).first()
    rows = dict(stored.groupBy(F.col("_metadata.file_name")).count().collect())
    files = (spark.read.format("binaryFile").option("pathGlobFilter", "*.parquet").load(path)
             .select(F.element_at(F.split("path", "/"), -1), "length", F.sha2("content", 256)).collect())
    parts = [{"file": f"{folder}/{name}", "bytes": length, "sha256": sha256, "rows": rows.get(name, 0)}
             for name, length, sha256 in sorted(map(tuple, files))]
    return {"distinct": sum(part["rows"] for part in parts), "occurrences": total or 0, "documents": documents or 0,
            "bytes": size or 0, "characters": characters or 0, "parts": parts}


def write_file(spark: SparkSession, path: str, content: bytes) -> None:
    """Of any file system that Spark knows; under another name first, so that a manifest is never half there."""
    hadoop = spark.sparkContext._jvm.org.apache.hadoop.fs
    target, unfinished = hadoop.Path(path), hadoop.Path(f"{path}.unfinished")
    file_system = target.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration())
    stream = file_system.create(unfinished, True)
    stream.write(bytearray(content))
    stream.close()
    if not file_system.rename(unfinished, target):
        raise RuntimeError(f"{path} cannot be written")


if __name__ == "__main__":
    main()
