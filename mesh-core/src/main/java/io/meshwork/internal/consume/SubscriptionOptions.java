package io.meshwork.internal.consume;

import io.meshwork.card.ProductConsumer.MajorMode;
import io.meshwork.internal.catalog.SubscriptionTerms;
import java.util.List;
import java.util.Optional;
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
  boolean latest;
  boolean following;
  @Nullable Integer followTo;
  boolean allowDeprecated;
  @Nullable String because;
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

  /**
   * Returns why a subscription to a deprecated version is created; null if it is not deprecated.
   */
  @Nullable String reasonForDeprecated() {
    return allowDeprecated ? because : null;
  }

  /**
   * Returns the major version: the named one, the current one for {@code currentMajorVersion()},
   * otherwise the existing subscription's, the link's, or the current one. A subscription that
   * starts to follow stays on its major version until it is read.
   *
   * @param existing the terms of the subscription; empty if it is new
   */
  int chooseMajor(Optional<SubscriptionTerms> existing, int current) {
    if (latest) {
      return current;
    } else if (followTo != null) {
      return followTo;
    } else if (following) {
      return existing.map(SubscriptionTerms::major).orElse(current);
    }
    int unnamed = linkedMajor != null ? linkedMajor : current;
    return major != null ? major : existing.map(SubscriptionTerms::major).orElse(unnamed);
  }

  /** Returns the named mode, otherwise an existing subscription's. */
  MajorMode chooseMode(Optional<SubscriptionTerms> existing) {
    if (major != null) {
      return MajorMode.PINNED;
    } else if (latest) {
      return MajorMode.LATEST;
    } else if (following) {
      return MajorMode.FOLLOWING;
    }
    return existing
        .map(SubscriptionTerms::majorMode)
        .orElse(linkedMajor != null ? MajorMode.PINNED : MajorMode.LATEST);
  }
}
