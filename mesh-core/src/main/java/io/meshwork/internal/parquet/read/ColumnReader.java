package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.encoding.ValueDecoder;
import io.meshwork.internal.parquet.footer.PageLocations;
import io.meshwork.internal.parquet.page.ChunkBytes;
import io.meshwork.internal.parquet.page.PageDecompressor;
import io.meshwork.internal.parquet.page.PageMemory;
import io.meshwork.internal.parquet.page.PageReader;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.ParquetColumn;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.Vector;
import java.io.UncheckedIOException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.iceberg.types.Type;
import org.apache.parquet.format.ColumnMetaData;
import org.jspecify.annotations.Nullable;

/** Reads one flat column of a file as vectors, one row group at a time. Not thread-safe. */
final class ColumnReader extends ChunkReader {
  /** Rows are decoded and removed again, rather than skipped, if at most so many follow each. */
  private static final int DENSE = 8;

  private final BatchLimit limit;
  private int[] levels = new int[0];

  /** The bytes of the byte strings of the last batch; a bound if they are in a dictionary. */
  private long bytes;

  /** The values of the row group, nulls included. */
  private long total;

  private Mark mark = new Mark(0, 0, 0, false, 0);

  /**
   * A position to return to.
   *
   * @param start offset of the page
   * @param number number of the page
   * @param consumed consumed values of that page
   * @param dictionary whether the dictionary was read
   * @param row next row of the row group
   */
  private record Mark(long start, int number, int consumed, boolean dictionary, long row) {}

  ColumnReader(
      String file,
      FileProjection projection,
      ParquetColumn leaf,
      Type wanted,
      String name,
      PageDecompressor decompressor,
      BatchLimit limit) {
    super(
        file,
        leaf,
        projection.vector(wanted),
        projection.conversion(name, leaf.type(), wanted),
        decompressor);
    this.limit = limit;
  }

  /** Returns the bytes of the byte strings of the last batch, or somewhat more. */
  long bytes() {
    return bytes;
  }

  @Override
  void open(
      ColumnMetaData meta,
      ChunkBytes chunk,
      PageMemory memory,
      Supplier<@Nullable PageLocations> located) {
    super.open(meta, chunk, memory, located);
    total = meta.getNum_values();
  }

  @Override
  void mark() {
    PageReader pages = pages();
    boolean inPage = remainingValues > 0;
    mark =
        new Mark(
            inPage ? pages.start() : pages.position(),
            inPage ? pages.number() : pages.number() + 1,
            inPage ? pages.valueCount - remainingValues : 0,
            dictionary != null,
            row);
  }

  @Override
  void back() {
    reading(
        from -> {
          from.moveTo(mark.start, mark.number);
          if (!mark.dictionary) {
            dropDictionary();
          }
          leavePage();
          if (mark.consumed > 0) {
            nextPage(from);
            skipInPage(from, mark.consumed);
          }
          row = mark.row;
          return flat;
        });
  }

  /** Reads the next rows of the row group; valid until the next call. */
  Vector read(int rows) {
    return reading(from -> limited(append(from, start(rows), rows), rows));
  }

  /** Returns rows; throws if they take too much memory once their dictionary is resolved. */
  private Vector limited(Vector rows, int count) {
    int most = limit.bytes(count);
    bytes =
        rows instanceof DictionaryVector indices && dictionary != null
            ? dictionary.byteSize(indices, most)
            : rows.variableByteSize();
    if (bytes > most && count > 1) {
      throw new BatchLimit.TooManyRowsException();
    }
    return rows;
  }

  /** Skips to a row of the row group, with knowledge of the row up to which rows are needed. */
  void skipTo(long target, long until) {
    reading(
        from -> {
          skip(from, target, until);
          return flat;
        });
  }

