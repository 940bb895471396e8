package io.meshwork.internal.catalog;

import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.VersionedDocument;

/**
 * An account of an executor, stored below the domain or executor that authorizes it.
 *
 * @param delegating true if it may authorize others
 */
public record ExecutorDocument(boolean delegating) {
  public static ExecutorDocument of(VersionedDocument stored) {
    return DocumentCodec.of(ExecutorDocument.class).read(stored);
  }
}
