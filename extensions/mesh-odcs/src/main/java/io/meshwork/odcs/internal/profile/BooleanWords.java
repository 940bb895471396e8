package io.meshwork.odcs.internal.profile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The words of a column that can be true and false in one language. Not thread-safe. */
final class BooleanWords {
  private static final int MAX_WORDS = 8;
  private static final int MAX_LENGTH = 9;

  /** The length of codes, such as country codes. */
  private static final int CODE = 2;

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

  /** Returns both words, as first written; null without a pair of them, or in doubt. */
  @Nullable String format(long needed) {
    String pair = pair(needed);
    return pair == null || areCodes(pair) ? null : pair;
  }

  /** Returns why words that can be true and false are not read so; empty if they are none. */
  String doubt(long needed) {
    String pair = pair(needed);
    return pair != null && areCodes(pair)
        ? "its values can be true and false, or codes, such as country codes: say that they"
            + " are true and false, such as Yes/No"
        : "";
  }

  private @Nullable String pair(long needed) {
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

  /**
   * True if the words are as short as codes and not the only ones, or the codes of two countries.
   */
  private boolean areCodes(String pair) {
    int slash = pair.indexOf('/');
    int length = Math.max(slash, pair.length() - slash - 1);
    boolean others = counts.keySet().stream().filter(word -> word.length() <= length).count() > 2;
    return pair.equals("SI/NO") || (length <= CODE && others);
  }
}
