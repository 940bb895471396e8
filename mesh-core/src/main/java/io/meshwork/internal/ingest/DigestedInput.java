package io.meshwork.internal.ingest;

import io.meshwork.error.Finding;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.rows.TypeViolations.Violation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Rows on their way in, and a digest of all that have come by: of those that break the contract
 * too, since it is to say what the source gave. One thread.
 */
public final class DigestedInput implements RowInput {
  private final RowInput input;
  private final RowsDigest digest = new RowsDigest();

  /** The rows of another input, which is closed with this one. */
  public DigestedInput(RowInput input) {
    this.input = input;
  }

  /**
   * The digest of the rows so far. Their order does not change it, nor do batches, dictionaries or
   * whether they came as records or in a file; safe against chance, not against forgery.
   */
  public String digest() {
    return digest.text();
  }

  @Override
  public @Nullable VectorBatch next() {
    VectorBatch batch = input.next();
    if (batch != null) {
      digest.add(batch);
      RowMask unfit = input.failures();
      for (int row = unfit.next(0); row >= 0; row = unfit.next(row + 1)) {
        digest.add(input.json(row).getBytes(StandardCharsets.UTF_8));
      }
    }
    return batch;
  }

  @Override
  public RowMask failures() {
    return input.failures();
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
