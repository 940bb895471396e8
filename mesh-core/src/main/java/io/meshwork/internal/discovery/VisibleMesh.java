package io.meshwork.internal.discovery;

import io.meshwork.card.Health;
import io.meshwork.card.ProductCard.Suspension;
import io.meshwork.discovery.MeshHealth;
import io.meshwork.error.Finding;
import io.meshwork.internal.card.ProductDescriptions;
import io.meshwork.internal.catalog.Catalog.AccountEntry;
import io.meshwork.internal.delivery.DomainBacklog;
import io.meshwork.internal.index.DomainIndex;
import io.meshwork.internal.index.DomainIndex.MeshIndex;
import io.meshwork.internal.index.IndexedProduct;
import io.meshwork.internal.mirror.StaleMirrorTables;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.Classification;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a caller may know of all products. Immutable.
 *
 * @param index all products
 * @param ownDomain the domain that the caller acts for; empty if there is none
 * @param session the session of the caller
 * @param now the time of the question
 */
record VisibleMesh(
    MeshIndex index, Optional<String> ownDomain, ClientSession session, Instant now) {
  /** Reads the mesh, with a number of lists that grows with the domains only. */
  static VisibleMesh of(ClientSession session) {
    return of(session, DomainIndex.ofMesh(session));
  }

  /** The mesh as it was read. */
  static VisibleMesh of(ClientSession session, MeshIndex index) {
    return new VisibleMesh(index, ownDomain(session), session, session.runtime().clock().instant());
  }

  static Optional<String> ownDomain(ClientSession session) {
    return session
        .catalog()
        .findAvailableAccount(session.principal().account())
        .map(AccountEntry::domain);
  }

  /** True if the caller acts for the owner of a product. */
  boolean owns(IndexedProduct product) {
    return ownDomain.equals(Optional.of(product.name().domain()));
  }

  /**
   * True if the caller is known to read all rows without its grants and links: as owner, or because
   * the product is open to the mesh with all columns and the topology shows it to the caller's
   * domain. Grants and links are not read for questions about many products.
   */
  boolean seesRows(IndexedProduct product) {
    return owns(product)
        || (ownDomain
                .filter(own -> session.catalog().topology().sees(own, product.name().domain()))
                .isPresent()
            && product.entry().openToMesh()
            && product.indexEntry().isOpenWithAllColumns());
  }

  /** True if everyone may know what it derives from and who uses it. */
  static boolean isCommonKnowledge(IndexedProduct product) {
    return isCommonKnowledge(product.highest());
  }

  /** True if everyone may know who uses or derives from one of its major versions. */
  static boolean isCommonKnowledge(IndexedProduct product, int major) {
    return isCommonKnowledge(product)
        && product.highest(major).filter(VisibleMesh::isCommonKnowledge).isPresent();
  }

  private static boolean isCommonKnowledge(Classification highest) {
    return highest.compareTo(Classification.INTERNAL) <= 0;
  }

  Health health(IndexedProduct product) {
    boolean sees = seesRows(product);
    Optional<Suspension> suspension =
        ProductDescriptions.suspension(
            session, product.entry(), product.indexEntry().major(), () -> sees);
    return new HealthCheck(
            product, sees && (owns(product) || suspension.isEmpty()), suspension, now)
        .health();
  }

  List<Health> health(List<IndexedProduct> products) {
    return products.stream().filter(product -> !product.isRetired()).map(this::health).toList();
  }

  /** The health of all products, worst first. */
  MeshHealth meshHealth() {
    return new MeshHealth(
        now,
        health(index.products()).stream().sorted(HealthCheck.WORST_FIRST).toList(),
        index.unreachable(),
        findings());
  }

  /** What waits in the notices and mirrors of the caller's domain; others may not know it. */
  private List<Finding> findings() {
    if (ownDomain.isEmpty()) {
      return List.of();
    }
    String own = ownDomain.get();
    List<IndexedProduct> products = index.products().stream().filter(this::owns).toList();
    return Stream.concat(
            DomainBacklog.findings(session, own, products, now).stream(),
            StaleMirrorTables.findings(session, own, products, now).stream())
        .toList();
  }
}
