package io.meshwork.internal.receipts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.MovedTables;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The receipts of a product by idempotency key. */
public final class PublishReceipts {
  private static final String FINGERPRINT = "fingerprint";
  private static final String LOG_SEQUENCE = "logSequence";

  /** Maximum number of violations in a receipt that exceeds the size of a document otherwise. */
  private static final int MAX_VIOLATIONS = 100;

  private PublishReceipts() {}

  /** The receipt under a key; empty if nothing was committed under it. */
  static Optional<PublishReceipt> find(
      ClientSession session, @Nullable CharSequence product, @Nullable String idempotencyKey) {
    ProductName name =
        ResolvedProduct.forProducer(session, product, MeshAction.of(Verb.FIND, "a receipt of"));
    String key = ArgumentChecks.idempotencyKey(idempotencyKey);
    MeshAction action = MeshAction.of(Verb.FIND, "a receipt of " + name);
    session.checkOpen(action);
    session.catalog().requireProduct(name, action);
    session.authorizer().requireOwner(name.domain(), action);
    return session
        .ledger()
        .read(RegistryKeys.receipt(name, key))
        .<PublishReceipt>map(stored -> StoredReceipt.fromDocument(stored.json(), false));
  }

  /**
   * The receipt of an earlier onboarding, as replayed: that under a key, otherwise the newest one.
   * Empty if none is retained.
   */
  public static Optional<PublishReceipt> ofOnboarding(
      ClientSession session, ProductName product, String key) {
    return session
        .ledger()
        .read(RegistryKeys.receipt(product, key))
        .or(
            () ->
                session
                    .ledger()
                    .list(RegistryKeys.partition(product), RegistryKeys.RECEIPTS)
                    .stream()
                    .filter(
                        stored ->
                            StoredReceipt.fromDocument(stored.json(), true).mode()
                                == PublishMode.ONBOARD)
                    .max(
                        Comparator.comparingLong(
                            stored -> stored.json().path(LOG_SEQUENCE).asLong())))
        .map(stored -> StoredReceipt.fromDocument(stored.json(), true));
  }

  /** All retained receipts, oldest first. */
  static List<PublishReceipt> all(ClientSession session, @Nullable CharSequence product) {
    ProductName name =
        ResolvedProduct.forProducer(session, product, MeshAction.of(Verb.LIST, "the receipts of"));
    MeshAction action = MeshAction.of(Verb.LIST, "the receipts of " + name);
    session.checkOpen(action);
    session.catalog().requireProduct(name, action);
    session.authorizer().requireOwner(name.domain(), action);
    return session.ledger().list(RegistryKeys.partition(name), RegistryKeys.RECEIPTS).stream()
        .sorted(Comparator.comparingLong(stored -> stored.json().path(LOG_SEQUENCE).asLong()))
        .<PublishReceipt>map(stored -> StoredReceipt.fromDocument(stored.json(), false))
        .toList();
  }

  /**
   * Adds a receipt to the transaction of its publish.
   *
   * @param fingerprint distinguishes the request from another under the same key
   * @param logSequence the sequence number of the transaction's log entry
   */
  public static void add(
      CommitDraft<?> draft, StoredReceipt receipt, String fingerprint, long logSequence) {
    ObjectNode document = receipt.toDocument();
    document.put(FINGERPRINT, fingerprint);
    document.put(LOG_SEQUENCE, logSequence);
    reduceSize(document);
    draft.insert(RegistryKeys.receipt(receipt.product(), receipt.idempotencyKey()), document);
  }

