package io.meshwork.conformance;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Transaction;
import java.util.concurrent.atomic.AtomicBoolean;

/** A registry that denies changes of one kind of documents while a switch is on. */
final class DeniedDocuments extends ForwardingRegistry {
  private final String sortPrefix;
  private final AtomicBoolean denying;

  DeniedDocuments(Registry real, String sortPrefix, AtomicBoolean denying) {
    super(real);
    this.sortPrefix = sortPrefix;
    this.denying = denying;
  }

  @Override
  public Registry.Outcome commit(Transaction transaction) {
    boolean denied =
        transaction.actions().stream()
            .anyMatch(action -> action.key().sort().startsWith(sortPrefix));
    if (denied && denying.get()) {
      throw Failure.of(MeshAction.of(Verb.COMMIT, transaction.partition()))
          .because("documents '" + sortPrefix + "' cannot be changed")
          .lasting(ErrorCode.PERMISSION_MISSING);
    }
    return real.commit(transaction);
  }
}
