package io.meshwork.internal.rollouts;

import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.internal.table.TableName;
import io.meshwork.publish.PublishMode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;

/**
 * The copies in a new major version of files that the replaced one no longer has, such as those of
 * rows that were erased since. The back-fill removes them when it continues, which it does not
 * after an abort. From the cut-over on there are none: each erase is from both major versions.
 */
record ObsoleteCopies(ClientSession session, TransitionContext context) {
  /** Returns true if there is a copy to remove. */
  boolean exist() {
    if (context.rollout().dates().cutOver().isPresent()) {
      return false;
    }
    Set<String> live = keys(session.tables().load(replaced()));
    return !of(session.tables().load(copied()), live).isEmpty()
        || !of(session.tables().load(copied().quarantined()), live).isEmpty();
  }

  /** Removes the copies, and requires that no table of them changes until the commit. */
  void remove(CommitDraft<?> draft, Ledger.Attempt attempt) {
    if (context.rollout().dates().cutOver().isPresent()) {
      return;
    }
    TableDraft from = session.tables().draft(replaced(), attempt);
    Set<String> live = keys(from.table());
    from.stage(draft);
    for (TableName name : List.of(copied(), copied().quarantined())) {
      TableDraft to = session.tables().draft(name, attempt);
      SortedMap<String, List<DataFile>> obsolete = of(to.table(), live);
      to.replace(
          obsolete.values().stream().flatMap(List::stream).toList(),
          List.of(),
          summary(obsolete.keySet(), attempt));
      to.stage(draft);
    }
  }

  private TableName replaced() {
    return TableName.of(context.product().name(), context.from().major());
  }

  private TableName copied() {
    return TableName.of(context.product().name(), context.to().major());
  }

  private static Set<String> keys(Table from) {
    return CopiedFiles.live(from).stream().map(CopiedFiles::key).collect(Collectors.toSet());
  }

  /** The obsolete copies in a table, by the key of the file they copy. */
  private static SortedMap<String, List<DataFile>> of(Table to, Set<String> live) {
    SortedMap<String, List<DataFile>> obsolete = new TreeMap<>(CopiedFiles.copies(to));
    obsolete.keySet().removeAll(live);
    return obsolete;
  }

  private Map<String, String> summary(Collection<String> removed, Ledger.Attempt attempt) {
    Map<String, String> summary = new LinkedHashMap<>();
    summary.put(TableSnapshots.PRODUCT, context.product().name().toString());
    summary.put(TableSnapshots.MODE, PublishMode.BACK_FILL.text());
    summary.put(TableSnapshots.PUBLISH_ID, attempt.id());
    summary.put(TableSnapshots.CONTRACT_VERSION, context.to().version().toString());
    summary.put(CopiedFiles.REMOVED, CopiedFiles.text(removed));
    return summary;
  }
}
