package io.meshwork.internal.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.VersionedDocument;

/**
 * An account of an executor, as it is stored below the domain or executor that authorizes it.
 *
 * @param delegating true if it may authorize others
 * @param ended true if no authorization named it when the last one was withdrawn
 */
public record ExecutorDocument(
    boolean delegating, @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean ended) {
  public static ExecutorDocument of(VersionedDocument stored) {
    return DocumentCodec.of(ExecutorDocument.class).read(stored);
  }
}
