package io.meshwork.publish;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.session.Target;
import io.meshwork.product.ProductName;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The receipts that are kept with a product, by idempotency key. */
public final class Receipts {
  private static final String FINGERPRINT = "fingerprint";
  private static final String LOG_SEQUENCE = "logSequence";

  private Receipts() {}

  /** Called by {@code MeshClient.findReceipt}. */
  public static Optional<PublishReceipt> find(
      Session session, @Nullable CharSequence product, @Nullable String idempotencyKey) {
    ProductName name = Target.produced(session, product, "find a receipt of");
    String key = Arguments.idempotencyKey(idempotencyKey);
    String doing = "find a receipt of " + name;
    session.checkOpen(doing);
    session.catalog().requireProduct(name, doing);
    session.admission().actsFor(name.domain(), doing);
    return session
        .ledger()
        .read(Keys.receipt(name, key))
        .map(stored -> PublishReceipt.fromDocument(stored.json(), false));
  }

  /** Called by {@code MeshClient.receipts}: all that are kept, oldest first. */
  public static List<PublishReceipt> all(Session session, @Nullable CharSequence product) {
    ProductName name = Target.produced(session, product, "list the receipts of");
    String doing = "list the receipts of " + name;
    session.checkOpen(doing);
    session.catalog().requireProduct(name, doing);
    session.admission().actsFor(name.domain(), doing);
    return session.ledger().list(Keys.partition(name), Keys.RECEIPTS).stream()
        .sorted(Comparator.comparingLong(stored -> stored.json().path(LOG_SEQUENCE).asLong()))
        .map(stored -> PublishReceipt.fromDocument(stored.json(), false))
        .toList();
  }

  /**
   * Puts a receipt under its key into the transaction that does what it says; for the rooms that
   * commit.
   *
   * @param fingerprint what tells the request from another under the same key
   * @param logSequence the sequence of the transaction's log entry
   */
  public static void keep(
      Draft<?> draft, PublishReceipt receipt, String fingerprint, long logSequence) {
    ObjectNode document = receipt.toDocument();
    document.put(FINGERPRINT, fingerprint);
    document.put(LOG_SEQUENCE, logSequence);
    draft.insert(Keys.receipt(receipt.product(), receipt.idempotencyKey()), document);
  }

  /**
   * The receipt of an earlier publish under this request's key.
   *
   * @throws AlreadyExistsException if that was another request
   */
  static Optional<PublishReceipt> replay(Session session, Request request) {
    Optional<Stored> stored =
        session.ledger().read(Keys.receipt(request.product(), request.idempotencyKey()));
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    PublishReceipt receipt = PublishReceipt.fromDocument(stored.get().json(), true);
    if (!stored.get().json().path(FINGERPRINT).asText().equals(request.fingerprint())) {
      throw new AlreadyExistsException(
          ErrorCode.KEY_REUSED,
          "Cannot "
              + request.doing()
              + ": the idempotency key was used for another request, publish "
              + receipt.publishId()
              + " at "
              + receipt.committedAt()
              + ". Nothing was published. Give this publish a key of its own; findReceipt(..) shows"
              + " the first one.");
    }
    return Optional.of(receipt);
  }
}
