package io.meshwork.internal.index;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.consumers.DependentProducts;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An index entry, an activity, or an input that is missing, or differs from what its sources say.
 * It is replaced in a separate transaction, unless it changed meanwhile.
 *
 * @param session the session that found it
 * @param key the key of the document
 * @param stored the document; empty if it is missing
 * @param expected what its sources say
 */
public record IndexDifference(
    ClientSession session, Key key, Optional<VersionedDocument> stored, ObjectNode expected)
    implements Ledger.Change<Boolean> {
  /**
   * Compares the documents of a product with their sources.
   *
   * @throws io.meshwork.error.BackendException if the registry or a table cannot be read
   */
  public static List<IndexDifference> of(ClientSession session, ProductEntry product) {
    List<IndexDifference> differences = new ArrayList<>();
    for (int major : session.catalog().majors(product.name())) {
      ProductIndexEntry indexEntry = IndexSources.indexEntry(session, product, major);
      Key entryKey = RegistryKeys.indexEntry(product.name(), major);
      Optional<VersionedDocument> storedEntry = session.ledger().readLenient(entryKey);
      if (!storedEntry.flatMap(ProductIndexEntry::find).equals(Optional.of(indexEntry))) {
        differences.add(
            new IndexDifference(session, entryKey, storedEntry, indexEntry.toDocument()));
      }
      activity(session, product.name(), major).ifPresent(differences::add);
    }
    differences.addAll(dependents(session, product));
    return differences;
  }

  /** What is missing of the inputs of a product. */
  private static List<IndexDifference> dependents(ClientSession session, ProductEntry product) {
    ProductName dependent = product.name();
    Ledger ledger = session.ledger();
    if (ledger.holds(RegistryKeys.dependentOnMany(dependent))) {
      return List.of();
    }
    return DependentProducts.inputs(session, product).stream()
        .map(input -> RegistryKeys.dependent(input, dependent))
        .filter(key -> !ledger.holds(key))
        .map(key -> new IndexDifference(session, key, Optional.empty(), DocumentJson.create()))
        .toList();
  }

  /**
   * The products of a domain without an index entry or an activity of their current major version,
   * or whose activity is to be completed.
   */
  public static List<ProductEntry> incomplete(ClientSession session, String domain) {
    String partition = RegistryKeys.index(domain);
    List<Key> keys = new ArrayList<>();
    for (VersionedDocument stored :
        session.ledger().listLenient(partition, RegistryKeys.INDEX_ENTRIES)) {
      ProductIndexEntry.find(stored).ifPresent(indexEntry -> keys.add(stored.key()));
    }
    for (VersionedDocument stored :
        session.ledger().listLenient(partition, RegistryKeys.ACTIVITIES)) {
      ProductActivity.find(stored)
          .filter(activity -> !activity.isToBeCompleted())
          .ifPresent(activity -> keys.add(stored.key()));
    }
    return session.catalog().products(domain).stream()
        .filter(
            product ->
                !keys.contains(RegistryKeys.indexEntry(product.name(), product.currentMajor()))
                    || !keys.contains(
                        RegistryKeys.activity(product.name(), product.currentMajor())))
        .toList();
  }

  private static Optional<IndexDifference> activity(
      ClientSession session, ProductName product, int major) {
    if (!session.ledger().holds(TableName.of(product, major).key())) {
      return Optional.empty();
    }
    Key key = RegistryKeys.activity(product, major);
    Optional<VersionedDocument> stored = session.ledger().readLenient(key);
    Optional<ProductActivity> activity = stored.flatMap(ProductActivity::find);
    Instant now = session.runtime().clock().instant();
    return IndexSources.activity(session, product, major)
        .filter(expected -> activity.filter(each -> isSame(each, expected, now)).isEmpty())
        .map(expected -> new IndexDifference(session, key, stored, expected.toDocument()));
  }

  /** A stored activity may remember publishes whose snapshots and log entries were removed. */
  private static boolean isSame(ProductActivity stored, ProductActivity expected, Instant now) {
    return !stored.inputs().isPartial()
        && stored.snapshot().equals(expected.snapshot())
        && stored.rows() == expected.rows()
        && stored.bytes() == expected.bytes()
        && stored.quality().equals(expected.quality())
        && (expected.waiting().isEmpty() || stored.waiting().equals(expected.waiting()))
        && (!stored.isComplete() || stored.times().equals(expected.times()))
        && expected.updates().stream().allMatch(stored::remembers)
        && stored.inputs().covers(expected.inputs(), now);
  }

  /** True if the document does not exist, or a commit left it to be completed. */
  public boolean isMissing() {
    return (stored.isEmpty() && !key.sort().startsWith(RegistryKeys.DEPENDENTS))
        || stored
            .filter(document -> key.sort().startsWith(RegistryKeys.ACTIVITIES))
            .flatMap(ProductActivity::find)
            .filter(ProductActivity::isToBeCompleted)
            .isPresent();
  }

  @Override
  public MeshAction action() {
    return MeshAction.of(Verb.UPDATE, key);
  }

  @Override
  public String partition() {
    return key.partition();
  }

  @Override
  public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
    Optional<VersionedDocument> now = session.ledger().readLenient(key);
    if (!now.map(VersionedDocument::version).equals(stored.map(VersionedDocument::version))) {
      return CommitDraft.unchanged(false); // a change wrote it meanwhile
    }
    CommitDraft<Boolean> draft = CommitDraft.unlogged();
    return (now.isEmpty() ? draft.insert(key, expected) : draft.replace(now.get(), expected))
        .result(true);
  }
}
