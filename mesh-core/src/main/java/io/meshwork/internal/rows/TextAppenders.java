package io.meshwork.internal.rows;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.text.UnicodeText;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.Vector;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/** Appends strings, enum symbols, and UUIDs. */
final class TextAppenders {
  /** The most symbols that a message lists. */
  private static final int MAX_SYMBOLS = 20;

  private TextAppenders() {}

  /** Appends strings; the bytes of Avro's {@link Utf8} are copied without decoding. */
  static class Texts extends LeafAppender {
    private final TextRun run = new TextRun();

    Texts(ContractColumn column) {
      super(column);
    }

    @Override
    boolean accept(Object value, Vector vector) {
      Vector.OfTexts texts = (Vector.OfTexts) vector;
      return value instanceof Utf8 bytes
          ? acceptUtf8(bytes, texts)
          : value instanceof CharSequence text
              && TextEncoder.append(text.toString(), texts) == TextEncoder.ADDED;
    }

    private static boolean acceptUtf8(Utf8 text, Vector.OfTexts texts) {
      int length = text.getByteLength();
      boolean recognizable = texts.recognizes(length);
      if (recognizable && texts.appendRecognized(text)) {
        return true;
      }
      if (length > TextEncoder.LIMIT || UnicodeText.malformedAt(text.getBytes(), 0, length) >= 0) {
        return false;
      }
      texts.entries().append(text.getBytes(), 0, length);
      // Avro may reuse the object for the next record.
      texts.appendEntry(recognizable ? new Utf8(text) : null);
      return true;
    }

    @Override
    boolean acceptAll(Object[] values, int count, Vector vector) {
      if (vector instanceof DictionaryVector.Texts coded) {
        return acceptAll(values, count, coded);
      }
      if (run.append(values, count, (BytesVector) vector)) {
        return true;
      }
      for (int i = 0; i < count; i++) {
        if (!accept(values[i], vector)) {
          return false;
        }
      }
      return true;
    }

    private boolean acceptAll(Object[] values, int count, DictionaryVector.Texts coded) {
      for (int i = 0; i < count; i++) {
        i += coded.appendRecognized(values, i, count);
        if (i < count && !(isRecognizable(values[i], coded) && accept(values[i], coded))) {
          return false;
        }
      }
      return true;
    }

    /** Others would be entries of the dictionary twice if the run is appended again. */
    private static boolean isRecognizable(Object value, DictionaryVector.Texts texts) {
      return value instanceof String text
          ? texts.recognizes(text.length())
          : value instanceof Utf8 bytes && texts.recognizes(bytes.getByteLength());
    }

    @Override
    void refuse(Object value, Vector vector, int row, TypeViolations violations) {
      if (value instanceof Utf8 bytes) {
        int length = bytes.getByteLength();
        if (length > TextEncoder.LIMIT) {
          tooLarge(this, vector, row, violations, "text of " + length + " bytes");
        } else {
          int malformed = UnicodeText.malformedAt(bytes.getBytes(), 0, length);
          refuse(vector, row, violations, FindingCode.STRING_ENCODING, notUtf8(malformed, length));
        }
      } else if (value instanceof CharSequence text) {
        refuseText(text.toString(), vector, row, violations);
      } else {
        mismatch(value, vector, row, violations);
      }
    }

    final void refuseText(String text, Vector vector, int row, TypeViolations violations) {
      int length = text.length();
      int loneSurrogate = length > TextEncoder.LIMIT ? -1 : UnicodeText.loneSurrogateAt(text);
      if (loneSurrogate < 0) {
        tooLarge(this, vector, row, violations, "text of " + length + " chars");
      } else {
        refuse(
            vector,
            row,
            violations,
            FindingCode.STRING_ENCODING,
            "a lone surrogate at char " + loneSurrogate + " of " + length);
      }
    }
  }

  /**
   * Appends the symbols of an enum as text. Top-level columns are checked later for unknown
   * symbols, nested ones here.
   */
  static final class Symbols extends Texts {
    private final Set<String> known;
    private final String unknown;

    /** The class of the last constant, and its symbols by ordinal; null for unknown ones. */
    private @Nullable Class<?> declaring;

    private byte[] @Nullable [] encoded = {};

    /** The last vector with a dictionary, and its entries by ordinal; -1 for unknown ones. */
    private @Nullable Vector coded;

    private int[] entries = {};

    Symbols(ContractColumn column) {
      super(column);
      known = column.inner() ? Set.copyOf(column.contractType().getEnumSymbols()) : Set.of();
      unknown = noSymbol(column.contractType().getEnumSymbols());
    }

    @Override
    boolean accept(Object value, Vector vector) {
      if (value instanceof Enum<?> constant) {
        return acceptConstant(constant, vector);
      }
      if (value instanceof GenericEnumSymbol<?>) {
        return isKnown(value.toString()) && super.accept(value.toString(), vector);
      }
      return !(value instanceof CharSequence && !isKnown(value.toString()))
          && super.accept(value, vector);
    }

    @Override
    boolean acceptAll(Object[] values, int count, Vector vector) {
      for (int i = 0; i < count; i++) {
        if (!accept(values[i], vector)) {
          return false;
        }
      }
      return true;
    }

    private boolean isKnown(String symbol) {
      return !column.inner() || known.contains(symbol);
    }

