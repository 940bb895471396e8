package io.meshwork.internal.ingest.write;

import io.meshwork.internal.rows.JsonRow;
import io.meshwork.internal.rows.TypeViolations.Violation;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.QuarantineReason;
import io.meshwork.internal.table.QuarantineTable;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes quarantined rows: the reason, and the row as JSON, because its types may be invalid. */
public final class QuarantineWriter {
  private static final int MAX_BATCH_BYTES = 16 << 20;

  private final DataFileWriter files;
  private final byte[] publishId;
  private final long now;
  private final JsonRow jsonRows = new JsonRow();
  private final VectorBatch batch = VectorBatch.empty(QuarantineTable.SCHEMA);

  public QuarantineWriter(DataFileWriter files, String publishId, Instant now) {
    this.files = files;
    this.publishId = publishId.getBytes(StandardCharsets.UTF_8);
    this.now = ChronoUnit.MICROS.between(Instant.EPOCH, now);
  }

  /**
   * Adds a row.
   *
   * @param rowNumber its number in input order, from 0; stored from 1
   * @param rules IDs of the rules that it breaks
   * @param violations its type violations
   * @param place where it is in a file; empty if it is not of a file, or its number says it
   */
  public void add(
      long rowNumber, List<String> rules, List<Violation> violations, String place, String json) {
    if (violations.isEmpty()) {
      String reason = "breaks " + String.join(", ", rules);
      add(rowNumber, String.join(",", rules), new QuarantineReason(reason, place).stored(), json);
    } else {
      Stream<String> types = violations.stream().map(Violation::ruleId).distinct().sorted();
      add(
          rowNumber,
          Stream.concat(types, rules.stream()).collect(Collectors.joining(",")),
          malformed(violations, place),
          json);
    }
  }

  /**
   * The reason of a row that does not fit its columns.
   *
   * @param place where it is in a file; empty if it is not of a file, or its number says it
   */
  public static String malformed(List<Violation> violations, String place) {
    String names = violations.stream().map(Violation::shortForm).collect(Collectors.joining(", "));
    return new QuarantineReason(QuarantineTable.MALFORMED + names, place).stored();
  }

  /**
   * Adds a row with this text as its reason.
   *
   * @param rowNumber its number in input order, from 0; stored from 1
   * @param rules IDs of the rules that it breaks
   */
  public void add(long rowNumber, String rules, String reason, String json) {
    text(0).append(publishId);
    ((LongVector) batch.vector(1)).append(rowNumber + 1);
    append(2, rules);
    append(3, reason);
    append(4, json);
    ((LongVector) batch.vector(5)).append(now);
    if (batch.rows() == VectorBatch.ROWS || text(4).offsets()[batch.rows()] > MAX_BATCH_BYTES) {
      flush();
    }
  }

  public List<DataFileEntry> finish() {
    flush();
    return files.finish();
  }

  public void abandon() {
    files.abandon();
  }

  /** Returns a row as JSON, to be added. */
  public String json(VectorBatch rows, int row) {
    return jsonRows.of(rows, row);
  }

  private void flush() {
    files.write(batch);
    batch.reset();
  }

  private void append(int column, String value) {
    text(column).append(value.getBytes(StandardCharsets.UTF_8));
  }

  private BytesVector text(int column) {
    return (BytesVector) batch.vector(column);
  }
}
