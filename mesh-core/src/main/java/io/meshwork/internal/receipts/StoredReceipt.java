package io.meshwork.internal.receipts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.QualityReport;
import io.meshwork.internal.ingest.LateRows;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.MovedTables;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A receipt, with its JSON form and its document.
 *
 * @param report how the rows met the contract
 * @param rows what happened to them, without the report
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
    @JsonProperty(StoredReceipt.QUALITY) StoredReport report,
    @JsonUnwrapped PublishIntent intent,
    MovedRows rows,
    Optional<String> rowsDigest,
    long files,
    long bytes,
    Instant committedAt,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean replayed,
    List<String> refsHoldingErased,
    List<String> filesHoldingErased,
    @JsonProperty(MovedTables.ALSO) List<StoredReceipt> others)
    implements PublishReceipt {
  /** The member with the whole report. */
  public static final String QUALITY = "quality";

  /** A stored report. */
  public record StoredReport(QualityReport report) {
    @JsonCreator
    static StoredReport of(JsonNode json) {
      return new StoredReport(QualityReport.fromJson(json.toString()));
    }

    @JsonValue
    JsonNode json() {
      return DocumentJson.parseObject("a report", report.toJson());
    }
  }

  /**
   * Existing rows that a change removed or restored, and new ones that are late.
   *
   * @param unquarantined the rows that it removed from the quarantine
   */
  public record MovedRows(
      long removed,
      long restored,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) long unquarantined,
      @JsonUnwrapped LateRows late) {}

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
        new StoredReport(quality),
        intent,
        new MovedRows(rowsRemoved, rowsRestored, 0, LateRows.NONE),
        rowsDigest,
        files,
        bytes,
        committedAt,
        replayed,
        List.of(),
        List.of(),
        List.of());
  }

  /** The same receipt as the leading major version's of a publish to several. */
  public StoredReceipt leading(List<StoredReceipt> otherMajors) {
    return new StoredReceipt(
        publishId,
        idempotencyKey,
        product,
        major,
        contractVersion,
        snapshotId,
        sequence,
        report,
        intent,
        rows,
        rowsDigest,
        files,
        bytes,
        committedAt,
        replayed,
        refsHoldingErased,
        filesHoldingErased,
        otherMajors);
  }

  @Override
  public QualityReport quality() {
    return report.report();
  }

  @Override
  public long rowsRemoved() {
    return rows.removed();
  }

  @Override
  public long rowsRestored() {
    return rows.restored();
  }

  @Override
  public long quarantineRowsRemoved() {
    return rows.unquarantined();
  }

  @Override
  public long lateRows() {
    return rows.late().count();
  }

  @Override
  public Duration largestLateness() {
    return rows.late().largest();
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

  /** The public fields, without other major versions'. */
  private ObjectNode json() {
    ObjectNode json = DocumentJson.create();
    json.put("publishId", publishId);
    json.put("idempotencyKey", idempotencyKey);
    json.put("product", product.toString());
    json.put("major", major);
    json.put("contractVersion", contractVersion.toString());
    json.setAll(intent.published());
    snapshotId.ifPresent(id -> json.put("snapshotId", id));
    sequence.ifPresent(number -> json.put("sequence", number));
    ObjectNode counts = json.putObject("rows");
    counts.put("offered", quality().rowsOffered());
    counts.put("accepted", quality().rowsAccepted());
    counts.put("quarantined", quality().rowsQuarantined());
    if (rowsSkipped() > 0) {
      counts.put("skipped", rowsSkipped());
    }
    counts.put("removed", rowsRemoved());
    counts.put("restored", rowsRestored());
    if (quarantineRowsRemoved() > 0) {
      counts.put("quarantineRemoved", quarantineRowsRemoved());
    }
    ObjectNode byRule = counts.putObject("byRule");
    failingRowsByRule().forEach(byRule::put);
    if (lateRows() > 0) {
      counts.put("late", lateRows());
      counts.put("largestLateness", largestLateness().toString());
    }
    json.put("files", files);
    json.put("bytes", bytes);
    json.put("qualityScore", boxed(quality().qualityScore()));
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
    ChangeText text = new ChangeText(headline()).quality(quality(), moved());
    if (files > 0) {
      text.line("files", files + " with " + bytes + " bytes");
    }
    others.forEach(
        other -> text.line("also", "v" + other.major + ": " + other.quality().rowsText()));
    return text.toString();
  }

  private String headline() {
    return ChangeText.what(mode(), product, contractVersion)
        + snapshotId
            .map(
                id ->
                    (replayed ? "committed before as snapshot " : "committed as snapshot ")
                        + id
                        + " at "
                        + committedAt)
            .orElse("no new snapshot");
  }

  private String moved() {
    return rowsRemoved()
        + " removed"
        + (rowsRestored() > 0 ? ", " + rowsRestored() + " restored" : "")
        + (quarantineRowsRemoved() > 0
            ? ", " + quarantineRowsRemoved() + " removed from the quarantine"
            : "")
        + (rowsLeftOut() > 0 ? ", " + rowsLeftOut() + " left out of older versions" : "")
        + (lateRows() > 0 ? ", " + lateRows() + " late by up to " + largestLateness() : "");
  }

  /** The document of the receipt, which has the whole report. */
  public ObjectNode toDocument() {
    return DocumentCodec.of(StoredReceipt.class).write(this, Optional.empty());
  }

  public static StoredReceipt fromDocument(JsonNode json, boolean replayed) {
    ObjectNode whole = json.deepCopy();
    whole.set(QUALITY, PackedPart.read(json, QUALITY));
    whole.set(MovedTables.ALSO, PackedPart.read(json, MovedTables.ALSO).deepCopy());
    whole.path(MovedTables.ALSO).forEach(other -> ((ObjectNode) other).put("replayed", replayed));
    return DocumentCodec.of(StoredReceipt.class).read(whole.put("replayed", replayed));
  }

  private static @Nullable Double boxed(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
