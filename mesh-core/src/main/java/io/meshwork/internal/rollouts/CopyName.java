package io.meshwork.internal.rollouts;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of copied data files: they begin with the publish ID of the copy, which ends with the
 * key of the file that it copies.
 */
final class CopyName {
  private static final Pattern NAME =
      Pattern.compile(".*-copy-([0-9a-f]{16})(-q)?-[0-9]+\\.parquet");

  private CopyName() {}

  /** The publish ID of a copy. */
  static String publishId(String id, String key) {
    return id + "-copy-" + key;
  }

  /** The key of the file that a data file copies; empty if it is not a copy. */
  static Optional<String> keyIn(String location) {
    Matcher matcher = NAME.matcher(location);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
