"""Writes test/corpus/parquet-fixtures.json: small parquet files made by pyarrow, in the forms that corpora come in.

Usage: python test/oracles/parquet-fixtures.py > test/corpus/parquet-fixtures.json
"""

import base64
import json
import sys

import pyarrow as pa
import pyarrow.parquet as pq

PLAIN = ["سلام دنیا!\r\n", "", "two\nlines", "خانه‌ام دور است. " * 5, "é", "\0", "last"]
NULLS = ["one", None, "two", None, None, "three"]
REPEATED = ["a" * 20, "b" * 30] * 20
MANY = [f"سند {i} از چند {'خ' * (i % 7)}" for i in range(60)]


def written(columns, **options):
    table = columns if isinstance(columns, pa.Table) else pa.table(columns)
    sink = pa.BufferOutputStream()
    options = {"compression": "NONE", "use_dictionary": False, "write_statistics": False, "store_schema": False, **options}
    pq.write_table(table, sink, **options)
    return sink.getvalue().to_pybytes()


def texts(values, **extra):
    return {"id": pa.array(range(len(values)), pa.int32()), "text": pa.array(values, pa.string()), **extra}


def fixtures():
    for codec in ["NONE", "SNAPPY", "GZIP", "ZSTD", "BROTLI", "LZ4"]:
        yield f"{codec}", "text", PLAIN, written(texts(PLAIN), compression=codec)
    for codec in ["NONE", "SNAPPY", "ZSTD"]:
        yield f"{codec}, dictionary", "text", REPEATED, written(texts(REPEATED), compression=codec, use_dictionary=True)
    yield "pages of version 2", "text", PLAIN, written(texts(PLAIN), data_page_version="2.0", compression="ZSTD")
    yield "nulls", "text", NULLS, written(texts(NULLS))
    yield "nulls, dictionary, version 2", "text", NULLS + REPEATED, written(texts(NULLS + REPEATED), use_dictionary=True, data_page_version="2.0")
    yield "required", "text", PLAIN, written(pa.Table.from_arrays([pa.array(PLAIN)], schema=pa.schema([pa.field("text", pa.string(), nullable=False)])))
    yield "large strings, statistics", "text", PLAIN, written({"text": pa.array(PLAIN, pa.large_string())}, write_statistics=True)
    yield "bytes without a name", "text", PLAIN, written({"text": pa.array([text.encode() for text in PLAIN], pa.binary())})
    yield "checksums", "text", REPEATED, written(texts(REPEATED), write_page_checksum=True, use_dictionary=True)
    yield "row groups", "text", MANY[:30], written({"text": pa.array(MANY[:30])}, row_group_size=7)
    yield "many pages", "text", MANY, written({"text": pa.array(MANY)}, data_page_size=100, write_batch_size=4, compression="ZSTD")
    yield "a row group without rows", "text", [], written({"text": pa.array([], pa.string())})
    for encoding in ["DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY"]:
        yield encoding, "text", MANY[:20], written({"text": pa.array(MANY[:20])}, column_encoding={"text": encoding})
    nested = pa.array(
        [{"a": {"text": "one"}}, {"a": None}, None, {"a": {"text": None}}, {"a": {"text": "two"}}],
        pa.struct([("a", pa.struct([("text", pa.string()), ("n", pa.int32())]))]),
    )
    yield "nested", "meta.a.text", ["one", None, None, None, "two"], written({"meta": nested})


def main():
    files = []
    for name, field, values, data in fixtures():
        assert len(data) < 2000, (name, len(data))
        files.append({"name": name, "field": field, "texts": values, "base64": base64.b64encode(data).decode()})
    other = written(
        {
            "id": pa.array([1]),
            "score": pa.array([0.5]),
            "tags": pa.array([["a"]]),
            "url": pa.array(["u"]),
            "meta": pa.array([{"lang": "fa"}]),
        }
    )
    invalid = pa.array([b"fine", b"a\xffb"], pa.binary()).view(pa.string())
    more = {"other columns": other, "invalid UTF-8": written({"text": invalid})}
    made = {name: base64.b64encode(data).decode() for name, data in more.items()}
    json.dump({"pyarrow": pa.__version__, "files": files, "others": made}, sys.stdout, ensure_ascii=False, indent=1)
    print()


main()
