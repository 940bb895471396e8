package io.meshwork.internal.erasure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.publish.EraseNow.Proof;
import io.meshwork.publish.EraseNow.Proof.Count;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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
              return read(stored.json());
            });
  }

  /** The document. */
  static ObjectNode write(Proof proof, ErasureRequest request) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("format", 1)
        .put("product", proof.product().toString())
        .put("idempotencyKey", proof.idempotencyKey())
        .put(FINGERPRINT, request.fingerprint());
    add(json, "publishIds", proof.publishIds());
    ObjectNode counts = json.putObject("counts");
    for (Count kind : Count.values()) {
      counts.put(kind.name(), proof.count(kind));
    }
    add(json, "readersPassed", proof.readersPassed());
    add(json, "outOfReach", proof.outOfReach());
    return json.put("provedAt", proof.provedAt().toString());
  }

  private static void add(ObjectNode json, String name, List<String> texts) {
    ArrayNode array = json.putArray(name);
    texts.forEach(array::add);
  }

  private static Proof read(JsonNode json) {
    Map<Count, Long> counts = new EnumMap<>(Count.class);
    for (Count kind : Count.values()) {
      long count = json.path("counts").path(kind.name()).asLong();
      if (count > 0) {
        counts.put(kind, count);
      }
    }
    return new Proof(
        ProductName.of(json.path("product").asText()),
        json.path("idempotencyKey").asText(),
        texts(json.path("publishIds")),
        counts,
        texts(json.path("readersPassed")),
        texts(json.path("outOfReach")),
        Instant.parse(json.path("provedAt").asText()));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
