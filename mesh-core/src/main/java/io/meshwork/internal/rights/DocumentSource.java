package io.meshwork.internal.rights;

import io.meshwork.internal.ledger.Stored;
import io.meshwork.registry.Registry.Key;
import java.util.List;
import java.util.Optional;

/** Where documents are read: the registry, or what it would hold after a change. */
interface DocumentSource {
  /** One document. */
  Optional<Stored> read(Key key);

  /** All of a partition whose sort keys start so, in their order. */
  List<Stored> list(String partition, String sortPrefix);
}