  /**
   * Reduces a receipt to the size of a registry document: packs it, then removes violations, then
   * reasons. {@code ContractChecks.checkSize} ensures that the rules of one major version fit.
   */
  static void reduceSize(ObjectNode document) {
    if (PackedPart.bytes(document) <= PackedPart.MAX_BYTES) {
      return;
    }
    List<ObjectNode> parts = new ArrayList<>(List.of(document));
    document.path(MovedTables.ALSO).forEach(other -> parts.add((ObjectNode) other));
    Map<String, JsonNode> whole = new LinkedHashMap<>();
    for (String member : List.of(StoredReceipt.QUALITY, MovedTables.ALSO)) {
      whole.put(member, document.path(member));
    }
    List<JsonNode> reports = parts.stream().map(part -> part.path(StoredReceipt.QUALITY)).toList();
    if (fitsPacked(document, whole)) {
      return;
    }
    reports.forEach(PublishReceipts::removeViolations);
    if (!fitsPacked(document, whole)) {
      reports.forEach(
          report -> report.path("rules").forEach(rule -> ((ObjectNode) rule).put("reason", "")));
      fitsPacked(document, whole);
    }
  }

  private static void removeViolations(JsonNode report) {
    ArrayNode violations = (ArrayNode) report.withArray("violations");
    while (violations.size() > MAX_VIOLATIONS) {
      violations.remove(violations.size() - 1);
    }
  }

  /** Packs the members, as many as necessary, and returns true if the document then fits. */
  private static boolean fitsPacked(ObjectNode document, Map<String, JsonNode> members) {
    members.forEach(
        (member, whole) -> {
          if (!whole.isMissingNode()) {
            document.set(member, whole);
          }
        });
    members.keySet().forEach(member -> PackedPart.pack(document, member));
    return PackedPart.bytes(document) <= PackedPart.MAX_BYTES;
  }

  /**
   * The major version that a request without one is for: the version of the earlier publish under
   * its key, so that a retry finds its receipt after another major version became the current one;
   * otherwise the current one.
   *
   * @param named the major version that the request names; null if it names none
   * @param key the idempotency key; null if it has none
   */
  public static int majorOf(
      ClientSession session, ProductEntry product, @Nullable Integer named, @Nullable String key) {
    if (named != null) {
      return named;
    }
    return Optional.ofNullable(key)
        .flatMap(text -> session.ledger().read(RegistryKeys.receipt(product.name(), text)))
        .map(stored -> StoredReceipt.fromDocument(stored.json(), true).major())
        .orElse(product.currentMajor());
  }

  /**
   * The receipt of an earlier publish under this request's key.
   *
   * @throws io.meshwork.error.AlreadyExistsException if it was another request
   */
  public static Optional<StoredReceipt> replay(ClientSession session, PublishRequest request) {
    Optional<VersionedDocument> stored =
        session.ledger().read(RegistryKeys.receipt(request.product(), request.idempotencyKey()));
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    StoredReceipt receipt = StoredReceipt.fromDocument(stored.get().json(), true);
    String first = stored.get().json().path(FINGERPRINT).asText();
    if (!first.equals(request.fingerprint())) {
      throw Failure.of(request.action())
          .because(
              "the idempotency key was used for another request, publish "
                  + receipt.publishId()
                  + " at "
                  + receipt.committedAt()
                  + ": "
                  + difference(receipt, first, request))
          .state("Nothing was published.")
          .fix("Use another key; publishHistory(..).findReceipt(key) returns the first receipt.")
          .alreadyExists(ErrorCode.KEY_REUSED);
    }
    return Optional.of(receipt);
  }

  /** Returns what differs from the first request, without the constants of its filter. */
  private static String difference(
      StoredReceipt first, String fingerprint, PublishRequest request) {
    PublishIntent intent = request.intent();
    List<String> differences = new ArrayList<>();
    boolean isFilterRemoved = first.intent().isFilterRemoved();
    if (first.major() != request.major()) {
      differences.add("its major version was " + first.major() + " and is now " + request.major());
    }
    if (first.mode() != intent.mode()) {
      differences.add(
          "its mode was " + first.mode().text() + " and is now " + intent.mode().text());
    } else if (!isFilterRemoved && !first.scope().equals(intent.scope())) {
      differences.add("its filter was another one");
    }
    return differences.isEmpty()
        ? (isFilterRemoved ? "its filter, rows" : "its rows")
            + ", files, or content digest were different; it offered "
            + first.quality().rowsOffered()
            + " rows with fingerprint "
            + fingerprint
            + ", and this one has fingerprint "
            + request.fingerprint()
        : String.join(", and ", differences);
  }
}
