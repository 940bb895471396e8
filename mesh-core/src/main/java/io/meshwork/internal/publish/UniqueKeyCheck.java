package io.meshwork.internal.publish;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.ingest.AffectedPartitions;
import io.meshwork.internal.ingest.TableKeys;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.quality.ExistingKeys;
import io.meshwork.internal.quality.KeyRange;
import io.meshwork.internal.quality.NewKeys;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishMode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * Checks that no key of a publish exists in the table, for uniqueness rules with scope {@code
 * TABLE} or {@code PARTITION}. Rows are evaluated against the table as of the start of the publish;
 * each commit attempt checks what others committed since. For one publish; not thread-safe.
 */
final class UniqueKeyCheck {
  private final Table base;
  private final FileIO io;
  private final ProductName product;
  private final VersionEntry version;
  private final PublishMode mode;
  private final @Nullable RowPredicate removed;
  private final Deadline deadline;
  private final MeshAction action;
  private final AffectedPartitions touched;
  private final Set<String> checkedFiles = new HashSet<>();
  private @Nullable Long checkedSnapshot;
  private NewKeys keys = NewKeys.NONE;

  /**
   * Creates the check of one publish.
   *
   * @param base the table as of the start of the publish
   * @param removed selects the rows that the publish removes; null for modes without a filter
   * @param touched the partitions of its rows that are known so far
   */
  UniqueKeyCheck(
      Table base,
      FileIO io,
      ProductName product,
      VersionEntry version,
      PublishMode mode,
      @Nullable RowPredicate removed,
      AffectedPartitions touched,
      Deadline deadline,
      MeshAction action) {
    this.base = base;
    this.io = io;
    this.product = product;
    this.version = version;
    this.mode = mode;
    this.removed = removed;
    this.touched = touched;
    this.deadline = deadline;
    this.action = action;
  }

  /** The keys of the rows that the publish retains, as of its start. */
  ExistingKeys existingKeys() {
    Snapshot newest = base.currentSnapshot();
    if (mode == PublishMode.REPLACE_ALL || newest == null) {
      return ExistingKeys.NONE;
    }
    if (!hasUniqueRule(version.contract(), Rule.Scope.TABLE)
        && !hasUniqueRule(version.contract(), Rule.Scope.PARTITION)) {
      return ExistingKeys.NONE;
    }
    List<DataFile> live = SnapshotFiles.of(base, newest);
    live.forEach(file -> checkedFiles.add(file.location()));
    checkedSnapshot = newest.snapshotId();
    return mode == PublishMode.REPLACE_PARTITIONS
        ? new DeferredKeys(live, file -> !touched.mayContain(file))
        : new AllKeys(live);
  }

  private static boolean hasUniqueRule(Contract contract, Rule.Scope scope) {
    return contract.enforced().stream()
        .anyMatch(rule -> rule.kind() == Rule.Kind.UNIQUE && rule.scope() == scope);
  }

  /** The keys of all files, some of which are in partitions that the publish touches. */
  private final class AllKeys implements ExistingKeys {
    private final List<DataFile> files;
    private final ExistingKeys keys;

    AllKeys(List<DataFile> files) {
      this.files = files;
      this.keys = keysOf(files);
    }

    @Override
    public boolean mightContain(KeyRange range) {
      return keys.mightContain(range);
    }

    @Override
    public void find(KeyRange range, RequestedKeys wanted, Consumer<VectorBatch> receiver) {
      keys.find(range, wanted, receiver);
    }

    @Override
    public ExistingKeys inTouchedPartitions() {
      return new DeferredKeys(files, touched::mayContain);
    }
  }

  /** The keys of some files. Which files is known only after all rows were read. */
  private final class DeferredKeys implements ExistingKeys {
    private final List<DataFile> files;
    private final java.util.function.Predicate<DataFile> included;
    private final ExistingKeys all;

    DeferredKeys(List<DataFile> files, java.util.function.Predicate<DataFile> included) {
      this.files = files;
      this.included = included;
      this.all = keysOf(files);
    }

    @Override
    public boolean mightContain(KeyRange range) {
      return all.mightContain(range);
    }

    @Override
    public void find(KeyRange range, RequestedKeys wanted, Consumer<VectorBatch> receiver) {
      keysOf(files.stream().filter(included).toList()).find(range, wanted, receiver);
    }
  }

  /** Sets the keys to check. */
  UniqueKeyCheck newKeys(NewKeys published) {
    keys = published;
    return this;
  }

  /**
   * Checks the keys against the table of this attempt.
   *
   * @throws io.meshwork.error.ContractViolationException with the rule's finding if a key exists
   */
  void check(Table now) {
    boolean ofTable = keys.has(Rule.Scope.TABLE);
    boolean ofPartitions = keys.has(Rule.Scope.PARTITION);
    Snapshot newest = now.currentSnapshot();
    if (newest == null || mode == PublishMode.REPLACE_ALL || !(ofTable || ofPartitions)) {
      return;
    }
    boolean checked = checkedSnapshot != null && checkedSnapshot == newest.snapshotId();
    if (checked && !touched.hasShrunk()) {
      return;
    }
    List<DataFile> live = SnapshotFiles.of(now, newest);
    boolean replaces = mode == PublishMode.REPLACE_PARTITIONS;
    boolean checkedStillValid = !replaces || !touched.hasShrunk();
    if (ofTable && !(checked && checkedStillValid)) {
      List<DataFile> others =
          live.stream()
              .filter(file -> !(checkedStillValid && checkedFiles.contains(file.location())))
              .filter(file -> !replaces || !touched.mayContain(file))
              .toList();
      requireAbsent(keys.among(Rule.Scope.TABLE, keysOf(others)));
    }
    if (ofPartitions && !replaces) {
      List<DataFile> others =
          live.stream()
              .filter(file -> !checkedFiles.contains(file.location()))
              .filter(touched::mayContain)
              .toList();
      requireAbsent(keys.among(Rule.Scope.PARTITION, keysOf(others)));
    }
    live.forEach(file -> checkedFiles.add(file.location()));
    checkedSnapshot = newest.snapshotId();
  }

  private void requireAbsent(Optional<Finding> existing) {
    if (existing.isPresent()) {
      throw PublishRejection.ofExistingKeys(product, version.version(), existing.get());
    }
  }

  private ExistingKeys keysOf(List<DataFile> files) {
    List<DataFile> retained =
        removed == null
            ? files
            : files.stream().filter(file -> !removed.certainlyMatchesAll(file)).toList();
    return TableKeys.of(base.schema(), io, retained, removed, deadline, action);
  }
}
