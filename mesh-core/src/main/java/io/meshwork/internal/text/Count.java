package io.meshwork.internal.text;

/** Numbers with their nouns, as a sentence says them. Stateless. */
public final class Count {
  private Count() {}

  /** Returns such as {@code 1 row}, {@code 2 rows}, or {@code 0 entries}. */
  public static String of(long number, String noun) {
    return of(number, noun, plural(noun));
  }

  /** Returns such as {@code 1 row is} or {@code 2 rows are}. */
  public static String of(long number, String one, String several) {
    return number + " " + (number == 1 ? one : several);
  }

  private static String plural(String noun) {
    if (noun.matches(".*(s|x|sh|ch)")) {
      return noun + "es";
    }
    return noun.matches(".*[^aeiou]y") ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s";
  }
}
