package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.encoding.ValueDecoder;
import io.meshwork.internal.parquet.footer.PageLocations;
import io.meshwork.internal.parquet.page.ChunkBytes;
import io.meshwork.internal.parquet.page.PageDecompressor;
import io.meshwork.internal.parquet.page.PageMemory;
import io.meshwork.internal.parquet.page.PageReader;
import io.meshwork.internal.parquet.page.StoredPages;
import io.meshwork.internal.parquet.schema.ParquetColumn;
import io.meshwork.internal.parquet.schema.ParquetColumn.ValueType;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.Vector;
import java.util.function.Supplier;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * Reads one leaf column of a file, one row group at a time: its pages, its dictionary, and its
 * values without nulls into a vector. All decoding errors become {@link UnreadableFileException}
 * here. Not thread-safe.
 */
abstract class ChunkReader {
  final String file;
  final ParquetColumn leaf;

  /** The values in the requested type. */
  Vector flat;

  private final VectorPool<BatchVectors> turns = new VectorPool<>();

  /** Null if only levels are read, or if all values are null. */
  private final @Nullable ConversionDecoder conversion;

  private final PageDecompressor decompressor;
  private byte[] uncompressed = new byte[0];
  private @Nullable PageReader pages;

  /** The dictionary of the row group; null if it is not read yet, or absent. */
  @Nullable DictionaryDecoder dictionary;

  /** Rows as indices into the dictionary. */
  @Nullable DictionaryVector encoded;

  /** Gets the pages of the row group; null if they are not needed. */
  private @Nullable StoredPages stored;

  /** The next row of the row group. */
  long row;

  /** The positions of the pages, once rows are skipped; null if they are not known. */
  private @Nullable PageLocations locations;

  private @Nullable Supplier<@Nullable PageLocations> index;

  /** The number of slots of the current page that are not consumed yet. */
  int remainingValues;

  /** The dictionary indices of the current page; null if it is not dictionary-encoded. */
  @Nullable ValueDecoder indices;

  /** The values of the current page; null if it is dictionary-encoded. */
  private @Nullable ValueDecoder values;

  /** The vectors of one batch: of values, and of indices into the dictionary. */
  private record BatchVectors(Vector flat, @Nullable DictionaryVector encoded) {}

  ChunkReader(
      String file,
      ParquetColumn leaf,
      Vector flat,
      @Nullable ConversionDecoder conversion,
      PageDecompressor decompressor) {
    this.file = file;
    this.leaf = leaf;
    this.flat = flat;
    this.conversion = conversion;
    this.decompressor = decompressor;
  }

  /** Returns the index of the leaf among the column chunks of a row group. */
  final int index() {
    return leaf.index();
  }

  /** Stores the pages of the row group that is opened next. */
  final void store(StoredPages pagesToCome) {
    stored = pagesToCome;
  }

  /**
   * Starts a row group.
   *
   * @param located returns the positions of the pages, or null; called when rows are skipped
   */
  void open(
      ColumnMetaData meta,
      ChunkBytes chunk,
      PageMemory memory,
      Supplier<@Nullable PageLocations> located) {
    row = 0;
    locations = null;
    index = located;
    dropDictionary();
    indices = null;
    values = null;
    remainingValues = 0;
    pages =
        new PageReader(leaf, meta.getCodec(), decompressor, memory, chunk, stored, uncompressed);
    try {
      PageDecompressor.checkSupported(meta.getCodec());
    } catch (UnreadableFileException e) {
      throw unreadable(pages, e);
    }
  }

  /** Stores the position, for {@link #back}. */
  abstract void mark();

  /** Returns to the stored position, to read the rows from there again. */
  abstract void back();

  /** Reads into vectors that none of the last {@code valid} batches uses. */
  void turn(int valid) {
    DictionaryVector last = encoded;
    BatchVectors next =
        turns.next(new BatchVectors(flat, last), valid, () -> new BatchVectors(empty(flat), null));
    flat = next.flat;
    DictionaryVector nextValues = next.encoded;
    if (last == null || (nextValues != null && nextValues.dictionary() == last.dictionary())) {
      encoded = last == null ? null : nextValues;
    } else {
      encoded = (DictionaryVector) empty(last);
    }
  }

