package io.meshwork.governance;

import io.meshwork.internal.catalog.AccountEntry;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.routing.Partitions;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.session.Target;
import io.meshwork.product.Names;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which logs are asked, and which of their entries the asker may see: what concerns a domain that
 * it acts for, what its own accounts did, and what the mesh's own log says. Immutable.
 */
final class AuditScope {
  private final Catalog catalog;
  private final Optional<String> own;
  private final Set<String> accounts;
  private final @Nullable String domain;
  private final @Nullable ProductName product;

  private AuditScope(
      Catalog catalog,
      Optional<String> own,
      Set<String> accounts,
      @Nullable String domain,
      @Nullable ProductName product) {
    this.catalog = catalog;
    this.own = own;
    this.accounts = accounts;
    this.domain = domain;
    this.product = product;
  }

  /**
   * What somebody asks about.
   *
   * @param about a product, a domain, {@code _mesh}, or null for all that the asker may see
   * @param by whose deeds alone are asked for, or null
   * @throws io.meshwork.error.NotFoundException if there is no such product or domain
   * @throws io.meshwork.error.AccessDeniedException if it is about a domain that the caller does
   *     not act for, and not by one of its own accounts
   */
  static AuditScope of(
      Session session, @Nullable String about, @Nullable Principal by, String doing) {
    Catalog catalog = session.catalog();
    Optional<String> own =
        catalog.findAccount(session.principal().account()).map(AccountEntry::domain);
    Set<String> accounts = new LinkedHashSet<>(List.of(session.principal().account()));
    own.flatMap(catalog::findDomain).ifPresent(entry -> accounts.addAll(entry.domain().accounts()));
    if (about == null || about.equals(Keys.MESH)) {
      return new AuditScope(catalog, own, accounts, about, null);
    }
    Target.refuseLink(session, about, "ask the audit of");
    ProductName product = about.indexOf('/') < 0 ? null : ProductName.of(about);
    String domain = product == null ? Names.check("domain", about) : product.domain();
    if (product == null) {
      catalog.requireDomain(domain, doing);
    } else {
      catalog.requireProduct(product, doing);
    }
    if (by == null || !accounts.contains(by.account())) {
      session.admission().actsFor(domain, doing);
    }
    return new AuditScope(catalog, own, accounts, domain, product);
  }

  /**
   * All logs of a product, of a domain with its products, or of the mesh.
   *
   * @param about as above; null for all
   * @throws io.meshwork.error.NotFoundException if there is no such product or domain
   */
  static Set<String> logsOf(Session session, @Nullable String about, String doing) {
    Catalog catalog = session.catalog();
    if (about != null && about.indexOf('/') >= 0) {
      return Set.of(Keys.partition(catalog.requireProduct(ProductName.of(about), doing).name()));
    }
    if (about != null && !about.equals(Keys.MESH)) {
      catalog.requireDomain(Names.check("domain", about), doing);
      Set<String> logs = new LinkedHashSet<>();
      ownLogs(catalog, about, logs);
      return logs;
    }
    return new AuditScope(catalog, Optional.empty(), Set.of(), about, null).logs();
  }

  private static void ownLogs(Catalog catalog, String domain, Set<String> logs) {
    logs.add(Keys.partition(domain));
    catalog.products(domain).forEach(entry -> logs.add(Keys.partition(entry.name())));
    logs.add(Keys.reads(domain));
  }

  /** Partitions whose logs can tell of it. */
  Set<String> logs() {
    Set<String> logs = new LinkedHashSet<>();
    if (Keys.MESH.equals(domain)) {
      addGovernance(logs);
      return logs;
    }
    logs.add(Keys.reads(Keys.MESH));
    List<String> domains = catalog.domains().stream().map(entry -> entry.domain().name()).toList();
    if (product == null) {
      addGovernance(logs);
    }
    domains.forEach(consumer -> logs.add(Keys.reads(consumer)));
    for (String owner : domain == null ? domains : List.of(domain)) {
      if (product == null) {
        ownLogs(catalog, owner, logs);
      } else {
        logs.add(Keys.partition(owner));
        logs.add(Keys.partition(product));
      }
      domains.forEach(consumer -> logs.add(catalog.consumerPartition(consumer, owner)));
    }
    return logs;
  }

  /** The mesh's own log and, where it has several catalogs, that of each. */
  private void addGovernance(Set<String> logs) {
    logs.add(Keys.MESH);
    catalog.catalogs().forEach(name -> logs.add(catalog.governance(name)));
  }

  /** True if it is asked for, and the asker may see it. */
  boolean shows(Audit.Entry entry) {
    return isAsked(entry) && maySee(entry);
  }

  private boolean isAsked(Audit.Entry entry) {
    if (product != null) {
      return entry.log().equals(Keys.partition(product)) || isAbout(entry, product.toString());
    }
    return domain == null
        || domain.equals(Keys.MESH)
        || (!Keys.isReads(entry.log()) && domainOf(entry.log()).equals(Keys.partition(domain)))
        || domainOf(entry.subject()).equals(Keys.partition(domain));
  }

  private static boolean isAbout(Audit.Entry entry, String product) {
    return storage(entry.subject()).equals(storage(product));
  }

  private boolean maySee(Audit.Entry entry) {
    return Partitions.isGovernance(entry.log())
        || accounts.contains(account(entry.who()))
        || own.map(Keys::partition)
            .filter(
                mine ->
                    mine.equals(domainOf(entry.log())) || mine.equals(domainOf(entry.subject())))
            .isPresent();
  }

  private static String account(String who) {
    return who.substring(0, Math.max(0, who.indexOf('/')));
  }

  private static String domainOf(String subject) {
    int slash = subject.indexOf('/');
    return storage(slash < 0 ? subject : subject.substring(0, slash));
  }

  private static String storage(String name) {
    return Names.storage(name);
  }
}
