package io.meshwork.internal.columnar;

import org.apache.iceberg.types.Type;
import org.apache.parquet.format.ColumnMetaData;
import org.jspecify.annotations.Nullable;

/** A leaf inside a nested column: its levels, and its values in one vector. Not thread-safe. */
final class NestedLeafReader extends ChunkReader implements NestedReader {
  /** Slots whose levels are decoded at once: where a row ends shows only at the next one. */
  private static final int AHEAD = 512;

  /** A definition before a slot that lets it be anything. */
  private static final int ANY = Byte.MAX_VALUE;

  private final int filled;
  private final boolean levelsOnly;

  /** The repetition level of slots that are of no use to the parent. */
  private final int unwanted;

  private final BatchLimit limit;
  private final int[] filledAt;
  private final LevelBuffer levels = new LevelBuffer();
  private final int[] definitions = new int[AHEAD];
  private final int[] repetitions = new int[AHEAD];
  private final int[] rowLevels = new int[AHEAD];

  /** The slots whose levels were decoded and that were not taken. */
  private int from;

  private int to;

  /** The definition level of the slot decoded last; below all at the start. */
  private int previous;

  /** Slots decoded in the row group, and how many there are. */
  private long decoded;

  private long total;
  private Mark mark = new Mark(0, 0, 0, -1, 0, false);

  /**
   * A place to go back to.
   *
   * @param start where the page starts
   * @param number the number of the page
   * @param taken slots of that page that were taken
   * @param previous the definition level of the slot before
   * @param decoded slots of the row group that were taken
   * @param dictionary whether the dictionary was read
   */
  private record Mark(
      int start, int number, int taken, int previous, long decoded, boolean dictionary) {}

  private NestedLeafReader(
      String file,
      ParquetLeafSchema leaf,
      int filled,
      Vector flat,
      @Nullable ConversionDecoder conversion,
      boolean levelsOnly,
      int unwanted,
      Decompressor decompressor,
      BatchLimit limit) {
    super(file, leaf, flat, conversion, decompressor);
    this.filled = filled;
    this.levelsOnly = levelsOnly;
    this.unwanted = unwanted;
    this.limit = limit;
    this.filledAt = new int[leaf.mostRepetition() + 1];
    for (int i = 1; i < filledAt.length; i++) {
      filledAt[i] = leaf.filled().get(i - 1);
    }
  }

  /**
   * A leaf whose values are wanted.
   *
   * @param filled the definition level from which a slot is a row of the vector
   * @param name the column for messages
   */
  static NestedLeafReader of(
      String file,
      ParquetProjectionSchema projection,
      ParquetLeafSchema leaf,
      int filled,
      Type wanted,
      String name,
      Decompressor decompressor,
      BatchLimit limit) {
    ConversionDecoder conversion =
        leaf.type().alwaysNull()
            ? null
            : ConversionDecoder.of(name, leaf.type(), wanted, projection.offered());
    Vector flat = projection.vector(wanted);
    int unwanted = leaf.mostRepetition() + 1;
    return new NestedLeafReader(
        file, leaf, filled, flat, conversion, false, unwanted, decompressor, limit);
  }

