package io.meshwork.internal.index;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.MeshException;
import io.meshwork.internal.ledger.VersionedDocument;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads documents that derive from others. One that is damaged, or that a newer version wrote,
 * counts as missing, because it can be built again. Stateless.
 */
final class DerivedDocument {
  private DerivedDocument() {}

  /** Returns what the reader returns; empty if it cannot read the document. */
  static <T> Optional<T> find(VersionedDocument stored, Function<ObjectNode, T> reader) {
    try {
      return stored.readAs(document -> reader.apply(document.json()));
    } catch (MeshException damaged) {
      return Optional.empty();
    }
  }
}
