package io.meshwork.contract;

import io.meshwork.internal.naming.NameGrammar;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The purposes that a contract allows. Their case does not matter. */
final class PurposeList {
  private static final Pattern PURPOSE = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._/-]{0,99}");
  private static final int MOST = 100;

  private PurposeList() {}

  static SortedSet<String> of(Collection<String> purposes) {
    SortedSet<String> all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (String purpose : purposes) {
      String text = Contract.argument("purpose", purpose).strip();
      if (!PURPOSE.matcher(text).matches()) {
        throw Contract.invalid(
            "'" + NameGrammar.quoted(text) + "' is not a purpose",
            "Use up to 100 letters, digits, spaces, dots, hyphens, slashes, and underscores,"
                + " starting with a letter or digit.");
      }
      all.add(text);
    }
    if (all.size() > MOST) {
      throw Contract.invalid(
          "it allows " + all.size() + " purposes", "Use at most " + MOST + ", or none for any.");
    }
    return Collections.unmodifiableSortedSet(all);
  }

  /** Returns true if purposes are allowed that were not. */
  static boolean isWider(Collection<String> before, Collection<String> after) {
    return !before.isEmpty() && (after.isEmpty() || !of(before).containsAll(after));
  }

  /** Returns true if purposes are not allowed that were. */
  static boolean isNarrower(Collection<String> before, Collection<String> after) {
    return isWider(after, before);
  }
}
