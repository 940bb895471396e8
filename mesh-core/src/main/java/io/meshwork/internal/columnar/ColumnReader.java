package io.meshwork.internal.columnar;

import org.apache.iceberg.types.Type;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * One flat column of a file, row group by row group, as vectors. The one place that turns failures
 * of decoding into {@link MalformedFileException}. Not thread-safe.
 */
final class ColumnReader {
  private final String file;
  private final ParquetLeafSchema leaf;
  private final ConversionDecoder conversion;
  private final Decompressor decompressor;
  private final Vector flat;
  private byte[] expanded = new byte[0];
  private int[] levels = new int[0];
  private long chunkOffset;
  private @Nullable PageReader pages;
  private @Nullable DictionaryDecoder dictionary;
  private @Nullable DictionaryVector coded;

  /** Slots of the current page that were not taken. */
  private int left;

  /** The codes of the current page; null if its values are not codes. */
  private @Nullable RunDecoder codes;

  /** The values of the current page; null if they are codes. */
  private @Nullable ValueDecoder values;

  ColumnReader(
      String file, ParquetLeafSchema leaf, Type wanted, String name, Decompressor decompressor) {
    this.file = file;
    this.leaf = leaf;
    this.conversion = ConversionDecoder.of(name, leaf.type(), wanted);
    this.decompressor = decompressor;
    this.flat = VectorBatch.emptyVector(wanted);
  }

  /** The column's place among the chunks of a row group. */
  int index() {
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
  void release() {
    if (pages != null) {
      expanded = pages.expanded();
    }
    pages = null;
    codes = null;
    values = null;
  }

  /** The next rows of the row group; valid until asked again. */
  Vector read(int rows) {
    PageReader from = pages;
    if (from == null) {
      throw new IllegalStateException("no row group is open");
    }
    try {
      return read(from, rows);
    } catch (ColumnMismatchException e) {
      throw e;
    } catch (RuntimeException e) {
      throw malformed(from, e);
    }
  }

  private MalformedFileException malformed(PageReader from, RuntimeException cause) {
    String what =
        cause instanceof DecoderException && cause.getMessage() != null
            ? cause.getMessage()
            : "a page does not hold together";
    return new MalformedFileException(
        file, what, leaf.path(), chunkOffset + from.position(), from.number(), cause);
  }

  private Vector read(PageReader from, int rows) {
    flat.reset();
    if (coded != null) {
      coded.reset();
    }
    Vector result = null;
    int todo = rows;
    while (todo > 0) {
      if (left == 0) {
        nextPage(from);
        continue;
      }
      result = target(result);
      int some = Math.min(left, todo);
      take(from, result, some);
      left -= some;
      todo -= some;
    }
    return result == null ? flat : result;
  }

  /** Codes as long as all of the batch are codes of byte strings, else values. */
  private Vector target(@Nullable Vector soFar) {
    boolean stillCodes = codes != null && flat instanceof BytesVector;
    if (soFar == null) {
      return stillCodes && coded != null ? coded : flat;
    }
    if (soFar == flat || stillCodes || dictionary == null || coded == null) {
      return soFar;
    }
    dictionary.flatten(coded, (BytesVector) flat);
    return flat;
  }

  private void nextPage(PageReader from) {
    from.next();
    if (from.dictionary) {
      readDictionary(from);
      return;
    }
    left = from.slots;
    codes = null;
    values = null;
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
    conversion.append(
        new PlainDecoder(
            type.physical(), type.width(), from.values, from.valuesFrom, from.valuesEnd),
        entries,
        from.slots);
    dictionary = new DictionaryDecoder(entries);
    coded = new DictionaryVector(entries);
  }

  private void take(PageReader from, Vector to, int slots) {
    int present = slots;
    if (from.definitions != null) {
      present = present(from.definitions, slots);
    }
    if (present == 0) {
      NullsDecoder.append(to, slots);
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
    if (present < slots) {
      NullsDecoder.spread(to, present, slots, levels, leaf.mostDefinition());
    }
  }

  /** How many of the next slots have a value; leaves levels behind if some do and some do not. */
  private int present(LevelDecoder definitions, int slots) {
    int most = leaf.mostDefinition();
    int same = definitions.same(slots);
    if (same > most) {
      throw new DecoderException("a level of " + same + ", the highest is " + most);
    } else if (same >= 0) {
      return same == most ? slots : 0;
    }
    if (levels.length < slots) {
      levels = new int[slots];
    }
    definitions.read(levels, 0, slots);
    int present = 0;
    int highest = 0;
    for (int i = 0; i < slots; i++) {
      present += levels[i] == most ? 1 : 0;
      highest = Math.max(highest, levels[i]);
    }
    if (highest > most) {
      throw new DecoderException("a level of " + highest + ", the highest is " + most);
    }
    return present;
  }
}
