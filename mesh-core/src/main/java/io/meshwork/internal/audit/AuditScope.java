package io.meshwork.internal.audit;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.governance.Audit;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.Catalog.AccountEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.internal.session.Authorizer;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The logs that a query reads, and the entries that the caller may see: entries about the domain
 * that it acts for, about its accounts, and in the mesh's log. Immutable.
 */
final class AuditScope {
  private final Catalog catalog;
  private final Authorizer authorizer;
  private final RightsDocuments rights;
  private final Optional<String> own;
  private final Set<String> accounts;
  private final @Nullable String domain;
  private final @Nullable ProductName product;

  private AuditScope(
      ClientSession session,
      Optional<String> own,
      Set<String> accounts,
      @Nullable String domain,
      @Nullable ProductName product) {
    this.catalog = session.catalog();
    this.authorizer = session.authorizer();
    this.rights = session.rights();
    this.own = own;
    this.accounts = accounts;
    this.domain = domain;
    this.product = product;
  }

  /**
   * The scope of a query.
   *
   * @param about a product, a domain, {@code _mesh}, or null for all that the caller may see
   * @param by the principal whose entries are requested, or null for all
   * @throws io.meshwork.error.NotFoundException if the product or domain does not exist
   * @throws io.meshwork.error.AccessDeniedException if it is about a domain that the caller does
   *     not act for, and {@code by} is not in one of its accounts
   */
  static AuditScope of(
      ClientSession session, @Nullable String about, @Nullable Principal by, MeshAction action) {
    Catalog catalog = session.catalog();
    Optional<String> own =
        catalog.findAccount(session.principal().account()).map(AccountEntry::domain);
    Set<String> accounts = new LinkedHashSet<>(List.of(session.principal().account()));
    own.flatMap(catalog::findDomain).ifPresent(entry -> accounts.addAll(entry.domain().accounts()));
    if (about == null || about.equals(RegistryKeys.MESH)) {
      return new AuditScope(session, own, accounts, about, null);
    }
    ResolvedProduct.rejectLink(session, about, MeshAction.of(Verb.QUERY, "the audit of"));
    ProductName product = about.indexOf('/') < 0 ? null : ProductName.of(about);
    String domain = product == null ? NameGrammar.check("domain", about) : product.domain();
    if (product == null) {
      catalog.requireDomain(domain, action);
    } else {
      catalog.requireProduct(product, action);
    }
    if (by == null || !accounts.contains(by.account())) {
      session.authorizer().requireOwner(domain, action);
    }
    return new AuditScope(session, own, accounts, domain, product);
  }

  /**
   * All logs of a product, of a domain with its products, or of the mesh.
   *
   * @param about as above; null for all
   * @throws io.meshwork.error.NotFoundException if the product or domain does not exist
   */
  static Set<String> logsOf(ClientSession session, @Nullable String about, MeshAction action) {
    Catalog catalog = session.catalog();
    if (about != null && about.indexOf('/') >= 0) {
      return Set.of(
          RegistryKeys.partition(catalog.requireProduct(ProductName.of(about), action).name()));
    }
    if (about != null && !about.equals(RegistryKeys.MESH)) {
      catalog.requireDomain(NameGrammar.check("domain", about), action);
      Set<String> logs = new LinkedHashSet<>();
      ownLogs(session.rights(), catalog, about, logs);
      return logs;
    }
    return new AuditScope(session, Optional.empty(), Set.of(), about, null).logs();
  }

  private static void ownLogs(
      RightsDocuments rights, Catalog catalog, String domain, Set<String> logs) {
    logs.add(RegistryKeys.partition(domain));
    logs.add(catalog.homeConsumerPartition(domain));
    catalog.products(domain).forEach(entry -> logs.add(RegistryKeys.partition(entry.name())));
    rights.executors(domain).forEach(executor -> logs.add(executor.partition()));
    logs.add(RegistryKeys.reads(domain));
  }

  /** Partitions whose logs may have entries in this scope. */
  Set<String> logs() {
    Set<String> logs = new LinkedHashSet<>();
    if (RegistryKeys.MESH.equals(domain)) {
      addGovernance(logs);
      return logs;
    }
    logs.add(RegistryKeys.reads(RegistryKeys.MESH));
    List<String> domains = catalog.domains().stream().map(entry -> entry.domain().name()).toList();
    if (product == null) {
      addGovernance(logs);
    }
    domains.forEach(consumer -> logs.add(RegistryKeys.reads(consumer)));
    for (String owner : domain == null ? domains : List.of(domain)) {
      if (product == null) {
        ownLogs(rights, catalog, owner, logs);
      } else {
        logs.add(RegistryKeys.partition(owner));
        logs.add(RegistryKeys.partition(product));
        rights.executors(owner).forEach(executor -> logs.add(executor.partition()));
      }
      domains.forEach(consumer -> logs.add(catalog.consumerPartition(consumer, owner)));
    }
    return logs;
  }

  /** The log of the mesh and, with several catalogs, the log of each. */
  private void addGovernance(Set<String> logs) {
    logs.add(RegistryKeys.MESH);
    for (String name : catalog.catalogs()) {
      logs.add(catalog.governance(name));
      logs.add(RegistryKeys.mirrors(catalog.governance(name)));
    }
  }

  /** True if the entry is in this scope and the caller may see it. */
  boolean contains(Audit.Entry entry) {
    return matches(entry) && maySee(entry);
  }

  private boolean matches(Audit.Entry entry) {
    if (product != null) {
      return entry.log().equals(RegistryKeys.partition(product))
          || isAbout(entry, product.toString());
    }
    return domain == null
        || domain.equals(RegistryKeys.MESH)
        || (!RegistryKeys.isReads(entry.log())
            && domainOf(entry.log()).equals(RegistryKeys.partition(domain)))
        || domainOf(entry.subject()).equals(RegistryKeys.partition(domain));
  }

  private static boolean isAbout(Audit.Entry entry, String product) {
    return storage(entry.subject()).equals(storage(product));
  }

  private boolean maySee(Audit.Entry entry) {
    return authorizer.seesEntry(entry.action(), entry.who())
        && (PartitionCatalogs.isGovernance(entry.log())
            || accounts.contains(account(entry.who()))
            || own.map(RegistryKeys::partition)
                .filter(
                    name ->
                        name.equals(domainOf(entry.log()))
                            || name.equals(domainOf(entry.subject())))
                .isPresent());
  }

  private static String account(String who) {
    return who.substring(0, Math.max(0, who.indexOf('/')));
  }

  private static String domainOf(String subject) {
    int slash = subject.indexOf('/');
    return storage(slash < 0 ? subject : subject.substring(0, slash));
  }

  private static String storage(String name) {
    return NameGrammar.storage(name);
  }
}
