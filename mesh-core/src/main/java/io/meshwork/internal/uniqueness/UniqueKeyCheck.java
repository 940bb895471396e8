package io.meshwork.internal.uniqueness;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.vector.VectorBatch;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * Checks that no key of a publish exists in the table, for uniqueness rules with scope {@code
 * TABLE} or {@code PARTITION}. Rows are evaluated against the table as of the start of the publish;
 * each commit attempt checks what others committed since. For one publish; not thread-safe.
 */
public final class UniqueKeyCheck {
  /** The data files of a table. */
  public interface TableDataFiles {
    /**
     * Returns the live data files of a snapshot.
     *
     * @throws BackendException if a manifest could not be read
     */
    List<DataFile> of(Table table, Snapshot snapshot);

    /**
     * Returns the live data files in the manifests of a snapshot that an earlier one does not have.
     * Files of the earlier one may be among them, if manifests were merged.
     *
     * @throws BackendException as above
     */
    List<DataFile> since(Table table, Snapshot snapshot, Snapshot earlier);

    /**
     * Opens a file and compares it with its entry in the snapshot.
     *
     * @throws RuntimeException if the file is missing, damaged, or could not be read
     */
    ParquetReader open(DataFile file);

    /** Returns the exception for a file that is missing, damaged, or could not be read. */
    MeshException unreadable(DataFile file, MeshAction action, RuntimeException failure);
  }

  /** The partitions of the rows of a publish. */
  public interface TouchedPartitions {
    /** Returns true if rows of the file may belong to one of them. */
    boolean mayContain(DataFile file);

    /** Returns true if a partition was removed because none of its rows was published. */
    boolean hasShrunk();
  }

  private final Table base;
  private final TableDataFiles files;
  private final Contract contract;
  private final PublishMode mode;
  private final @Nullable RowPredicate removed;
  private final Deadline deadline;
  private final MeshAction action;
  private final TouchedPartitions touched;
  private final Set<String> checkedFiles = new HashSet<>();
  private @Nullable Snapshot checkedSnapshot;
  private NewKeys keys = NewKeys.NONE;

  /**
   * Creates the check of one publish.
   *
   * @param base the table as of the start of the publish
   * @param files opens its files
   * @param contract the contract whose rules apply
   * @param removed selects the rows that the publish removes; null for modes without a filter
   * @param touched the partitions of its rows that are known so far
   */
  public UniqueKeyCheck(
      Table base,
      TableDataFiles files,
      Contract contract,
      PublishMode mode,
      @Nullable RowPredicate removed,
      TouchedPartitions touched,
      Deadline deadline,
      MeshAction action) {
    this.base = base;
    this.files = files;
    this.contract = contract;
    this.mode = mode;
    this.removed = removed;
    this.touched = touched;
    this.deadline = deadline;
    this.action = action;
  }

  /** Returns the keys of the rows that the publish retains, as of its start. */
  public ExistingKeys existingKeys() {
    Snapshot newest = base.currentSnapshot();
    if (mode == PublishMode.REPLACE_ALL || newest == null) {
      return ExistingKeys.NONE;
    }
    if (!hasUniqueRule(Rule.Scope.TABLE) && !hasUniqueRule(Rule.Scope.PARTITION)) {
      return ExistingKeys.NONE;
    }
    List<DataFile> live = files.of(base, newest);
    live.forEach(file -> checkedFiles.add(file.location()));
    checkedSnapshot = newest;
    return mode == PublishMode.REPLACE_PARTITIONS
        ? new DeferredKeys(live, file -> !touched.mayContain(file))
        : new AllKeys(live);
  }

  private boolean hasUniqueRule(Rule.Scope scope) {
    return contract.enforcedRules().stream()
        .anyMatch(rule -> rule.kind() == Rule.Kind.UNIQUE && rule.scope() == scope);
  }

  /** The keys of all files, some of which are in partitions that the publish touches. */
  private final class AllKeys implements ExistingKeys {
    private final List<DataFile> some;
    private final ExistingKeys keys;

    AllKeys(List<DataFile> some) {
      this.some = some;
      this.keys = keysOf(some);
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
      return new DeferredKeys(some, touched::mayContain);
    }
  }

  /** The keys of some files. Which files is known only after all rows were read. */
  private final class DeferredKeys implements ExistingKeys {
    private final List<DataFile> some;
    private final Predicate<DataFile> included;
    private final ExistingKeys all;

    DeferredKeys(List<DataFile> some, Predicate<DataFile> included) {
      this.some = some;
      this.included = included;
      this.all = keysOf(some);
    }

    @Override
    public boolean mightContain(KeyRange range) {
      return all.mightContain(range);
    }

    @Override
    public void find(KeyRange range, RequestedKeys wanted, Consumer<VectorBatch> receiver) {
      keysOf(some.stream().filter(included).toList()).find(range, wanted, receiver);
    }
  }

  /** Sets the keys to check. */
  public void newKeys(NewKeys published) {
    keys = published;
  }

  /**
   * Checks the keys against the table of a commit attempt.
   *
   * @return the finding that rejects the publish; empty if the table contains none of the keys
   * @throws BackendException if reading a file of the table or a temporary file fails
   */
  public Optional<Finding> check(Table now) {
    boolean ofTable = keys.has(Rule.Scope.TABLE);
    boolean ofPartitions = keys.has(Rule.Scope.PARTITION);
    Snapshot newest = now.currentSnapshot();
    if (newest == null || mode == PublishMode.REPLACE_ALL || !(ofTable || ofPartitions)) {
      return Optional.empty();
    }
    Snapshot before = checkedSnapshot;
    boolean checked = before != null && before.snapshotId() == newest.snapshotId();
    if (checked && !touched.hasShrunk()) {
      return Optional.empty();
    }
    boolean replaces = mode == PublishMode.REPLACE_PARTITIONS;
    boolean checkedStillValid = !replaces || !touched.hasShrunk();
    List<DataFile> live =
        before == null || !checkedStillValid
            ? files.of(now, newest)
            : files.since(now, newest, before);
    if (ofTable && !(checked && checkedStillValid)) {
      List<DataFile> others =
          live.stream()
              .filter(file -> !(checkedStillValid && checkedFiles.contains(file.location())))
              .filter(file -> !replaces || !touched.mayContain(file))
              .toList();
      Optional<Finding> existing = keys.among(Rule.Scope.TABLE, keysOf(others));
      if (existing.isPresent()) {
        return existing;
      }
    }
    if (ofPartitions && !replaces) {
      List<DataFile> others =
          live.stream()
              .filter(file -> !checkedFiles.contains(file.location()))
              .filter(touched::mayContain)
              .toList();
      Optional<Finding> existing = keys.among(Rule.Scope.PARTITION, keysOf(others));
      if (existing.isPresent()) {
        return existing;
      }
    }
    live.forEach(file -> checkedFiles.add(file.location()));
    checkedSnapshot = newest;
    return Optional.empty();
  }

  private ExistingKeys keysOf(List<DataFile> some) {
    List<DataFile> retained =
        removed == null
            ? some
            : some.stream().filter(file -> !removed.certainlyMatchesAll(file)).toList();
    return TableKeys.of(base.schema(), files, retained, removed, deadline, action);
  }
}
