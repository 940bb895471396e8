package io.meshwork.error;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** How many rows were offered, and how many of them break each rule. */
record RejectedRows(OptionalLong offered, Map<String, Long> failing) {
  static final RejectedRows NOT_COUNTED = new RejectedRows(OptionalLong.empty(), Map.of());

  RejectedRows {
    failing = Collections.unmodifiableMap(new LinkedHashMap<>(failing));
  }
}
