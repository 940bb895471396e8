package io.meshwork.internal.ingest;

import io.meshwork.internal.columnar.VectorBatch;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.StructLikeSet;

/**
 * The partitions that the rows of one publish lie in: at first of all rows that may be published,
 * at the end of those that are. One thread.
 */
public final class AffectedPartitions {
  private final PartitionSpec spec;
  private final PartitionRouter router;
  private StructLikeSet partitions;
  private boolean shrunk;

  /** Of one publish to a table. */
  public AffectedPartitions(Table table) {
    this.spec = table.spec();
    this.router = new PartitionRouter(spec, table.schema());
    this.partitions = StructLikeSet.create(spec.partitionType());
  }

  /** Takes in rows that may be published. */
  void note(VectorBatch rows) {
    router.route(rows).forEach(part -> partitions.add(part.partition()));
  }

  /** Takes in the partitions of rows that may be published. */
  void note(Set<PartitionKey> some) {
    partitions.addAll(some);
  }

  /** From now on these are all. */
  void settle(Set<PartitionKey> published) {
    int before = partitions.size();
    partitions = StructLikeSet.create(spec.partitionType());
    partitions.addAll(published);
    shrunk = partitions.size() < before;
  }

  /** True if some had been noted that no published row lies in. */
  public boolean hasShrunk() {
    return shrunk;
  }

  /** True if rows of the file lie in one; one by a former partitioning may lie in any. */
  public boolean holds(DataFile file) {
    return spec.isUnpartitioned() || isFormer(file) || partitions.contains(file.partition());
  }

  /**
   * True if a file lies by another partitioning, so that nobody knows the partition of its rows.
   */
  public boolean isFormer(DataFile file) {
    return file.specId() != spec.specId();
  }
}
