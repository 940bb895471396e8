package io.meshwork.internal.grants;

import io.meshwork.internal.runtime.ArgumentChecks;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks the format of the IDs of grants and authorizations. */
final class StoredIds {
  private static final Pattern FORMAT = Pattern.compile("[0-9a-f]{20}");

  /** The key of a document in a partition of executors, as findings print it. */
  private static final Pattern EXECUTED = Pattern.compile("[^ ]+/@by/[^ ]+ \u00b7 .+");

  private StoredIds() {}

  /** True for an ID, and false for the key of a document. */
  static boolean isId(String id) {
    return FORMAT.matcher(id).matches();
  }

  /** Returns the ID, or the key of a document of an executor, whether or not it exists. */
  static String requireOrKey(String parameter, @Nullable String id, String listedBy) {
    return id != null && EXECUTED.matcher(id).matches() ? id : require(parameter, id, listedBy);
  }

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
