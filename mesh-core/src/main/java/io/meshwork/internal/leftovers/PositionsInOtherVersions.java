package io.meshwork.internal.leftovers;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.PositionEntry;
import io.meshwork.internal.rollout.PlaceMapping;
import io.meshwork.internal.session.ActiveReaders;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The positions in other major versions that subscriptions may move to this one while a rollout
 * runs. Stateless.
 */
public final class PositionsInOtherVersions {
  private PositionsInOtherVersions() {}

  /**
   * Returns the sequences above which these positions require snapshots of a table.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public static LongStream requiredAfter(ClientSession session, TableName name) {
    List<Integer> others =
        session
            .catalog()
            .requireFor(
                Use.DESCRIBE, name.product(), name.major(), MeshAction.of(Verb.EXPIRE, name))
            .publishedWith();
    if (others.isEmpty()) {
      return LongStream.empty();
    }
    PlaceMapping mapping = new PlaceMapping(session.ledger(), name.product());
    return others.stream()
        .flatMap(major -> positions(session, name, major).stream())
        .flatMapToLong(position -> mapping.requiredAfter(position, name.major()).stream());
  }

  private static List<PositionEntry> positions(ClientSession session, TableName name, int major) {
    return ActiveReaders.of(session, name.product(), major).positions().stream()
        .filter(position -> position.place().major() == major)
        .toList();
  }
}
