package io.meshwork.internal.maintenance;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Keeps publishes that were given up for dead from ever being committed. A publish that was
 * committed before does not mind.
 */
final class AttemptFences {
  /** A transaction takes 90 actions; head and entry of the log are two of them. */
  private static final int AT_ONCE = 80;

  private AttemptFences() {}

  /**
   * Fences publishes off; those that are fenced already are no trouble.
   *
   * @param table whose files they wrote
   */
  static void raise(ClientSession session, Key table, Set<String> publishIds, Deadline deadline) {
    List<String> ids = new ArrayList<>(publishIds);
    for (int from = 0; from < ids.size(); from += AT_ONCE) {
      List<String> some = ids.subList(from, Math.min(ids.size(), from + AT_ONCE));
      session.ledger().commit(new Raising(session, table, List.copyOf(some)), deadline);
    }
  }

  private record Raising(ClientSession session, Key table, List<String> publishIds)
      implements Ledger.Change<Integer> {
    @Override
    public MeshAction action() {
      return MeshAction.of(Verb.FENCE_OFF, "dead publishes to " + table.partition());
    }

    @Override
    public String partition() {
      return table.partition();
    }

    @Override
    public CommitDraft<Integer> draft(Ledger.Attempt attempt) {
      List<String> open =
          publishIds.stream()
              .filter(id -> !session.ledger().holds(RegistryKeys.fence(table.partition(), id)))
              .toList();
      if (open.isEmpty()) {
        return CommitDraft.unchanged(0);
      }
      CommitDraft<Integer> draft =
          CommitDraft.of("publishes.fenced", session.principal(), table.partition());
      draft.detail("table", table.sort()).detail("count", open.size());
      for (String id : open) {
        draft.insert(
            RegistryKeys.fence(table.partition(), id),
            JsonNodeFactory.instance
                .objectNode()
                .put("publishId", id)
                .put("at", attempt.now().toString()));
      }
      return draft.result(open.size());
    }
  }
}