    private boolean acceptConstant(Enum<?> constant, Vector vector) {
      if (constant.getDeclaringClass() != declaring) {
        declare(constant.getDeclaringClass());
      }
      byte[] symbol = encoded[constant.ordinal()];
      if (symbol == null) {
        return false;
      }
      if (vector instanceof DictionaryVector.Texts texts) {
        appendEntry(constant, symbol, texts);
      } else {
        ((BytesVector) vector).append(symbol);
      }
      return true;
    }

    private void declare(Class<?> enumClass) {
      Object[] constants = enumClass.getEnumConstants();
      encoded = new byte[constants.length][];
      for (int i = 0; i < constants.length; i++) {
        String name = ((Enum<?>) constants[i]).name();
        encoded[i] = isKnown(name) ? name.getBytes(StandardCharsets.UTF_8) : null;
      }
      entries = new int[constants.length];
      coded = null;
      declaring = enumClass;
    }

    private void appendEntry(Enum<?> constant, byte[] symbol, DictionaryVector.Texts texts) {
      if (texts != coded) {
        Arrays.fill(entries, -1);
        coded = texts;
      }
      int entry = entries[constant.ordinal()];
      if (entry >= 0) {
        texts.append(entry);
        return;
      }
      if (!texts.appendRecognized(constant.name())) {
        texts.entries().append(symbol);
        texts.appendEntry(constant.name());
      }
      entries[constant.ordinal()] = texts.index(texts.size() - 1);
    }

    @Override
    void refuse(Object value, Vector vector, int row, TypeViolations violations) {
      boolean symbol = value instanceof Enum<?> || value instanceof GenericEnumSymbol<?>;
      String text = value instanceof Enum<?> constant ? constant.name() : value.toString();
      if ((symbol || value instanceof CharSequence) && !isKnown(text)) {
        refuse(vector, row, violations, FindingCode.ENUM_MEMBER, unknown);
      } else if (symbol) {
        refuseText(text, vector, row, violations);
      } else {
        super.refuse(value, vector, row, violations);
      }
    }
  }

  /**
   * Appends UUIDs as 16 bytes, from a UUID, from its canonical text, or from Avro's raw 16 bytes.
   */
  static final class Uuids extends LeafAppender {
    private final UuidText texts = new UuidText();
    private final boolean rawBytes;

    Uuids(ContractColumn column, @Nullable Schema raw) {
      super(column);
      rawBytes = raw != null && raw.getType() == Schema.Type.FIXED;
    }

    @Override
    boolean accept(Object value, Vector vector) {
      BytesVector target = (BytesVector) vector;
      if (value instanceof UUID uuid) {
        write(uuid, target);
        return true;
      }
      if (value instanceof CharSequence text) {
        return texts.append(text, target);
      }
      if (rawBytes && value instanceof GenericFixed fixed && fixed.bytes().length == 16) {
        target.append(fixed.bytes());
        return true;
      }
      return false;
    }

    @Override
    boolean acceptAll(Object[] values, int count, Vector vector) {
      // First what needs their memory only, so that the CPU waits for several strings at once.
      for (int i = 0; i < count; i++) {
        if (values[i] instanceof String text && text.length() != UuidText.LENGTH) {
          return false;
        }
      }
      for (int i = 0; i < count; i++) {
        if (!accept(values[i], vector)) {
          return false;
        }
      }
      return true;
    }

    @Override
    void refuse(Object value, Vector vector, int row, TypeViolations violations) {
      if (!(value instanceof CharSequence)) {
        mismatch(value, vector, row, violations);
        return;
      }
      refuse(
          vector,
          row,
          violations,
          FindingCode.TYPE_MISMATCH,
          "a text of "
              + value.toString().length()
              + " chars that is not a UUID in its canonical form of 36 (8-4-4-4-12 hexadecimal"
              + " digits)");
    }

    private static void write(UUID uuid, BytesVector vector) {
      int at = vector.reserve(16);
      BinaryAppenders.writeLong(uuid.getMostSignificantBits(), vector.data(), at);
      BinaryAppenders.writeLong(uuid.getLeastSignificantBits(), vector.data(), at + 8);
      vector.commit(16);
    }
  }

  /** Returns why bytes are not valid UTF-8. */
  static String notUtf8(int at, int length) {
    return "bytes that are not valid UTF-8 at byte " + at + " of " + length;
  }

  /** Returns why a string is not a symbol, with the symbols of the enum. */
  static String noSymbol(List<String> symbols) {
    return "a text that is not a symbol of the enum; the symbols are "
        + String.join(", ", symbols.subList(0, Math.min(symbols.size(), MAX_SYMBOLS)))
        + (symbols.size() > MAX_SYMBOLS ? " and " + (symbols.size() - MAX_SYMBOLS) + " more" : "");
  }

  /** Returns why a value is too large. */
  static String tooLarge(String what) {
    return "a "
        + what
        + " exceeds the maximum size of a value, "
        + TextEncoder.LIMIT
        + " bytes (16 MiB)";
  }

  static void tooLarge(
      ValueAppender appender, Vector vector, int row, TypeViolations violations, String what) {
    appender.refuse(vector, row, violations, FindingCode.VALUE_TOO_LARGE, tooLarge(what));
  }
}
