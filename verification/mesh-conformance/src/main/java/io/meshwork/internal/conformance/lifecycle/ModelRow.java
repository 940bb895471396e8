package io.meshwork.internal.conformance.lifecycle;

import java.util.Optional;

/** A row of a product, whatever its columns are named in a major version. */
record ModelRow(long id, String city, Optional<Integer> items) {
  boolean isGood() {
    return items.filter(number -> number < 0).isEmpty();
  }
}
