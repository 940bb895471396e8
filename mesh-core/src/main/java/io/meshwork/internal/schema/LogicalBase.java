package io.meshwork.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The allowed underlying types of logical types. */
final class LogicalBase {
  private static final int MAX_PRECISION = 38;
  private static final Map<String, Set<String>> BASES =
      Map.ofEntries(
          Map.entry("decimal", Set.of("bytes", "fixed")),
          Map.entry("uuid", Set.of("string", "fixed")),
          Map.entry("date", Set.of("int")),
          Map.entry("time-millis", Set.of("int")),
          Map.entry("time-micros", Set.of("long")),
          Map.entry("timestamp-millis", Set.of("long")),
          Map.entry("timestamp-micros", Set.of("long")),
          Map.entry("timestamp-nanos", Set.of("long")),
          Map.entry("local-timestamp-millis", Set.of("long")),
          Map.entry("local-timestamp-micros", Set.of("long")),
          Map.entry("local-timestamp-nanos", Set.of("long")));

  private LogicalBase() {}

  /** Returns why the combination is not allowed; null if it is. */
  static @Nullable String gap(String logical, String base, JsonNode definition) {
    Set<String> bases = BASES.get(logical);
    if (bases == null) {
      return "contracts do not support it";
    }
    if (!bases.contains(base)) {
      return "it is not allowed on " + base;
    }
    int size = definition.path("size").asInt();
    if (logical.equals("uuid") && base.equals("fixed") && size != 16) {
      return "a fixed uuid has 16 bytes, not " + size;
    }
    return logical.equals("decimal")
        ? decimalGap(definition, base.equals("fixed") ? size : 0)
        : null;
  }

  private static @Nullable String decimalGap(JsonNode definition, int fixedSize) {
    JsonNode precision = definition.path("precision");
    JsonNode scale = definition.path("scale");
    if (!precision.isIntegralNumber() || !precision.canConvertToInt() || precision.asInt() < 1) {
      return "its precision is missing or not positive";
    }
    if (precision.asInt() > MAX_PRECISION) {
      return "its precision " + precision.asInt() + " exceeds the limit of " + MAX_PRECISION;
    }
    if (!scale.isMissingNode()
        && (!scale.isIntegralNumber() || !scale.canConvertToInt() || scale.asInt() < 0)) {
      return "its scale is not a number of at least 0";
    }
    if (scale.asInt() > precision.asInt()) {
      return "its scale " + scale.asInt() + " is above its precision " + precision.asInt();
    }
    if (fixedSize > 0
        && BigInteger.TEN.pow(precision.asInt()).subtract(BigInteger.ONE).bitLength() + 1
            > 8L * fixedSize) {
      return fixedSize + " bytes are too few for " + precision.asInt() + " digits";
    }
    return null;
  }
}
