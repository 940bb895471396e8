package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.encoding.BloomFilter;
import io.meshwork.internal.parquet.footer.BloomFilterReader;
import io.meshwork.internal.parquet.footer.FileFooter;
import io.meshwork.internal.parquet.footer.FooterCache;
import io.meshwork.internal.parquet.footer.FooterReader;
import io.meshwork.internal.parquet.footer.FooterRowGroup;
import io.meshwork.internal.parquet.footer.FooterStatistics;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.ParquetColumn;
import io.meshwork.internal.parquet.schema.ParquetFileSchema;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.iceberg.mapping.MappedFields;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.RowGroup;
import org.jspecify.annotations.Nullable;

/**
 * Reads a Parquet file: its footer metadata, and its rows as batches. Reads only the byte ranges
 * that it needs. Crafted files cause {@link UnreadableFileException} within resource limits;
 * storage errors pass through unchanged. Not thread-safe.
 */
public final class ParquetReader implements AutoCloseable {
  /** How columns of a projection are matched with columns of a file. */
  public enum ColumnMatch {
    /** By Iceberg field ID: for files of a table. */
    BY_FIELD_ID,
    /** By exact name: for other files. */
    BY_NAME
  }

  /** Selects the rows that a read returns. */
  public interface ReadFilter {
    /** Returns the field IDs of the columns that it reads, or of fields of structs. */
    Set<Integer> fieldIds();

    /**
     * Returns false only if no row of a row group is selected.
     *
     * @param group index among the non-empty row groups, from 0
     */
    boolean mightContain(int group, FooterRowGroup statistics);

    /**
     * Returns false only if no row is selected.
     *
     * @param part some rows of a row group, with the bounds of the columns of {@link #fieldIds}
     */
    boolean mightContain(FooterRowGroup part);

    /**
     * Returns the numbers of the selected rows, ascending.
     *
     * @param rows with at least the columns of {@link #fieldIds}
     */
    int[] select(VectorBatch rows);
  }

  /** The most bytes of the end of a file that {@link #endDigest} covers. */
  public static final int END_BYTES = FooterReader.FIRST_READ;

  private final InputFile file;
  private final FileFooter footer;
  private final SeekableInputStream in;

  /** The values of columns that the file lacks, by field ID. */
  private final Map<Integer, Object> constants;

  private ParquetReader(InputFile file, FileFooter footer, SeekableInputStream in) {
    this(file, footer, in, Map.of());
  }

  private ParquetReader(
      InputFile file, FileFooter footer, SeekableInputStream in, Map<Integer, Object> constants) {
    this.file = file;
    this.footer = footer;
    this.in = in;
    this.constants = Map.copyOf(constants);
  }

  /**
   * Opens a file and reads its footer; throws {@link UnreadableFileException} if it is not a valid
   * Parquet file.
   */
  public static ParquetReader open(InputFile file) {
    return open(file, false);
  }

  /**
   * Opens a file with the stored types of its columns: physical types without annotations, INT96 as
   * fixed(12), and VARIANT as a struct. {@link #columns()} has the annotations. Throws {@link
   * UnreadableFileException} if it is not a valid Parquet file.
   */
  public static ParquetReader openStored(InputFile file) {
    return open(file, true);
  }

