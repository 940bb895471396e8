package io.meshwork.internal.ingest.write;

import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.uniqueness.UniqueKeyCheck.TouchedPartitions;
import io.meshwork.internal.vector.VectorBatch;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.StructLikeSet;

/**
 * The partitions of the rows of one publish: during the input, of all rows that may be published;
 * afterwards, of the published rows. Not thread-safe.
 */
public final class AffectedPartitions implements TouchedPartitions {
  private final PartitionSpec spec;
  private final PartitionRouter router;
  private StructLikeSet partitions;
  private boolean shrunk;

  /** Creates an empty set for one publish to a table. */
  public AffectedPartitions(Table table) {
    this(table.spec(), table.schema());
  }

  /** Creates an empty set for one publish to a table with these columns. */
  public AffectedPartitions(PartitionSpec spec, Schema schema) {
    this.spec = spec;
    this.router = new PartitionRouter(spec, schema);
    this.partitions = StructLikeSet.create(spec.partitionType());
  }

  /** Adds the partitions of rows that may be published. */
  public void add(VectorBatch rows) {
    router.route(rows).forEach(part -> partitions.add(part.partition()));
  }

  /** Adds partitions of rows that may be published. */
  public void add(Set<PartitionKey> keys) {
    partitions.addAll(keys);
  }

  /** Replaces all partitions by partitions of published rows. */
  public void replaceWith(Set<PartitionKey> published) {
    int before = partitions.size();
    partitions = StructLikeSet.create(spec.partitionType());
    partitions.addAll(published);
    shrunk = partitions.size() < before;
  }

  /** Adds the partitions of files with rows that may be published. */
  public void addPartitionsOf(List<DataFileEntry> files) {
    if (spec.isPartitioned()) {
      files.forEach(file -> partitions.add(file.partition()));
    }
  }

  public void replaceWithPartitionsOf(List<DataFileEntry> published) {
    int before = partitions.size();
    partitions = StructLikeSet.create(spec.partitionType());
    addPartitionsOf(published);
    shrunk = partitions.size() < before;
  }

  @Override
  public boolean hasShrunk() {
    return shrunk;
  }

  /** True if rows of the file may belong to one; always true for an earlier partition spec. */
  @Override
  public boolean mayContain(DataFile file) {
    return spec.isUnpartitioned() || hasEarlierSpec(file) || partitions.contains(file.partition());
  }

  /** True if a file has an earlier partition spec, so that the partition of its rows is unknown. */
  public boolean hasEarlierSpec(DataFile file) {
    return file.specId() != spec.specId();
  }
}
