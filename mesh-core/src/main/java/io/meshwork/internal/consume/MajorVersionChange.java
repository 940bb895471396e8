package io.meshwork.internal.consume;

import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.SubscriptionTerms;
import io.meshwork.internal.catalog.VersionEntry;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The change of a subscription's major version. Immutable.
 *
 * @param from the major version that it read; 0 for a new subscription
 * @param to the major version that it reads next
 * @param readBefore the major versions that it read and left
 */
record MajorVersionChange(int from, int to, List<Integer> readBefore) {
  MajorVersionChange {
    readBefore = List.copyOf(readBefore);
  }

  static MajorVersionChange of(Optional<SubscriptionTerms> before, int to) {
    return new MajorVersionChange(
        before.map(SubscriptionTerms::major).orElse(0),
        to,
        before.map(SubscriptionTerms::readBefore).orElse(List.of()));
  }

  /** Returns true if an existing subscription leaves its major version. */
  boolean isMove() {
    return from > 0 && from != to;
  }

  /**
   * Returns what is done with the major version.
   *
   * @param deprecatedBecause why the subscription is created although the version is deprecated
   */
  Use use(@Nullable String deprecatedBecause) {
    if (from == to) {
      return Use.KEEP;
    } else if (readBefore.contains(to)) {
      return Use.MOVE_BACK;
    }
    return deprecatedBecause == null ? Use.SUBSCRIBE : Use.SUBSCRIBE_TO_DEPRECATED;
  }

  /** Returns the reason, if the subscription is only possible with one. */
  Optional<String> deprecatedBecause(VersionEntry version, @Nullable String reason) {
    return Optional.ofNullable(reason)
        .filter(
            any ->
                use(any) == Use.SUBSCRIBE_TO_DEPRECATED
                    && version.state() == MajorState.DEPRECATED);
  }

  /** Returns the major versions that the subscription read and left after the change. */
  List<Integer> readAfterwards() {
    return isMove()
        ? Stream.concat(readBefore.stream(), Stream.of(from)).distinct().sorted().toList()
        : readBefore;
  }
}
