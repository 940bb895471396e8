package io.meshwork.internal.rollout;

import io.meshwork.card.ProductConsumer;
import io.meshwork.contract.ContractDifference;
import io.meshwork.contract.ContractSuccession;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.SubscriberList;
import io.meshwork.product.ContractVersion.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
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

  /**
   * Returns why a subscription does not move to the current major version; empty if it does not
   * follow, has moved, or moves when it is read next.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public static Optional<String> waitsBecause(ClientSession session, SubscriberList.Entry entry) {
    return FollowedMajor.waitsBecause(session, entry);
  }

  /**
   * Returns why a subscription that follows would not move to this major version.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public static Optional<String> waitsBecause(
      ClientSession session, SubscriberList.Entry entry, VersionEntry next) {
    return FollowedMajor.waitsBecause(session, entry, next);
  }

  /**
   * The changes that affect a reader of columns.
   *
   * @param columns the columns as paths; empty for all
   */
  public static List<ContractDifference.Change> affecting(
      List<ContractDifference.Change> changes, List<String> columns) {
    return changes.stream().filter(change -> affects(change, columns)).toList();
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

  /**
   * Returns true if a change weakens a promise, of which consumers are notified before it takes
   * effect. A higher classification removes columns from readers, but does not wait for them.
   */
  public static boolean weakensPromise(ContractDifference.Change change) {
    return change.verdict() == Verdict.AMENDMENT
        && change.code() != FindingCode.CLASSIFICATION_RAISED;
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
