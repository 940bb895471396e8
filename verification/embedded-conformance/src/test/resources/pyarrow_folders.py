"""Writes folders of Parquet files as users of pyarrow do, and beside each the rows that pyarrow reads from it.

Usage: pyarrow_folders.py TAXI_FILE TARGET

TARGET/NAME is a folder. TARGET/NAME.rows has a line for each row. TARGET/NAME.refused, in place of that, has
the file and the column that must be refused.
"""
import datetime
import decimal
import pathlib
import struct
import sys

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

TAXI, TARGET = sys.argv[1], pathlib.Path(sys.argv[2])
UTC = datetime.timezone.utc
EPOCH = datetime.datetime(1970, 1, 1)
MICRO = datetime.timedelta(microseconds=1)


def text(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return "f" + struct.pack(">d", value).hex()
    if isinstance(value, decimal.Decimal):
        return "d" + format(value, "f")
    if isinstance(value, datetime.datetime):
        plain = value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
        return "t" + str((plain - EPOCH) // MICRO)
    if isinstance(value, datetime.date):
        return "day" + str((value - EPOCH.date()).days)
    if isinstance(value, datetime.time):
        return "at" + str((datetime.datetime.combine(EPOCH, value) - EPOCH) // MICRO)
    if isinstance(value, bytes):
        return "x" + value.hex()
    if isinstance(value, str):
        return "s" + value
    if isinstance(value, list) and value and isinstance(value[0], tuple):
        value = dict(value)
    if isinstance(value, dict):
        return "{" + ",".join(sorted(text(k)[1:] + "=" + text(v) for k, v in value.items())) + "}"
    return "[" + ",".join(text(each) for each in value) + "]"


def expect(name):
    folder = TARGET / name
    files = sorted(folder.rglob("*.parquet"))
    if files[0].parent != folder:
        tables = [ds.dataset(folder, format="parquet", partitioning="hive").to_table()]
    else:
        tables = [pq.ParquetFile(file).read() for file in files]
    names = sorted({column for table in tables for column in table.column_names})
    lines = []
    for table in tables:
        columns = [
            [n + "=" + text(v)
             for v in (table.column(n).to_pylist() if n in table.column_names else [None] * len(table))]
            for n in names]
        lines += ["\t".join(row) for row in zip(*columns)]
    (TARGET / (name + ".rows")).write_text("\n".join(lines) + "\n")


def write(name, file, table, **options):
    path = TARGET / name / file
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, **options)


def refuse(name, good, bad, column, **options):
    write(name, "a.parquet", good)
    write(name, "b.parquet", bad, **options)
    (TARGET / (name + ".refused")).write_text("b.parquet\t" + column)


def widen(name, first, second):
    write(name, "a.parquet", first)
    write(name, "b.parquet", second)
    expect(name)


def array(values, of):
    return pa.array(values, type=of)


# The taxi trips, as a dataset with hive partitions, and in files with other encodings and columns.
taxi = pq.read_table(TAXI)
ds.write_dataset(
    taxi, TARGET / "taxi_hive", format="parquet", partitioning=["payment_type"], partitioning_flavor="hive",
    max_rows_per_file=20_000, max_rows_per_group=5_000)
expect("taxi_hive")
half = len(taxi) // 2
write("taxi_files", "a.parquet", taxi.slice(0, half), compression="zstd", data_page_version="2.0",
      row_group_size=7_000)
back = taxi.slice(half).drop_columns(["ehail_fee", "trip_type"])
write("taxi_files", "b.parquet", back.select(back.column_names[::-1]), use_dictionary=False, compression="gzip",
      column_encoding={"trip_distance": "BYTE_STREAM_SPLIT", "PULocationID": "DELTA_BINARY_PACKED"})
expect("taxi_files")

# Types that any reader of Iceberg tables reads with the same values.
moment = datetime.datetime(2026, 1, 2, 3, 4, 5, 678901)
narrow = [None, 1, -(2**31), 2**31 - 1]
scalars = pa.table({
    "id": array(narrow, pa.int64()),
    "share": array([None, 0.1, float("inf"), -0.0], pa.float64()),
    "price": array([None, decimal.Decimal("1.05"), decimal.Decimal("-99999999.99"), 0], pa.decimal128(10, 2)),
    "vast": array([None, decimal.Decimal("1.5"), decimal.Decimal("-" + "9" * 28 + ".9"), 0], pa.decimal128(38, 1)),
    "flag": array([None, True, False, True], pa.bool_()),
    "day": array([None, datetime.date(1969, 12, 31), datetime.date(2026, 1, 2), datetime.date(1, 1, 1)], pa.date32()),
    "clock": array([None, datetime.time(0), datetime.time(23, 59, 59, 999999), datetime.time(1)], pa.time64("us")),
    "utc": array([None, moment, datetime.datetime(1969, 12, 31, 23, 59, 59, 999999), moment],
                 pa.timestamp("us", tz="UTC")),
    "berlin": array([None, moment, EPOCH, moment], pa.timestamp("us", tz="Europe/Berlin")),
    "local": array([None, moment, EPOCH, moment], pa.timestamp("us")),
    "name": array([None, "", "ä€😀", "x"], pa.string()),
    "bytes": array([None, b"", b"\x00\xff", b"x"], pa.binary()),
})
write("scalars", "a.parquet", scalars)
expect("scalars")

promoted = pa.table({"id": array([1], pa.int64()), "share": array([1.5], pa.float64()),
                     "price": array([decimal.Decimal("1.05")], pa.decimal128(10, 2))})
write("promoted", "a.parquet", promoted)
write("promoted", "b.parquet", pa.table({
    "price": array([decimal.Decimal("-9.99"), None], pa.decimal128(3, 2)),
    "id": array([-(2**31), 2**31 - 1], pa.int32()),
    "share": array([0.1, None], pa.float32())}))
expect("promoted")

small = pa.table({"id": array([-(2**7), 127], pa.int8()), "more": array([-(2**15), None], pa.int16())})
write("small_integers", "a.parquet", small)
expect("small_integers")

large = pa.table({
    "text": array(["ä" * 300, None, ""], pa.large_string()),
    "bytes": array([b"\x00", None, b""], pa.large_binary()),
    "view": array(["a long text in a view of strings", None, "b"], pa.string_view()),
    "word": array(["red", None, "red"], pa.string()).dictionary_encode(),
    "number": array([5, None, 5], pa.int64()).dictionary_encode(),
    "many": array([["a", None], None, []], pa.large_list(pa.large_string())),
})
write("large_and_dictionary", "a.parquet", large)
write("large_and_dictionary", "b.parquet", large, store_schema=False, dictionary_pagesize_limit=16)
expect("large_and_dictionary")

line = pa.struct([("article", pa.string()), ("amount", pa.int64()), ("tags", pa.list_(pa.string()))])
nested = pa.table({
    "lines": array([[{"article": "a", "amount": 1, "tags": ["x", None]}, None], None, []], pa.list_(line)),
    "where": array([{"article": "b", "amount": None, "tags": None}, None,
                    {"article": None, "amount": 3, "tags": []}], line),
    "labels": array([[("k", 1), ("l", None)], None, [("m", 3)]], pa.map_(pa.string(), pa.int64())),
    "deep": array([[[1, None], None, []], None, []], pa.list_(pa.list_(pa.int64()))),
})
write("nested", "a.parquet", nested)
write("nested", "b.parquet", nested.select(["deep", "labels", "where", "lines"]), use_compliant_nested_type=False)
expect("nested")

# Types that some reader would read with other values: refused by file and column.
good = pa.table({"id": array([1], pa.int64()), "at": array([moment], pa.timestamp("us"))})


def instead(column, values, of):
    return pa.table({name: array(values, of) if name == column else good.column(name) for name in good.column_names})


refuse("nanoseconds", good, instead("at", [moment], pa.timestamp("ns")), "at")
refuse("int96", good, good, "at", use_deprecated_int96_timestamps=True)
refuse("with_zone", good, instead("at", [moment], pa.timestamp("us", tz="UTC")), "at")
widen("seconds", good, instead("at", [moment.replace(microsecond=0)], pa.timestamp("s")))
refuse("date_for_time", good, instead("at", [moment.date()], pa.date32()), "at")
refuse("unsigned_32", good, instead("id", [2**32 - 1], pa.uint32()), "id")
refuse("unsigned_64", good, instead("id", [2**64 - 1], pa.uint64()), "id")
widen("unsigned_8", good, instead("id", [255], pa.uint8()))
refuse("text_for_number", good, instead("id", ["1"], pa.string()), "id")
refuse("double_for_number", good, instead("id", [1.5], pa.float64()), "id")
refuse("list_for_number", good, instead("id", [[1]], pa.list_(pa.int64())), "id")
refuse("struct_for_number", good, instead("id", [{"id": 1}], pa.struct([("id", pa.int64())])), "id")
short = pa.table({"id": array([1], pa.int32())})
widen("wider_integer", short, pa.table({"id": array([2**40], pa.int64())}))
price = pa.table({"price": array([decimal.Decimal("1.05")], pa.decimal128(10, 2))})
refuse("other_scale", price, pa.table({"price": array([decimal.Decimal("1.005")], pa.decimal128(10, 3))}), "price")
widen("more_digits", price, pa.table({"price": array([decimal.Decimal("1.05")], pa.decimal128(20, 2))}))
share = pa.table({"share": array([1.5], pa.float32())})
refuse("half", share, pa.table({"share": array([1.5], pa.float16())}), "share")
widen("double_for_float", share, pa.table({"share": array([0.1], pa.float64())}))
refuse("inside_a_list",
       pa.table({"lines": array([[{"n": 1}]], pa.list_(pa.struct([("n", pa.int64())])))}),
       pa.table({"lines": array([[{"n": 1}]], pa.list_(pa.struct([("n", pa.uint32())])))}), "lines[].n")
refuse("inside_a_map",
       pa.table({"labels": array([[("k", moment)]], pa.map_(pa.string(), pa.timestamp("us")))}),
       pa.table({"labels": array([[("k", moment)]], pa.map_(pa.string(), pa.timestamp("ns")))}), "labels{}")
write("in_file_and_folder", "day=1/a.parquet", pa.table({"id": array([1], pa.int64())}))
write("in_file_and_folder", "day=2/b.parquet", pa.table({"id": array([1], pa.int64()), "day": array([3], pa.int64())}))
(TARGET / "in_file_and_folder.refused").write_text("b.parquet\tday")
numbered = pa.schema([pa.field("id", pa.int64(), metadata={"PARQUET:field_id": "2"}),
                      pa.field("at", pa.timestamp("us"), metadata={"PARQUET:field_id": "1"})])
refuse("other_field_ids", good, good.cast(numbered), "id")
