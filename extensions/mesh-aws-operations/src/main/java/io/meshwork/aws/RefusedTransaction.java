package io.meshwork.aws;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Status;
import io.meshwork.registry.Registry.Transaction;
import java.time.InstantSource;
import org.jspecify.annotations.NullMarked;

/**
 * A transaction that deletes a document which does not exist. DynamoDB checks the permissions to
 * put and delete before it refuses the transaction, so these are proven, and nothing is written.
 */
@NullMarked
final class RefusedTransaction {
  private static final String DOCUMENT = "proof-of-permissions";
  private static final int ATTEMPTS = 3;

  private RefusedTransaction() {}

  /**
   * Sends it, again if the registry is overloaded or does not answer: its client does not retry
   * transactions.
   *
   * @param partition a partition of the registry
   * @param role the role that sends it
   * @throws io.meshwork.error.BackendException if a permission is missing, or the registry does not
   *     answer
   */
  static void send(Registry registry, String partition, Principal role, InstantSource clock) {
    for (int retries = ATTEMPTS - 1; ; retries--) {
      try {
        sendOnce(registry, partition, role, clock);
        return;
      } catch (BackendException e) {
        if (!e.retryable() || retries == 0) {
          throw e;
        }
      }
    }
  }

  private static void sendOnce(
      Registry registry, String partition, Principal role, InstantSource clock) {
    String id = IdGenerator.secure(clock).next();
    Status status =
        registry
            .commit(Transaction.attempt(id).delete(new Key(partition, DOCUMENT), "none").build())
            .status();
    if (status != Status.CONFLICT) {
      throw Failure.of(MeshAction.of(Verb.WRITE, "the partition '" + partition + "' as " + role))
          .because("the registry did not answer")
          .state("Nothing was changed.")
          .fix("Run it again.")
          .passing(ErrorCode.BACKEND_FAILED);
    }
  }
}
