package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.footer.PageLocations;
import io.meshwork.internal.parquet.page.ChunkBytes;
import io.meshwork.internal.parquet.page.PageDecompressor;
import io.meshwork.internal.parquet.page.PageMemory;
import io.meshwork.internal.parquet.page.PageReader;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.ParquetColumn;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.Vector;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.iceberg.types.Type;
import org.apache.parquet.format.ColumnMetaData;
import org.jspecify.annotations.Nullable;

/** A leaf of a nested column: its levels, and its values in one vector. Not thread-safe. */
final class NestedLeafReader extends ChunkReader implements NestedReader {
  /**
   * The number of slots whose levels are decoded ahead, because the end of a row shows only at the
   * next slot.
   */
  private static final int LOOKAHEAD = 512;

  /** The most rows to skip at a time. */
  private static final int MOST_SKIPPED = 1 << 20;

  private static final long UNKNOWN_END = -1;

  /** A definition level that allows any level in the next slot. */
  private static final int ANY = Byte.MAX_VALUE;

  private final int rowDefinitionLevel;
  private final boolean levelsOnly;

  /** The repetition level from which slots are irrelevant to the parent. */
  private final int irrelevantRepetition;

  private final BatchLimit limit;
  private final int[] repeatedDefinitionLevels;
  private final LevelBuffer levels = new LevelBuffer();
  private final int[] definitions = new int[LOOKAHEAD];
  private final int[] repetitions = new int[LOOKAHEAD];
  private final int[] rowLevels = new int[LOOKAHEAD];

  /** The slots whose levels are decoded and not consumed yet. */
  private int from;

  private int to;

  /** The definition level of the last decoded slot; below all levels at the start. */
  private int previous;

  /** The number of slots decoded in the row group, and the total number. */
  private long decoded;

  private long total;

  /**
   * The end of the last page, once pages were skipped: from then on, the number of slots is not
   * known.
   */
  private long lastPageEnd;

  private Mark mark = new Mark(0, 0, 0, -1, 0, false, 0, 0, 0);

  /**
   * A position to return to.
   *
   * @param start offset of the page
   * @param number number of the page
   * @param consumed consumed slots of that page
   * @param previous definition level of the preceding slot
   * @param decoded consumed slots of the row group
   * @param dictionary whether the dictionary was read
   * @param row next row of the row group
   * @param total slots of the row group
   * @param lastPageEnd end of the last page, if pages were skipped
   */
  private record Mark(
      long start,
      int number,
      int consumed,
      int previous,
      long decoded,
      boolean dictionary,
      long row,
      long total,
      long lastPageEnd) {}

  private NestedLeafReader(
      String file,
      ParquetColumn leaf,
      int rowDefinitionLevel,
      Vector flat,
      @Nullable ConversionDecoder conversion,
      boolean levelsOnly,
      int irrelevantRepetition,
      PageDecompressor decompressor,
      BatchLimit limit) {
    super(file, leaf, flat, conversion, decompressor);
    this.rowDefinitionLevel = rowDefinitionLevel;
    this.levelsOnly = levelsOnly;
    this.irrelevantRepetition = irrelevantRepetition;
    this.limit = limit;
    this.repeatedDefinitionLevels = new int[leaf.maxRepetitionLevel() + 1];
    repeatedDefinitionLevels[0] = -1;
    for (int i = 1; i < repeatedDefinitionLevels.length; i++) {
      repeatedDefinitionLevels[i] = leaf.repeatedDefinitionLevels().get(i - 1);
    }
  }

  /**
   * Creates the reader of a leaf with values.
   *
   * @param rowDefinitionLevel the definition level from which a slot is a row of the vector
   * @param name the column name for messages
   */
  static NestedLeafReader of(
      String file,
      FileProjection projection,
      ParquetColumn leaf,
      int rowDefinitionLevel,
      Type wanted,
      String name,
      PageDecompressor decompressor,
      BatchLimit limit) {
    ConversionDecoder conversion =
        leaf.type().alwaysNull() ? null : projection.conversion(name, leaf.type(), wanted);
    Vector flat = projection.vector(wanted);
    int irrelevantRepetition = leaf.maxRepetitionLevel() + 1;
    return new NestedLeafReader(
        file,
        leaf,
        rowDefinitionLevel,
        flat,
        conversion,
        false,
        irrelevantRepetition,
        decompressor,
        limit);
  }

