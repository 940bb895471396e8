package io.meshwork.internal.rights;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.ProductColumns.BoundColumns;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tags of a product or of a domain, as the registry stores them.
 *
 * @param tags its own tags
 * @param columns the tags of the columns of a product
 * @param fieldIds the field ids of these columns
 */
public record StoredTags(
    Map<String, String> tags, Map<String, Map<String, String>> columns, BoundColumns fieldIds) {
  /**
   * A tag that a domain defines, as the registry stores it.
   *
   * @param values in alphabetical order
   */
  public record Definition(String key, List<String> values) {
    public static Definition of(VersionedDocument stored) {
      return DocumentCodec.of(Definition.class).read(stored);
    }

    /** Returns its document; other fields of the existing one do not change. */
    public ObjectNode toDocument(Optional<VersionedDocument> existing) {
      return DocumentCodec.of(Definition.class).write(this, existing);
    }
  }

  /** Reads their document; without one, returns no tags. */
  public static StoredTags of(Optional<VersionedDocument> stored) {
    return stored
        .map(document -> DocumentCodec.of(StoredTags.class).read(document))
        .orElseGet(() -> new StoredTags(Map.of(), Map.of(), BoundColumns.NONE));
  }

  /** Returns their document; other fields of the existing one do not change. */
  public ObjectNode toDocument(Optional<VersionedDocument> existing) {
    return DocumentCodec.of(StoredTags.class).write(this, existing);
  }
}
