package io.meshwork.internal.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.MajorEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.index.ProductActivity.ActivityTimes;
import io.meshwork.internal.index.ProductActivity.WaitingRows;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.LedgerExtension;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.session.PublishQuality;
import io.meshwork.internal.session.SnapshotHistory;
import io.meshwork.internal.table.LastUpdate;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.table.TableState;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * Completes each transaction that writes a major version, its contract, its tags, or its table with
 * the index entry and the activity that follow from them. Thread-safe.
 */
public final class IndexUpdates implements LedgerExtension {
  private static final Pattern MAJOR = Pattern.compile("major/([1-9][0-9]{0,8})");
  private static final Pattern CONTRACT = Pattern.compile("contract/([1-9][0-9]{0,8})\\..*");
  private static final String TAGS = "tags";

  private final Ledger ledger;
  private final RightsDocuments rights;
  private final DependentUpdates dependents;

  private IndexUpdates(Ledger ledger, RightsDocuments rights) {
    this.ledger = ledger;
    this.rights = rights;
    this.dependents = new DependentUpdates(ledger);
  }

  /** Completes all transactions of a ledger from now on. */
  public static void install(Ledger ledger, Catalog catalog) {
    ledger.extend(new IndexUpdates(ledger, new RightsDocuments(ledger, catalog)));
  }

  /**
   * Returns the number of index entries that a transaction with these documents writes in addition.
   */
  public static int countShapes(Ledger ledger, Collection<Key> written) {
    return majors(ledger, written).values().stream().mapToInt(Set::size).sum();
  }

  private static Map<String, Set<Integer>> majors(Ledger ledger, Collection<Key> written) {
    Map<String, Set<Integer>> majors = new HashMap<>();
    for (Key key : written) {
      if (isOfProduct(key)) {
        majors
            .computeIfAbsent(key.partition(), first -> new TreeSet<>())
            .addAll(majorsOf(ledger, key));
      }
    }
    return majors;
  }

  @Override
  public void complete(CommitDraft<?> draft, Ledger.Attempt attempt) {
    majors(ledger, draft.writtenKeys())
        .forEach(
            (partition, numbers) ->
                numbers.forEach(
                    major -> addIndexEntry(draft, attempt, ProductName.of(partition), major)));
    for (Key key : draft.writtenKeys()) {
      if (draft.deletes(key)) {
        TableName.at(key)
            .filter(table -> !table.quarantine())
            .flatMap(
                table -> ledger.readLenient(RegistryKeys.activity(table.product(), table.major())))
            .ifPresent(draft::delete);
      }
    }
    draft.attachments().forEach((key, value) -> addActivity(draft, attempt, key, value));
  }

  /** Returns true if the key is in the partition of a product. */
  public static boolean isOfProduct(Key key) {
    String partition = key.partition();
    int slash = partition.indexOf('/');
    return slash > 0
        && partition.indexOf('/', slash + 1) < 0
        && partition.charAt(slash + 1) != '@'
        && partition.charAt(0) != '_';
  }

  private static List<Integer> majorsOf(Ledger ledger, Key key) {
    Matcher major = MAJOR.matcher(key.sort());
    Matcher contract = CONTRACT.matcher(key.sort());
    if (major.matches()) {
      return List.of(Integer.parseInt(major.group(1)));
    }
    if (contract.matches()) {
      return List.of(Integer.parseInt(contract.group(1)));
    }
    List<Integer> all = new ArrayList<>();
    if (key.sort().equals(TAGS)) {
      for (VersionedDocument stored : ledger.list(key.partition(), "major/")) {
        all.add(MajorEntry.of(stored).status().major());
      }
    }
    return all;
  }

  private void addIndexEntry(
      CommitDraft<?> draft, Ledger.Attempt attempt, ProductName product, int major) {
    Key key = RegistryKeys.indexEntry(product, major);
    Optional<VersionedDocument> stored = ledger.readLenient(key);
    Optional<VersionedDocument> majorDocument =
        read(draft, attempt, RegistryKeys.major(product, major));
    Optional<VersionedDocument> productDocument =
        read(draft, attempt, RegistryKeys.product(product));
    Optional<VersionedDocument> contract =
        majorDocument.flatMap(
            document ->
                read(
                    draft,
                    attempt,
                    RegistryKeys.contract(
                        product, MajorEntry.of(document).status().contractVersion())));
    if (productDocument.isEmpty() || majorDocument.isEmpty() || contract.isEmpty()) {
      stored.ifPresent(draft::delete);
      return;
    }
    ProductEntry entry = ProductEntry.of(productDocument.get());
    VersionEntry version = VersionEntry.of(majorDocument.get(), contract.get());
    dependents.addReferences(draft, entry.name(), version.contract());
    write(
        draft,
        key,
        stored,
        ProductIndexEntry.of(
                entry.name(),
                version,
                rights.with(written(draft, product)).table(entry, List.of(version)),
                activated(draft, attempt, product, major))
            .toDocument());
  }

  /** The first contract of a major version is never replaced, so its version has the time. */
  private Optional<Instant> activated(
      CommitDraft<?> draft, Ledger.Attempt attempt, ProductName product, int major) {
    return read(draft, attempt, RegistryKeys.contract(product, new ContractVersion(major, 0, 0)))
        .flatMap(first -> IdGenerator.time(first.version()));
  }

  private static Map<Key, Optional<ObjectNode>> written(CommitDraft<?> draft, ProductName product) {
    Map<Key, Optional<ObjectNode>> written = new HashMap<>();
    for (Key key : draft.writtenKeys()) {
      if (key.partition().equals(RegistryKeys.partition(product))) {
        written.put(key, draft.written(key));
      }
    }
    return written;
  }

