package io.meshwork.internal.rights;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Reads what executors of other accounts wrote for owners. Their accounts can write any text to
 * their partitions, so a document counts only if it is readable and an authorization of the owner
 * covers it. Thread-safe.
 */
final class ExecutorDocuments {
  private final RightsDocuments documents;
  private final Catalog catalog;

  ExecutorDocuments(RightsDocuments documents, Catalog catalog) {
    this.documents = documents;
    this.catalog = catalog;
  }

  List<Catalog.Executor> accounts(String domain, Optional<VersionedDocument> policy) {
    return mayExist(policy) ? Catalog.executors(domain, documents::list) : List.of();
  }

  /** Returns true if a domain with this policy document ever authorized executors. */
  static boolean mayExist(Optional<VersionedDocument> policy) {
    return policy
        .filter(stored -> stored.json().path(RightsDocuments.EXECUTORS).asBoolean())
        .isPresent();
  }

  /** Returns the accounts whose executors may grant under authorizations. */
  static Set<String> named(Collection<StoredAuthorization> authorizations) {
    Set<String> accounts = new TreeSet<>();
    authorizations.forEach(each -> accounts.addAll(each.executorAccounts()));
    return accounts;
  }

  /**
   * Returns the covered grants on a product; by tags of a domain if the product is empty.
   *
   * @param filter selects the grants to check
   */
  Map<VersionedDocument, StoredGrant> grants(
      String domain, Optional<ProductName> product, Predicate<StoredGrant> filter) {
    if (!mayExist(documents.policy(domain))) {
      return Map.of();
    }
    Map<VersionedDocument, StoredAuthorization> authorizations = authorizations(domain, product);
    Map<VersionedDocument, String> written = new LinkedHashMap<>();
    for (String account : named(authorizations.values())) {
      documents
          .list(
              RegistryKeys.executorPartition(domain, account), RegistryKeys.executedGrants(product))
          .forEach(stored -> written.put(stored, account));
    }
    return covered(domain, product, authorizations, written, filter);
  }

  private Map<VersionedDocument, StoredAuthorization> authorizations(
      String domain, Optional<ProductName> product) {
    return product
        .map(documents::storedAuthorizations)
        .orElseGet(() -> documents.authorizations(domain));
  }

  /** Checks grants, by document with the account in whose partition it is. */
  private Map<VersionedDocument, StoredGrant> covered(
      String domain,
      Optional<ProductName> product,
      Map<VersionedDocument, StoredAuthorization> authorizations,
      Map<VersionedDocument, String> written,
      Predicate<StoredGrant> filter) {
    if (written.isEmpty()) {
      return Map.of();
    }
    GrantCoverage coverage =
        new GrantCoverage(
            authorizations,
            product.flatMap(name -> documents.columns(name, MeshAction.of(Verb.FIND, "grants"))),
            this::check);
    Map<VersionedDocument, StoredGrant> covered = new LinkedHashMap<>();
    written.forEach(
        (stored, account) ->
            stored
                .readAs(StoredGrant::of)
                .filter(grant -> isOn(grant.on(), domain, product))
                .filter(filter)
                .filter(grant -> isCovered(stored, account, coverage))
                .ifPresent(grant -> covered.put(stored, grant)));
    return covered;
  }

  private static boolean isCovered(
      VersionedDocument stored, String account, GrantCoverage coverage) {
    // The comparison fails for a damaged row condition.
    return stored.readAs(each -> coverage.covers(account, StoredGrant.of(each))).orElse(false);
  }

  /** Returns the rule for these authorizations. */
  AuthorizationCheck check(Map<VersionedDocument, StoredAuthorization> authorizations) {
    Map<String, List<String>> principals = new HashMap<>();
    return new AuthorizationCheck(
        authorizations,
        account -> principals.computeIfAbsent(account, this::accountsOfDomain),
        Optional.empty());
  }

  private List<String> accountsOfDomain(String account) {
    return catalog
        .findAccount(account)
        .flatMap(entry -> catalog.findDomain(entry.domain()))
        .map(entry -> entry.domain().accounts())
        .orElse(List.of(account));
  }

  static boolean isOn(GrantTarget target, String domain, Optional<ProductName> product) {
    return target instanceof GrantTarget.OfProduct productTarget
        ? product
            .map(RegistryKeys::partition)
            .equals(Optional.of(RegistryKeys.partition(productTarget.product())))
        : product.isEmpty() && isIn(target, domain);
  }

