package io.meshwork.internal.materializers;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.rows.ColumnKind;
import io.meshwork.internal.rows.ContractColumn;
import io.meshwork.internal.rows.JavaTypes;
import io.meshwork.internal.rows.SchemaMismatches;
import io.meshwork.internal.vector.Vector;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads values of one column, or of a part of one, as objects of a declared Java type. */
abstract class ValueReader {
  final ContractColumn column;

  ValueReader(ContractColumn column) {
    this.column = column;
  }

  /**
   * Returns the value of a row of the vector.
   *
   * @param rowNumber the number of the top-level row for messages; of the first one if several are
   *     read at once, so that a failure must be searched row by row
   */
  abstract @Nullable Object read(Vector vector, int row, long rowNumber);

  /** Returns the values of some rows of the vector, as {@link #read} does, in a new array. */
  @Nullable Object[] readAll(Vector vector, int from, int to, long rowNumber) {
    @Nullable Object[] values = new @Nullable Object[to - from];
    for (int i = 0; i < values.length; i++) {
      values[i] = read(vector, from + i, rowNumber);
    }
    return values;
  }

  /**
   * Returns the reader of a column for a component; null, with a mismatch added, if the type does
   * not fit.
   *
   * @param type the component's type, or a nested value's, possibly an Optional
   * @param component its name
   * @param what the field of this type, for a message
   */
  static @Nullable ValueReader of(
      ContractColumn column,
      Type type,
      String component,
      String what,
      SchemaMismatches mismatches) {
    if (JavaTypes.raw(type) == Optional.class) {
      ValueReader content = of(column, JavaTypes.content(type), component, what, mismatches);
      return content == null ? null : new Optionals(content);
    }
    Class<?> wanted = JavaTypes.raw(type);
    if (!column.kind().nested() && fits(column.kind(), wanted)) {
      return wanted.isEnum() && lacksSymbols(column, wanted, what, mismatches)
          ? null
          : new FlatReader(column, component, wanted);
    }
    if (column.kind().nested()) {
      int before = mismatches.count();
      ValueReader nested = NestedReaders.of(column, type, component, what, mismatches);
      if (nested != null || mismatches.count() > before) {
        return nested;
      }
    }
    mismatches.add(
        FindingCode.TYPE_MISMATCH,
        column.path(),
        what
            + " is of type "
            + wanted.getTypeName()
            + ", but column '"
            + column.path()
            + "' is of type "
            + column.typeName(),
        "declare it as one of " + javaTypes(column));
    return null;
  }

  /**
   * Returns true, with a mismatch added, if a Java enum lacks symbols of the column and the
   * contract's default for unknown symbols.
   */
  private static boolean lacksSymbols(
      ContractColumn column, Class<?> wanted, String what, SchemaMismatches mismatches) {
    Set<String> constants =
        Arrays.stream(wanted.getEnumConstants())
            .map(constant -> ((Enum<?>) constant).name())
            .collect(Collectors.toSet());
    List<String> missingSymbols =
        column.contractType().getEnumSymbols().stream()
            .filter(symbol -> !constants.contains(symbol))
            .toList();
    String folded = column.contractType().getEnumDefault();
    if (missingSymbols.isEmpty() || (folded != null && constants.contains(folded))) {
      return false;
    }
    mismatches.add(
        FindingCode.ENUM_SYMBOLS_UNSUPPORTED,
        column.path(),
        "column '"
            + column.path()
            + "' may be "
            + String.join(", ", missingSymbols)
            + ", which enum "
            + wanted.getName()
            + " of "
            + what
            + " lacks",
        "add the symbols to the enum, or declare the component with String");
    return true;
  }

  private static String javaTypes(ContractColumn column) {
    String classes =
        javaTypes(column.kind()).stream()
            .map(Class::getSimpleName)
            .collect(Collectors.joining(", "));
    return switch (column.kind()) {
      case ENUM -> classes + ", or a Java enum";
      case RECORD -> classes + ", or a Java record";
      case LIST -> classes + ", or an array";
      default -> classes;
    };
  }

  private static boolean fits(ColumnKind kind, Class<?> wanted) {
    if (kind == ColumnKind.ENUM && wanted.isEnum()) {
      return true;
    }
    List<Class<?>> accepted = javaTypes(kind);
    return accepted.contains(wanted)
        || (!wanted.isPrimitive()
            && accepted.stream()
                .filter(one -> !one.isPrimitive())
                .limit(1)
                .anyMatch(wanted::isAssignableFrom));
  }

  /**
   * Returns the types that a component may have; the first class that is not primitive is the class
   * of the values.
   */
  private static List<Class<?>> javaTypes(ColumnKind kind) {
    return switch (kind) {
      case BOOLEAN -> List.of(boolean.class, Boolean.class);
      case INT ->
          List.of(
              int.class,
              Integer.class,
              long.class,
              Long.class,
              short.class,
              Short.class,
              byte.class,
              Byte.class);
      case LONG -> List.of(long.class, Long.class);
      case FLOAT -> List.of(float.class, Float.class, double.class, Double.class);
      case DOUBLE -> List.of(double.class, Double.class);
      case STRING -> List.of(String.class);
      case ENUM -> List.of(String.class);
      case BYTES, FIXED -> List.of(ByteBuffer.class, byte[].class);
      case DECIMAL -> List.of(BigDecimal.class);
      case DATE -> List.of(LocalDate.class);
      case TIME -> List.of(LocalTime.class);
      case INSTANT -> List.of(Instant.class);
      case LOCAL_TIMESTAMP -> List.of(LocalDateTime.class);
      case UUID -> List.of(UUID.class, String.class);
      case RECORD, MAP -> List.of(Map.class);
      case LIST -> List.of(List.class);
    };
  }

  /** Reads a null as an empty Optional. */
  private static final class Optionals extends ValueReader {
    private final ValueReader content;

    Optionals(ValueReader content) {
      super(content.column);
      this.content = content;
    }

    @Override
    Object read(Vector vector, int row, long rowNumber) {
      return Optional.ofNullable(content.read(vector, row, rowNumber));
    }

    @Override
    @Nullable Object[] readAll(Vector vector, int from, int to, long rowNumber) {
      @Nullable Object[] values = content.readAll(vector, from, to, rowNumber);
      for (int i = 0; i < values.length; i++) {
        values[i] = Optional.ofNullable(values[i]);
      }
      return values;
    }
  }
}
