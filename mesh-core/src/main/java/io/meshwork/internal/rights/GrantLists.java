package io.meshwork.internal.rights;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.LedgerExtension;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Transaction;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Caches the grants of partitions by the version of the policy that changes with each of them. A
 * commit of this process adds the list that it leaves, so that a grant does not read all others
 * again. Thread-safe.
 */
final class GrantLists implements LedgerExtension {
  /** The most grants to cache, which bounds the memory to some tens of megabytes. */
  private static final int MAX_GRANTS = 50_000;

  /** The most versions of a list to cache: the current one, and attempts'. */
  private static final int MAX_VERSIONS = 4;

  private final Ledger ledger;
  private final Map<ListKey, LinkedHashMap<String, GrantList>> lists =
      new LinkedHashMap<>(16, 0.75f, true);

  GrantLists(Ledger ledger) {
    this.ledger = ledger;
    ledger.extend(this);
  }

  /**
   * The key of a list.
   *
   * @param policy the document that changes with each of its grants
   * @param prefix of the sort keys of the grants
   */
  record ListKey(Key policy, String partition, String prefix) {
    boolean holds(Key key) {
      return key.partition().equals(partition) && key.sort().startsWith(prefix);
    }
  }

  /**
   * Returns the grants as of a version of their policy, or the current ones if it changed since.
   *
   * @param policy the policy that was read; empty if it did not exist
   */
  GrantList at(ListKey listKey, Optional<VersionedDocument> policy) {
    String version = version(policy);
    Optional<GrantList> cached = cached(listKey, version);
    if (cached.isPresent()) {
      return cached.get();
    }
    GrantList list = GrantList.of(ledger.list(listKey.partition, listKey.prefix));
    if (version.equals(version(ledger.read(listKey.policy)))) {
      add(listKey, version, list);
    }
    return list;
  }

  /** Returns the key of a grant that a list has or had. */
  synchronized Optional<Key> find(Key policy, String sort) {
    return lists.entrySet().stream()
        .filter(each -> each.getKey().policy.equals(policy))
        .filter(each -> each.getValue().values().stream().anyMatch(list -> list.has(sort)))
        .map(each -> new Key(each.getKey().partition, sort))
        .findFirst();
  }

  private static String version(Optional<VersionedDocument> policy) {
    return policy.map(VersionedDocument::version).orElse(Transaction.ABSENT);
  }

  private synchronized Optional<GrantList> cached(ListKey listKey, String version) {
    return Optional.ofNullable(lists.get(listKey)).map(versions -> versions.get(version));
  }

  private synchronized void add(ListKey listKey, String version, GrantList list) {
    LinkedHashMap<String, GrantList> versions =
        lists.computeIfAbsent(listKey, each -> new LinkedHashMap<>());
    versions.put(version, list);
    if (versions.size() > MAX_VERSIONS) {
      versions.remove(versions.keySet().iterator().next());
    }
    int grants = lists.values().stream().mapToInt(GrantLists::size).sum();
    Iterator<LinkedHashMap<String, GrantList>> eldest = lists.values().iterator();
    while (grants > MAX_GRANTS && eldest.hasNext()) {
      grants -= size(eldest.next());
      eldest.remove();
    }
  }

  /** Versions of a list share their grants. */
  private static int size(Map<String, GrantList> versions) {
    return 1 + versions.values().stream().mapToInt(GrantList::size).max().orElse(0);
  }

  /** Adds the lists that an attempt leaves if it is committed: its ID is their version then. */
  @Override
  public void complete(CommitDraft<?> draft, Ledger.Attempt attempt) {
    Set<Key> keys = draft.writtenKeys();
    for (Key key : keys) {
      if (key.equals(RegistryKeys.policy(key.partition()))) {
        String before = draft.expectedVersion(key).orElse(Transaction.ABSENT);
        listsOf(key, before)
            .forEach(
                (listKey, list) ->
                    add(listKey, attempt.id(), list.with(written(draft, keys, listKey))));
      }
    }
  }

  private synchronized Map<ListKey, GrantList> listsOf(Key policy, String version) {
    Map<ListKey, GrantList> current = new HashMap<>();
    lists.forEach(
        (listKey, versions) ->
            Optional.ofNullable(versions.get(version))
                .filter(list -> listKey.policy.equals(policy))
                .ifPresent(list -> current.put(listKey, list)));
    return current;
  }

  private static Map<String, Optional<VersionedDocument>> written(
      CommitDraft<?> draft, Set<Key> keys, ListKey listKey) {
    Map<String, Optional<VersionedDocument>> written = new HashMap<>();
    for (Key key : keys) {
      if (listKey.holds(key)) {
        Optional<ObjectNode> json = draft.written(key);
        written.put(
            key.sort(),
            json.map(
                content ->
                    new VersionedDocument(
                        key, DocumentJson.create().setAll(content.deepCopy()), "drafted")));
      }
    }
    return written;
  }
}
