package io.meshwork.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredAuthorization;
import io.meshwork.registry.Registry.Key;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The accounts of executors that earlier builds authorized without recording them. On a backend
 * that authenticates principals, executors may not record themselves.
 */
final class ExecutorRecords {
  private static final String DELEGATING = "delegating";

  private final Ledger ledger;

  ExecutorRecords(Ledger ledger) {
    this.ledger = ledger;
  }

  /**
   * Returns the accounts that are not recorded, and whether they may authorize others.
   *
   * @param domain the partition of a domain
   * @param partitions this partition, and those of its products
   */
  Map<String, Boolean> missing(String domain, Collection<String> partitions) {
    Map<String, Boolean> missing = new TreeMap<>();
    for (String partition : partitions) {
      for (VersionedDocument stored : ledger.list(partition, RegistryKeys.AUTHORIZATIONS)) {
        StoredAuthorization authorization = StoredAuthorization.of(stored);
        authorization
            .executorAccounts()
            .forEach(
                account -> missing.merge(account, authorization.delegating(), Boolean::logicalOr));
      }
    }
    missing
        .entrySet()
        .removeIf(each -> isRecorded(RegistryKeys.executor(domain, each.getKey()), each));
    return missing;
  }

  private boolean isRecorded(Key key, Map.Entry<String, Boolean> account) {
    return ledger
        .read(key)
        .filter(stored -> stored.json().path(DELEGATING).asBoolean() || !account.getValue())
        .isPresent();
  }

  /** Adds the documents by which readers find what these executors write. */
  void add(String domain, Map<String, Boolean> missing, CommitDraft<?> draft) {
    missing.forEach(
        (account, delegating) ->
            put(
                RegistryKeys.executor(domain, account),
                DocumentJson.create().put(DELEGATING, delegating),
                draft));
    Key policy = RegistryKeys.policy(domain);
    ObjectNode next =
        RightsDocuments.nextRevision(ledger.read(policy)).put(RightsDocuments.EXECUTORS, true);
    put(policy, next, draft);
  }

  private void put(Key key, ObjectNode json, CommitDraft<?> draft) {
    Optional<VersionedDocument> stored = ledger.read(key);
    if (stored.isPresent()) {
      draft.replace(stored.get(), json);
    } else {
      draft.insert(key, json);
    }
  }
}
