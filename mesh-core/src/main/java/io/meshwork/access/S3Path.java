package io.meshwork.access;

/** Places in S3, which hold each other segment by segment. */
final class S3Path {
  private S3Path() {}

  /** True if a place is the other, or the other lies below it. */
  static boolean holds(String place, String other) {
    int length = length(place);
    return length(other) >= length
        && other.regionMatches(0, place, 0, length)
        && (length(other) == length || other.charAt(length) == '/');
  }

  /** The length without slashes at the end. */
  static int length(String place) {
    int length = place.length();
    while (length > 0 && place.charAt(length - 1) == '/') {
      length--;
    }
    return length;
  }
}
