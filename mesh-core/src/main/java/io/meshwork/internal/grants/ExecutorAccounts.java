package io.meshwork.internal.grants;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.ExecutorDocument;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Records the accounts of executors, so that readers find what they write. The documents are never
 * removed, because what an executor wrote stays after its authorization. Decisions on access read,
 * and amendments check, a document of each account that an authorization names, so there are few.
 */
final class ExecutorAccounts {
  /**
   * The most accounts that authorizations of a domain name, each of which takes an action of a
   * transaction that depends on the rights in it.
   */
  static final int MAX_NAMED = 50;

  private ExecutorAccounts() {}

  /** The accounts that may decide a request, as the registry stores them. */
  record Deciders(SortedSet<String> accounts) {
    /** Reads their document; without one, returns no accounts. */
    static Deciders of(Optional<VersionedDocument> stored) {
      return stored
          .map(document -> DocumentCodec.of(Deciders.class).read(document))
          .orElseGet(() -> new Deciders(new TreeSet<>()));
    }
  }

  /**
   * Returns the writes that record accounts; none if they are recorded already.
   *
   * @param partition the partition of the domain or executor that authorizes them
   * @param delegating true if they may authorize others
   */
  static List<ChangeSet.Write> recorded(
      RightsDocuments documents,
      String partition,
      Collection<String> accounts,
      boolean delegating) {
    List<ChangeSet.Write> writes = new ArrayList<>();
    for (String account : accounts) {
      Key key = RegistryKeys.executor(partition, account);
      Optional<VersionedDocument> stored = documents.read(key);
      boolean delegated = stored.filter(each -> ExecutorDocument.of(each).delegating()).isPresent();
      if (stored.isEmpty() || (delegating && !delegated)) {
        ObjectNode json = DocumentCodec.document(new ExecutorDocument(delegating));
        writes.add(new ChangeSet.Write(key, stored, Optional.of(json)));
      }
    }
    return writes;
  }

  /**
   * Returns the write that records accounts that may decide a request; none if they are recorded
   * already.
   */
  static List<ChangeSet.Write> deciders(
      RightsDocuments documents, ProductName product, String request, Collection<String> accounts) {
    Key key = RegistryKeys.deciders(product, request);
    Optional<VersionedDocument> stored = documents.read(key);
    Deciders all = Deciders.of(stored);
    if (!all.accounts.addAll(accounts)) {
      return List.of();
    }
    ObjectNode json = DocumentCodec.of(Deciders.class).write(all, Optional.empty());
    return List.of(new ChangeSet.Write(key, stored, Optional.of(json)));
  }
}