  private static ParquetReader open(InputFile file, boolean stored) {
    long length = file.getLength();
    SeekableInputStream in = file.newStream();
    try {
      return new ParquetReader(file, FooterReader.read(file.location(), in, length, stored), in);
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
   * Opens a file that was published with this length and number of rows; throws {@link
   * UnreadableFileException} if they differ, or if it is not a valid Parquet file.
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

  /**
   * Opens a file as {@link #open(InputFile, long, long)}, unless its footer is known. Its length is
   * not requested then.
   */
  public static ParquetReader open(InputFile file, long bytes, long rows, FooterCache footers) {
    FileFooter footer = footers.find(file.location(), bytes).orElse(null);
    if (footer != null && footer.rows() == rows) {
      return new ParquetReader(file, footer, file.newStream());
    }
    ParquetReader reader = open(file, bytes, rows);
    footers.add(file.location(), bytes, reader.footer);
    return reader;
  }

  /**
   * Opens the same file again, for another thread, with the footer that was read. Each reader is
   * closed separately.
   */
  public ParquetReader openAgain() {
    return new ParquetReader(file, footer, file.newStream(), constants);
  }

  /**
   * Returns another reader of the same open file (close only one) that trusts nothing that another
   * program wrote about values: it ignores statistics, page indexes, and Bloom filters. If the file
   * has no field IDs, its columns have the IDs of a name mapping, and columns without a name in it
   * have IDs below zero.
   *
   * @param values by field ID, of top-level columns that the file lacks: the values of its
   *     partition, as literals of Iceberg
   */
  public ParquetReader ofOtherProgram(MappedFields names, Map<Integer, Object> values) {
    ParquetFileSchema columns =
        footer.schema().hasSomeFieldIds() ? footer.schema() : footer.schema().named(names);
    return new ParquetReader(file, footer.withoutStatistics(columns), in, values);
  }

  /** The projection with the values of columns that the file lacks. */
  private Schema withConstants(Schema projection) {
    if (constants.isEmpty()) {
      return projection;
    }
    return new Schema(
        projection.columns().stream()
            .map(
                field -> {
                  Object value = constants.get(field.fieldId());
                  return value == null
                      ? field
                      : NestedField.from(field).withInitialDefault(Expressions.lit(value)).build();
                })
            .toList());
  }

  /**
   * Returns the SHA-256 of the last {@link #END_BYTES} bytes of the file, or of all of a shorter
   * one. They were read with the footer.
   */
  public byte[] endDigest() {
    return Sha256.of(footer.tail().bytes(), 0, footer.tail().length());
  }

  private static UnreadableFileException changed(InputFile file, String now, long published) {
    return new UnreadableFileException(
        file.location(),
        "it has " + now + ", but was published with " + published,
        UnreadableFileException.UNKNOWN,
        null);
  }

  /**
   * Returns the file's columns as Iceberg types: with the file's field IDs if {@link
   * #hasFieldIds()}, else numbered from 1 in order, then the nested ones. Throws {@link
   * ColumnMismatchException} for a column whose Parquet type has no Iceberg equivalent; the other
   * columns can be read nevertheless.
   */
  public Schema schema() {
    try {
      return footer.schema().iceberg();
    } catch (ColumnMismatchException e) {
      throw e;
    } catch (RuntimeException e) {
      String path = footer.schema().pathOfSeveral();
      if (path != null) {
        throw UnreadableFileException.unsupported(
                "two of its columns have the path '" + path + "'", "Rename one of the columns.")
            .at(footer.file(), null, footer.end(), UnreadableFileException.UNKNOWN);
      }
      throw new UnreadableFileException(
          footer.file(), "the columns cannot be converted to an Iceberg schema", footer.end(), e);
    }
  }

  /** Returns the top-level columns in file order. */
  public List<ParquetFileSchema.Field> columns() {
    return footer.schema().columns();
  }

  /**
   * How a leaf is stored, as the footer declares; its pages may be stored otherwise.
   *
   * @param codecs compressions of its column chunks
   * @param encodings encodings of its pages and of their levels
   */
  public record LeafStorage(Set<CompressionCodec> codecs, Set<Encoding> encodings) {}

  /** Returns how each leaf is stored, in the order of {@link #leaves}. */
  public List<LeafStorage> storage() {
    List<LeafStorage> storage = new ArrayList<>();
    for (int leaf = 0; leaf < footer.schema().leaves().size(); leaf++) {
      Set<CompressionCodec> codecs = EnumSet.noneOf(CompressionCodec.class);
      Set<Encoding> encodings = EnumSet.noneOf(Encoding.class);
      for (RowGroup group : footer.groups()) {
        ColumnChunk chunk = group.getColumns().get(leaf);
        if (chunk.isSetMeta_data()) {
          codecs.add(chunk.getMeta_data().getCodec());
          encodings.addAll(chunk.getMeta_data().getEncodings());
        }
      }
      storage.add(new LeafStorage(codecs, encodings));
    }
    return storage;
  }

  /** Returns all leaves in the order of column chunks. */
  public List<ParquetColumn> leaves() {
    return footer.schema().leaves();
  }

  /** Returns true if every column, nested ones included, has a unique field ID in the file. */
  public boolean hasFieldIds() {
    return footer.schema().hasFieldIds();
  }

  /** Returns true if a field has a field ID in the file, even if the IDs are not usable. */
  public boolean hasSomeFieldIds() {
    return footer.schema().hasSomeFieldIds();
  }

  /** Returns the number of rows. */
  public long rows() {
    return footer.rows();
  }

  /** Returns the file's key-value metadata, in file order. */
  public Map<String, String> properties() {
    return Collections.unmodifiableMap(footer.properties());
  }

  /** Returns the footer metadata of each non-empty row group, in order; reads nothing. */
  public List<FooterRowGroup> rowGroups() {
    return footer.groups().stream()
        .map(group -> FooterStatistics.of(group, footer.schema()))
        .toList();
  }

  /**
   * Reads the bloom filter of a column chunk; null if there is none that supports values of this
   * type.
   *
   * @param group index among the non-empty row groups, from 0
   * @param fieldId the column's field ID in the file, which has field IDs
   * @param type the type of the values to test
   */
  public @Nullable BloomFilter bloomFilter(int group, int fieldId, Type type) {
    return BloomFilterReader.read(footer, in, group, fieldId, type);
  }

  /**
   * Reads the rows with a projection's columns. If the file lacks a column, each row has the
   * field's initial default, or null if the field is optional. Values are widened without loss if
   * types differ (int to long, float to double, decimals to more digits, milliseconds to micro- or
   * nanoseconds, dates to local timestamps). An optional column may be read as required; the caller
   * then checks its nulls. The same applies within structs, of which some fields can be projected,
   * and to elements, keys, and values, which are matched by their role rather than by ID or name.
   * Throws {@link ColumnMismatchException} for every other difference. One thread may have several
   * readers open at a time.
   */
  public BatchReader read(Schema projection, ColumnMatch match) {
    return BatchReader.open(
        footer, in, withConstants(projection), match, false, null, null, new BatchLimit());
  }

  /**
   * Reads the rows of one top-level column of the file, in the type of the file.
   *
   * @param index position among {@link #columns()}, from 0
   */
  public BatchReader readColumn(int index) {
    Schema projection = new Schema(columns().get(index).field());
    return read(projection, hasFieldIds() ? ColumnMatch.BY_FIELD_ID : ColumnMatch.BY_NAME);
  }

  /**
   * Reads the rows without the row groups that the predicate excludes; no byte of those is read.
   * {@link BatchReader#firstRow} counts their rows nevertheless.
   *
   * @param wanted called once per row group, when the reader reaches it
   */
  public BatchReader read(Schema projection, ColumnMatch match, Predicate<FooterRowGroup> wanted) {
    return BatchReader.open(
        footer, in, withConstants(projection), match, false, wanted, null, new BatchLimit());
  }

  /**
   * Reads the rows that a filter selects, in file order. Reads the columns of the filter first, and
   * of the others only the pages with selected rows. If the file has page indexes, skips pages
   * whose bounds prove that no row is selected. Such bounds are checked against each other and the
   * footer, but, like bounds in the footer, not against the values.
   *
   * @param projection with the columns of the filter
   */
  public BatchReader read(Schema projection, ColumnMatch match, ReadFilter filter) {
    return BatchReader.open(
        footer, in, withConstants(projection), match, false, null, filter, new BatchLimit());
  }

  /**
   * Reads the same rows by row groups, whose columns several threads read at the same time. Batches
   * may have other numbers of rows.
   *
   * @param filter selects rows; null for all
   * @param executor reads bytes, and the columns of a batch that a filter selects, on threads in
   *     addition to the calling one
   */
  public FileRowGroups readRowGroups(
      Schema projection, ColumnMatch match, @Nullable ReadFilter filter, Executor executor) {
    return new FileRowGroups(footer, in, withConstants(projection), match, filter, executor);
  }

  /**
   * Reads rows by column name as input to a publish, in which one invalid value must not reject the
   * other rows: a value that does not fit the requested type is null, and its vector records the
   * error ({@link Vector#hasConversionError}). The caller also checks null keys of maps. A date is
   * not read as a timestamp, and a number of 8 or 16 bits must be in their range. A decimal of more
   * digits than its type in the file has, but not more than the requested type, makes the file
   * unreadable.
   */
  public BatchReader readOffered(Schema projection) {
    return readOffered(projection, ColumnMatch.BY_NAME);
  }

  /** Reads rows as {@link #readOffered(Schema)} does, by column name or by field ID. */
  public BatchReader readOffered(Schema projection, ColumnMatch match) {
    return BatchReader.open(
        footer, in, withConstants(projection), match, true, null, null, new BatchLimit());
  }

  /**
   * Reads the rows of one row group as {@link #readOffered(Schema)} does, again; throws {@link
   * UnreadableFileException} if a page differs from the page read before.
   *
   * @param pages the pages that were read before
   */
  public BatchReader readOffered(Schema projection, BatchReader.GroupPages pages) {
    return readOffered(projection).comparing(pages);
  }

  /** Reads the rows with a custom memory limit for nested columns. */
  BatchReader read(Schema projection, ColumnMatch match, BatchLimit limit) {
    return BatchReader.open(footer, in, projection, match, false, null, null, limit);
  }

  /** Reads the rows that a filter selects with a custom memory limit for nested columns. */
  BatchReader read(Schema projection, ColumnMatch match, ReadFilter filter, BatchLimit limit) {
    return BatchReader.open(footer, in, projection, match, false, null, filter, limit);
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
