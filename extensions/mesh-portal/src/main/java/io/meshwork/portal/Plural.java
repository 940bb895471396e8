package io.meshwork.portal;

/** Numbers with their noun. */
final class Plural {
  private Plural() {}

  /** Returns such as {@code 1 column} or {@code 2 columns}. */
  static String of(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
