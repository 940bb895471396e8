package io.meshwork.internal.rows;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.text.UnicodeText;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Checks the values of one column or nested field; nulls pass. Dictionary entries are checked once.
 */
abstract class VectorValueCheck {
  /** A violation of a value. */
  record Mismatch(FindingCode code, String reason) {}

  private final ContractColumn column;

  private VectorValueCheck(ContractColumn column) {
    this.column = column;
  }

  /** Returns the check of a column; null if every value of its vector is valid. */
  static @Nullable VectorValueCheck of(ContractColumn column) {
    return switch (column.kind()) {
      case STRING -> new Texts(column);
      // Symbols of top-level columns are checked later.
      case ENUM -> column.inner() ? new Symbols(column) : new Texts(column);
      case BYTES -> new Bytes(column);
      case TIME, INSTANT, LOCAL_TIMESTAMP ->
          column.unitNanos() > column.tickNanos() ? new Units(column) : null;
      default -> null;
    };
  }

  /** Returns true if the check may change a value: times with a coarser unit are truncated. */
  boolean changesValues() {
    return false;
  }

  /** Adds a violation for each invalid value. */
  final void check(Vector vector, IntUnaryOperator rowOf, TypeViolations violations) {
    if (!(vector instanceof DictionaryVector encoded)) {
      lookAt(vector, rowOf, violations);
    } else if (encoded.dictionary().size() > encoded.size()) {
      lookAt(encoded.flat(), rowOf, violations);
    } else if (!allFit(encoded.dictionary())) {
      lookAtEntries(encoded, rowOf, violations);
    }
  }

  /** Returns false if the values must be checked one by one. */
  abstract boolean allFit(Vector values);

  /** Returns the violation of a non-null value; null if it is valid. */
  abstract @Nullable Mismatch mismatch(Vector values, int index);

  private void lookAt(Vector values, IntUnaryOperator rowOf, TypeViolations violations) {
    if (allFit(values)) {
      return;
    }
    for (int i = 0; i < values.size(); i++) {
      Mismatch mismatch = values.isNull(i) ? null : mismatch(values, i);
      if (mismatch != null) {
        violations.add(rowOf.applyAsInt(i), column.path(), mismatch.code(), mismatch.reason());
      }
    }
  }

  private void lookAtEntries(
      DictionaryVector encoded, IntUnaryOperator rowOf, TypeViolations violations) {
    Map<Integer, Mismatch> malformed = new HashMap<>();
    for (int entry = 0; entry < encoded.dictionary().size(); entry++) {
      Mismatch mismatch = mismatch(encoded.dictionary(), entry);
      if (mismatch != null) {
        malformed.put(entry, mismatch);
      }
    }
    for (int i = 0; i < encoded.size() && !malformed.isEmpty(); i++) {
      Mismatch mismatch = encoded.isNull(i) ? null : malformed.get(encoded.index(i));
      if (mismatch != null) {
        violations.add(rowOf.applyAsInt(i), column.path(), mismatch.code(), mismatch.reason());
      }
    }
  }

  private static class Bytes extends VectorValueCheck {
    Bytes(ContractColumn column) {
      super(column);
    }

    @Override
    boolean allFit(Vector values) {
      BytesVector bytes = (BytesVector) values;
      return bytes.start(bytes.size()) <= TextEncoder.LIMIT;
    }

    @Override
    @Nullable Mismatch mismatch(Vector values, int index) {
      int length = ((BytesVector) values).length(index);
      return length > TextEncoder.LIMIT
          ? new Mismatch(
              FindingCode.VALUE_TOO_LARGE,
              TextAppenders.tooLarge(kindOfValue() + " of " + length + " bytes"))
          : null;
    }

    String kindOfValue() {
      return "value";
    }
  }

  /** Checks that strings are valid UTF-8 of at most the maximum size. */
  private static final class Texts extends Bytes {
    Texts(ContractColumn column) {
      super(column);
    }

    @Override
    String kindOfValue() {
      return "text";
    }

    @Override
    boolean allFit(Vector values) {
      BytesVector bytes = (BytesVector) values;
      return super.allFit(values)
          && UnicodeText.isAscii(bytes.data(), 0, bytes.start(bytes.size()));
    }

    @Override
    @Nullable Mismatch mismatch(Vector values, int index) {
      Mismatch tooLarge = super.mismatch(values, index);
      if (tooLarge != null) {
        return tooLarge;
      }
      BytesVector bytes = (BytesVector) values;
      int length = bytes.length(index);
      int at = UnicodeText.malformedAt(bytes.data(), bytes.start(index), length);
      return at < 0
          ? null
          : new Mismatch(FindingCode.STRING_ENCODING, TextAppenders.notUtf8(at, length));
    }
  }

  private static final class Symbols extends VectorValueCheck {
    private final Set<ByteBuffer> known = new HashSet<>();
    private final Mismatch unknown;

    Symbols(ContractColumn column) {
      super(column);
      for (String symbol : column.contractType().getEnumSymbols()) {
        known.add(ByteBuffer.wrap(symbol.getBytes(StandardCharsets.UTF_8)));
      }
      unknown =
          new Mismatch(
              FindingCode.ENUM_MEMBER,
              TextAppenders.noSymbol(column.contractType().getEnumSymbols()));
    }

    @Override
    boolean allFit(Vector values) {
      return values.size() == 0;
    }

    @Override
    @Nullable Mismatch mismatch(Vector values, int index) {
      BytesVector bytes = (BytesVector) values;
      ByteBuffer symbol = ByteBuffer.wrap(bytes.data(), bytes.start(index), bytes.length(index));
      return known.contains(symbol) ? null : unknown;
    }
  }

  /** Checks times whose contract unit is coarser than their stored unit. */
  private static final class Units extends VectorValueCheck {
    private final long ticks;
    private final boolean truncates;
    private final Mismatch tooFine;

    Units(ContractColumn column) {
      super(column);
      ticks = column.unitNanos() / column.tickNanos();
      truncates = column.truncates();
      tooFine = new Mismatch(FindingCode.TIME_PRECISION, TimeAppenders.tooFine(column.unitNanos()));
    }

    @Override
    boolean changesValues() {
      return truncates;
    }

    @Override
    boolean allFit(Vector values) {
      return values.size() == 0;
    }

    @Override
    @Nullable Mismatch mismatch(Vector values, int index) {
      LongVector longs = (LongVector) values;
      long rest = Math.floorMod(longs.get(index), ticks);
      if (rest == 0 || !truncates) {
        return rest == 0 ? null : tooFine;
      }
      longs.values()[index] -= rest;
      return null;
    }
  }
}
