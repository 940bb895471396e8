package io.meshwork.internal.consume;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of {@code subscribe(..)}, except the row type; null means the default. Shared by all
 * objects that {@code as(..)} and {@code asMaps()} return for one operation.
 */
final class SubscriptionOptions {
  final @Nullable Integer linkedMajor;
  @Nullable String name;
  @Nullable String purpose;
  @Nullable String contact;
  @Nullable List<String> columns;
  @Nullable String filter;
  @Nullable Integer major;
  @Nullable Long atMost;
  @Nullable StartPosition start;

  /**
   * Creates options with all defaults.
   *
   * @param linkedMajor the major version of the link by which the product was named; null if none
   */
  SubscriptionOptions(@Nullable Integer linkedMajor) {
    this.linkedMajor = linkedMajor;
  }
}
