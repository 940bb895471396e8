package io.meshwork.internal.discovery;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Splits text into words: at punctuation, before capitals, and between letters and digits. */
final class SearchWords {
  private static final Pattern BOUNDARY =
      Pattern.compile(
          "[^\\p{L}\\p{N}\\p{M}]+"
              + "|(?<=[\\p{Ll}])(?=\\p{Lu})"
              + "|(?<=\\p{Lu})(?=\\p{Lu}\\p{Ll})"
              + "|(?<=\\p{L})(?=\\p{N})"
              + "|(?<=\\p{N})(?=\\p{L})");

  private SearchWords() {}

  /** Returns the words of a string in lower case, each once. */
  static Set<String> of(String text) {
    Set<String> words = new LinkedHashSet<>();
    Arrays.stream(BOUNDARY.split(text))
        .filter(word -> !word.isEmpty())
        .map(word -> word.toLowerCase(Locale.ROOT))
        .forEach(words::add);
    return words;
  }

  /** Returns true if a word of the text begins with this word. */
  static boolean matches(String text, String word) {
    return of(text).stream().anyMatch(each -> each.startsWith(word));
  }
}
