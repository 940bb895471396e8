package io.meshwork.internal.rollout.backfill;

import io.meshwork.contract.OnViolation;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.quality.QualityGate;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.rollout.retirement.TransitionContext;
import io.meshwork.internal.scan.PinnedProducts;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.uniqueness.ExistingKeys;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.util.Map;
import org.apache.iceberg.Table;

/**
 * Tells which rows of a major version break the row rules of the other one, as when they were
 * copied. Not thread-safe.
 */
final class RowFitness implements AutoCloseable {
  private final QualityGate gate;
  private long rows;

  RowFitness(ClientSession session, TransitionContext context, Table target, MeshAction action) {
    this.gate =
        QualityGate.open(
            DataFileCopy.rowRules(context.to().contract()),
            target.schema(),
            OnViolation.QUARANTINE,
            new RuleContext(
                session.runtime().clock().instant(),
                Map.of(),
                new PinnedProducts(session, context.product().name(), session.deadline(), action)),
            ExistingKeys.NONE,
            QualityGate.KEY_MEMORY);
  }

  /** The rows of a batch that break a rule. */
  RowMask failing(VectorBatch batch) {
    RowMask failing = gate.evaluate(batch, new RowMask(batch.rows()), rows).quarantined();
    rows += batch.rows();
    return failing;
  }

  @Override
  public void close() {
    gate.close();
  }
}
