package io.meshwork.internal.ledger;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Key;
import java.time.DateTimeException;
import java.util.Optional;
import java.util.function.Function;

/**
 * A document that was read, with its version. The caller may change the node and pass it to {@link
 * CommitDraft#replace}, which retains unknown fields.
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

  /**
   * Uses the key alone, because the content takes long, and documents of a key are seldom mixed.
   */
  @Override
  public int hashCode() {
    return key.hashCode();
  }

  /** Returns true if it is damaged or of a newer format; see {@link Ledger#listLenient}. */
  public boolean isUnreadable() {
    return json.isEmpty();
  }

  /**
   * Reads a document whose content may be of another kind, because the account that wrote it is not
   * bound to the rules of the mesh.
   *
   * @param reader reads the content of the expected kind; a {@link BackendException} that it throws
   *     is passed on, except for a constant that is not known
   * @return what the reader returned; empty if the content is not of that kind, or unreadable
   */
  public <T> Optional<T> readAs(Function<VersionedDocument, T> reader) {
    if (isUnreadable()) {
      return Optional.empty();
    }
    try {
      return Optional.of(reader.apply(this));
    } catch (InvalidRequestException
        | IllegalArgumentException
        | DateTimeException
        | IndexOutOfBoundsException other) {
      return Optional.empty();
    } catch (BackendException e) {
      if (e.errorCode() == ErrorCode.REGISTRY_VERSION) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