  private static boolean isIn(GrantTarget target, String domain) {
    return RegistryKeys.partition(target.domain()).equals(RegistryKeys.partition(domain));
  }

  /** Returns the authorizations of executors under an authorization of the owner. */
  Map<VersionedDocument, StoredAuthorization> authorizations(
      String domain, Map<VersionedDocument, StoredAuthorization> byOwner) {
    Map<VersionedDocument, StoredAuthorization> delegated = new LinkedHashMap<>();
    List<StoredAuthorization> delegating =
        byOwner.values().stream().filter(StoredAuthorization::delegating).toList();
    for (String account : named(delegating)) {
      for (VersionedDocument stored :
          documents.list(
              RegistryKeys.executorPartition(domain, account), RegistryKeys.AUTHORIZATIONS)) {
        stored
            .readAs(StoredAuthorization::of)
            .filter(
                authorization -> AuthorizationCheck.isDelegated(account, authorization, delegating))
            .filter(authorization -> stored.readAs(each -> principals(authorization)).isPresent())
            .ifPresent(authorization -> delegated.put(stored, authorization));
      }
    }
    return delegated;
  }

  /** Fails if an account is not valid, in which nothing can be stored. */
  private static List<Principal> principals(StoredAuthorization authorization) {
    return authorization.executorAccounts().stream()
        .map(account -> Principal.of(account, "any"))
        .toList();
  }

  /** Returns the documents that give no access. */
  List<VersionedDocument> uncovered(String domain, Predicate<VersionedDocument> isApproval) {
    List<VersionedDocument> uncovered = new ArrayList<>();
    for (Catalog.Executor executor : documents.executors(domain)) {
      String partition = executor.partition();
      documents.read(RegistryKeys.policy(partition)).stream()
          .filter(VersionedDocument::isUnreadable)
          .forEach(uncovered::add);
      documents.list(partition, RegistryKeys.EXECUTORS).stream()
          .filter(VersionedDocument::isUnreadable)
          .forEach(uncovered::add);
      documents.list(partition, RegistryKeys.GRANTS).stream()
          .filter(stored -> !isCoveredGrant(domain, executor.account(), stored))
          .forEach(uncovered::add);
      documents.list(partition, RegistryKeys.AUTHORIZATIONS).stream()
          .filter(stored -> !isCoveredAuthorization(domain, stored))
          .forEach(uncovered::add);
      List<VersionedDocument> decisions = documents.list(partition, RegistryKeys.DECISIONS);
      if (!decisions.isEmpty()) {
        Set<String> decided = decidedBy(domain, executor);
        decisions.stream()
            .filter(stored -> !decided.contains(stored.key().sort()) || !isApproval.test(stored))
            .forEach(uncovered::add);
      }
    }
    return uncovered;
  }

  private boolean isCoveredGrant(String domain, String account, VersionedDocument stored) {
    Optional<ProductName> product = stored.readAs(StoredGrant::of).flatMap(StoredGrant::product);
    return stored.key().sort().startsWith(RegistryKeys.executedGrants(product))
        && !covered(
                domain,
                product,
                authorizations(domain, product),
                Map.of(stored, account),
                grant -> true)
            .isEmpty();
  }

  private boolean isCoveredAuthorization(String domain, VersionedDocument stored) {
    return stored
        .readAs(StoredAuthorization::of)
        .map(authorization -> authorization.scope().on())
        .filter(on -> isIn(on, domain))
        .filter(
            on ->
                (on instanceof GrantTarget.OfProduct productTarget
                        ? documents.authorizations(productTarget.product())
                        : documents.authorizations(domain))
                    .containsKey(stored))
        .isPresent();
  }

  /** Returns the sort keys of decisions that authorizations let an executor write. */
  private Set<String> decidedBy(String domain, Catalog.Executor executor) {
    Set<String> sorts = new TreeSet<>();
    for (ProductEntry product : catalog.products(domain)) {
      documents.authorizations(product.name()).values().stream()
          .filter(authorization -> authorization.names(executor.account()))
          .flatMap(authorization -> authorization.request().stream())
          .map(request -> RegistryKeys.executedDecision(executor.partition(), request).sort())
          .forEach(sorts::add);
    }
    return sorts;
  }
}