  /**
   * Creates the reader of a leaf that provides only the levels of an enclosing struct.
   *
   * @param repetition number of lists that enclose the struct
   */
  static NestedLeafReader levelsOf(
      String file,
      ParquetColumn leaf,
      int repetition,
      PageDecompressor decompressor,
      BatchLimit limit) {
    Vector none = new BooleanVector();
    return new NestedLeafReader(
        file, leaf, 0, none, null, true, repetition + 1, decompressor, limit);
  }

  @Override
  public Vector vector() {
    return flat;
  }

  @Override
  public void turn(int valid) {
    super.turn(valid);
  }

  @Override
  void open(
      ColumnMetaData meta,
      ChunkBytes chunk,
      PageMemory memory,
      Supplier<@Nullable PageLocations> located) {
    super.open(meta, chunk, memory, located);
    from = 0;
    to = 0;
    previous = -1;
    decoded = 0;
    total = meta.getNum_values();
    lastPageEnd = UNKNOWN_END;
  }

  @Override
  public LevelBuffer read(int rows) {
    PageReader pages = pages();
    try {
      levels.clear();
      readRows(pages, rows, true);
      if (irrelevantRepetition < repeatedDefinitionLevels.length) {
        levels.keepBelow(irrelevantRepetition);
      }
      return levels;
    } catch (ColumnMismatchException | BatchLimit.TooManyRowsException | UncheckedIOException e) {
      throw e;
    } catch (RuntimeException e) {
      throw unreadable(pages, e);
    }
  }

  /** Checks that the row group has no further slot. */
  void end() {
    if (from < to || !isAtEnd(pages())) {
      throw unreadable(
          pages(), new UnreadableFileException("the column has more rows than the row group"));
    }
  }

  @Override
  void mark() {
    PageReader pages = pages();
    int ahead = to - from;
    boolean inPage = remainingValues + ahead > 0;
    mark =
        new Mark(
            inPage ? pages.start() : pages.position(),
            inPage ? pages.number() : pages.number() + 1,
            inPage ? pages.valueCount - remainingValues - ahead : 0,
            previous,
            decoded - ahead,
            dictionary != null,
            row,
            total,
            lastPageEnd);
  }

  @Override
  void back() {
    PageReader pages = pages();
    try {
      pages.moveTo(mark.start, mark.number);
      if (!mark.dictionary) {
        dropDictionary();
      }
      leavePage();
      from = 0;
      to = 0;
      row = mark.row;
      total = mark.total;
      lastPageEnd = mark.lastPageEnd;
      decoded = mark.decoded - mark.consumed;
      previous = mark.consumed > 0 ? ANY : mark.previous;
      while (decoded < mark.decoded) {
        decode(pages, (int) Math.min(LOOKAHEAD, mark.decoded - decoded));
        take(to);
        flat.reset();
      }
    } catch (ColumnMismatchException | UncheckedIOException e) {
      throw e;
    } catch (RuntimeException e) {
      throw unreadable(pages, e);
    }
  }

  /**
   * Skips to a row of the row group. The vector is empty.
   *
   * @param until the row after the last one that is needed next
   */
  void skipTo(long target, long until) {
    PageReader pages = pages();
    try {
      if (jump(pages, target, until)) {
        from = 0;
        to = 0;
        previous = -1;
        decoded = 0;
        total = Long.MAX_VALUE;
        PageLocations pageLocations = Objects.requireNonNull(locations(), "known after a jump");
        lastPageEnd = pageLocations.end(pageLocations.count() - 1);
      }
      while (row < target) {
        readRows(pages, (int) Math.min(MOST_SKIPPED, target - row), false);
      }
    } catch (ColumnMismatchException | UncheckedIOException e) {
      throw e;
    } catch (RuntimeException e) {
      throw unreadable(pages, e);
    }
  }

  /** Returns true if no slot is left, except slots that are decoded and not consumed. */
  private boolean isAtEnd(PageReader pages) {
    return lastPageEnd == UNKNOWN_END
        ? decoded == total
        : remainingValues == 0 && pages.position() >= lastPageEnd;
  }

