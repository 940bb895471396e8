package io.meshwork.internal.rows;

import io.meshwork.internal.columnar.Vector;
import java.util.List;

/** Takes records of one shape apart by one step a column. */
final class StepAccessor implements Shredders.Accessor {
  private final String shape;
  private final ColumnStep[] steps;

  /** {@code shape} is whose accessors may throw, for a message. */
  StepAccessor(String shape, ColumnStep[] steps) {
    this.shape = shape;
    this.steps = steps;
  }

  @Override
  public void append(Object record, List<Vector> vectors, int row, Violations violations) {
    try {
      for (int i = 0; i < steps.length; i++) {
        steps[i].append(record, vectors.get(i), row, violations);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("an accessor of " + shape + " threw a checked exception", e);
    }
  }
}
