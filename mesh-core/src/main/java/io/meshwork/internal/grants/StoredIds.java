package io.meshwork.internal.grants;

import io.meshwork.internal.runtime.ArgumentChecks;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The ids of grants and authorizations, by their shape. */
final class StoredIds {
  private static final Pattern SHAPE = Pattern.compile("[0-9a-f]{20}");

  private StoredIds() {}

  /** An id; whether there is such a thing is not asked. */
  static String require(String name, @Nullable String id, String listed) {
    String text = ArgumentChecks.text(name, id);
    if (!SHAPE.matcher(text).matches()) {
      throw ArgumentChecks.refused(
          name, "is not an id, which has 20 hexadecimal digits", "Take one from " + listed + ".");
    }
    return text;
  }
}