  private static Vector empty(Vector like) {
    Vector result = like.newEmpty();
    if (like.recordsConversionErrors()) {
      result.recordConversionErrors();
    }
    return result;
  }

  /** Drops the dictionary, which is read again. */
  final void dropDictionary() {
    dictionary = null;
    encoded = null;
  }

  /** Releases the row group's bytes. */
  final void release() {
    if (pages != null) {
      uncompressed = pages.release();
    }
    pages = null;
    indices = null;
    values = null;
  }

  /** Releases the row group's bytes, and the memory for its pages. */
  final void release(PageMemory memory) {
    release();
    memory.release(uncompressed);
    uncompressed = new byte[0];
  }

  /** Returns the pages of the open row group. */
  final PageReader pages() {
    if (pages == null) {
      throw new IllegalStateException("no row group is open");
    }
    return pages;
  }

  final UnreadableFileException unreadable(PageReader from, RuntimeException cause) {
    String what =
        cause instanceof UnreadableFileException unreadable
            ? unreadable.what()
            : "a page is inconsistent";
    return new UnreadableFileException(
        file, what, leaf.name(), from.fileOffset(), from.number(), cause);
  }

  /** Returns the positions of the pages; null if they are not known. */
  final @Nullable PageLocations locations() {
    if (index != null) {
      locations = index.get();
      index = null;
    }
    return locations;
  }

  /**
   * Moves to the page of a row if it is a later one and its position is known, and plans to read
   * the rows from there on. Returns true if it moved.
   *
   * @param target the row
   * @param until the row after the last one that is needed next
   */
  final boolean jump(PageReader from, long target, long until) {
    PageLocations pageLocations = locations();
    if (pageLocations == null) {
      return false;
    }
    int page = pageLocations.page(target);
    long end = pageLocations.end(pageLocations.page(until - 1));
    long dictionaryEnd = pageLocations.start(0);
    boolean unread = from.number() < 0 && dictionaryEnd > 0;
    if (unread) {
      from.plan(
          0, pageLocations.start(page) - dictionaryEnd <= ChunkBytes.GAP ? end : dictionaryEnd);
      nextPage(from);
      if (!from.dictionary) {
        // What the index omits may not be the only thing that is wrong with it.
        locations = null;
        return false;
      }
    }
    from.plan(pageLocations.start(page), end);
    if (page == pageLocations.page(row)) {
      return false;
    }
    remainingValues = 0;
    from.moveTo(pageLocations.start(page), page + (dictionaryEnd > 0 ? 1 : 0));
    nextPage(from);
    boolean isAtPage = !from.dictionary && from.start() == pageLocations.start(page);
    long rows = pageLocations.endRow(page) - pageLocations.firstRow(page);
    if (!isAtPage || from.rows() != rows) {
      throw new UnreadableFileException(
          "the offset index declares a page of " + rows + " rows, which is not there");
    }
    row = pageLocations.firstRow(page);
    return true;
  }

  /** Skips values of the current page, without nulls. */
  final void skipValues(int present) {
    ValueDecoder decoder = indices == null ? values : indices;
    if (decoder != null && conversion != null) {
      decoder.skip(present);
    }
  }

  /** Leaves the current page; some of its values may be unread. */
  final void leavePage() {
    remainingValues = 0;
    indices = null;
    values = null;
  }

  /** Ends the last page of the row group. */
  final void endPage() {
    endPage(pages());
  }

  /** Finds bytes of a page that are not of its values: nothing is known of them. */
  private void endPage(PageReader page) {
    ValueDecoder decoder = indices == null ? values : indices;
    boolean open = decoder != null || conversion == null;
    if (stored != null && open && page.number() >= 0 && !page.dictionary) {
      boolean isChecked =
          decoder != null
              && decoder.remaining() == 0
              && (page.definitions == null || page.definitions.remaining() == 0)
              && (page.repetitions == null || page.repetitions.remaining() == 0);
      stored.end(isChecked);
    }
  }

