package io.meshwork.internal.grants;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.ExecutorDocument;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredAuthorization;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Records the accounts of executors, so that readers find what they write. The documents are never
 * removed, because what an executor wrote stays after its authorization; once all of these were
 * withdrawn, they say so. Decisions on access read, and amendments check, a document of each active
 * account, so there are few.
 */
final class ExecutorAccounts {
  /**
   * The most active accounts of a domain, each of which takes an action of a transaction that
   * depends on the rights in it.
   */
  static final int MAX_ACTIVE = 50;

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
      ExecutorDocument now =
          stored.map(ExecutorDocument::of).orElseGet(() -> new ExecutorDocument(false, false));
      if (stored.isEmpty() || now.ended() || (delegating && !now.delegating())) {
        writes.add(write(key, stored, new ExecutorDocument(delegating || now.delegating(), false)));
      }
    }
    return writes;
  }

  /**
   * Returns the writes that record that accounts ended: those that no authorization names.
   *
   * @param partition the partition of the domain or executor that authorized them
   * @param authorizations those that stay
   * @param most how many writes at most; later changes record the others
   */
  static List<ChangeSet.Write> ended(
      RightsDocuments documents,
      String partition,
      Collection<StoredAuthorization> authorizations,
      int most) {
    Set<String> named = new HashSet<>();
    authorizations.forEach(each -> named.addAll(each.executorAccounts()));
    List<ChangeSet.Write> writes = new ArrayList<>();
    for (VersionedDocument stored :
        documents.list(RegistryKeys.partition(partition), RegistryKeys.EXECUTORS)) {
      ExecutorDocument now = ExecutorDocument.of(stored);
      String account = stored.key().sort().substring(RegistryKeys.EXECUTORS.length());
      if (!now.ended() && !named.contains(account) && writes.size() < most) {
        writes.add(
            write(stored.key(), Optional.of(stored), new ExecutorDocument(now.delegating(), true)));
      }
    }
    return writes;
  }

  private static ChangeSet.Write write(
      Key key, Optional<VersionedDocument> stored, ExecutorDocument next) {
    ObjectNode json = DocumentCodec.of(ExecutorDocument.class).write(next, stored);
    return new ChangeSet.Write(key, stored, Optional.of(json));
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
