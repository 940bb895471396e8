package io.meshwork.internal.lakeformation.index;

/** S3 locations, compared by path segment. */
public final class S3Path {
  private S3Path() {}

  /** Returns true if the second location is equal to the first or below it. */
  public static boolean contains(String location, String other) {
    int length = length(location);
    return length(other) >= length
        && other.regionMatches(0, location, 0, length)
        && (length(other) == length || other.charAt(length) == '/');
  }

  /** The length without trailing slashes. */
  static int length(String location) {
    int length = location.length();
    while (length > 0 && location.charAt(length - 1) == '/') {
      length--;
    }
    return length;
  }
}
