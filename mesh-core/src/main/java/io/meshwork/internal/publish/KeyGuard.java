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
 * Sees to it that no key of a publish is in the table already, for rules on uniqueness that look
 * beyond the publish. Rows are judged beside the table as it was when the publish began; what
 * others committed since is asked in each attempt. One publish, one thread.
 */
final class KeyGuard {
  private final Table begun;
  private final FileIO io;
  private final ProductName product;
  private final VersionEntry version;
  private final PublishMode mode;
  private final @Nullable RowPredicate gone;
  private final Deadline deadline;
  private final MeshAction action;
  private final AffectedPartitions touched;
  private final Set<String> asked = new HashSet<>();
  private @Nullable Long askedUpTo;
  private NewKeys keys = NewKeys.NONE;

  /**
   * Of one publish.
   *
   * @param begun the table as it was then
   * @param gone rows for which it is true are taken away; null for the other modes
   * @param touched where its rows lie, as far as that is known
   */
  KeyGuard(
      Table begun,
      FileIO io,
      ProductName product,
      VersionEntry version,
      PublishMode mode,
      @Nullable RowPredicate gone,
      AffectedPartitions touched,
      Deadline deadline,
      MeshAction action) {
    this.begun = begun;
    this.io = io;
    this.product = product;
    this.version = version;
    this.mode = mode;
    this.gone = gone;
    this.touched = touched;
    this.deadline = deadline;
    this.action = action;
  }

  /** What rows are judged beside: all that stays, as the table was when the publish began. */
  ExistingKeys existingKeys() {
    Snapshot newest = begun.currentSnapshot();
    if (mode == PublishMode.REPLACE_ALL || newest == null) {
      return ExistingKeys.NONE;
    }
    boolean ofTable = asks(version.contract(), Rule.Scope.TABLE);
    if (!ofTable && !asks(version.contract(), Rule.Scope.PARTITION)) {
      return ExistingKeys.NONE;
    }
    List<DataFile> live = SnapshotFiles.of(begun, newest);
    live.forEach(file -> asked.add(file.location()));
    askedUpTo = newest.snapshotId();
    return mode == PublishMode.REPLACE_PARTITIONS
        ? new AtTheEnd(live, file -> !touched.holds(file))
        : new OfAll(live);
  }

  private static boolean asks(Contract contract, Rule.Scope scope) {
    return contract.enforced().stream()
        .anyMatch(rule -> rule.kind() == Rule.Kind.UNIQUE && rule.scope() == scope);
  }

  /** The keys of all files, of which some lie in partitions that are touched. */
  private final class OfAll implements ExistingKeys {
    private final List<DataFile> files;
    private final ExistingKeys keys;

    OfAll(List<DataFile> files) {
      this.files = files;
      this.keys = keysOf(files);
    }

    @Override
    public boolean mightContain(KeyRange range) {
      return keys.mightContain(range);
    }

    @Override
    public void find(KeyRange range, Asked wanted, Consumer<VectorBatch> receiver) {
      keys.find(range, wanted, receiver);
    }

    @Override
    public ExistingKeys inTouchedPartitions() {
      return new AtTheEnd(files, touched::holds);
    }
  }

  /** Which files count is known when all rows were seen, and keys are looked for then alone. */
  private final class AtTheEnd implements ExistingKeys {
    private final List<DataFile> files;
    private final java.util.function.Predicate<DataFile> counts;
    private final ExistingKeys most;

    AtTheEnd(List<DataFile> files, java.util.function.Predicate<DataFile> counts) {
      this.files = files;
      this.counts = counts;
      this.most = keysOf(files);
    }

    @Override
    public boolean mightContain(KeyRange range) {
      return most.mightContain(range);
    }

    @Override
    public void find(KeyRange range, Asked wanted, Consumer<VectorBatch> receiver) {
      keysOf(files.stream().filter(counts).toList()).find(range, wanted, receiver);
    }
  }

  /** From now on these keys are guarded. */
  KeyGuard guarding(NewKeys published) {
    keys = published;
    return this;
  }

  /**
   * Goes on only if no key is in the table as it is in this attempt.
   *
   * @throws io.meshwork.error.ContractViolationException with the rule's finding otherwise
   */
  void check(Table now) {
    boolean ofTable = keys.has(Rule.Scope.TABLE);
    boolean ofPartitions = keys.has(Rule.Scope.PARTITION);
    Snapshot newest = now.currentSnapshot();
    if (newest == null || mode == PublishMode.REPLACE_ALL || !(ofTable || ofPartitions)) {
      return;
    }
    boolean seen = askedUpTo != null && askedUpTo == newest.snapshotId();
    if (seen && !touched.hasShrunk()) {
      return;
    }
    List<DataFile> live = SnapshotFiles.of(now, newest);
    boolean replaces = mode == PublishMode.REPLACE_PARTITIONS;
    boolean known = !replaces || !touched.hasShrunk();
    if (ofTable && !(seen && known)) {
      List<DataFile> others =
          live.stream()
              .filter(file -> !(known && asked.contains(file.location())))
              .filter(file -> !replaces || !touched.holds(file))
              .toList();
      refuse(keys.among(Rule.Scope.TABLE, keysOf(others)));
    }
    if (ofPartitions && !replaces) {
      List<DataFile> beside =
          live.stream()
              .filter(file -> !asked.contains(file.location()))
              .filter(touched::holds)
              .toList();
      refuse(keys.among(Rule.Scope.PARTITION, keysOf(beside)));
    }
    live.forEach(file -> asked.add(file.location()));
    askedUpTo = newest.snapshotId();
  }

  private void refuse(Optional<Finding> taken) {
    if (taken.isPresent()) {
      throw PublishRefusal.ofTakenKeys(product, version.version(), taken.get());
    }
  }

  private ExistingKeys keysOf(List<DataFile> files) {
    List<DataFile> left =
        gone == null
            ? files
            : files.stream().filter(file -> !gone.certainlyMatchesAll(file)).toList();
    return TableKeys.of(begun.schema(), io, left, gone, deadline, action);
  }
}