  /** Reads rows; unless they are kept, skips their values. */
  private void readRows(PageReader pages, int rows, boolean needed) {
    int begun = 0;
    while (true) {
      if (from == to) {
        // With an index, each page starts with a row.
        boolean rowEnds =
            repeatedDefinitionLevels.length == 1
                || (remainingValues == 0 && lastPageEnd != UNKNOWN_END);
        if (isAtEnd(pages) || (begun == rows && rowEnds)) {
          break;
        }
        decode(pages, LOOKAHEAD);
      }
      if (begun == 0 && repetitions[from] > 0) {
        throw new UnreadableFileException("a row continues after its end");
      }
      int end = from;
      if (to - from <= rows - begun) {
        // No branch on levels, which the CPU cannot predict.
        for (; end < to; end++) {
          begun += repetitions[end] == 0 ? 1 : 0;
        }
      } else {
        while (end < to && (repetitions[end] > 0 || begun < rows)) {
          begun += repetitions[end] == 0 ? 1 : 0;
          end++;
        }
      }
      if (needed) {
        levels.append(definitions, repetitions, from, end - from);
        int valueCount = end - from;
        limit.take(valueCount, take(end));
      } else {
        drop(end);
      }
      if (from < to) {
        break;
      }
    }
    if (begun < rows) {
      throw new UnreadableFileException("the column has fewer rows than the row group");
    }
    row += rows;
  }

  /** Consumes slots up to {@code end} without their values. */
  private void drop(int end) {
    int present = 0;
    for (int i = from; i < end; i++) {
      present += definitions[i] == leaf.maxDefinitionLevel() ? 1 : 0;
    }
    from = end;
    if (!levelsOnly) {
      skipValues(present);
    }
  }

  /** Decodes the levels of the next slots of a page. */
  private void decode(PageReader pages, int most) {
    while (remainingValues == 0) {
      nextPage(pages);
      if (lastPageEnd == UNKNOWN_END) {
        checkPage(total - decoded);
      }
    }
    int count = (int) Math.min(Math.min(remainingValues, most), total - decoded);
    if (pages.repetitions != null) {
      pages.repetitions.ints(repetitions, 0, count);
    }
    if (pages.definitions != null) {
      pages.definitions.ints(definitions, 0, count);
    }
    check(count);
    from = 0;
    to = count;
    remainingValues -= count;
    decoded += count;
  }

  private void check(int count) {
    int maxRepetitionLevel = repeatedDefinitionLevels.length - 1;
    int maxDefinitionLevel = leaf.maxDefinitionLevel();
    int before = previous;
    int discontinued = 0;
    for (int i = 0; i < count; i++) {
      int definition = definitions[i];
      int repetition = repetitions[i];
      if (definition > maxDefinitionLevel || repetition > maxRepetitionLevel) {
        checkLevel(definition, maxDefinitionLevel);
        checkLevel(repetition, maxRepetitionLevel);
      }
      // Negative if a list continues without a first element, and if a row group starts within a
      // row, because repeated levels are above -1. No branch, which the CPU could not predict.
      discontinued |= Math.min(definition, before) - repeatedDefinitionLevels[repetition];
      before = definition;
    }
    if (discontinued < 0) {
      throw new UnreadableFileException("a list continues without a first element");
    }
    previous = before;
  }

  /**
   * Consumes slots up to {@code end}: appends values, and nulls for absent values. Returns the
   * growth of the byte strings in bytes.
   */
  private int take(int end) {
    int start = from;
    from = end;
    if (levelsOnly || start == end) {
      return 0;
    }
    int most = leaf.maxDefinitionLevel();
    int present = 0;
    int rows = 0;
    for (int i = start; i < end; i++) {
      int definition = definitions[i];
      present += definition == most ? 1 : 0;
      rowLevels[rows] = definition;
      rows += definition >= rowDefinitionLevel ? 1 : 0;
    }
    int before = size();
    append(flat, present, rows, rowLevels);
    return size() - before;
  }

  /** Returns the size of the byte strings in bytes. */
  private int size() {
    return flat instanceof BytesVector strings ? strings.start(strings.size()) : 0;
  }
}
