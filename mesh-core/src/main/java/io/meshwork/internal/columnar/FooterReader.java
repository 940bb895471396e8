package io.meshwork.internal.columnar;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.RowGroup;

/** Reads and checks the end of a Parquet file. */
final class FooterReader {
  /** Length of the footer and magic. */
  private static final int TAIL = 8;

  /** Read at once in the hope that the footer is inside. */
  private static final int FIRST_READ = 64 << 10;

  /** Rows that a byte of a file may stand for: more is a file made to keep its reader busy. */
  private static final long MOST_ROWS_PER_BYTE = 1_000_000;

  private FooterReader() {}

  /** Reads the footer; {@link MalformedFileException} if it is none. */
  static Footer read(String file, SeekableInputStream in, long length) {
    if (length < 4 + TAIL) {
      throw new MalformedFileException(
          file, "the file has " + length + " bytes, too few for Parquet", 0, null);
    }
    int first = (int) Math.min(length, FIRST_READ);
    byte[] tail = range(file, in, length - first, first);
    int footerLength = footerLength(file, tail, first, length);
    long start = length - TAIL - footerLength;
    if (start >= length - first) {
      return parse(file, tail, first - TAIL - footerLength, footerLength, start);
    }
    return parse(file, range(file, in, start, footerLength), 0, footerLength, start);
  }

  private static int footerLength(String file, byte[] tail, int size, long length) {
    String magic = new String(tail, size - 4, 4, StandardCharsets.ISO_8859_1);
    if (magic.equals("PARE")) {
      throw new MalformedFileException(
          file, "the footer is encrypted; encrypted files are not read", length - 4, null);
    }
    if (!magic.equals("PAR1")) {
      throw new MalformedFileException(
          file, "the file does not end as Parquet files do (PAR1)", length - 4, null);
    }
    if (size == length && !new String(tail, 0, 4, StandardCharsets.ISO_8859_1).equals(magic)) {
      throw new MalformedFileException(
          file, "the file does not start as Parquet files do (PAR1)", 0, null);
    }
    int footerLength = BitDecoder.intAt(tail, size - TAIL);
    if (footerLength <= 0 || footerLength > length - TAIL - 4) {
      throw new MalformedFileException(
          file,
          "the footer says to have "
              + Integer.toUnsignedLong(footerLength)
              + " bytes, the file has "
              + length,
          length - TAIL,
          null);
    }
    return footerLength;
  }

  private static Footer parse(String file, byte[] bytes, int from, int length, long start) {
    try {
      FileMetaData meta = new FileMetaData();
      FooterTransport.read(meta::read, bytes, from, from + length);
      ParquetFileSchema schema = ParquetFileSchema.of(meta.getSchema());
      checkRows(meta, start);
      for (RowGroup group : meta.getRow_groups()) {
        checkGroup(group, schema, start);
      }
      return new Footer(
          file, schema, meta.getNum_rows(), meta.getRow_groups(), properties(meta), start);
    } catch (RuntimeException e) {
      String what = e instanceof DecoderException ? e.getMessage() : "it does not hold together";
      throw new MalformedFileException(file, "the footer is malformed: " + what, start, e);
    }
  }

  private static void checkRows(FileMetaData meta, long length) {
    long rows = 0;
    for (RowGroup group : meta.getRow_groups()) {
      if (group.getNum_rows() < 0) {
        throw new DecoderException("a row group has " + group.getNum_rows() + " rows");
      }
      rows = Math.addExact(rows, group.getNum_rows());
    }
    if (rows != meta.getNum_rows()) {
      throw new DecoderException(
          "the file says to have " + meta.getNum_rows() + " rows, its row groups have " + rows);
    }
    if (rows / MOST_ROWS_PER_BYTE > length) {
      throw new DecoderException(
          rows
              + " rows in a file of "
              + length
              + " bytes, the limit is "
              + MOST_ROWS_PER_BYTE
              + " rows a byte");
    }
  }

  private static void checkGroup(RowGroup group, ParquetFileSchema schema, long end) {
    List<ColumnChunk> chunks = group.getColumns();
    if (chunks.size() != schema.leaves().size()) {
      throw new DecoderException(
          "a row group has " + chunks.size() + " columns, the schema " + schema.leaves().size());
    }
    for (ParquetLeafSchema leaf : schema.leaves()) {
      ColumnChunk chunk = chunks.get(leaf.index());
      if (chunk.isSetMeta_data()) {
        checkChunk(chunk.getMeta_data(), leaf, group.getNum_rows(), end);
      }
    }
  }

  private static void checkChunk(
      ColumnMetaData chunk, ParquetLeafSchema leaf, long rows, long end) {
    String column = "column " + leaf.path();
    if (chunk.getType() != leaf.type().physical()) {
      throw new DecoderException(column + " has two types");
    }
    boolean flat = leaf.mostRepetition() == 0;
    if (chunk.getNum_values() < 0 || (flat && chunk.getNum_values() != rows)) {
      throw new DecoderException(
          column + " has " + chunk.getNum_values() + " values in a row group of " + rows + " rows");
    }
    if (!flat
        && (chunk.getNum_values() < rows || chunk.getNum_values() / MOST_ROWS_PER_BYTE > end)) {
      throw new DecoderException(
          column
              + " says to have "
              + chunk.getNum_values()
              + " values in "
              + rows
              + " rows, fewer than rows or more than "
              + MOST_ROWS_PER_BYTE
              + " a byte");
    }
    long start = chunkStart(chunk);
    long length = chunk.getTotal_compressed_size();
    if (start < 4 || length < 0 || start > end || length > end - start) {
      throw new DecoderException(
          column + " lies at " + start + " with " + length + " bytes, the data ends at " + end);
    }
    if (length > Integer.MAX_VALUE - 1024) {
      throw new DecoderException(column + " has more than 2 GiB in a row group");
    }
  }

  /** Where a chunk's first page starts. */
  static long chunkStart(ColumnMetaData chunk) {
    long data = chunk.getData_page_offset();
    // Some writers set the dictionary's place to 0 where there is none.
    boolean dictionary =
        chunk.isSetDictionary_page_offset() && chunk.getDictionary_page_offset() > 0;
    return dictionary ? Math.min(data, chunk.getDictionary_page_offset()) : data;
  }

  private static Map<String, String> properties(FileMetaData meta) {
    Map<String, String> properties = new LinkedHashMap<>();
    List<KeyValue> pairs =
        meta.isSetKey_value_metadata() ? meta.getKey_value_metadata() : new ArrayList<>();
    for (KeyValue pair : pairs) {
      properties.put(pair.getKey(), pair.isSetValue() ? pair.getValue() : "");
    }
    return properties;
  }

  /** Reads a range, with readable slack behind it; {@link MalformedFileException} if cut short. */
  static byte[] range(String file, SeekableInputStream in, long offset, int length) {
    try {
      in.seek(offset);
      byte[] bytes = new byte[length + BitDecoder.SLACK];
      int read = in.readNBytes(bytes, 0, length);
      if (read < length) {
        throw new EOFException("the file ends after " + (offset + read) + " bytes");
      }
      return bytes;
    } catch (EOFException e) {
      throw new MalformedFileException(file, "the file is shorter than it says", offset, e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
