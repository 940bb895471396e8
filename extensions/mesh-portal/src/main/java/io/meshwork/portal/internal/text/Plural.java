package io.meshwork.portal.internal.text;

/** Numbers with their noun. */
public final class Plural {
  private Plural() {}

  /** Returns such as {@code 1 column} or {@code 2 columns}. */
  public static String of(long number, String noun) {
    return of(number, noun, noun + "s");
  }

  /** Returns such as {@code 1 publish} or {@code 2 publishes}. */
  public static String of(long number, String one, String more) {
    return number + " " + (number == 1 ? one : more);
  }
}
