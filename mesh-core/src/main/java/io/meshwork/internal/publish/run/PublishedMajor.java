package io.meshwork.internal.publish.run;

import io.meshwork.internal.ingest.RowInput;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A major version that a publish writes to.
 *
 * @param input returns the rows as this version has them, from those of the leading one
 * @param conversion how, for a task that converts them; empty for the leading one and for a mapping
 */
record PublishedMajor(
    MajorTarget target, UnaryOperator<RowInput> input, Optional<MajorConversion> conversion) {
  /** The major version that the rows are of. */
  static PublishedMajor leading(MajorTarget target) {
    return new PublishedMajor(target, UnaryOperator.identity(), Optional.empty());
  }

  /** One whose rows the code of the caller returns. */
  static PublishedMajor mapped(MajorTarget target, UnaryOperator<RowInput> input) {
    return new PublishedMajor(target, input, Optional.empty());
  }

  /** One whose rows follow from those of the leading one. */
  static PublishedMajor converted(
      MajorTarget target, MajorTarget leading, MajorConversion conversion) {
    return new PublishedMajor(
        target,
        source ->
            conversion.of(
                source,
                leading.version().contract(),
                leading.table().schema(),
                target.version().contract(),
                target.table().schema()),
        Optional.of(conversion));
  }
}
