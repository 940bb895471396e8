package io.meshwork.portal;

/** Texts that are cut where a page has no more room for them. */
final class ShortText {
  private ShortText() {}

  /**
   * Returns a text, or its start with an ellipsis.
   *
   * @param most the number of characters that the page has room for
   */
  static String of(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "\u2026";
  }
}
