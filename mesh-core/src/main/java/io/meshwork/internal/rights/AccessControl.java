package io.meshwork.internal.rights;

import io.meshwork.access.Permission;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.lakeformation.AccessQuestion;
import io.meshwork.internal.lakeformation.DataPermission;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.RowFilter;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.DenialCode;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides who reads what from the documents in the registry. An evaluator is cached as long as the
 * versions of the {@code policy} documents of owner and consumer do not change. Both are read for
 * each decision, so a revocation takes effect with the next one. Thread-safe.
 */
final class AccessControl implements AccessPolicy {
  private static final int MAX_ENTRIES = 256;
  private static final int MAX_ATTEMPTS = 20;

  private final RightsDocuments documents;
  private final Catalog catalog;
  private final Map<CacheKey, CacheEntry> cache =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<CacheKey, CacheEntry> eldest) {
          return size() > MAX_ENTRIES;
        }
      };

  AccessControl(RightsDocuments documents, Catalog catalog) {
    this.documents = documents;
    this.catalog = catalog;
  }

  /** Cache key: evaluators differ by account and by the columns of a major version. */
  private record CacheKey(String product, int major, String account) {}

  /** Keys and versions of the documents that an evaluator was created from. */
  private record Basis(List<String> versions) {
    static Basis of(List<VersionedDocument> stored) {
      return new Basis(stored.stream().map(each -> each.key() + "@" + each.version()).toList());
    }
  }

  private record CacheEntry(Basis basis, PolicySnapshot snapshot, AccessEvaluator evaluator) {}

  @Override
  public ReadDecision permission(
      Principal principal, ProductEntry product, VersionEntry version, Instant at) {
    if (version.isOpenWith(product)) {
      return ReadDecision.all(List.of());
    }
    DomainEntry domain =
        catalog.requireDomain(product.name().domain(), MeshAction.of(Verb.READ, product.name()));
    if (domain.domain().accounts().contains(principal.account())) {
      return ReadDecision.all(List.of(domain.stored()));
    }
    ReadDecision granted = granted(principal, domain, product, version, at);
    return product.openToMesh() && !version.openColumns().isEmpty()
        ? new ReadDecision(
            Optional.of(withOpenColumns(granted.permission().orElse(DataPermission.NONE), version)),
            List.of(),
            granted.policies(),
            granted.basis())
        : granted;
  }

  /** Returns no policies if the owner's domain never had tags or grants. */
  private ReadDecision granted(
      Principal principal,
      DomainEntry domain,
      ProductEntry product,
      VersionEntry version,
      Instant at) {
    RightsDocuments read = documents.with(Map.of());
    if (read.policy(domain.domain().name()).isEmpty()) {
      return new ReadDecision(
          Optional.empty(), List.of(DenialCode.NO_GRANT), Optional.empty(), List.of());
    }
    List<String> consumer = consumers(principal, domain.domain().name());
    CacheKey key = new CacheKey(product.name().toString(), version.major(), principal.account());
    List<VersionedDocument> before = policies(read, product.name(), consumer);
    List<VersionedDocument> fixed =
        Stream.concat(
                Stream.of(version.majorStored(), version.contractStored(), domain.stored()),
                accounts(principal, read.policies(product.name()).size() > 1).stream())
            .toList();
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      Basis basis = Basis.of(Stream.concat(before.stream(), fixed.stream()).toList());
      CacheEntry cached = cached(key);
      if (cached != null && cached.basis.equals(basis)) {
        return decision(principal, product, cached, before, at);
      }
      PolicySnapshot snapshot =
          read.ofProduct(domain, product, version, consumer, principal.account());
      CacheEntry entry =
          new CacheEntry(basis, snapshot, snapshot.evaluator(List.of(principal.account())));
      RightsDocuments readAgain = documents.with(Map.of());
      List<VersionedDocument> after = policies(readAgain, product.name(), consumer);
      if (Basis.of(after).equals(Basis.of(before))) {
        store(key, entry);
        return decision(principal, product, entry, before, at);
      }
      before = after;
      read = readAgain;
    }
    throw Failure.of(
            MeshAction.of(Verb.CHECK, "whether " + principal + " may read").on(product.name()))
        .because(
            "the rights in domain '"
                + domain.domain().name()
                + "' changed "
                + MAX_ATTEMPTS
                + " times while they were read")
        .state("The product was not read.")
        .fix("Try again.")
        .conflict(ErrorCode.CONFLICT);
  }

  /**
   * Returns the partitions with grants that the principal's domain passed on, if they can be read.
   */
  private List<String> consumers(Principal principal, String owner) {
    try {
      return catalog
          .findAccount(principal.account())
          .map(account -> catalog.consumerPartition(account.domain(), owner))
          .stream()
          .toList();
    } catch (BackendException e) {
      return catalog.consumersActedForBy(Set.of(principal.account()), owner).stream()
          .map(Catalog.Consumer::partition)
          .toList();
    }
  }

  /**
   * Returns the document with the accounts of the principal's domain, if executors grant: they may
   * not grant to accounts of their own domain, which accounts enter and leave.
   */
  private Optional<VersionedDocument> accounts(Principal principal, boolean executorsGrant) {
    if (!executorsGrant) {
      return Optional.empty();
    }
    try {
      return catalog
          .findAccount(principal.account())
          .flatMap(account -> catalog.findDomain(account.domain()))
          .map(DomainEntry::stored);
    } catch (BackendException e) {
      return Optional.empty();
    }
  }

  private static List<VersionedDocument> policies(
      RightsDocuments read, ProductName product, List<String> consumers) {
    return Stream.concat(
            read.policies(product).values().stream().flatMap(Optional::stream),
            consumers.stream().flatMap(each -> read.policy(each).stream()))
        .toList();
  }

  private static ReadDecision decision(
      Principal principal,
      ProductEntry product,
      CacheEntry entry,
      List<VersionedDocument> basis,
      Instant at) {
    AccessQuestion question =
        AccessQuestion.of(
            Grantee.of(principal), Permission.SELECT, entry.snapshot.resource(product.name()), at);
    AccessDecision decision = entry.evaluator.decide(question);
    return new ReadDecision(
        decision.allowed() ? Optional.of(decision.permission()) : Optional.empty(),
        decision.missing().stream().map(AccessDecision.Denial::code).toList(),
        Optional.of(entry.snapshot),
        basis);
  }

  /** Returns a permission extended by all rows of the open columns. */
  private static DataPermission withOpenColumns(DataPermission granted, VersionEntry version) {
    List<String> open = version.openColumns();
    List<String> columns =
        version.columns().stream()
            .filter(column -> open.contains(column) || granted.includes(column))
            .toList();
    Map<String, RowFilter> cells = new LinkedHashMap<>();
    for (String column : columns) {
      if (!open.contains(column) && !granted.rowsOf(column).everyRow()) {
        cells.put(column, granted.rowsOf(column));
      }
    }
    return new DataPermission(
        columns.size() == version.columns().size() ? Optional.empty() : Optional.of(columns),
        RowFilter.ALL,
        cells);
  }

  private synchronized @Nullable CacheEntry cached(CacheKey key) {
    return cache.get(key);
  }

  private synchronized void store(CacheKey key, CacheEntry entry) {
    cache.put(key, entry);
  }
}
