package io.meshwork.internal.publish;

import io.meshwork.internal.session.ClientSession;
import io.meshwork.publish.PublishHistory;
import io.meshwork.publish.PublishReceipt;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers what was published to a product, from its log, receipts and quality document. */
record ProductHistory(ClientSession session, @Nullable CharSequence product)
    implements PublishHistory {
  @Override
  public List<RowChange> changes() {
    return LoggedChanges.of(session, product);
  }

  @Override
  public List<QualityEntry> quality() {
    return QualityHistory.of(session, product);
  }

  @Override
  public List<PublishReceipt> receipts() {
    return PublishReceipts.all(session, product);
  }

  @Override
  public Optional<PublishReceipt> findReceipt(@Nullable String idempotencyKey) {
    return PublishReceipts.find(session, product, idempotencyKey);
  }

  @Override
  public String toString() {
    return "history of " + product;
  }
}
