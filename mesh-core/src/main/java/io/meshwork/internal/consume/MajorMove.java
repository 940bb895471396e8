package io.meshwork.internal.consume;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.session.SubscriberList;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The change of a subscription's major version. Immutable.
 *
 * @param from the major version that it read; 0 for a new subscription
 * @param to the major version that it reads next
 * @param readBefore the major versions that it read and left
 */
record MajorMove(int from, int to, Set<Integer> readBefore) {
  MajorMove {
    readBefore = Set.copyOf(readBefore);
  }

  static MajorMove of(ObjectNode before, int to) {
    Set<Integer> majors = new TreeSet<>();
    before.path(SubscriberList.READ_BEFORE).forEach(major -> majors.add(major.asInt()));
    return new MajorMove(before.path("major").asInt(), to, majors);
  }

  /** Returns true if an existing subscription leaves its major version. */
  boolean isMove() {
    return from > 0 && from != to;
  }

  /**
   * Returns what is done with the major version.
   *
   * @param despiteRollout why the subscription is made although the version is deprecated
   */
  Use use(@Nullable String despiteRollout) {
    if (from == to) {
      return Use.KEEP;
    } else if (readBefore.contains(to)) {
      return Use.MOVE_BACK;
    }
    return despiteRollout == null ? Use.SUBSCRIBE : Use.SUBSCRIBE_DESPITE_ROLLOUT;
  }

  /** Returns the reason, if the subscription is only possible with one. */
  Optional<String> despiteRollout(VersionEntry version, @Nullable String reason) {
    return Optional.ofNullable(reason)
        .filter(
            any ->
                use(any) == Use.SUBSCRIBE_DESPITE_ROLLOUT
                    && version.state() == MajorState.DEPRECATED);
  }

  /** Writes the major versions that the subscription read before into its document. */
  void writeTo(ObjectNode document) {
    if (isMove()) {
      document.remove(SubscriberList.DESPITE_ROLLOUT); // it was the reason to read the last one
      Set<Integer> majors = new TreeSet<>(readBefore);
      majors.add(from);
      ArrayNode numbers = document.putArray(SubscriberList.READ_BEFORE);
      majors.forEach(numbers::add);
    }
  }
}