  private Optional<VersionedDocument> read(CommitDraft<?> draft, Ledger.Attempt attempt, Key key) {
    return draft.writtenKeys().contains(key)
        ? draft.written(key).map(json -> new VersionedDocument(key, json, attempt.id()))
        : ledger.read(key);
  }

  private void addActivity(
      CommitDraft<?> draft, Ledger.Attempt attempt, Key pointer, Object value) {
    Optional<TableName> name = TableName.at(pointer);
    if (name.isPresent() && value instanceof Table table) {
      ProductName product = name.get().product();
      int major = name.get().major();
      Key key = RegistryKeys.activity(product, major);
      Optional<VersionedDocument> stored = ledger.readLenient(key);
      Optional<ProductActivity> before = stored.flatMap(ProductActivity::find);
      if (!name.get().quarantine()) {
        dependents.addInputs(draft, product);
        write(draft, key, stored, activity(draft, attempt, name.get(), table, before).toDocument());
      } else if (!draft.attachments().containsKey(TableName.of(product, major).key())) {
        before.ifPresent(
            activity ->
                write(
                    draft, key, stored, activity.withWaiting(waiting(table, before)).toDocument()));
      }
    }
  }

  /** The rows in the quarantine of a table after the transaction. */
  private static Optional<WaitingRows> waiting(
      CommitDraft<?> draft, TableName name, Optional<ProductActivity> before) {
    return draft.attachments().get(name.quarantined().key()) instanceof Table quarantine
        ? waiting(quarantine, before)
        : before.flatMap(ProductActivity::waiting);
  }

  /** A number that is unknown does not stop a publish; maintenance adds it. */
  private static Optional<WaitingRows> waiting(Table quarantine, Optional<ProductActivity> before) {
    try {
      return Optional.of(WaitingRows.in(quarantine, before.flatMap(ProductActivity::waiting)));
    } catch (BackendException | ConflictException e) {
      return Optional.empty();
    }
  }

  private ProductActivity activity(
      CommitDraft<?> draft,
      Ledger.Attempt attempt,
      TableName name,
      Table table,
      Optional<ProductActivity> before) {
    ProductName product = name.product();
    Key quality = RegistryKeys.quality(product, name.major());
    DeclaredInputs inputs =
        before
            .map(ProductActivity::inputs)
            .orElseGet(
                () ->
                    table.currentSnapshot() == null || !ledger.holds(name.key())
                        ? DeclaredInputs.NONE
                        : DeclaredInputs.UNREAD);
    return new ProductActivity(
        IndexSources.snapshot(table),
        IndexSources.times(
            table,
            LastUpdate.asOf(table, table.currentSnapshot())
                .map(LastUpdate::at)
                .or(() -> updatedWithoutRows(draft, attempt, name, table, before))),
        IndexSources.state(table).map(TableState::rows).orElse(0L),
        IndexSources.state(table).map(TableState::bytes).orElse(0L),
        draft.attachments().get(quality) instanceof JsonNode newest
            ? Optional.of(PublishQuality.of(newest).withoutMeasures())
            : before
                .map(ProductActivity::quality)
                .orElseGet(() -> PublishQuality.newest(ledger, product, name.major())),
        waiting(draft, name, before),
        inputs.with(draft.details(), name.major(), attempt.now()),
        updates(table, before));
  }

  /**
   * When a table was updated whose publishes had no rows since its first snapshot. Its snapshots do
   * not state it, and its source is the log: the newest publish.
   */
  private static Optional<Instant> updatedWithoutRows(
      CommitDraft<?> draft,
      Ledger.Attempt attempt,
      TableName name,
      Table table,
      Optional<ProductActivity> before) {
    Snapshot current = table.currentSnapshot();
    boolean isFirst = current != null && current.parentId() == null;
    Optional<Instant> last =
        before
            .filter(
                activity -> !activity.inputs().isPartial() && activity.inputs().newest().isEmpty())
            .flatMap(activity -> activity.times().updated());
    return isFirst || last.isPresent()
        ? Optional.of(attempt.now())
            .filter(now -> SnapshotHistory.isUpdate(draft.details(), name.major()))
            .or(() -> last)
        : Optional.empty();
  }

  /** Adds the publishes since the snapshot of the stored activity, which has the earlier ones. */
  private static List<ActivityTimes> updates(Table table, Optional<ProductActivity> before) {
    Map<Instant, ActivityTimes> byTime = new TreeMap<>();
    Optional<ProductActivity> activity = before.filter(each -> !each.updates().isEmpty());
    activity.ifPresent(stored -> stored.updates().forEach(each -> add(each, byTime)));
    IndexSources.updates(table, activity.flatMap(ProductActivity::snapshot))
        .forEach(each -> add(each, byTime));
    List<ActivityTimes> updates = new ArrayList<>(byTime.values());
    return updates.subList(
        Math.max(0, updates.size() - ProductActivity.MAX_UPDATES), updates.size());
  }

  private static void add(ActivityTimes update, Map<Instant, ActivityTimes> byTime) {
    update.published().ifPresent(at -> byTime.put(at, update));
  }

  private static void write(
      CommitDraft<?> draft, Key key, Optional<VersionedDocument> stored, ObjectNode json) {
    if (stored.isEmpty()) {
      draft.insert(key, json);
    } else if (!stored.get().json().equals(json)) {
      draft.replace(stored.get(), json);
    }
  }
}
