package io.meshwork.internal.grants;

import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.explain.AccessSummaries;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.operation.Plan.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Documents of executors that give no access and that the owner removes. Immutable.
 *
 * @param grants the grants on resources of the owner, by document
 * @param others all others, which may contain anything
 * @param names the ids or keys by which the caller named the others
 */
record UncoveredDocuments(
    Map<VersionedDocument, StoredGrant> grants, List<VersionedDocument> others, Set<String> names) {
  static final UncoveredDocuments NONE = new UncoveredDocuments(Map.of(), List.of(), Set.of());

  /**
   * Returns the named documents of a domain's executors.
   *
   * @param prefix the prefix of the sort keys that end with an id
   * @param ids ids, or keys of documents
   */
  static UncoveredDocuments named(
      RightsDocuments documents, String domain, String prefix, Set<String> ids) {
    Map<VersionedDocument, StoredGrant> grants = new LinkedHashMap<>();
    List<VersionedDocument> others = new ArrayList<>();
    Set<String> names = new TreeSet<>();
    for (VersionedDocument stored : documents.uncovered(domain, DecisionEntry::isApproval)) {
      String sort = stored.key().sort();
      String id = sort.startsWith(prefix) ? sort.substring(sort.lastIndexOf('/') + 1) : "";
      String key = stored.key().toString();
      if (ids.contains(id) || ids.contains(key)) {
        Optional<StoredGrant> grant = grant(stored, domain).filter(each -> each.id().equals(id));
        if (grant.isPresent() && ids.contains(id)) {
          grants.put(stored, grant.get());
        } else {
          others.add(stored);
          names.add(ids.contains(id) ? id : key);
        }
      }
    }
    return new UncoveredDocuments(grants, others, names);
  }

  private static Optional<StoredGrant> grant(VersionedDocument stored, String domain) {
    return stored.key().sort().startsWith(RegistryKeys.GRANTS)
        ? stored
            .readAs(
                each -> {
                  StoredGrant grant = StoredGrant.of(each);
                  AccessSummaries.grant(grant);
                  return grant;
                })
            .filter(grant -> grant.on().domain().equals(domain))
        : Optional.empty();
  }

  /** Adds the removal of documents that are no such grants. */
  void addRemovals(List<ChangeSet.Write> writes, List<Step> steps) {
    for (VersionedDocument stored : others) {
      writes.add(new ChangeSet.Write(stored.key(), Optional.of(stored), Optional.empty()));
      steps.add(new Step("remove", stored.key().toString(), "a document without effect", ""));
    }
  }
}
