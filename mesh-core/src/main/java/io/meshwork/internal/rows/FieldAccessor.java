package io.meshwork.internal.rows;

import io.meshwork.internal.vector.Vector;
import java.util.List;

/** Reads records of one shape with one {@link FieldWriter} per column. */
final class FieldAccessor implements RecordShredders.Accessor {
  private final String shape;
  private final FieldWriter[] steps;

  /**
   * Creates an accessor. {@code shape} names the class whose accessors may throw, for a message.
   */
  FieldAccessor(String shape, FieldWriter[] steps) {
    this.shape = shape;
    this.steps = steps;
  }

  @Override
  public void append(RecordRun run, List<Vector> vectors) {
    try {
      for (int i = 0; i < steps.length; i++) {
        steps[i].append(run, vectors.get(i));
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("an accessor of " + shape + " threw a checked exception", e);
    }
  }
}
