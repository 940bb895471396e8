package io.meshwork.internal.publish.run;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.RowInput;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A major version that a publish writes to.
 *
 * @param input returns the rows as this version has them, from the leading one's
 * @param conversion the same for a task; empty for the leading one
 */
record PublishedMajor(
    MajorTarget target, UnaryOperator<RowInput> input, Optional<MajorConversion> conversion) {
  /** The major version to which the rows belong, or one that gets none. */
  static PublishedMajor of(MajorTarget target) {
    return new PublishedMajor(target, UnaryOperator.identity(), Optional.empty());
  }

  /** One whose rows are created from the leading one's. */
  static PublishedMajor converted(
      MajorTarget target, MajorTarget leading, MajorConversion conversion, MeshAction action) {
    return new PublishedMajor(
        target,
        source ->
            conversion.of(
                source,
                leading.version().contract(),
                leading.table().schema(),
                target.version().version().toString(),
                target.version().contract(),
                target.table().schema(),
                action),
        Optional.of(conversion));
  }
}
