package io.meshwork.internal.text;

/** The Levenshtein distance of two names, to suggest a name for a misspelled one. */
final class EditDistance {
  private EditDistance() {}

  /**
   * Returns the minimum number of characters to insert, remove, or replace to turn one name into
   * the other.
   */
  static int between(String one, String other) {
    return between(one, other, Integer.MAX_VALUE);
  }

  /**
   * Returns the distance, or some number above the limit if the distance is above the limit, which
   * is found much earlier.
   */
  static int between(String one, String other, int limit) {
    int lengths = Math.abs(one.length() - other.length());
    if (lengths > limit) {
      return lengths;
    }
    int[] row = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      char letter = one.charAt(i - 1);
      int diagonal = row[0];
      row[0] = i;
      int least = i;
      for (int j = 1; j <= other.length(); j++) {
        int above = row[j];
        int change = letter == other.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j] + 1, row[j - 1] + 1), diagonal + change);
        diagonal = above;
        least = Math.min(least, row[j]);
      }
      if (least > limit) {
        return least;
      }
    }
    return row[other.length()];
  }
}
