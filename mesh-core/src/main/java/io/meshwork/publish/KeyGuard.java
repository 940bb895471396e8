package io.meshwork.publish;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ingest.TableKeys;
import io.meshwork.internal.predicate.Predicate;
import io.meshwork.internal.quality.PublishedKeys;
import io.meshwork.internal.quality.StandingKeys;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.product.ProductName;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.util.StructLikeSet;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that no key of a publish is in the table already, for rules on uniqueness that look
 * beyond the publish. Rows are judged beside the table as it was when the publish began; what
 * others committed since is asked in each attempt, and so is what cannot be known before all rows
 * were read: which partitions they touch. One publish, one thread.
 */
final class KeyGuard {
  private final Table begun;
  private final FileIO io;
  private final ProductName product;
  private final VersionEntry version;
  private final PublishMode mode;
  private final @Nullable Predicate gone;
  private final Deadline deadline;
  private final String doing;
  private final Set<String> asked = new HashSet<>();
  private @Nullable Long askedUpTo;
  private PublishedKeys keys = PublishedKeys.NONE;

  /**
   * Of one publish.
   *
   * @param begun the table as it was then
   * @param gone rows for which it is true are taken away; null for the other modes
   */
  KeyGuard(
      Table begun,
      FileIO io,
      ProductName product,
      VersionEntry version,
      PublishMode mode,
      @Nullable Predicate gone,
      Deadline deadline,
      String doing) {
    this.begun = begun;
    this.io = io;
    this.product = product;
    this.version = version;
    this.mode = mode;
    this.gone = gone;
    this.deadline = deadline;
    this.doing = doing;
  }

  /** What rows are judged beside: all that stays for certain whatever they are. */
  StandingKeys standing() {
    boolean early = mode == PublishMode.APPEND || mode == PublishMode.REPLACE_WHERE;
    Snapshot newest = begun.currentSnapshot();
    if (!early || newest == null || !asksTable(version.contract())) {
      return StandingKeys.NONE;
    }
    List<DataFile> live = SnapshotFiles.of(begun, newest);
    live.forEach(file -> asked.add(file.location()));
    askedUpTo = newest.snapshotId();
    return keysOf(live);
  }

  private static boolean asksTable(Contract contract) {
    return contract.enforced().stream()
        .anyMatch(rule -> rule.kind() == Rule.Kind.UNIQUE && rule.scope() == Rule.Scope.TABLE);
  }

  /** From now on these keys are guarded. */
  KeyGuard guarding(PublishedKeys published) {
    keys = published;
    return this;
  }

  /**
   * Goes on only if no key is in the table as it is in this attempt.
   *
   * @param incoming the files of the publish
   * @throws io.meshwork.error.ContractViolationException with the rule's finding otherwise
   */
  void check(Table now, List<DataFileEntry> incoming) {
    boolean ofTable = keys.has(Rule.Scope.TABLE);
    boolean ofPartitions = keys.has(Rule.Scope.PARTITION);
    Snapshot newest = now.currentSnapshot();
    if (newest == null || mode == PublishMode.REPLACE_ALL || !(ofTable || ofPartitions)) {
      return;
    }
    boolean seen = askedUpTo != null && askedUpTo == newest.snapshotId();
    if (seen && !ofPartitions) {
      return;
    }
    List<DataFile> live = SnapshotFiles.of(now, newest);
    Touched touched = new Touched(now.spec(), incoming);
    if (ofTable && !seen) {
      boolean replaces = mode == PublishMode.REPLACE_PARTITIONS;
      List<DataFile> others =
          live.stream()
              .filter(file -> !asked.contains(file.location()))
              .filter(file -> !replaces || !touched.holds(file))
              .toList();
      refuse(keys.among(Rule.Scope.TABLE, keysOf(others)));
      live.forEach(file -> asked.add(file.location()));
      askedUpTo = newest.snapshotId();
    }
    if (ofPartitions && mode != PublishMode.REPLACE_PARTITIONS) {
      List<DataFile> beside = live.stream().filter(touched::holds).toList();
      refuse(keys.among(Rule.Scope.PARTITION, keysOf(beside)));
    }
  }

  private void refuse(Optional<Finding> taken) {
    if (taken.isPresent()) {
      throw Refusal.ofTakenKeys(product, version.version(), taken.get());
    }
  }

  private StandingKeys keysOf(List<DataFile> files) {
    List<DataFile> left =
        gone == null
            ? files
            : files.stream().filter(file -> !gone.certainlyMatchesAll(file)).toList();
    return TableKeys.of(begun.schema(), io, left, gone, deadline, doing);
  }

  /** The partitions that a publish touches; a file by a former partitioning may lie in any. */
  private static final class Touched {
    private final PartitionSpec spec;
    private final StructLikeSet partitions;

    Touched(PartitionSpec spec, List<DataFileEntry> incoming) {
      this.spec = spec;
      this.partitions = StructLikeSet.create(spec.partitionType());
      incoming.forEach(entry -> partitions.add(entry.toDataFile(spec).partition()));
    }

    boolean holds(DataFile file) {
      return spec.isUnpartitioned()
          || file.specId() != spec.specId()
          || partitions.contains(file.partition());
    }
  }
}
