package io.meshwork.internal.parquet.footer;

import io.meshwork.internal.parquet.encoding.ValueDecoder;
import io.meshwork.internal.parquet.footer.FileFooter.FileTail;
import io.meshwork.internal.parquet.schema.ParquetColumn;
import io.meshwork.internal.parquet.schema.ParquetFileSchema;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.parquet.schema.UnreadableFileException.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.RowGroup;

/** Reads and validates the footer of a Parquet file. */
public final class FooterReader {
  /** The bytes of the footer length and the magic number. */
  private static final int TAIL_BYTES = 8;

  /** The size of the first read, which usually contains the whole footer. */
  public static final int FIRST_READ = 64 << 10;

  /**
   * The most rows that one byte of a file may represent: a larger ratio indicates a file crafted to
   * keep its reader busy. Writers of row groups with a million equal values stay below a tenth of
   * it.
   */
  private static final long MAX_ROWS_PER_BYTE = 100_000;

  /**
   * The most values of all columns that one byte of a file may represent, likewise: a few bytes for
   * each of a thousand columns would otherwise multiply the rows.
   */
  private static final long MAX_VALUES_PER_BYTE = 200_000;

  /** The last version of parquet-mr that did not count the header of a dictionary in a chunk. */
  private static final Pattern SHORT_CHUNKS =
      Pattern.compile(
          "parquet-mr(?! version )|parquet-mr version (?:0|1\\.[01]|1\\.2\\.[0-8])(?!\\d).*",
          Pattern.DOTALL);

  private FooterReader() {}

  /**
   * Reads the footer; throws {@link UnreadableFileException} if it is invalid.
   *
   * @param stored whether columns have their types as stored, without annotations
   */
  public static FileFooter read(String file, SeekableInputStream in, long length, boolean stored) {
    try {
      return read(file, in, length, stored, new FooterMemory());
    } catch (OutOfMemoryError e) {
      // Others may have taken most of the heap. Of the footer, nothing is referenced any longer.
      throw UnreadableFileException.limit(
              "the structures of the footer exceed the free heap; increase the heap (-Xmx)")
          .at(file, null, UnreadableFileException.UNKNOWN, UnreadableFileException.UNKNOWN);
    }
  }

  /** Reads the footer within a limit of memory. */
  public static FileFooter read(
      String file, SeekableInputStream in, long length, boolean stored, FooterMemory memory) {
    if (length < 4 + TAIL_BYTES) {
      throw new UnreadableFileException(
          file, "the file has " + length + " bytes, too few for a Parquet file", 0, null);
    }
    int first = (int) Math.min(length, FIRST_READ);
    byte[] tail = range(file, in, length - first, first);
    int footerLength = footerLength(file, tail, first, length);
    long start = length - TAIL_BYTES - footerLength;
    FileTail fileTail = new FileTail(tail, length - first, first);
    if (start >= length - first) {
      int from = first - TAIL_BYTES - footerLength;
      return parse(file, tail, from, footerLength, start, stored, fileTail, memory);
    }
    checkMemory(file, footerLength, start);
    byte[] bytes = range(file, in, start, footerLength);
    return parse(file, bytes, 0, footerLength, start, stored, fileTail, memory);
  }

  /**
   * Throws if the structures of a footer may exceed the heap: they take several times its bytes.
   */
  private static void checkMemory(String file, int footerLength, long start) {
    long limit = Runtime.getRuntime().maxMemory() / 8;
    if (footerLength > limit) {
      throw UnreadableFileException.limit(
              "the footer has "
                  + footerLength
                  + " bytes, the limit is an eighth of the heap, "
                  + limit
                  + " bytes; increase the heap (-Xmx)")
          .at(file, null, start, UnreadableFileException.UNKNOWN);
    }
  }

  private static int footerLength(String file, byte[] tail, int size, long length) {
    String magic = new String(tail, size - 4, 4, StandardCharsets.ISO_8859_1);
    if (magic.equals("PARE")) {
      throw UnreadableFileException.unsupported(
              "the footer is encrypted; the module mesh-parquet-hadoop reads encrypted files",
              EncryptedFiles.REMEDY)
          .at(file, null, length - 4, UnreadableFileException.UNKNOWN);
    }
    if (!magic.equals("PAR1")) {
      throw new UnreadableFileException(
          file, "the file does not end with the magic number PAR1", length - 4, null);
    }
    if (size == length && !new String(tail, 0, 4, StandardCharsets.ISO_8859_1).equals(magic)) {
      throw new UnreadableFileException(
          file, "the file does not start with the magic number PAR1", 0, null);
    }
    int footerLength = ValueDecoder.intAt(tail, size - TAIL_BYTES);
    if (footerLength <= 0 || footerLength > length - TAIL_BYTES - 4) {
      throw new UnreadableFileException(
          file,
          "the declared footer length is "
              + Integer.toUnsignedLong(footerLength)
              + " bytes, the file has "
              + length,
          length - TAIL_BYTES,
          null);
    }
    return footerLength;
  }

