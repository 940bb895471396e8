package io.meshwork.conformance.runner;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One case of the suite {@code contract-types}.
 *
 * @param avro the schema's text, as it stands in the file
 * @param rows what is written; null if the schema is to be refused
 * @param expect what is to be read; null if it is {@code rows}
 * @param refused the code that the schema is to be refused with
 * @param malformed why the case cannot be run at all; null if it can
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
