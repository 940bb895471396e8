package io.meshwork.internal.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.ledger.Documents;
import io.meshwork.internal.ledger.Stored;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The document that says which metadata file is the table's present one. Snapshot ids are text,
 * since 64 bits do not survive every reader of JSON.
 */
final class TablePointer {
  private static final String METADATA = "metadataLocation";
  private static final String PREVIOUS = "previousMetadataLocation";
  private static final String VERSION = "metadataVersion";

  private TablePointer() {}

  static String metadataLocation(Stored pointer) {
    String location = pointer.json().path(METADATA).asText();
    if (location.isEmpty()) {
      throw BackendException.lasting(
          ErrorCode.REGISTRY_CORRUPT,
          "Cannot read the table pointer '"
              + pointer.key()
              + "': it names no metadata file. Nothing was changed. Restore the registry from a"
              + " backup.",
          null);
    }
    return location;
  }

  /** The number of the next metadata file; the first is 0. */
  static int nextVersion(@Nullable Stored pointer) {
    return pointer == null ? 0 : pointer.json().path(VERSION).asInt() + 1;
  }

  /** The pointer's next content; fields that this version does not know stay. */
  static ObjectNode next(@Nullable Stored pointer, TableMetadata metadata, int version) {
    ObjectNode json = pointer == null ? Documents.create() : pointer.json().deepCopy();
    if (pointer != null) {
      json.put(PREVIOUS, metadataLocation(pointer));
    }
    json.put(METADATA, metadata.metadataFileLocation());
    json.put(VERSION, version);
    json.put("tableId", metadata.uuid());
    json.put("sequence", metadata.lastSequenceNumber());
    Snapshot snapshot = metadata.currentSnapshot();
    if (snapshot == null) {
      json.remove("snapshotId");
    } else {
      json.put("snapshotId", Long.toString(snapshot.snapshotId()));
    }
    return json;
  }
}
