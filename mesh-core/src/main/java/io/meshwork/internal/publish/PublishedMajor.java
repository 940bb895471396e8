package io.meshwork.internal.publish;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.MappedInput;
import io.meshwork.internal.ingest.RowInput;
import io.meshwork.internal.rows.RecordShredders;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A major version that a publish writes to.
 *
 * @param mapping maps the records of the leading major version; null if it is this one
 */
record PublishedMajor(MajorWrite write, @Nullable Function<Object, ?> mapping) {
  /** The rows as this version has them. */
  RowInput input(RowInput source) {
    if (mapping == null) {
      return source;
    }
    MeshAction action = write.action().on("as version " + write.version().version());
    return new MappedInput(
        source,
        mapping,
        RecordShredders.forRecords(
            write.version().contract().schema(), write.table().schema(), action),
        write.table().schema(),
        write.version().version().toString());
  }
}
