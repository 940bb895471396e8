package io.meshwork.internal.receipts;

import io.meshwork.error.Finding;
import io.meshwork.internal.ingest.RowInput;
import io.meshwork.internal.ingest.write.RowGroupSource;
import io.meshwork.internal.rows.TypeViolations.Violation;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Computes a digest of all rows of an input, including rows that break the contract. Not
 * thread-safe.
 */
public final class DigestedInput implements RowInput {
  private final RowInput input;
  private final RowsDigest digest = new RowsDigest();

  /** Wraps an input, which is closed with this one. */
  public DigestedInput(RowInput input) {
    this.input = input;
  }

  /**
   * The digest of the rows so far. It is independent of their order, of batches and dictionaries,
   * and of whether they are records or files. It detects accidental differences, not forgery.
   */
  @Override
  public Optional<String> digest() {
    return Optional.of(digest.text());
  }

  @Override
  public @Nullable VectorBatch next() {
    VectorBatch batch = input.next();
    if (batch != null) {
      digest.add(batch);
      RowMask failures = input.failures();
      for (int row = failures.next(0); row >= 0; row = failures.next(row + 1)) {
        digest.add(input.json(row).getBytes(StandardCharsets.UTF_8));
      }
    }
    return batch;
  }

  @Override
  public boolean retainBatch() {
    return input.retainBatch();
  }

  @Override
  public @Nullable RowGroupSource rowGroup() {
    return input.rowGroup();
  }

  @Override
  public VectorBatch batch() {
    return input.batch();
  }

  @Override
  public void retainRecords() {
    input.retainRecords();
  }

  @Override
  public Object record(int row) {
    return input.record(row);
  }

  @Override
  public RowMask failures() {
    return input.failures();
  }

  @Override
  public boolean hasOtherValues(int row) {
    return input.hasOtherValues(row);
  }

  @Override
  public List<Violation> failuresOf(int row) {
    return input.failuresOf(row);
  }

  @Override
  public List<Finding> failureFindings() {
    return input.failureFindings();
  }

  @Override
  public String json(int row) {
    return input.json(row);
  }

  @Override
  public String place(int row) {
    return input.place(row);
  }

  @Override
  public OptionalLong total() {
    return input.total();
  }

  @Override
  public long rowsRead() {
    return input.rowsRead();
  }

  @Override
  public void close() {
    input.close();
  }
}
