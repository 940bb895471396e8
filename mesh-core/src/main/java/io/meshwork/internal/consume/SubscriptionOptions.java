package io.meshwork.internal.consume;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.card.ProductConsumer.MajorMode;
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
  boolean despiteRollout;
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

  /** Returns why a subscription is made although the version is deprecated; null if it is not. */
  @Nullable String reasonDespiteRollout() {
    return despiteRollout ? because : null;
  }

  /**
   * Returns the major version: the named one, the current one for {@code currentMajorVersion()},
   * otherwise that of the existing subscription, of the link, or the current one. A subscription
   * that starts to follow keeps its major version until it is read.
   *
   * @param existing the subscription's document; without a major if it is new
   */
  int chooseMajor(JsonNode existing, int current) {
    if (latest) {
      return current;
    } else if (followTo != null) {
      return followTo;
    } else if (following) {
      return existing.path("major").asInt(current);
    }
    int unnamed = linkedMajor != null ? linkedMajor : current;
    return major != null ? major : existing.path("major").asInt(unnamed);
  }

  /** Returns the mode to store; empty to keep that of an existing subscription. */
  Optional<MajorMode> chooseMode(JsonNode existing) {
    if (major != null) {
      return Optional.of(MajorMode.PINNED);
    } else if (latest) {
      return Optional.of(MajorMode.LATEST);
    } else if (following) {
      return Optional.of(MajorMode.FOLLOWING);
    } else if (existing.has("major")) {
      return Optional.empty();
    }
    return Optional.of(linkedMajor != null ? MajorMode.PINNED : MajorMode.LATEST);
  }
}
