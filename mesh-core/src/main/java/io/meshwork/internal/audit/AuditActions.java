package io.meshwork.internal.audit;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.session.AccessCounter;
import io.meshwork.internal.text.NearestName;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The actions that entries of the audit can have. */
final class AuditActions {
  private static final SortedSet<String> NAMES = names();

  private AuditActions() {}

  /** Returns each action, and each part of one up to a dot. */
  private static SortedSet<String> names() {
    SortedSet<String> names = new TreeSet<>();
    for (MeshEvent.Type type : MeshEvent.Type.values()) {
      if (type != MeshEvent.Type.UNKNOWN && type != MeshEvent.Type.ACCESS_COUNTED) {
        names.add(type.text());
      }
    }
    names.add(AccessCounter.READ_SEEN);
    names.add(AccessCounter.SAMPLE_SEEN);
    names.add(AccessCounter.QUARANTINE_SEEN);
    for (Verb verb : Verb.values()) {
      names.add(verb.code() + ".denied");
    }
    for (String name : List.copyOf(names)) {
      names.add(name.substring(0, name.indexOf('.')));
    }
    return names;
  }

  /**
   * Requires the name of an action, or its part up to a dot.
   *
   * @throws io.meshwork.error.NotFoundException otherwise; the message names the nearest
   */
  static void require(String kind) {
    if (NAMES.contains(kind)) {
      return;
    }
    Optional<String> nearest = NearestName.to(kind, NAMES);
    throw Failure.of(MeshAction.of(Verb.QUERY, "the audit"))
        .because("it has no action '" + kind + "'")
        .state("Nothing was read.")
        .fix(
            nearest.map(near -> "Did you mean '" + near + "'? ").orElse("")
                + "Name an event type such as 'grant.made', a count such as 'read.seen' or"
                + " 'publish.denied', or the part before the dot.")
        .notFound(ErrorCode.NOT_FOUND, nearest.orElse(null));
  }
}
