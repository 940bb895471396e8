package io.meshwork.internal.ledger;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Key;
import java.time.DateTimeException;
import java.util.Optional;
import java.util.function.Function;

/**
 * A document with its version, as it was read. The caller may change the node and pass it to {@link
 * CommitDraft#replace}, which keeps unknown fields.
 *
 * @param key its key
 * @param json its content; without fields if {@link #isUnreadable}
 * @param version the ID of the attempt that wrote it
 */
public record VersionedDocument(Key key, ObjectNode json, String version) {
  static VersionedDocument of(Registry.Document document) {
    return new VersionedDocument(document.key(), DocumentJson.parse(document), document.version());
  }

  /** Reads a document that may be damaged or of a newer format. */
  static VersionedDocument lenient(Registry.Document document) {
    try {
      return of(document);
    } catch (BackendException unreadable) {
      return new VersionedDocument(
          document.key(), JsonNodeFactory.instance.objectNode(), document.version());
    }
  }

  /** Returns true if it is damaged or of a newer format; see {@link Ledger#listLenient}. */
  public boolean isUnreadable() {
    return json.isEmpty();
  }

  /**
   * Returns what a document contains that an account without rights to the rest may have written.
   *
   * @param reader reads the content; its backend exceptions are thrown
   * @return empty if it has no such content
   */
  public <T> Optional<T> readAs(Function<VersionedDocument, T> reader) {
    try {
      return Optional.of(reader.apply(this));
    } catch (InvalidRequestException
        | IllegalArgumentException
        | DateTimeException
        | IndexOutOfBoundsException other) {
      return Optional.empty();
    }
  }
}
