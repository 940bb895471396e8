package io.meshwork.internal.columnar;

import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * One leaf of a file, row group by row group: its pages, its dictionary, and its values, nulls left
 * out, into a vector. The one place that turns failures of decoding into {@link
 * MalformedFileException}. Not thread-safe.
 */
abstract class ChunkReader {
  final String file;
  final ParquetLeafSchema leaf;

  /** The values of the type wanted. */
  final Vector flat;

  /** Null if only levels are wanted, or values can only be null. */
  private final @Nullable ConversionDecoder conversion;

  private final Decompressor decompressor;
  private byte[] expanded = new byte[0];
  private long chunkOffset;
  private @Nullable PageReader pages;

  /** The dictionary of the row group; null before it was read, or if there is none. */
  @Nullable DictionaryDecoder dictionary;

  /** Rows as codes of the dictionary. */
  @Nullable DictionaryVector coded;

  /** Slots of the current page that were not taken. */
  int left;

  /** The codes of the current page; null if its values are not codes. */
  @Nullable RunDecoder codes;

  /** The values of the current page; null if they are codes. */
  private @Nullable ValueDecoder values;

  ChunkReader(
      String file,
      ParquetLeafSchema leaf,
      Vector flat,
      @Nullable ConversionDecoder conversion,
      Decompressor decompressor) {
    this.file = file;
    this.leaf = leaf;
    this.flat = flat;
    this.conversion = conversion;
    this.decompressor = decompressor;
  }

  /** The leaf's place among the chunks of a row group. */
  final int index() {
    return leaf.index();
  }

  /** Starts a row group. The bytes have slack behind {@code length}. */
  void open(ColumnMetaData meta, byte[] chunk, int length, long offset) {
    chunkOffset = offset;
    dictionary = null;
    coded = null;
    codes = null;
    values = null;
    left = 0;
    pages = new PageReader(leaf, meta.getCodec(), decompressor, chunk, length, expanded);
    try {
      Decompressor.checkSupported(meta.getCodec());
    } catch (DecoderException e) {
      throw malformed(pages, e);
    }
  }

  /** Lets go of the row group's bytes. */
  final void release() {
    if (pages != null) {
      expanded = pages.expanded();
    }
    pages = null;
    codes = null;
    values = null;
  }

  /** The pages of the open row group. */
  final PageReader pages() {
    if (pages == null) {
      throw new IllegalStateException("no row group is open");
    }
    return pages;
  }

  final MalformedFileException malformed(PageReader from, RuntimeException cause) {
    String what =
        cause instanceof DecoderException && cause.getMessage() != null
            ? cause.getMessage()
            : "a page does not hold together";
    return new MalformedFileException(
        file, what, leaf.path(), chunkOffset + from.position(), from.number(), cause);
  }

  /** Goes to the next page, which may be a dictionary or empty. */
  final void nextPage(PageReader from) {
    from.next();
    if (from.dictionary) {
      readDictionary(from);
      return;
    }
    left = from.slots;
    codes = null;
    values = null;
    if (conversion == null) {
      return;
    }
    if (from.encoding == Encoding.PLAIN_DICTIONARY || from.encoding == Encoding.RLE_DICTIONARY) {
      if (dictionary == null) {
        throw new DecoderException("a page of codes without a dictionary before it");
      }
      int start = from.valuesFrom;
      if (start == from.valuesEnd) {
        // A page of nulls alone may leave out even the width.
        codes = new RunDecoder(from.values, start, start, 1);
      } else {
        codes = new RunDecoder(from.values, start + 1, from.valuesEnd, from.values[start] & 0xFF);
      }
    } else if (from.valuesFrom == from.valuesEnd && leaf.mostDefinition() > 0) {
      // Nulls alone: nothing for the encoding to start with. Whoever asks for a value is refused.
      values =
          new PlainDecoder(
              leaf.type().physical(),
              leaf.type().width(),
              from.values,
              from.valuesFrom,
              from.valuesEnd);
    } else {
      values =
          ValueDecoder.of(
              from.encoding,
              leaf.type().physical(),
              leaf.type().width(),
              from.values,
              from.valuesFrom,
              from.valuesEnd,
              left);
    }
  }

  private void readDictionary(PageReader from) {
    if (conversion == null) {
      return;
    }
    if (dictionary != null) {
      throw new DecoderException("a second dictionary");
    }
    if (from.encoding != Encoding.PLAIN && from.encoding != Encoding.PLAIN_DICTIONARY) {
      throw new DecoderException("a dictionary in the encoding " + from.encoding);
    }
    ParquetTypeSchema type = leaf.type();
    int width = type.width() == 0 ? (flat instanceof BooleanVector ? 0 : 4) : type.width();
    // Checked before memory is taken for so many entries.
    ValueDecoder.need((long) from.slots * width, from.valuesFrom, from.valuesEnd);
    Vector entries = flat.newEmpty();
    if (flat.misfits() != null) {
      entries.keepMisfits();
    }
    conversion.append(
        new PlainDecoder(
            type.physical(), type.width(), from.values, from.valuesFrom, from.valuesEnd),
        entries,
        from.slots);
    dictionary = new DictionaryDecoder(entries);
    coded = new DictionaryVector(entries);
    if (flat.misfits() != null) {
      coded.keepMisfits();
    }
  }

  /**
   * Appends the next values with their nulls.
   *
   * @param present how many values there are
   * @param rows how many rows with the nulls
   * @param levels the definition level of each row; not looked at if all or none are present
   */
  final void append(Vector to, int present, int rows, int[] levels) {
    if (present == 0 || conversion == null) {
      NullsDecoder.append(to, rows);
      return;
    }
    if (codes != null && dictionary != null) {
      if (to instanceof DictionaryVector target) {
        dictionary.appendCodes(codes, target, present);
      } else {
        dictionary.append(codes, to, present);
      }
    } else if (values != null) {
      conversion.append(values, to, present);
    }
    int first = to.size() - present;
    if (present < rows) {
      NullsDecoder.spread(to, present, rows, levels, leaf.mostDefinition());
    }
    Misfits misfits = to.misfits();
    if (misfits != null) {
      if (present < rows) {
        misfits.spread(first, rows, levels, leaf.mostDefinition());
      }
      for (int row = misfits.next(first); row >= 0; row = misfits.next(row + 1)) {
        to.markNull(row);
      }
    }
  }

  /** Refuses a level that the schema cannot have. */
  static void checkLevel(int level, int most) {
    if (level > most) {
      throw new DecoderException("a level of " + level + ", the highest is " + most);
    }
  }
}
