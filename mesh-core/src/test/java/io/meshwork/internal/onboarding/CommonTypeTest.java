package io.meshwork.internal.onboarding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

/** Files without a value of a column, whose Parquet type is UNKNOWN, do not decide its type. */
class CommonTypeTest {
  private static final Type UNKNOWN = Types.UnknownType.get();

  private static final Type TEXT = Types.StringType.get();

  @Test
  void isThatOfTheFilesWithValuesWhichEverFileIsFirstAndHoweverManyHaveNone() {
    assertThat(CommonType.of(types(UNKNOWN, 3, TEXT, 1))).isEqualTo(TEXT);
    assertThat(CommonType.of(types(TEXT, 1, UNKNOWN, 1))).isEqualTo(TEXT);
  }

  @Test
  void isThatOfTheFilesWithValuesAlsoInListsAndRecords() {
    assertThat(CommonType.of(types(list(UNKNOWN), 1, list(TEXT), 1))).isEqualTo(list(TEXT));
    assertThat(CommonType.of(types(record(UNKNOWN), 2, record(TEXT), 1))).isEqualTo(record(TEXT));
    assertThat(CommonType.of(types(UNKNOWN, 2, record(TEXT), 1))).isEqualTo(record(TEXT));
  }

  @Test
  void isUnknownIfNoFileHasAValue() {
    assertThat(CommonType.of(Map.of(UNKNOWN, 2))).isEqualTo(UNKNOWN);
  }

  private static Map<Type, Integer> types(Type first, int files, Type second, int others) {
    Map<Type, Integer> types = new LinkedHashMap<>();
    types.put(first, files);
    types.put(second, others);
    return types;
  }

  private static Type list(Type element) {
    return Types.ListType.ofOptional(1, element);
  }

  private static Type record(Type field) {
    return Types.StructType.of(Types.NestedField.optional(1, "note", field));
  }
}
