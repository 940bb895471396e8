package io.meshwork.internal.consume;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code subscribe(..)} was asked for, except the type of rows; null is the default. One
 * object for all row types that an operation passes through.
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
   * Nothing yet.
   *
   * @param linkedMajor the major version of the link that was named; null if none was
   */
  SubscriptionOptions(@Nullable Integer linkedMajor) {
    this.linkedMajor = linkedMajor;
  }
}