  /**
   * A leaf that is read only for what it tells about a struct it lies in.
   *
   * @param repetition how many lists the struct lies in
   */
  static NestedLeafReader levelsOf(
      String file,
      ParquetLeafSchema leaf,
      int repetition,
      Decompressor decompressor,
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
  void open(ColumnMetaData meta, byte[] chunk, int length, long offset) {
    super.open(meta, chunk, length, offset);
    from = 0;
    to = 0;
    previous = -1;
    decoded = 0;
    total = meta.getNum_values();
  }

  @Override
  public LevelBuffer read(int rows) {
    PageReader pages = pages();
    try {
      levels.clear();
      readRows(pages, rows);
      if (unwanted < filledAt.length) {
        levels.keepBelow(unwanted);
      }
      return levels;
    } catch (ColumnMismatchException | BatchLimit.TooManyRowsException e) {
      throw e;
    } catch (RuntimeException e) {
      throw malformed(pages, e);
    }
  }

  /** Says that no more rows of the row group are wanted. */
  void end() {
    if (from < to || decoded < total) {
      throw malformed(
          pages(), new DecoderException("there are more values than the row group has rows"));
    }
  }

  /** Remembers the place, for {@link #back}. */
  void mark() {
    PageReader pages = pages();
    int ahead = to - from;
    boolean inPage = left + ahead > 0;
    mark =
        new Mark(
            inPage ? pages.start() : pages.position(),
            inPage ? pages.number() : pages.number() + 1,
            inPage ? pages.slots - left - ahead : 0,
            previous,
            decoded - ahead,
            dictionary != null);
  }

  /** Goes back to the place remembered. */
  void back() {
    PageReader pages = pages();
    try {
      pages.back(mark.start, mark.number);
      if (!mark.dictionary) {
        dictionary = null;
        coded = null;
      }
      left = 0;
      from = 0;
      to = 0;
      decoded = mark.decoded - mark.taken;
      previous = mark.taken > 0 ? ANY : mark.previous;
      while (decoded < mark.decoded) {
        decode(pages, (int) Math.min(AHEAD, mark.decoded - decoded));
        take(to);
        flat.reset();
      }
    } catch (ColumnMismatchException e) {
      throw e;
    } catch (RuntimeException e) {
      throw malformed(pages, e);
    }
  }

  private void readRows(PageReader pages, int rows) {
    int begun = 0;
    while (true) {
      if (from == to) {
        if (decoded == total || (begun == rows && filledAt.length == 1)) {
          break;
        }
        decode(pages, AHEAD);
      }
      int end = from;
      while (end < to && (repetitions[end] > 0 || begun < rows)) {
        begun += repetitions[end] == 0 ? 1 : 0;
        end++;
      }
      levels.append(definitions, repetitions, from, end - from);
      int slots = end - from;
      limit.take(slots, take(end));
      if (from < to) {
        break;
      }
    }
    if (begun < rows) {
      throw new DecoderException("the values end before the row group's rows do");
    }
  }

  /** Decodes the levels of the next slots of a page. */
  private void decode(PageReader pages, int most) {
    while (left == 0) {
      nextPage(pages);
    }
    int count = (int) Math.min(Math.min(left, most), total - decoded);
    if (pages.repetitions != null) {
      pages.repetitions.read(repetitions, 0, count);
    }
    if (pages.definitions != null) {
      pages.definitions.read(definitions, 0, count);
    }
    check(count);
    from = 0;
    to = count;
    left -= count;
    decoded += count;
  }

  private void check(int count) {
    int mostRepetition = filledAt.length - 1;
    int mostDefinition = leaf.mostDefinition();
    int before = previous;
    for (int i = 0; i < count; i++) {
      int definition = definitions[i];
      int repetition = repetitions[i];
      if (definition > mostDefinition || repetition > mostRepetition) {
        checkLevel(definition, mostDefinition);
        checkLevel(repetition, mostRepetition);
      }
      // Also refuses a row group that does not begin with a row: filledAt is above -1.
      if (repetition > 0 && Math.min(definition, before) < filledAt[repetition]) {
        throw new DecoderException("a list goes on that has not begun");
      }
      before = definition;
    }
    previous = before;
  }

  /**
   * Takes slots up to one: the values of those that are there, nulls for the others. Returns by how
   * much the byte strings grew.
   */
  private int take(int end) {
    int start = from;
    from = end;
    if (levelsOnly || start == end) {
      return 0;
    }
    int most = leaf.mostDefinition();
    int present = 0;
    int rows = 0;
    for (int i = start; i < end; i++) {
      int definition = definitions[i];
      present += definition == most ? 1 : 0;
      rowLevels[rows] = definition;
      rows += definition >= filled ? 1 : 0;
    }
    int before = size();
    append(flat, present, rows, rowLevels);
    return size() - before;
  }

  /** The bytes of the byte strings so far. */
  private int size() {
    return flat instanceof BytesVector strings ? strings.start(strings.size()) : 0;
  }
}
