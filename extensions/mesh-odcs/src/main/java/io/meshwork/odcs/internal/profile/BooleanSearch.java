package io.meshwork.odcs.internal.profile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Searches for the words of true and false in a column. Not thread-safe. */
final class BooleanSearch {
  private static final int MAX_WORDS = 8;
  private static final int MAX_LENGTH = 8;
  private static final List<String> PAIRS =
      List.of(
          "yes/no",
          "y/n",
          "ja/nein",
          "j/n",
          "ja/nee",
          "oui/non",
          "o/n",
          "s\u00ed/no",
          "si/no",
          "s\u00ec/no",
          "sim/n\u00e3o",
          "tak/nie",
          "ano/ne",
          "evet/hay\u0131r",
          "ja/nej",
          "wahr/falsch",
          "vrai/faux",
          "verdadero/falso",
          "on/off",
          "t/f");

  private final Map<String, Long> counts = new LinkedHashMap<>();
  private final Map<String, String> written = new LinkedHashMap<>();

  void add(String text) {
    if (text.length() <= MAX_LENGTH) {
      String word = text.toLowerCase(Locale.ROOT);
      if (counts.containsKey(word) || counts.size() < MAX_WORDS) {
        counts.merge(word, 1L, Long::sum);
        written.putIfAbsent(word, text);
      }
    }
  }

  /** Returns both words, as they are written first; null without a pair of them. */
  @Nullable String format(long needed) {
    for (String pair : PAIRS) {
      String yes = pair.substring(0, pair.indexOf('/'));
      String no = pair.substring(pair.indexOf('/') + 1);
      Long trues = counts.get(yes);
      Long falses = counts.get(no);
      if (trues != null && falses != null && trues + falses >= needed) {
        return written.get(yes) + "/" + written.get(no);
      }
    }
    return null;
  }
}
