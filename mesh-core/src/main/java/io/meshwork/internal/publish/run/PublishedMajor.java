package io.meshwork.internal.publish.run;

import io.meshwork.internal.ingest.RowInput;
import java.util.function.UnaryOperator;

/**
 * A major version that a publish writes to.
 *
 * @param input returns the rows as this version has them, from those of the leading one
 */
record PublishedMajor(MajorTarget target, UnaryOperator<RowInput> input) {
  /** The major version that the rows are of. */
  static PublishedMajor leading(MajorTarget target) {
    return new PublishedMajor(target, UnaryOperator.identity());
  }
}
