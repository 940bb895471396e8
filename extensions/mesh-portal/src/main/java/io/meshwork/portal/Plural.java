package io.meshwork.portal;

/** Numbers with their noun. */
final class Plural {
  private Plural() {}

  /** Returns such as {@code 1 column} or {@code 2 columns}. */
  static String of(long number, String noun) {
    return of(number, noun, noun + "s");
  }

  /** Returns such as {@code 1 publish} or {@code 2 publishes}. */
  static String of(long number, String one, String more) {
    return number + " " + (number == 1 ? one : more);
  }
}