  private static FileFooter parse(
      String file,
      byte[] bytes,
      int from,
      int length,
      long start,
      boolean stored,
      FileTail tail,
      FooterMemory memory) {
    try {
      FileMetaData meta = new FileMetaData();
      FooterTransport.read(meta::read, bytes, from, from + length, memory);
      memory.takeColumns(meta.getSchema().size());
      ParquetFileSchema schema =
          stored
              ? ParquetFileSchema.stored(meta.getSchema())
              : ParquetFileSchema.of(meta.getSchema());
      long rows = checkedRows(meta, start);
      List<RowGroup> groups = withRows(meta.getRow_groups());
      for (RowGroup group : groups) {
        checkGroup(group, schema, start);
      }
      checkValues(groups, start);
      boolean shortChunks =
          meta.isSetCreated_by() && SHORT_CHUNKS.matcher(meta.getCreated_by()).matches();
      return new FileFooter(file, schema, rows, groups, properties(meta), shortChunks, start, tail);
    } catch (UnreadableFileException e) {
      throw e.reason() == Reason.CORRUPT
          ? new UnreadableFileException(file, "the footer is malformed: " + e.what(), start, e)
          : e.at(file, null, start, UnreadableFileException.UNKNOWN);
    } catch (RuntimeException e) {
      throw new UnreadableFileException(
          file, "the footer is malformed: it is inconsistent", start, e);
    }
  }

  /** Returns the rows of all row groups. A footer that declares none leaves the number out. */
  private static long checkedRows(FileMetaData meta, long length) {
    long rows = 0;
    for (RowGroup group : meta.getRow_groups()) {
      if (group.getNum_rows() < 0) {
        throw new UnreadableFileException("a row group has " + group.getNum_rows() + " rows");
      }
      rows = Math.addExact(rows, group.getNum_rows());
    }
    if (meta.getNum_rows() != 0 && rows != meta.getNum_rows()) {
      throw new UnreadableFileException(
          "the footer declares " + meta.getNum_rows() + " rows, but its row groups have " + rows);
    }
    if (rows / MAX_ROWS_PER_BYTE > length) {
      throw UnreadableFileException.limit(
          rows
              + " rows in a file of "
              + length
              + " bytes, the limit is "
              + MAX_ROWS_PER_BYTE
              + " rows per byte");
    }
    return rows;
  }

  private static void checkValues(List<RowGroup> groups, long length) {
    long values = 0;
    for (RowGroup group : groups) {
      for (ColumnChunk chunk : group.getColumns()) {
        values += chunk.isSetMeta_data() ? chunk.getMeta_data().getNum_values() : 0;
        if (values < 0 || values / MAX_VALUES_PER_BYTE > length) {
          throw UnreadableFileException.limit(
              "over "
                  + MAX_VALUES_PER_BYTE
                  + " values per byte in all columns, in a file of "
                  + length
                  + " bytes");
        }
      }
    }
  }

  /**
   * Returns the non-empty row groups. Empty ones have no pages, and writers store arbitrary offsets
   * for them: pyarrow writes offset 0 for each column of an empty table.
   */
  private static List<RowGroup> withRows(List<RowGroup> groups) {
    return groups.stream().filter(group -> group.getNum_rows() > 0).toList();
  }

  private static void checkGroup(RowGroup group, ParquetFileSchema schema, long end) {
    List<ColumnChunk> chunks = group.getColumns();
    if (chunks.size() != schema.leaves().size()) {
      throw new UnreadableFileException(
          "a row group has "
              + chunks.size()
              + " columns, but the schema has "
              + schema.leaves().size());
    }
    for (ParquetColumn leaf : schema.leaves()) {
      ColumnChunk chunk = chunks.get(leaf.index());
      if (chunk.isSetMeta_data()) {
        checkChunk(chunk.getMeta_data(), leaf, group.getNum_rows(), end);
      }
    }
  }

  private static void checkChunk(ColumnMetaData chunk, ParquetColumn leaf, long rows, long end) {
    String column = "column " + leaf.name();
    if (chunk.getType() != leaf.type().physical()) {
      throw new UnreadableFileException(column + " has two different types");
    }
    boolean flat = leaf.maxRepetitionLevel() == 0;
    if (chunk.getNum_values() < 0 || (flat && chunk.getNum_values() != rows)) {
      throw new UnreadableFileException(
          column + " has " + chunk.getNum_values() + " values in a row group of " + rows + " rows");
    }
    if (!flat
        && (chunk.getNum_values() < rows || chunk.getNum_values() / MAX_ROWS_PER_BYTE > end)) {
      throw new UnreadableFileException(
          column
              + " declares "
              + chunk.getNum_values()
              + " values in "
              + rows
              + " rows; the minimum is one per row, the maximum "
              + MAX_ROWS_PER_BYTE
              + " per byte");
    }
    long start = chunkStart(chunk);
    long length = chunk.getTotal_compressed_size();
    if (start < 4 || length < 0 || start > end || length > end - start) {
      throw new UnreadableFileException(
          column
              + " starts at "
              + start
              + " with "
              + length
              + " bytes, but the data ends at "
              + end);
    }
  }

  /** Returns the offset of a chunk's first page. */
  public static long chunkStart(ColumnMetaData chunk) {
    long data = chunk.getData_page_offset();
    // Some writers set the dictionary's offset to 0 if there is none.
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

  /**
   * Reads a range, followed by readable slack; throws {@link UnreadableFileException} if it is
   * truncated. The position of the stream is changed under its lock.
   */
  public static byte[] range(String file, SeekableInputStream in, long offset, int length) {
    try {
      byte[] bytes = new byte[length + ValueDecoder.SLACK];
      synchronized (in) {
        in.seek(offset);
        int read = in.readNBytes(bytes, 0, length);
        if (read < length) {
          throw new EOFException("the file ends after " + (offset + read) + " bytes");
        }
      }
      return bytes;
    } catch (EOFException e) {
      throw new UnreadableFileException(file, "the file is truncated", offset, e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
