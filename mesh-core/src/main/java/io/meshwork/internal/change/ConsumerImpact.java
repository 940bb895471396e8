package io.meshwork.internal.change;

import io.meshwork.card.ProductConsumer;
import io.meshwork.contract.ContractDifference;
import io.meshwork.internal.session.SubscriberList;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds the subscriptions that changes break, by the columns that they read. Stateless. */
final class ConsumerImpact {
  private ConsumerImpact() {}

  /** All subscriptions, first those that changes break. */
  static List<ProductConsumer> of(
      List<SubscriberList.Entry> subscribers,
      List<ContractDifference.Change> breaking,
      Instant now) {
    List<ProductConsumer> consumers = new ArrayList<>();
    for (SubscriberList.Entry entry : subscribers) {
      List<String> columns = entry.readColumns();
      List<ContractDifference.Change> breaks =
          breaking.stream().filter(change -> affects(change, columns)).toList();
      consumers.add(entry.toConsumer(now, List.of(), breaks));
    }
    consumers.sort(Comparator.comparing(ProductConsumer::isSafe));
    return consumers;
  }

  /** A change of a rule or a term affects all; one of a column only its readers. */
  private static boolean affects(ContractDifference.Change change, List<String> columns) {
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
