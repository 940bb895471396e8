package io.meshwork.internal.materializers;

import io.meshwork.internal.vector.Vector;
import java.lang.ref.SoftReference;
import java.util.Arrays;
import org.apache.avro.generic.GenericEnumSymbol;
import org.jspecify.annotations.Nullable;

/**
 * The values that were created from the entries of a dictionary, so that each is created once for a
 * row group instead of each row. Softly referenced, because a wide table has hundreds of
 * dictionaries. Not thread-safe.
 */
final class DictionaryValues {
  private SoftReference<@Nullable Known> last = new SoftReference<>(null);

  private record Known(Vector dictionary, @Nullable Object[] values) {}

  /**
   * Returns the value of each entry, null if it was not created. The caller adds values that it
   * creates, which must be immutable. Forgets values of another dictionary.
   *
   * @param dictionary entries may be added to it, but none may change
   */
  @Nullable Object[] of(Vector dictionary) {
    Known cached = last.get();
    boolean same = cached != null && cached.dictionary == dictionary;
    if (cached != null && same && cached.values.length >= dictionary.size()) {
      return cached.values;
    }
    @Nullable Object[] values =
        cached != null && same
            ? Arrays.copyOf(cached.values, dictionary.size())
            : new @Nullable Object[dictionary.size()];
    last = new SoftReference<>(new Known(dictionary, values));
    return values;
  }

  /** Keeps the value of an entry for further rows, unless the caller may change it. */
  static void keep(@Nullable Object[] values, int entry, @Nullable Object value) {
    if (value instanceof String || value instanceof GenericEnumSymbol) {
      values[entry] = value;
    }
  }
}
