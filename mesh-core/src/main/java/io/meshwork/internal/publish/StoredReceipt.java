package io.meshwork.internal.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.QualityReport;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishMode;
import io.meshwork.publish.PublishReceipt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** A receipt, with its JSON form and its document. */
record StoredReceipt(
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
    boolean replayed,
    List<String> refsHoldingErased)
    implements PublishReceipt {
  private static final ObjectMapper JSON = new ObjectMapper();

  StoredReceipt {
    refsHoldingErased = List.copyOf(refsHoldingErased);
  }

  @Override
  public PublishMode mode() {
    return intent.mode();
  }

  @Override
  public Optional<String> scope() {
    return intent.scope();
  }

  @Override
  public Optional<String> reason() {
    return intent.reason();
  }

  @Override
  public List<Input> derivedFrom() {
    return intent.derivedFrom();
  }

  @Override
  public Optional<Instant> dataTime() {
    return intent.completeUpTo();
  }

  @Override
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
    json.put("rowScore", boxed(quality.rowScore()));
    json.put("dataTime", dataTime().map(Instant::toString).orElse(null));
    if (!refsHoldingErased.isEmpty()) {
      refsHoldingErased.forEach(json.putArray("refsHoldingErased")::add);
    }
    json.put("committedAt", committedAt.toString());
    json.put("replayed", replayed);
    return json.toString();
  }

  @Override
  public String toString() {
    return toJson();
  }

  /** The document of the receipt: its JSON form and the whole report. */
  ObjectNode toDocument() {
    ObjectNode json = (ObjectNode) parse(toJson());
    json.remove("replayed");
    json.set("quality", parse(quality.toJson()));
    intent.writeDocument(json);
    rowsDigest.ifPresent(digest -> json.put("rowsDigest", digest));
    return json;
  }

  /** Reads a document. */
  static StoredReceipt fromDocument(JsonNode json, boolean replayed) {
    return new StoredReceipt(
        json.path("publishId").asText(),
        json.path("idempotencyKey").asText(),
        ProductName.of(json.path("product").asText()),
        json.path("major").asInt(),
        ContractVersion.parse(json.path("contractVersion").asText()),
        Optional.ofNullable(json.path("snapshotId").textValue()),
        json.path("sequence").asLong(),
        QualityReport.fromJson(PackedPart.read(json, "quality").toString()),
        PublishIntent.read(json),
        json.path("rows").path("removed").asLong(),
        json.path("rows").path("restored").asLong(),
        Optional.ofNullable(json.path("rowsDigest").textValue()),
        json.path("files").asLong(),
        json.path("bytes").asLong(),
        Instant.parse(json.path("committedAt").asText()),
        replayed,
        refs(json));
  }

  private static List<String> refs(JsonNode json) {
    List<String> refs = new ArrayList<>();
    json.path("refsHoldingErased").forEach(ref -> refs.add(ref.asText()));
    return refs;
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException("the JSON of a receipt cannot be parsed", e);
    }
  }

  private static @Nullable Double boxed(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
