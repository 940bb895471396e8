package io.meshwork.internal.rollout;

import io.meshwork.card.ProductConsumer;
import io.meshwork.contract.ContractDifference;
import io.meshwork.contract.ContractSuccession;
import io.meshwork.internal.session.SubscriberList;
import io.meshwork.product.ContractVersion.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds the subscriptions that changes break, by the columns that they read. Stateless. */
public final class ConsumerImpact {
  private ConsumerImpact() {}

  /** All subscriptions, first those that changes break. */
  public static List<ProductConsumer> of(
      List<SubscriberList.Entry> subscribers,
      List<ContractDifference.Change> breaking,
      Instant now) {
    List<ProductConsumer> consumers = new ArrayList<>();
    for (SubscriberList.Entry entry : subscribers) {
      List<String> columns = entry.readColumns();
      consumers.add(entry.toConsumer(now, List.of(), affecting(breaking, columns)));
    }
    consumers.sort(Comparator.comparing(ProductConsumer::isSafe));
    return consumers;
  }

  /** Those of the changes that break a reader of these columns; all columns if there are none. */
  public static List<ContractDifference.Change> affecting(
      List<ContractDifference.Change> breaking, List<String> columns) {
    return breaking.stream().filter(change -> affects(change, columns)).toList();
  }

  /**
   * The changes that break old readers, compared with the last version and with earlier ones that
   * are still in use.
   */
  public static List<ContractDifference.Change> breaking(ContractSuccession succession) {
    Set<ContractDifference.Change> breaking = new LinkedHashSet<>();
    succession.difference().changes().stream()
        .filter(ConsumerImpact::isBreaking)
        .forEach(breaking::add);
    succession.obstacles().stream()
        .map(ContractSuccession.Obstacle::change)
        .filter(ConsumerImpact::isBreaking)
        .forEach(breaking::add);
    return List.copyOf(breaking);
  }

  private static boolean isBreaking(ContractDifference.Change change) {
    return change.verdict() == Verdict.MAJOR && !change.oldReadersReadNewRows();
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
