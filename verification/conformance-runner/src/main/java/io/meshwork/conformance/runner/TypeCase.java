package io.meshwork.conformance.runner;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One case of the suite {@code contract-types}.
 *
 * @param avro the text of the schema in the file
 * @param rows the published rows; null if the schema must be rejected
 * @param expect the expected rows; null if they are {@code rows}
 * @param refused the error code of the rejection
 * @param malformed why the case cannot run; null if it can
 */
record TypeCase(
    String id,
    String avro,
    @Nullable List<Map<String, @Nullable Object>> rows,
    @Nullable List<Map<String, @Nullable Object>> expect,
    @Nullable String refused,
    @Nullable String malformed) {

  static TypeCase malformed(String id, String why) {
    return new TypeCase(id, "", null, null, null, why);
  }
}
