package io.meshwork.internal.erasure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.publish.Erase.Proof;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A proof, whose document is permanent and has no filter. Immutable.
 *
 * @param counts what was done, also by earlier calls under the key; only counts above 0
 */
record StoredProof(
    ProductName product,
    String idempotencyKey,
    List<String> publishIds,
    Map<ErasureCounter, Long> counts,
    List<String> readersPassed,
    List<String> outOfReach,
    Instant provedAt)
    implements Proof {
  private static final String FINGERPRINT = "fingerprint";

  /** What is counted, as the document names it. */
  enum ErasureCounter {
    ROWS_ERASED,
    QUARANTINED_ROWS_ERASED,
    SNAPSHOTS_EXPIRED,
    FILES_DELETED,
    FILES_READ,
    ROWS_READ
  }

  StoredProof {
    publishIds = List.copyOf(publishIds);
    counts = Collections.unmodifiableMap(new TreeMap<>(counts));
    readersPassed = List.copyOf(readersPassed);
    outOfReach = List.copyOf(outOfReach);
  }

  /**
   * The proof under the key of a request.
   *
   * @throws io.meshwork.error.AlreadyExistsException if it belongs to another request
   */
  static Optional<Proof> find(ClientSession session, ErasureRequest request) {
    return session
        .ledger()
        .read(RegistryKeys.erasure(request.product(), request.key()))
        .map(
            stored -> {
              if (!stored.json().path(FINGERPRINT).asText().equals(request.fingerprint())) {
                throw Failure.of(request.action())
                    .because("the idempotency key was used for another request")
                    .state("Nothing was erased.")
                    .fix("Use another key.")
                    .alreadyExists(ErrorCode.KEY_REUSED);
              }
              return DocumentCodec.of(StoredProof.class).read(stored);
            });
  }

  ObjectNode document(ErasureRequest request) {
    return DocumentCodec.of(StoredProof.class)
        .write(this, Optional.empty())
        .put(FINGERPRINT, request.fingerprint());
  }

  @Override
  public long rowsErased() {
    return count(ErasureCounter.ROWS_ERASED);
  }

  @Override
  public long quarantinedRowsErased() {
    return count(ErasureCounter.QUARANTINED_ROWS_ERASED);
  }

  @Override
  public long snapshotsExpired() {
    return count(ErasureCounter.SNAPSHOTS_EXPIRED);
  }

  @Override
  public long filesDeleted() {
    return count(ErasureCounter.FILES_DELETED);
  }

  @Override
  public long filesRead() {
    return count(ErasureCounter.FILES_READ);
  }

  @Override
  public long rowsRead() {
    return count(ErasureCounter.ROWS_READ);
  }

  private long count(ErasureCounter kind) {
    return counts.getOrDefault(kind, 0L);
  }
}
