package io.meshwork.internal.receipts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.QualityReport;
import io.meshwork.internal.ingest.LateRows;
import io.meshwork.internal.ledger.MovedTables;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A receipt, with its JSON form and its document.
 *
 * @param others the receipts of the other major versions of the same publish, without others
 */
public record StoredReceipt(
    String publishId,
    String idempotencyKey,
    ProductName product,
    int major,
    ContractVersion contractVersion,
    Optional<String> snapshotId,
    OptionalLong sequence,
    QualityReport quality,
    PublishIntent intent,
    long rowsRemoved,
    long rowsRestored,
    Optional<String> rowsDigest,
    long files,
    long bytes,
    Instant committedAt,
    boolean replayed,
    List<String> refsHoldingErased,
    List<String> filesHoldingErased,
    LateRows late,
    List<StoredReceipt> others)
    implements PublishReceipt {
  private static final ObjectMapper JSON = new ObjectMapper();

  public StoredReceipt {
    refsHoldingErased = List.copyOf(refsHoldingErased);
    filesHoldingErased = List.copyOf(filesHoldingErased);
    others = List.copyOf(others);
  }

  /** Creates the receipt of a change without late rows, of one major version. */
  public StoredReceipt(
      String publishId,
      String idempotencyKey,
      ProductName product,
      int major,
      ContractVersion contractVersion,
      Optional<String> snapshotId,
      OptionalLong sequence,
      QualityReport quality,
      PublishIntent intent,
      long rowsRemoved,
      long rowsRestored,
      Optional<String> rowsDigest,
      long files,
      long bytes,
      Instant committedAt,
      boolean replayed) {
    this(
        publishId,
        idempotencyKey,
        product,
        major,
        contractVersion,
        snapshotId,
        sequence,
        quality,
        intent,
        rowsRemoved,
        rowsRestored,
        rowsDigest,
        files,
        bytes,
        committedAt,
        replayed,
        List.of(),
        List.of(),
        LateRows.NONE,
        List.of());
  }

  /** The same receipt as that of the leading major version of a publish to several. */
  public StoredReceipt leading(List<StoredReceipt> otherMajors) {
    return new StoredReceipt(
        publishId,
        idempotencyKey,
        product,
        major,
        contractVersion,
        snapshotId,
        sequence,
        quality,
        intent,
        rowsRemoved,
        rowsRestored,
        rowsDigest,
        files,
        bytes,
        committedAt,
        replayed,
        refsHoldingErased,
        filesHoldingErased,
        late,
        otherMajors);
  }

  @Override
  public long lateRows() {
    return late.count();
  }

  @Override
  public Duration largestLateness() {
    return late.largest();
  }

  @Override
  public List<PublishReceipt> otherVersions() {
    return List.copyOf(others);
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
  public Optional<String> because() {
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
    ObjectNode json = json();
    if (!others.isEmpty()) {
      ArrayNode also = json.putArray(MovedTables.ALSO);
      others.forEach(other -> also.add(other.json()));
    }
    return json.toString();
  }

  /** The public fields, without those of other major versions. */
  private ObjectNode json() {
    ObjectNode json = JSON.createObjectNode();
    json.put("format", 1);
    json.put("publishId", publishId);
    json.put("idempotencyKey", idempotencyKey);
    json.put("product", product.toString());
    json.put("major", major);
    json.put("contractVersion", contractVersion.toString());
    intent.write(json);
    snapshotId.ifPresent(id -> json.put("snapshotId", id));
    sequence.ifPresent(number -> json.put("sequence", number));
    ObjectNode rows = json.putObject("rows");
    rows.put("offered", quality.rowsOffered());
    rows.put("accepted", quality.rowsAccepted());
    rows.put("quarantined", quality.rowsQuarantined());
    rows.put("removed", rowsRemoved);
    rows.put("restored", rowsRestored);
    ObjectNode byRule = rows.putObject("byRule");
    failingRowsByRule().forEach(byRule::put);
    if (late.count() > 0) {
      rows.put("late", late.count());
      rows.put("largestLateness", late.largest().toString());
    }
    json.put("files", files);
    json.put("bytes", bytes);
    json.put("qualityScore", boxed(quality.qualityScore()));
    json.put("rowScore", boxed(quality.rowScore()));
    json.put("dataTime", dataTime().map(Instant::toString).orElse(null));
    if (!refsHoldingErased.isEmpty()) {
      refsHoldingErased.forEach(json.putArray("refsHoldingErased")::add);
    }
    if (!filesHoldingErased.isEmpty()) {
      filesHoldingErased.forEach(json.putArray("filesHoldingErased")::add);
    }
    json.put("committedAt", committedAt.toString());
    json.put("replayed", replayed);
    return json;
  }

  @Override
  public String toString() {
    return toJson();
  }

  /** The document of the receipt: its JSON form and the whole report. */
  public ObjectNode toDocument() {
    ObjectNode json = json();
    json.remove("replayed");
    json.set("quality", parse(quality.toJson()));
    intent.writeDocument(json);
    rowsDigest.ifPresent(digest -> json.put("rowsDigest", digest));
    if (!others.isEmpty()) {
      ArrayNode also = json.putArray(MovedTables.ALSO);
      others.forEach(other -> also.add(other.toDocument()));
    }
    return json;
  }

  /** Reads a document. */
  public static StoredReceipt fromDocument(JsonNode json, boolean replayed) {
    return new StoredReceipt(
        json.path("publishId").asText(),
        json.path("idempotencyKey").asText(),
        ProductName.of(json.path("product").asText()),
        json.path("major").asInt(),
        ContractVersion.parse(json.path("contractVersion").asText()),
        Optional.ofNullable(json.path("snapshotId").textValue()),
        sequence(json),
        QualityReport.fromJson(PackedPart.read(json, "quality").toString()),
        PublishIntent.read(json),
        json.path("rows").path("removed").asLong(),
        json.path("rows").path("restored").asLong(),
        Optional.ofNullable(json.path("rowsDigest").textValue()),
        json.path("files").asLong(),
        json.path("bytes").asLong(),
        Instant.parse(json.path("committedAt").asText()),
        replayed,
        texts(json, "refsHoldingErased"),
        texts(json, "filesHoldingErased"),
        late(json.path("rows")),
        others(json, replayed));
  }

  private static LateRows late(JsonNode rows) {
    return rows.has("late")
        ? new LateRows(
            rows.path("late").asLong(), Duration.parse(rows.path("largestLateness").asText()))
        : LateRows.NONE;
  }

  private static OptionalLong sequence(JsonNode json) {
    return json.has("sequence")
        ? OptionalLong.of(json.path("sequence").asLong())
        : OptionalLong.empty();
  }

  private static List<StoredReceipt> others(JsonNode json, boolean replayed) {
    List<StoredReceipt> others = new ArrayList<>();
    PackedPart.read(json, MovedTables.ALSO)
        .forEach(other -> others.add(fromDocument(other, replayed)));
    return others;
  }

  private static List<String> texts(JsonNode json, String name) {
    List<String> texts = new ArrayList<>();
    json.path(name).forEach(text -> texts.add(text.asText()));
    return texts;
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
