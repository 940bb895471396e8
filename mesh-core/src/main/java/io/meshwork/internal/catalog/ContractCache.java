package io.meshwork.internal.catalog;

import io.meshwork.internal.ledger.LedgerExtension;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.registry.Registry.Key;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The contracts of the majors that were read last. The document of a contract is never replaced, so
 * its content follows from the document of its major, which is read each time. If the document was
 * replaced nevertheless, as a repair may do, the first commit that finds it removes it from here.
 * Thread-safe.
 */
final class ContractCache implements LedgerExtension {
  private static final int MAX_ENTRIES = 256;

  private final Map<Key, VersionEntry> entries =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, VersionEntry> eldest) {
          return size() > MAX_ENTRIES;
        }
      };

  /**
   * Returns the entry of a major that was read now, with the contract that was read before; empty
   * if the major changed since, or its contract was not read.
   */
  synchronized Optional<VersionEntry> find(VersionedDocument major) {
    return Optional.ofNullable(entries.get(major.key()))
        .filter(entry -> entry.majorStored().version().equals(major.version()))
        .map(entry -> entry.with(major));
  }

  /** Stores an entry, and returns it. */
  synchronized VersionEntry add(VersionEntry entry) {
    entries.put(entry.majorStored().key(), entry);
    return entry;
  }

  /** Removes the contract with this key. */
  @Override
  public synchronized void onConflict(Key contract) {
    entries.values().removeIf(entry -> entry.contractStored().key().equals(contract));
  }
}
