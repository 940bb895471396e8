package io.meshwork.testkit.aws.internal.lake;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import org.jspecify.annotations.Nullable;

/** Registered locations of S3, by path segments. */
public final class LakeLocations {
  private static final String ARN = "arn:aws:s3:::";

  private LakeLocations() {}

  /** Returns the ARN of a location without a slash at its end. */
  public static String checkedArn(String arn) {
    if (!arn.startsWith(ARN) || arn.length() == ARN.length()) {
      throw AwsErrorException.invalidInput("'" + arn + "' is not the ARN of a location in S3.");
    }
    return arn.replaceFirst("/+$", "");
  }

  /**
   * Returns the ARN of a location such as {@code s3://bucket/prefix}; unchanged if it is elsewhere.
   */
  public static String arn(String location) {
    return location.replaceFirst("^s3[an]?://", ARN).replaceFirst("/+$", "");
  }

  /** Returns the longest registered prefix of a location; null if it is not registered. */
  public static @Nullable ObjectNode find(LakeCatalog catalog, String location) {
    ObjectNode closest = null;
    int length = 0;
    String arn = arn(location);
    for (var entry : catalog.locations().entrySet()) {
      if (isInside(entry.getKey(), arn) && entry.getKey().length() > length) {
        length = entry.getKey().length();
        closest = entry.getValue();
      }
    }
    return closest;
  }

  public static boolean isInside(String prefix, String arn) {
    return arn.equals(prefix) || arn.startsWith(prefix + "/");
  }
}
