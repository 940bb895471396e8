package io.meshwork.internal.rollout;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of copied data files: they begin with the publish ID of the copy, which ends with the
 * key of the file that it copies.
 */
public final class CopyName {
  private static final Pattern PUBLISH_ID = Pattern.compile(".*-copy-([0-9a-f]{16})");
  private static final Pattern NAME = Pattern.compile(PUBLISH_ID + "(-q)?-[0-9]+\\.parquet");

  private CopyName() {}

  /** The publish ID of a copy. */
  public static String publishId(String id, String key) {
    return id + "-copy-" + key;
  }

  /** True for the publish ID of a copy, which quarantined rows of a back-fill have. */
  public static boolean isPublishId(String id) {
    return PUBLISH_ID.matcher(id).matches();
  }

  /** The key of the file that a data file copies; empty if it is not a copy. */
  public static Optional<String> keyIn(String location) {
    Matcher matcher = NAME.matcher(location);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
