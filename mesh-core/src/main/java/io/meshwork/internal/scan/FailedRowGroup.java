package io.meshwork.internal.scan;

import io.meshwork.internal.vector.VectorBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An unread row group, which could not be opened: its failure is thrown when it is reached.
 *
 * @param location of its file; empty if it is not known
 */
record FailedRowGroup(String location, Throwable failure)
    implements ReadAheadBatches.Group, ReadAheadBatches.RowGroupPart {
  @Override
  public List<FailedRowGroup> parts() {
    return List.of(this);
  }

  @Override
  public @Nullable VectorBatch next(int valid) {
    return null;
  }

  @Override
  public boolean isAtEnd() {
    return true;
  }

  @Override
  public long wantedRows() {
    return 0;
  }

  @Override
  public long bytes() {
    return 0;
  }

  @Override
  public VectorBatch join(List<VectorBatch> batches) {
    return batches.get(0);
  }

  @Override
  public void end() {}
}
