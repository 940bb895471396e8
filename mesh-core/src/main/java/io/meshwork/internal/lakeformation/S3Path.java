package io.meshwork.internal.lakeformation;

/** S3 locations, compared by path segment. */
final class S3Path {
  private S3Path() {}

  /** Returns true if the second location is the first or lies below it. */
  static boolean holds(String place, String other) {
    int length = length(place);
    return length(other) >= length
        && other.regionMatches(0, place, 0, length)
        && (length(other) == length || other.charAt(length) == '/');
  }

  /** The length without trailing slashes. */
  static int length(String place) {
    int length = place.length();
    while (length > 0 && place.charAt(length - 1) == '/') {
      length--;
    }
    return length;
  }
}
