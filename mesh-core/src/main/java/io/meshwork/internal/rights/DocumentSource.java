package io.meshwork.internal.rights;

import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.registry.Registry.Key;
import java.util.List;
import java.util.Optional;

/** A source of documents: the registry, or the registry as it would be after a change. */
interface DocumentSource {
  /** Returns one document; empty if there is none. */
  Optional<VersionedDocument> read(Key key);

  /** Returns the documents of a partition whose sort keys start with a prefix, in order. */
  List<VersionedDocument> list(String partition, String sortPrefix);

  /**
   * Returns where a grant with a sort key may be, by what this process read.
   *
   * @param policy the document that changes with the grant
   */
  Optional<Key> knownGrant(Key policy, String sort);

  /**
   * Returns the grants of a partition.
   *
   * @param policy the policy as this source has it
   */
  GrantList grants(GrantLists.ListKey list, Optional<VersionedDocument> policy);
}