  /** Advances to the next page, which may be a dictionary or empty. */
  final void nextPage(PageReader from) {
    endPage(from);
    from.next();
    if (from.dictionary) {
      readDictionary(from);
      return;
    }
    remainingValues = from.valueCount;
    indices = null;
    values = null;
    if (conversion == null) {
      return;
    }
    if (from.encoding == Encoding.PLAIN_DICTIONARY || from.encoding == Encoding.RLE_DICTIONARY) {
      if (dictionary == null) {
        throw new UnreadableFileException("a dictionary-encoded page has no dictionary before it");
      }
      indices = ValueDecoder.ofIndices(from.values, from.valuesFrom, from.valuesEnd);
    } else if (from.valuesFrom == from.valuesEnd && leaf.maxDefinitionLevel() > 0) {
      // The page has only nulls, so the encoding has no bytes to read. Reading a value fails.
      values = values(Encoding.PLAIN, from);
    } else {
      values = values(from.encoding, from);
    }
  }

  private ValueDecoder values(Encoding encoding, PageReader from) {
    return ValueDecoder.of(
        encoding,
        leaf.type().physical(),
        leaf.type().width(),
        from.values,
        from.valuesFrom,
        from.valuesEnd,
        from.valueCount);
  }

  private void readDictionary(PageReader from) {
    if (conversion == null) {
      return;
    }
    if (dictionary != null) {
      throw new UnreadableFileException("the column chunk has a second dictionary");
    }
    if (from.encoding != Encoding.PLAIN && from.encoding != Encoding.PLAIN_DICTIONARY) {
      throw new UnreadableFileException(
          "a dictionary has the encoding " + from.encoding + " instead of PLAIN");
    }
    ValueType type = leaf.type();
    int width = type.width() == 0 ? (flat instanceof BooleanVector ? 0 : 4) : type.width();
    // Checked before allocating memory for the entries.
    ValueDecoder.need((long) from.valueCount * width, from.valuesFrom, from.valuesEnd);
    Vector entries = empty(flat);
    ValueDecoder decoder = values(Encoding.PLAIN, from);
    conversion.append(decoder, entries, from.valueCount);
    if (stored != null) {
      stored.end(decoder.remaining() == 0);
    }
    dictionary =
        new DictionaryDecoder(entries, stored == null ? null : stored.used(entries.size()));
    encoded = new DictionaryVector(entries);
    if (flat.recordsConversionErrors()) {
      encoded.recordConversionErrors();
    }
  }

  /**
   * Appends the next values and nulls.
   *
   * @param present the number of values
   * @param rows the number of rows, nulls included
   * @param levels the definition level of each row; ignored if all or none are present
   */
  final void append(Vector to, int present, int rows, int[] levels) {
    if (present == 0 || conversion == null) {
      to.appendNulls(rows);
      return;
    }
    if (indices != null && dictionary != null) {
      if (to instanceof DictionaryVector target) {
        dictionary.appendIndices(indices, target, present);
      } else {
        dictionary.append(indices, to, present);
      }
    } else if (values != null) {
      conversion.append(values, to, present);
    }
    to.spread(present, rows, levels, leaf.maxDefinitionLevel());
  }

  /** Throws if the page has more values than the chunk has left. */
  final void checkPage(long most) {
    if (remainingValues > most) {
      throw new UnreadableFileException(
          "a page of "
              + remainingValues
              + " values exceeds the "
              + most
              + " that its column chunk has left");
    }
  }

  /** Throws if a level exceeds the schema's maximum. */
  static void checkLevel(int level, int maxLevel) {
    if (level > maxLevel) {
      throw new UnreadableFileException("a level is " + level + ", above the maximum " + maxLevel);
    }
  }
}
