package io.meshwork.internal.rows;

import io.meshwork.internal.columnar.BytesVector;
import io.meshwork.internal.columnar.DictionaryVector;
import io.meshwork.internal.columnar.LongVector;
import io.meshwork.internal.columnar.Vector;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the values of one place must be; nulls pass. Entries of a dictionary are looked at once. */
abstract class VectorValueCheck {
  /** What is wrong with a value. */
  record Misfit(String code, String reason) {}

  private final ContractColumn column;

  private VectorValueCheck(ContractColumn column) {
    this.column = column;
  }

  /** The check of a column; null if every value of its vector is one of the contract's. */
  static @Nullable VectorValueCheck of(ContractColumn column) {
    return switch (column.kind()) {
      case STRING -> new Texts(column);
      // Symbols of a column are judged later, with all that come as they are.
      case ENUM -> column.inner() ? new Symbols(column) : new Texts(column);
      case BYTES -> new Bytes(column);
      case TIME, INSTANT, LOCAL_TIMESTAMP ->
          column.unitNanos() > column.tickNanos() ? new Units(column) : null;
      default -> null;
    };
  }

  /** Adds a violation for each value that is none of the contract's. */
  final void look(Vector vector, IntUnaryOperator rowOf, Violations violations) {
    if (!(vector instanceof DictionaryVector coded)) {
      lookAt(vector, rowOf, violations);
    } else if (coded.dictionary().size() > coded.size()) {
      lookAt(coded.flat(), rowOf, violations);
    } else if (!surelyFit(coded.dictionary())) {
      lookAtEntries(coded, rowOf, violations);
    }
  }

  /** False if a closer look is needed. */
  abstract boolean surelyFit(Vector values);

  /** What is wrong with a value that is not null; null if nothing is. */
  abstract @Nullable Misfit misfit(Vector values, int index);

  private void lookAt(Vector values, IntUnaryOperator rowOf, Violations violations) {
    if (surelyFit(values)) {
      return;
    }
    for (int i = 0; i < values.size(); i++) {
      Misfit misfit = values.isNull(i) ? null : misfit(values, i);
      if (misfit != null) {
        violations.add(rowOf.applyAsInt(i), column.path(), misfit.code(), misfit.reason());
      }
    }
  }

  private void lookAtEntries(
      DictionaryVector coded, IntUnaryOperator rowOf, Violations violations) {
    Map<Integer, Misfit> unfit = new HashMap<>();
    for (int entry = 0; entry < coded.dictionary().size(); entry++) {
      Misfit misfit = misfit(coded.dictionary(), entry);
      if (misfit != null) {
        unfit.put(entry, misfit);
      }
    }
    for (int i = 0; i < coded.size() && !unfit.isEmpty(); i++) {
      Misfit misfit = coded.isNull(i) ? null : unfit.get(coded.code(i));
      if (misfit != null) {
        violations.add(rowOf.applyAsInt(i), column.path(), misfit.code(), misfit.reason());
      }
    }
  }

  /** Bytes: not larger than one value may be. */
  private static class Bytes extends VectorValueCheck {
    Bytes(ContractColumn column) {
      super(column);
    }

    @Override
    boolean surelyFit(Vector values) {
      BytesVector bytes = (BytesVector) values;
      return bytes.start(bytes.size()) <= TextEncoder.LIMIT;
    }

    @Override
    @Nullable Misfit misfit(Vector values, int index) {
      int length = ((BytesVector) values).length(index);
      return length > TextEncoder.LIMIT
          ? new Misfit(
              Violations.LIMIT, TextAppenders.tooLarge(whatIt() + " of " + length + " bytes"))
          : null;
    }

    String whatIt() {
      return "value";
    }
  }

  /** Texts: UTF-8, and not larger than one value may be. */
  private static final class Texts extends Bytes {
    Texts(ContractColumn column) {
      super(column);
    }

    @Override
    String whatIt() {
      return "text";
    }

    @Override
    boolean surelyFit(Vector values) {
      BytesVector bytes = (BytesVector) values;
      return super.surelyFit(values)
          && Utf8Bytes.isAscii(bytes.data(), 0, bytes.start(bytes.size()));
    }

    @Override
    @Nullable Misfit misfit(Vector values, int index) {
      Misfit tooLarge = super.misfit(values, index);
      if (tooLarge != null) {
        return tooLarge;
      }
      BytesVector bytes = (BytesVector) values;
      int length = bytes.length(index);
      int at = Utf8Bytes.malformedAt(bytes.data(), bytes.start(index), length);
      return at < 0
          ? null
          : new Misfit(Violations.STRING_ENCODING, TextAppenders.notUtf8(at, length));
    }
  }

  /** Symbols of an enum. */
  private static final class Symbols extends VectorValueCheck {
    private final Set<ByteBuffer> known = new HashSet<>();
    private final Misfit unknown;

    Symbols(ContractColumn column) {
      super(column);
      for (String symbol : column.promised().getEnumSymbols()) {
        known.add(ByteBuffer.wrap(symbol.getBytes(StandardCharsets.UTF_8)));
      }
      unknown = new Misfit(Violations.ENUM_MEMBER, TextAppenders.noSymbol(known.size()));
    }

    @Override
    boolean surelyFit(Vector values) {
      return values.size() == 0;
    }

    @Override
    @Nullable Misfit misfit(Vector values, int index) {
      BytesVector bytes = (BytesVector) values;
      ByteBuffer symbol = ByteBuffer.wrap(bytes.data(), bytes.start(index), bytes.length(index));
      return known.contains(symbol) ? null : unknown;
    }
  }

  /** Times that are promised in a coarser unit than they are stored in. */
  private static final class Units extends VectorValueCheck {
    private final long ticks;
    private final Misfit tooFine;

    Units(ContractColumn column) {
      super(column);
      ticks = column.unitNanos() / column.tickNanos();
      tooFine = new Misfit(Violations.TIME_PRECISION, TimeAppenders.tooFine(column.unitNanos()));
    }

    @Override
    boolean surelyFit(Vector values) {
      return values.size() == 0;
    }

    @Override
    @Nullable Misfit misfit(Vector values, int index) {
      return ((LongVector) values).get(index) % ticks == 0 ? null : tooFine;
    }
  }
}
