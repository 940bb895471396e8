package io.meshwork.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.QualityReport;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What a publish did. It is kept with the product, and can be asked for again by its key.
 * Immutable.
 *
 * @param publishId the publish's own id, a UUIDv7; it is in the names of its files
 * @param idempotencyKey the caller's key; the publish's id if none was given
 * @param product to what was published
 * @param major to which major version
 * @param contractVersion what the rows were checked against
 * @param snapshotId the Iceberg snapshot it made; empty if it added nothing to the table
 * @param sequence the snapshot's sequence number; 0 if it made none
 * @param quality how the rows met the contract; samples are there only in the process that
 *     published
 * @param intent what it was asked to do: mode, scope, reason, inputs
 * @param rowsRemoved rows that were there before and are no more; of a rollback, those of the files
 *     that went, also if others that came back hold the same rows
 * @param rowsRestored of a rollback the rows of the files that came back; else 0
 * @param rowsDigest a digest of the rows that were offered, by their values and not their order;
 *     there if it was asked for by {@code verifyingReplay()}, and in its document only
 * @param files data files written, quarantine not counted; also those that hold what a filter left
 * @param bytes bytes of these files
 * @param committedAt when it became visible, by the mesh's clock
 * @param replayed true if an earlier publish under the same key did it, and nothing was done now
 */
public record PublishReceipt(
    String publishId,
    String idempotencyKey,
    ProductName product,
    int major,
    ContractVersion contractVersion,
    Optional<String> snapshotId,
    long sequence,
    QualityReport quality,
    PublishIntent intent,
    long rowsRemoved,
    long rowsRestored,
    Optional<String> rowsDigest,
    long files,
    long bytes,
    Instant committedAt,
    boolean replayed) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Rows that were published. */
  public long rowsAccepted() {
    return quality.rowsAccepted();
  }

  /** What it did with the rows that were there. */
  public PublishMode mode() {
    return intent.mode();
  }

  /** All rows of an event time before this are there with it; empty if it was not said. */
  public Optional<Instant> dataTime() {
    return intent.completeUpTo();
  }

  /** True if the caller gave the idempotency key. */
  public boolean keyWasGiven() {
    return !idempotencyKey.equals(publishId);
  }

  /** Failing rows by rule id, in the contract's order, also of rules that passed. */
  public Map<String, Long> failingRowsByRule() {
    Map<String, Long> failing = new LinkedHashMap<>();
    quality.rules().forEach(rule -> failing.put(rule.ruleId(), rule.failingRows()));
    return failing;
  }

  /**
   * One line of JSON with the fields of every receipt, stable and versioned by {@code format}:
   * publishId, idempotencyKey, product, major, contractVersion, mode, reason (absent if none was
   * given), derivedFrom (absent if not said), snapshotId (absent if no row was changed), sequence,
   * rows {offered, accepted, quarantined, removed, restored, byRule}, files, bytes, qualityScore
   * (null if no rule was evaluated), dataTime (up to when rows are complete; null if not said),
   * committedAt, replayed. A filter is not in it, since its constants may be values of fields.
   */
  public String toJson() {
    ObjectNode json = JSON.createObjectNode();
    json.put("format", 1);
    json.put("publishId", publishId);
    json.put("idempotencyKey", idempotencyKey);
    json.put("product", product.toString());
    json.put("major", major);
    json.put("contractVersion", contractVersion.toString());
    intent.write(json);
    snapshotId.ifPresent(id -> json.put("snapshotId", id));
    json.put("sequence", sequence);
    ObjectNode rows = json.putObject("rows");
    rows.put("offered", quality.rowsOffered());
    rows.put("accepted", quality.rowsAccepted());
    rows.put("quarantined", quality.rowsQuarantined());
    rows.put("removed", rowsRemoved);
    rows.put("restored", rowsRestored);
    ObjectNode byRule = rows.putObject("byRule");
    failingRowsByRule().forEach(byRule::put);
    json.put("files", files);
    json.put("bytes", bytes);
    json.put("qualityScore", boxed(quality.qualityScore()));
    json.put("dataTime", dataTime().map(Instant::toString).orElse(null));
    json.put("committedAt", committedAt.toString());
    json.put("replayed", replayed);
    return json.toString();
  }

  @Override
  public String toString() {
    return toJson();
  }

  /** The receipt as its document holds it: the JSON of people plus the whole report. */
  ObjectNode toDocument() {
    ObjectNode json = (ObjectNode) parse(toJson());
    json.remove("replayed");
    json.set("quality", parse(quality.toJson()));
    intent.writeDocument(json);
    rowsDigest.ifPresent(digest -> json.put("rowsDigest", digest));
    return json;
  }

  /** The receipt that a document holds. */
  static PublishReceipt fromDocument(JsonNode json, boolean replayed) {
    return new PublishReceipt(
        json.path("publishId").asText(),
        json.path("idempotencyKey").asText(),
        ProductName.of(json.path("product").asText()),
        json.path("major").asInt(),
        ContractVersion.parse(json.path("contractVersion").asText()),
        Optional.ofNullable(json.path("snapshotId").textValue()),
        json.path("sequence").asLong(),
        QualityReport.fromJson(json.path("quality").toString()),
        PublishIntent.read(json),
        json.path("rows").path("removed").asLong(),
        json.path("rows").path("restored").asLong(),
        Optional.ofNullable(json.path("rowsDigest").textValue()),
        json.path("files").asLong(),
        json.path("bytes").asLong(),
        Instant.parse(json.path("committedAt").asText()),
        replayed);
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException("a receipt wrote JSON that cannot be read", e);
    }
  }

  private static @Nullable Double boxed(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
