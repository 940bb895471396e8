package io.meshwork.internal.erasure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.publish.EraseNow.Proof;
import java.util.Optional;

/** The document of a proof, which is kept permanently and has no filter. Stateless. */
final class StoredProof {
  private static final String FINGERPRINT = "fingerprint";

  private StoredProof() {}

  /**
   * The proof under the key of a request.
   *
   * @throws io.meshwork.error.AlreadyExistsException if it is of another request
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
              return DocumentCodec.of(Proof.class).read(stored.json());
            });
  }

  /** The document. */
  static ObjectNode write(Proof proof, ErasureRequest request) {
    return DocumentCodec.of(Proof.class)
        .write(proof, Optional.empty())
        .put(FINGERPRINT, request.fingerprint());
  }
}