  /**
   * Reads some of the rows of the row group that follow the rows read so far; valid until the next
   * call.
   *
   * @param first a row of the row group
   * @param chosen the rows, counted from the first; at least one, ascending
   */
  Vector read(long first, int[] chosen) {
    long until = first + chosen[chosen.length - 1] + 1;
    int span = (int) (until - first) - chosen[0];
    if (span == chosen.length || span <= DENSE * chosen.length) {
      skipTo(first + chosen[0], until);
      Vector all = read(span);
      return span == chosen.length ? all : all.gather(RowRuns.relative(chosen));
    }
    return reading(
        from -> {
          Vector result = start(chosen.length);
          int next = 0;
          while (next < chosen.length) {
            int end = RowRuns.end(chosen, next, 0);
            skip(from, first + chosen[next], until);
            result = append(from, result, end - next);
            next = end;
          }
          return limited(result == null ? flat : result, chosen.length);
        });
  }

  private Vector reading(Function<PageReader, Vector> step) {
    PageReader from = pages();
    try {
      return step.apply(from);
    } catch (ColumnMismatchException | BatchLimit.TooManyRowsException | UncheckedIOException e) {
      throw e;
    } catch (RuntimeException e) {
      throw unreadable(from, e);
    }
  }

  /** Removes the rows that were read before, and limits the next rows. */
  private @Nullable Vector start(int rows) {
    flat.reset();
    if (flat instanceof BytesVector strings) {
      strings.limit(limit.bytes(rows));
    }
    if (encoded != null) {
      encoded.reset();
    }
    return null;
  }

  private void skip(PageReader from, long target, long until) {
    jump(from, target, until);
    checkPage(total - row);
    while (row < target) {
      long wanted = target - row;
      if (remainingValues == 0) {
        int passed = from.pass(wanted);
        row += Math.max(0, passed);
        if (passed < 0) {
          nextPage(from);
          checkPage(total - row);
        }
        continue;
      }
      int some = (int) Math.min(remainingValues, wanted);
      if (some < remainingValues) {
        skipInPage(from, some);
      } else {
        remainingValues = 0;
      }
      row += some;
    }
  }

  private void skipInPage(PageReader from, int count) {
    skipValues(from.definitions == null ? count : present(from.definitions, count));
    remainingValues -= count;
  }

  private Vector append(PageReader from, @Nullable Vector soFar, int rows) {
    Vector result = soFar;
    int remaining = rows;
    while (remaining > 0) {
      if (remainingValues == 0) {
        nextPage(from);
        checkPage(total - row);
        continue;
      }
      result = target(result);
      int some = Math.min(remainingValues, remaining);
      take(from, result, some);
      remainingValues -= some;
      row += some;
      remaining -= some;
    }
    return result == null ? flat : result;
  }

  /**
   * Returns the vector to fill: dictionary indices while all rows of the batch are indices of byte
   * strings, else values.
   */
  private Vector target(@Nullable Vector soFar) {
    boolean dictionaryEncoded = indices != null && flat instanceof BytesVector;
    if (soFar == null) {
      return dictionaryEncoded && encoded != null ? encoded : flat;
    }
    if (soFar == flat || dictionaryEncoded || dictionary == null || encoded == null) {
      return soFar;
    }
    dictionary.flatten(encoded, (BytesVector) flat);
    return flat;
  }

  private void take(PageReader from, Vector to, int valueCount) {
    int present = from.definitions == null ? valueCount : present(from.definitions, valueCount);
    append(to, present, valueCount, levels);
  }

  /** Returns how many of the next slots have a value; stores the levels if only some do. */
  private int present(ValueDecoder definitions, int valueCount) {
    int maxLevel = leaf.maxDefinitionLevel();
    int same = definitions.same(valueCount);
    checkLevel(same, maxLevel);
    if (same >= 0) {
      return same == maxLevel ? valueCount : 0;
    }
    if (levels.length < valueCount) {
      levels = new int[valueCount];
    }
    definitions.ints(levels, 0, valueCount);
    int present = 0;
    int highest = 0;
    for (int i = 0; i < valueCount; i++) {
      present += levels[i] == maxLevel ? 1 : 0;
      highest = Math.max(highest, levels[i]);
    }
    checkLevel(highest, maxLevel);
    return present;
  }
}
