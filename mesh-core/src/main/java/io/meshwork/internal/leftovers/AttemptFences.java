package io.meshwork.internal.leftovers;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Prevents abandoned publishes from committing later. Committed publishes are not affected. */
public final class AttemptFences {
  /** A transaction has at most 90 actions; the log takes two of them. */
  private static final int MAX_PER_COMMIT = 80;

  private AttemptFences() {}

  /**
   * Fences publishes that are not fenced yet.
   *
   * @param table the table to which they wrote
   */
  public static void add(
      ClientSession session, Key table, Set<String> publishIds, Deadline deadline) {
    List<String> ids = new ArrayList<>(publishIds);
    for (int from = 0; from < ids.size(); from += MAX_PER_COMMIT) {
      List<String> chunk = ids.subList(from, Math.min(ids.size(), from + MAX_PER_COMMIT));
      session.ledger().commit(new FenceChange(session, table, List.copyOf(chunk)), deadline);
    }
  }

  /** A stored publish that can no longer be committed. */
  private record Fence(String publishId, Instant at) {}

  private record FenceChange(ClientSession session, Key table, List<String> publishIds)
      implements Ledger.Change<Integer> {
    @Override
    public MeshAction action() {
      return MeshAction.of(Verb.FENCE_OFF, "abandoned publishes to " + table.partition());
    }

    @Override
    public String partition() {
      return table.partition();
    }

    @Override
    public CommitDraft<Integer> draft(Ledger.Attempt attempt) {
      List<String> unfenced =
          publishIds.stream()
              .filter(id -> !session.ledger().holds(RegistryKeys.fence(table.partition(), id)))
              .toList();
      if (unfenced.isEmpty()) {
        return CommitDraft.unchanged(0);
      }
      CommitDraft<Integer> draft =
          CommitDraft.of("publishes.fenced", session.principal(), table.partition());
      draft.details(new EventDetails.FencedPublishes(table.sort(), unfenced.size()));
      for (String id : unfenced) {
        draft.insert(
            RegistryKeys.fence(table.partition(), id),
            DocumentCodec.of(Fence.class).write(new Fence(id, attempt.now()), Optional.empty()));
      }
      return draft.result(unfenced.size());
    }
  }
}
