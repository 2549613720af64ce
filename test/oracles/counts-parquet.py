"""Reads the tables of a folder of counts with DuckDB and with pyarrow, and writes the same tables as other programs would.

python counts-parquet.py read FOLDER         one line of JSON for each reader: versions, rows, SHA-256 of the rows in file order
python counts-parquet.py write FOLDER OUT    OUT: the same counts, written by pyarrow and by DuckDB in several parts
"""

import hashlib
import json
import os
import shutil
import sys

import duckdb
import pyarrow
import pyarrow.parquet as parquet

TABLES = {"training": "segments.parquet", "heldOut": "held-out.parquet"}


def digest(rows):
    """SHA-256 over a line for each row: the segment in hexadecimal, whether it opens its document, its count."""
    lines = (f"{segment.encode().hex()} {int(opens)} {count}\n" for segment, opens, count in rows)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def by_duckdb(path):
    return duckdb.sql(f"select segment, opens_document, count from '{path}' order by file_row_number").fetchall()


def by_pyarrow(path):
    columns = parquet.read_table(path, columns=["segment", "opens_document", "count"]).to_pydict()
    return list(zip(*columns.values()))


def read(folder):
    for name, version, reader in (
        ("duckdb", duckdb.__version__, by_duckdb),
        ("pyarrow", pyarrow.__version__, by_pyarrow),
    ):
        result = {"reader": name, "version": version}
        for table, file in TABLES.items():
            rows = reader(os.path.join(folder, file))
            result[table] = {"rows": len(rows), "sha256": digest(rows)}
        print(json.dumps(result))


def part_of(folder, file):
    path = os.path.join(folder, file)
    with open(path, "rb") as stored:
        data = stored.read()
    rows = parquet.ParquetFile(path).metadata.num_rows
    return {"file": file, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "rows": rows}


def write(folder, out):
    shutil.rmtree(out, ignore_errors=True)
    os.makedirs(os.path.join(out, "training"))
    with open(os.path.join(folder, "counts.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    table = parquet.read_table(os.path.join(folder, TABLES["training"]))
    third = table.num_rows // 3
    names = ["training/part-00000-a.zstd.parquet", "training/part-00001-b.parquet", "training/part-00002-c.parquet"]
    # A dictionary, several row groups, optional columns: as Spark writes them.
    parquet.write_table(
        table.slice(0, third).cast(pyarrow.schema([field.with_nullable(True) for field in table.schema])),
        os.path.join(out, names[0]),
        compression="zstd",
        row_group_size=1000,
    )
    parquet.write_table(
        table.slice(third, third), os.path.join(out, names[1]), compression="gzip", use_dictionary=False, version="1.0"
    )
    rest = table.slice(2 * third)
    duckdb.sql("from rest").write_parquet(os.path.join(out, names[2]))
    duckdb.sql(f"from '{os.path.join(folder, TABLES['heldOut'])}'").write_parquet(os.path.join(out, "held.parquet"))
    manifest["segments"]["training"]["parts"] = [part_of(out, name) for name in names]
    manifest["segments"]["heldOut"]["parts"] = [part_of(out, "held.parquet")]
    with open(os.path.join(out, "counts.json"), "w", encoding="utf-8") as file:
        json.dump(manifest, file)


if __name__ == "__main__":
    {"read": read, "write": write}[sys.argv[1]](*sys.argv[2:])
