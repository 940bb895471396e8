package io.meshwork.internal.grants;

import io.meshwork.internal.runtime.ArgumentChecks;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks the format of the IDs of grants and authorizations. */
final class StoredIds {
  private static final Pattern FORMAT = Pattern.compile("[0-9a-f]{20}");

  private StoredIds() {}

  /** Returns the ID, whether or not something has it. */
  static String require(String parameter, @Nullable String id, String listedBy) {
    String text = ArgumentChecks.text(parameter, id);
    if (!FORMAT.matcher(text).matches()) {
      throw ArgumentChecks.refused(
          parameter,
          "is not an ID, which has 20 hexadecimal digits",
          "Take one from " + listedBy + ".");
    }
    return text;
  }
}
