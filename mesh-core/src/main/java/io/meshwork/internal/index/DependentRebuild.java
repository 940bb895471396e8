package io.meshwork.internal.index;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.DependentProducts;
import java.util.Optional;

/**
 * Writes on which products those of a domain depend, where the index lacks it, and then notes that
 * all are known. A product that is defined meanwhile writes its own.
 *
 * @param product the product; empty to note that all are known
 */
record DependentRebuild(ClientSession session, String domain, Optional<ProductEntry> product)
    implements Ledger.Change<Boolean> {
  /** Returns true if not all dependent products of a domain are known. */
  static boolean isDue(ClientSession session, String domain) {
    return !session.ledger().holds(RegistryKeys.dependentsKnown(domain));
  }

  /**
   * Writes what is missing.
   *
   * @throws io.meshwork.error.MeshException if a product cannot be read, or a commit failed
   */
  static void commit(ClientSession session, String domain, Deadline deadline) {
    for (ProductEntry each : session.catalog().products(domain)) {
      session.ledger().commit(new DependentRebuild(session, domain, Optional.of(each)), deadline);
    }
    session.ledger().commit(new DependentRebuild(session, domain, Optional.empty()), deadline);
  }

  @Override
  public MeshAction action() {
    return MeshAction.of(Verb.UPDATE, "what depends on others in " + domain);
  }

  @Override
  public String partition() {
    return RegistryKeys.index(domain);
  }

  @Override
  public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
    CommitDraft<Boolean> draft = CommitDraft.unlogged();
    if (product.isPresent()) {
      new DependentUpdates(session.ledger())
          .add(draft, product.get().name(), DependentProducts.inputs(session, product.get()));
    } else if (isDue(session, domain)) {
      draft.insert(RegistryKeys.dependentsKnown(domain), DocumentJson.create());
    }
    return draft.writtenKeys().isEmpty() ? CommitDraft.unchanged(false) : draft.result(true);
  }
}
