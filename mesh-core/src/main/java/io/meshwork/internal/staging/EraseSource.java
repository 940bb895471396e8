package io.meshwork.internal.staging;

import io.meshwork.contract.Contract;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.RowInput;
import io.meshwork.internal.publish.run.AdditionalChange;
import io.meshwork.internal.publish.run.MajorTarget;
import io.meshwork.internal.publish.run.PublishContext;
import io.meshwork.internal.publish.run.RowSource;
import io.meshwork.internal.receipts.PublishRequest;
import java.util.List;
import org.apache.iceberg.Schema;

/** The source of an erase, which adds no rows. It ends the staged publishes with erased rows. */
final class EraseSource implements RowSource {
  @Override
  public RowInput open(Contract contract, Schema columns, boolean ignoring, MeshAction action) {
    throw new IllegalStateException("an erase has no rows");
  }

  @Override
  public String fingerprint(MeshAction action) {
    return PublishRequest.NO_ROWS.get();
  }

  @Override
  public AdditionalChange change(PublishContext publish, List<MajorTarget> majors) {
    return new StagedPublishErasure(publish, majors);
  }

  @Override
  public void discard() {}
}
