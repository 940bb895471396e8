package io.meshwork.internal.runtime;

/**
 * Checks that text is well-formed Unicode. Other text cannot be stored: in UTF-8 each lone
 * surrogate becomes a question mark, so that different texts become equal.
 */
public final class UnicodeText {
  private UnicodeText() {}

  /** Returns the offset in chars of the first lone surrogate; -1 if there is none. */
  public static int loneSurrogateAt(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      if (!Character.isHighSurrogate(c)
          || i + 1 == text.length()
          || !Character.isLowSurrogate(text.charAt(i + 1))) {
        return i;
      }
      i++;
    }
    return -1;
  }

  /** Returns why a text with a lone surrogate is rejected, as a clause. */
  public static String fault(int position) {
    return "has a lone surrogate at position " + position;
  }
}
