package io.meshwork.internal.rows;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.runtime.UnicodeText;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.Vector;
import java.nio.charset.StandardCharsets;
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
  static class Texts extends ValueAppender {
    Texts(ContractColumn column) {
      super(column);
    }

    @Override
    void append(Object value, Vector vector, int row, TypeViolations violations) {
      if (value instanceof Utf8 bytes) {
        appendUtf8(bytes, vector, row, violations);
      } else if (value instanceof CharSequence text) {
        appendText(text.toString(), vector, row, violations);
      } else {
        mismatch(value, vector, row, violations);
      }
    }

    final void appendText(String text, Vector vector, int row, TypeViolations violations) {
      int outcome = TextEncoder.append(text, (Vector.OfTexts) vector);
      if (outcome == TextEncoder.ADDED) {
        return;
      }
      if (outcome == TextEncoder.TOO_LARGE) {
        tooLarge(this, vector, row, violations, "text of " + text.length() + " chars");
      } else {
        refuse(
            vector,
            row,
            violations,
            FindingCode.STRING_ENCODING,
            "a lone surrogate at char " + outcome + " of " + text.length());
      }
    }

    private void appendUtf8(Utf8 text, Vector vector, int row, TypeViolations violations) {
      int length = text.getByteLength();
      Vector.OfTexts texts = (Vector.OfTexts) vector;
      boolean recognizable = texts.recognizes(length);
      if (recognizable && texts.appendRecognized(text)) {
        return;
      }
      if (length > TextEncoder.LIMIT) {
        tooLarge(this, vector, row, violations, "text of " + length + " bytes");
        return;
      }
      int malformed = UnicodeText.malformedAt(text.getBytes(), 0, length);
      if (malformed >= 0) {
        refuse(vector, row, violations, FindingCode.STRING_ENCODING, notUtf8(malformed, length));
        return;
      }
      texts.entries().append(text.getBytes(), 0, length);
      // Avro may reuse the object for the next record.
      texts.appendEntry(recognizable ? new Utf8(text) : null);
    }
  }

  /**
   * Appends the symbols of an enum as text. Top-level columns are checked later for unknown
   * symbols, nested ones here.
   */
  static final class Symbols extends Texts {
    private final Set<String> known;
    private final String unknown;
    private @Nullable Class<?> declaring;
    private byte[][] encoded = {};

    Symbols(ContractColumn column) {
      super(column);
      known = column.inner() ? Set.copyOf(column.contractType().getEnumSymbols()) : Set.of();
      unknown = noSymbol(column.contractType().getEnumSymbols());
    }

    @Override
    void append(Object value, Vector vector, int row, TypeViolations violations) {
      if (column.inner() && isText(value) && !known.contains(text(value))) {
        refuse(vector, row, violations, FindingCode.ENUM_MEMBER, unknown);
      } else if (value instanceof Enum<?> constant) {
        appendSymbol(constant, (Vector.OfTexts) vector);
      } else if (value instanceof GenericEnumSymbol<?>) {
        appendText(value.toString(), vector, row, violations);
      } else {
        super.append(value, vector, row, violations);
      }
    }

    private void appendSymbol(Enum<?> constant, Vector.OfTexts texts) {
      if (!texts.appendRecognized(constant.name())) {
        texts.entries().append(symbol(constant));
        texts.appendEntry(constant.name());
      }
    }

    private static boolean isText(Object value) {
      return value instanceof Enum<?>
          || value instanceof GenericEnumSymbol<?>
          || value instanceof CharSequence;
    }

    private static String text(Object value) {
      return value instanceof Enum<?> constant ? constant.name() : value.toString();
    }

    private byte[] symbol(Enum<?> constant) {
      Class<?> enumClass = constant.getDeclaringClass();
      if (enumClass != declaring) {
        Object[] constants = enumClass.getEnumConstants();
        encoded = new byte[constants.length][];
        for (int i = 0; i < constants.length; i++) {
          encoded[i] = ((Enum<?>) constants[i]).name().getBytes(StandardCharsets.UTF_8);
        }
        declaring = enumClass;
      }
      return encoded[constant.ordinal()];
    }
  }

  /**
   * Appends UUIDs as 16 bytes, from a UUID, from its canonical text, or from Avro's raw 16 bytes.
   */
  static final class Uuids extends ValueAppender {
    private final boolean rawBytes;

    Uuids(ContractColumn column, @Nullable Schema raw) {
      super(column);
      rawBytes = raw != null && raw.getType() == Schema.Type.FIXED;
    }

    @Override
    void append(Object value, Vector vector, int row, TypeViolations violations) {
      if (value instanceof UUID uuid) {
        write(uuid, (BytesVector) vector);
      } else if (value instanceof Utf8 text && UuidText.append(text, (BytesVector) vector)) {
        return;
      } else if (value instanceof CharSequence text) {
        appendText(text.toString(), (BytesVector) vector, row, violations);
      } else if (rawBytes && value instanceof GenericFixed fixed && fixed.bytes().length == 16) {
        ((BytesVector) vector).append(fixed.bytes());
      } else {
        mismatch(value, vector, row, violations);
      }
    }

    private void appendText(String text, BytesVector vector, int row, TypeViolations violations) {
      if (!UuidText.append(text, vector)) {
        refuse(
            vector,
            row,
            violations,
            FindingCode.TYPE_MISMATCH,
            "a text of "
                + text.length()
                + " chars that is not a UUID in its canonical form of 36 (8-4-4-4-12 hexadecimal"
                + " digits)");
      }
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

  /** Returns why a text is not a symbol, with the symbols of the enum. */
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
