package io.meshwork.internal.predicate;

import io.meshwork.internal.runtime.ArgumentChecks;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A filter that a caller gives.
 *
 * @param text the filter, with its constants
 * @param kept true if receipts can contain it; false for a list of values, which may be long and
 *     may identify persons
 * @param list true if the text was created from a column and values
 */
public record GivenFilter(String text, boolean kept, boolean list) {
  public GivenFilter(String text, boolean kept) {
    this(text, kept, false);
  }

  /** A filter as text, which is rejected if it was decoded with loss. */
  public static GivenFilter of(String parameter, @Nullable String text) {
    return new GivenFilter(ArgumentChecks.filter(parameter, text), true);
  }

  /**
   * The rows whose column has one of these values. Their order and repetitions do not matter.
   *
   * @param parameter the call, for messages
   * @param column a column, or a path such as {@code customer.id}
   * @param values at least one
   */
  public static GivenFilter in(
      String parameter, @Nullable String column, @Nullable Collection<?> values) {
    return new GivenFilter(ValueList.filter(parameter, column, values), false, true);
  }

  /** The filter is not shown, because its constants may identify persons. */
  @Override
  public String toString() {
    return "a filter";
  }
}
