package io.meshwork.internal.columnar;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.iceberg.Schema;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.iceberg.types.Type;
import org.apache.parquet.format.RowGroup;
import org.jspecify.annotations.Nullable;

/**
 * A Parquet file to read: what its footer says, and its rows as batches. Reads the ranges it needs
 * and nothing else. Files made to hurt give {@link MalformedFileException} within limits; failures
 * of the storage pass through as they are. Not thread-safe.
 */
public final class ParquetReader implements AutoCloseable {
  private final Footer footer;
  private final SeekableInputStream in;

  private ParquetReader(Footer footer, SeekableInputStream in) {
    this.footer = footer;
    this.in = in;
  }

  /** Opens a file and reads its footer; {@link MalformedFileException} if it is not Parquet. */
  public static ParquetReader open(InputFile file) {
    long length = file.getLength();
    SeekableInputStream in = file.newStream();
    try {
      return new ParquetReader(FooterReader.read(file.location(), in, length), in);
    } catch (RuntimeException e) {
      try {
        in.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  /**
   * Opens a file that was published with so many bytes and rows; {@link MalformedFileException} if
   * it has others now, or is not Parquet.
   */
  public static ParquetReader open(InputFile file, long bytes, long rows) {
    long length = file.getLength();
    if (length != bytes) {
      throw changed(file, length + " bytes", bytes);
    }
    ParquetReader reader = open(file);
    if (reader.rows() != rows) {
      reader.close();
      throw changed(file, reader.rows() + " rows", rows);
    }
    return reader;
  }

  private static MalformedFileException changed(InputFile file, String now, long published) {
    return new MalformedFileException(
        file.location(),
        "it has " + now + " now, and was published with " + published,
        MalformedFileException.UNKNOWN,
        null);
  }

  /**
   * The file's columns as Iceberg types: with the file's field ids if {@link #hasFieldIds()}, else
   * 1 to n in order, nested ones after. {@link ColumnMismatchException} names a column of a Parquet
   * type that Iceberg has none for; others can be read all the same.
   */
  public Schema schema() {
    try {
      return footer.schema().iceberg();
    } catch (ColumnMismatchException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new MalformedFileException(
          footer.file(), "the columns make no Iceberg schema", footer.end(), e);
    }
  }

  /** True if every column, nested ones too, has a field id of its own in the file. */
  public boolean hasFieldIds() {
    return footer.schema().hasFieldIds();
  }

  /** How many rows there are. */
  public long rows() {
    return footer.rows();
  }

  /** The file's key-value metadata, in the file's order. */
  public Map<String, String> properties() {
    return Collections.unmodifiableMap(footer.properties());
  }

  /** What the footer says about each row group, in order; no further read. */
  public List<FooterRowGroup> rowGroups() {
    List<FooterRowGroup> groups = new ArrayList<>();
    for (RowGroup group : footer.groups()) {
      groups.add(FooterRowGroup.of(group, footer.schema()));
    }
    return groups;
  }

  /**
   * The bloom filter of a column in a row group, which is read from the file; null if there is
   * none, or none that can be asked for values of this type.
   *
   * @param group the row group's place in the file, from 0
   * @param fieldId the column's field id in the file, which has field ids
   * @param type the type of the values that it will be asked for
   */
  public @Nullable BloomFilter bloomFilter(int group, int fieldId, Type type) {
    return BloomFilter.read(footer, in, group, fieldId, type);
  }

  /**
   * The rows with a projection's columns. A column that the file does not have is null in every row
   * if its field is optional, or its initial default. Values are widened without loss where types
   * differ (int to long, float to double, decimals to more digits, milliseconds to micro- or
   * nanoseconds, dates to local timestamps); an optional column may be read as required, and its
   * nulls are left to the caller to judge. The same holds inside structs, which may be read with
   * some of their fields, and in elements, keys and values; these are matched by what they are, not
   * by id or name. {@link ColumnMismatchException} for everything else. Several may be open at a
   * time, used by one thread.
   */
  public BatchReader read(Schema projection, ColumnMatch match) {
    return read(projection, match, group -> true);
  }

  /**
   * The same without the row groups that are not wanted, none of whose bytes are read. {@link
   * BatchReader#firstRow} counts their rows all the same.
   *
   * @param wanted asked once a row group, when it is its turn
   */
  public BatchReader read(Schema projection, ColumnMatch match, Predicate<FooterRowGroup> wanted) {
    return BatchReader.open(footer, in, projection, match, false, wanted, new BatchLimit());
  }

  /**
   * The same by name for rows that somebody offers, of whom one that does not fit is no reason to
   * refuse the others: a value that the type wanted does not hold is null and among its vector's
   * {@link Vector#misfits()}, and a null key of a map is left to the caller to judge, too. A date
   * is not read as a timestamp.
   */
  public BatchReader readOffered(Schema projection) {
    return BatchReader.open(
        footer, in, projection, ColumnMatch.BY_NAME, true, group -> true, new BatchLimit());
  }

  /** The same with a limit of its own for what nested columns take. */
  BatchReader read(Schema projection, ColumnMatch match, BatchLimit limit) {
    return BatchReader.open(footer, in, projection, match, false, group -> true, limit);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close " + footer.file(), e);
    }
  }
}
