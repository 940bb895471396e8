package io.meshwork.internal.majors;

import io.meshwork.card.ProductConsumer;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ContractDifference;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.catalog.Catalog.RecordedContract;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.consumers.SubscriberList;
import io.meshwork.internal.contract.ContractSuccession;
import io.meshwork.internal.ledger.ChangePlan;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ContractVersion.Verdict;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;

/** Finds the subscriptions that changes break, by the columns that they read. Stateless. */
public final class ConsumerImpact {
  private ConsumerImpact() {}

  /** All subscriptions, first the broken ones. */
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
   * Returns the subscriptions and what breaks them, without the times of reads: what the
   * fingerprint of a plan covers.
   */
  public static String basis(List<ProductConsumer> consumers) {
    return consumers.stream()
        .filter(consumer -> consumer.kind() == ProductConsumer.Kind.SUBSCRIPTION)
        .sorted(Comparator.comparing(ProductConsumer::name))
        .map(consumer -> consumer.name() + consumer.breaks())
        .collect(Collectors.joining(";"));
  }

  /** Returns the lines of a plan about consumers. */
  public static List<String> lines(List<ProductConsumer> consumers) {
    return consumers.stream()
        .map(
            consumer ->
                ChangePlan.line(consumer.isSafe() ? "safe" : "breaks", consumer)
                    + causes(consumer.breaks()))
        .toList();
  }

  /** Returns the lines of a plan about changes that break a consumer. */
  public static String causes(List<ContractDifference.Change> breaks) {
    return breaks.stream()
        .map(change -> "\n            by " + change.what())
        .collect(Collectors.joining());
  }

  /**
   * Returns why a subscription does not move to the current major version; empty if it does not
   * follow, has moved, or moves when it is read next.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public static Optional<String> waitsBecause(ClientSession session, SubscriberList.Entry entry) {
    return FollowingSubscriptions.waitsBecause(session, entry);
  }

  /**
   * Returns why a subscription that follows would not move to this major version.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public static Optional<String> waitsBecause(
      ClientSession session, SubscriberList.Entry entry, VersionEntry next) {
    return FollowingSubscriptions.waitsBecause(session, entry, next);
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
   * Compares a new major version with the version that it continues. A column with another name in
   * it is the same column if it has the same field ID.
   *
   * @param earlier the versions of the contract that it continues
   * @param columns the columns that it continues, with their field IDs
   * @param nextColumns its columns
   */
  public static ContractSuccession succession(
      NavigableMap<ContractVersion, Contract> earlier,
      Schema columns,
      Contract next,
      Schema nextColumns) {
    return ContractSuccession.of(next)
        .after(earlier)
        .renaming(FieldPaths.renamings(columns, nextColumns))
        .countingOnlyWhatIsNew()
        .evaluate();
  }

  /**
   * The changes from one contract version to the next, as the plan of the change showed them: a
   * column that a new major version continues under another name is renamed.
   */
  public static ContractDifference difference(RecordedContract before, RecordedContract after) {
    return before.version().major() == after.version().major()
        ? before.contract().differenceTo(after.contract())
        : succession(
                new TreeMap<>(Map.of(before.version(), before.contract())),
                before.schemaWithIds(),
                after.contract(),
                after.schemaWithIds())
            .difference();
  }

  /**
   * Compares two major versions that exist.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public static ContractSuccession succession(
      ClientSession session, ProductName product, VersionEntry from, VersionEntry to) {
    return succession(
        session.catalog().contracts(product, from.major()).headMap(from.version(), true),
        from.schemaWithIds(),
        to.contract(),
        to.schemaWithIds());
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

  /** Rows are read by the names of columns, so that the name of a type breaks no reader. */
  private static boolean isBreaking(ContractDifference.Change change) {
    return change.verdict() == Verdict.MAJOR
        && !change.oldReadersReadNewRows()
        && !change.concernsTypeNames();
  }

  /**
   * A change of a column, or of a rule on columns, affects their readers; any other affects all.
   */
  private static boolean affects(ContractDifference.Change change, List<String> columns) {
    return change.columns().isEmpty()
        || columns.isEmpty()
        || change.columns().stream().anyMatch(path -> isRead(path, columns));
  }

  private static boolean isRead(String path, List<String> columns) {
    return columns.stream().anyMatch(column -> isWithin(path, column) || isWithin(column, path));
  }

  private static boolean isWithin(String inner, String outer) {
    return inner.equals(outer)
        || (inner.startsWith(outer) && ".[{".indexOf(inner.charAt(outer.length())) >= 0);
  }
}
