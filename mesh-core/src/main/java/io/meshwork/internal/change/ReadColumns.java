package io.meshwork.internal.change;

import io.meshwork.change.ContractPlan.AffectedConsumer;
import io.meshwork.contract.ContractDifference;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.session.SubscriberList;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Whom changes touch, by the columns that subscriptions really read. Stateless. */
final class ReadColumns {
  private ReadColumns() {}

  /** All of a roster, first those who break. */
  static List<AffectedConsumer> affected(
      List<SubscriberList.Entry> roster, List<ContractDifference.Change> harmful, Instant now) {
    List<AffectedConsumer> consumers = new ArrayList<>();
    for (SubscriberList.Entry entry : roster) {
      List<String> columns = columns(entry);
      consumers.add(
          new AffectedConsumer(
              entry.subscription(),
              entry.contact(),
              columns,
              entry.lastUsed(),
              entry.dormant(now),
              harmful.stream().filter(change -> touches(change, columns)).toList()));
    }
    consumers.sort(Comparator.comparing(AffectedConsumer::isSafe));
    return consumers;
  }

  private static List<String> columns(SubscriberList.Entry entry) {
    Optional<List<String>> seen =
        entry.usage().map(UsageEntry::paths).filter(paths -> !paths.isEmpty()).map(List::copyOf);
    List<String> columns = seen.map(List::copyOf).orElse(entry.columns());
    return columns.contains(UsageEntry.ALL) ? List.of() : columns;
  }

  /**
   * A change of a rule or a term touches all; one of a column those who read it or a part of it.
   */
  private static boolean touches(ContractDifference.Change change, List<String> columns) {
    return change.part() != ContractDifference.ContractPart.SCHEMA
        || change.path().isEmpty()
        || columns.isEmpty()
        || columns.stream()
            .anyMatch(column -> isWithin(change.path(), column) || isWithin(column, change.path()));
  }

  private static boolean isWithin(String inner, String outer) {
    return inner.equals(outer)
        || (inner.startsWith(outer) && ".[{".indexOf(inner.charAt(outer.length())) >= 0);
  }
}
