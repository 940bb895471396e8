package io.meshwork.aws.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.aws.internal.MirrorSettings;
import io.meshwork.aws.internal.ResourceNames;
import io.meshwork.aws.internal.mirror.glue.GlueImages;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.lakeformation.AccessFacts.RegisteredLocation;
import io.meshwork.internal.lakeformation.AccessState;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator;
import io.meshwork.internal.mirror.Mirror.Refusal;
import io.meshwork.internal.mirror.MirroredCatalog;
import io.meshwork.internal.mirror.MirroredCatalog.MirroredDomain;
import io.meshwork.internal.mirror.MirroredCatalog.MirroredTable;
import io.meshwork.internal.rights.CatalogAccess;
import io.meshwork.internal.rights.CatalogAccess.DomainAccess;
import io.meshwork.internal.rights.CatalogAccess.MajorTable;
import io.meshwork.internal.rights.CatalogAccess.OmittedGrant;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A catalog as Lake Formation has to show it. Reads the registry once, for the mirrors of all
 * accounts. Used by one thread.
 */
final class LakeFormationCatalog {
  /** The start of the names of the mirrors in the accounts of recipients. */
  static final String RECIPIENT = "lakeformation-";

  private static final MeshAction ACTION = MeshAction.of(Verb.READ, "the rights of a catalog");

  private final MirroredCatalog catalog;
  private final MirrorSettings settings;
  private final Supplier<Set<String>> catalogs;
  private final List<Refusal> uncertain = new ArrayList<>();
  private final Set<String> locations = new TreeSet<>();
  private final Map<String, NamedLinks> namedLinks = new TreeMap<>();
  private @Nullable Set<String> accounts;
  private @Nullable CatalogAccess access;
  private @Nullable LakeFormationNames names;
  private @Nullable CatalogShares shares;

  /**
   * Creates the catalog.
   *
   * @param catalogs returns the accounts of all catalogs of the mesh
   */
  LakeFormationCatalog(
      MirroredCatalog catalog, MirrorSettings settings, Supplier<Set<String>> catalogs) {
    this.catalog = catalog;
    this.settings = settings;
    this.catalogs = catalogs;
  }

  /**
   * Returns all tables of the only product of the catalog; empty if it has all products.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  Optional<ProductTables> product() {
    return ProductTables.of(catalog);
  }

  /** Returns true for the tag of a table that the catalog does not show now. */
  boolean isEnded(String assignment) {
    return catalog.domains().stream()
        .flatMap(domain -> domain.tables().stream())
        .flatMap(
            table ->
                LakeFormationKeys.ofTable(table.name().namespace(), table.name().table()).stream())
        .noneMatch(assignment::startsWith);
  }

  /** Returns the opt-ins that the mesh created in the catalog's account; none without hybrid. */
  List<JsonNode> optIns() {
    if (!isHybrid()) {
      return List.of();
    }
    Set<String> prefixes = new TreeSet<>();
    product()
        .ifPresentOrElse(
            product ->
                product
                    .tables()
                    .forEach(
                        table ->
                            prefixes.add(LakeFormationKeys.optInsOn(product.database(), table))),
            () -> prefixes.add(LakeFormationKeys.OPT_IN));
    return prefixes.stream()
        .flatMap(prefix -> catalog.contents(LakeFormationMirror.GRANTS, prefix).stream())
        .toList();
  }

  /** Returns true if a mirror created an object, and did not remove it. */
  boolean isRecorded(String mirror, String key) {
    return !catalog.contents(mirror, key).isEmpty();
  }

  String account() {
    return catalog.account();
  }

  String region() {
    return settings.names().region();
  }

  /** Returns the ARN of the administrator that the mesh has in an account. */
  String administrator(String account) {
    return settings.names().role(Principal.of(account, MirrorSettings.MIRROR));
  }

  /** Returns what the mesh needs of the settings of an account. */
  LakeFormationSettings settings(String account) {
    return LakeFormationSettings.of(settings, account, isCatalog(account));
  }

  /**
   * True for the account of any catalog. Links to another catalog may be created there before its
   * own mirror sets that new databases are not open to IAM.
   */
  private boolean isCatalog(String account) {
    return account.equals(account()) || catalogs.get().contains(account);
  }

  /**
   * Returns the accounts of AWS of all domains of the mesh, and accounts that left all domains and
   * still have objects of the mesh, except the catalog's.
   */
  Set<String> recipients() {
    Set<String> recipients =
        new TreeSet<>(
            product()
                .map(this::recipientsOf)
                .orElseGet(
                    () -> {
                      Set<String> all = new TreeSet<>(accounts());
                      all.addAll(catalog.mirroredNames(RECIPIENT));
                      return all;
                    }));
    recipients.removeIf(account -> !ResourceNames.isAccount(account));
    recipients.remove(account());
    return recipients;
  }

  /** Returns the accounts with which tables are shared, and accounts with a permission on them. */
  private Set<String> recipientsOf(ProductTables product) {
    Set<String> recipients = new TreeSet<>();
    for (String table : product.tables()) {
      for (String prefix : LakeFormationKeys.grantedOn(product.database(), table)) {
        for (JsonNode held : catalog.contents(LakeFormationMirror.GRANTS, prefix)) {
          Grantee.of(held.path(GrantEntries.PRINCIPAL).asText())
              .account()
              .ifPresentOrElse(recipients::add, () -> recipients.addAll(accounts()));
        }
      }
    }
    for (String account : accounts()) {
      boolean isShared =
          shares().with(account).stream()
              .filter(share -> share.database().equals(product.database()))
              .anyMatch(share -> !Collections.disjoint(share.tables(), product.tables()));
      if (isShared) {
        recipients.add(account);
      }
    }
    return recipients;
  }

  private Set<String> accounts() {
    Set<String> cached = accounts;
    if (cached == null) {
      cached = new TreeSet<>();
      for (DomainEntry domain : catalog.session().catalog().domains()) {
        cached.addAll(domain.domain().accounts());
      }
      accounts = cached;
    }
    return cached;
  }

  /** Returns the objects in the account of the catalog. */
  List<LakeFormationObject> objects() {
    return images().ofCatalog(locations);
  }

  /** Returns the objects in the account of a recipient; none if it left all domains. */
  List<LakeFormationObject> objectsOfRecipient(String account) {
    return accounts().contains(account)
        ? images().ofRecipient(account, namedLinks(account), isCatalog(account))
        : List.of();
  }

  /** Returns the links to products of this catalog that the domain of an account gave names to. */
  NamedLinks namedLinks(String account) {
    NamedLinks cached = namedLinks.get(account);
    if (cached == null) {
      Set<String> own = new TreeSet<>();
      shares().with(account).forEach(share -> own.add(share.link()));
      cached = NamedLinks.of(catalog, account, own);
      namedLinks.put(account, cached);
    }
    return cached;
  }

  /**
   * Returns the accounts of AWS without a domain in which something was granted, and that have to
   * accept it; none in an organization.
   */
  Set<String> outsiders() {
    Set<String> outsiders = new TreeSet<>();
    for (Grant grant : access().state().grants()) {
      grant.to().account().filter(ResourceNames::isAccount).ifPresent(outsiders::add);
    }
    outsiders.removeAll(accounts());
    outsiders.remove(account());
    return names().isOrganization() ? Set.of() : outsiders;
  }

  /** Returns the domains that cannot be read, of which nothing is removed. */
  List<Refusal> uncertain() {
    access();
    return List.copyOf(uncertain);
  }

  /** Returns the grants that Lake Formation cannot hold. */
  List<OmittedGrant> omitted() {
    return access().omitted();
  }

  /** Returns what the catalog shares with other accounts. */
  CatalogShares shares() {
    CatalogShares cached = shares;
    if (cached == null) {
      AccessState.Builder state = access().state().toBuilder();
      locations.forEach(s3 -> state.locations(new RegisteredLocation(account(), s3, false)));
      cached =
          new CatalogShares(
              account(),
              AccessEvaluator.over(state.build()),
              names(),
              catalog.session().runtime().clock().instant());
      shares = cached;
    }
    return cached;
  }

  /** True if IAM still opens what it opened before the mesh. */
  boolean isHybrid() {
    return settings.hybrid();
  }

  /** True if the accounts share what they grant without invitations. */
  boolean isOrganization() {
    return names().isOrganization();
  }

  private LakeFormationNames names() {
    LakeFormationNames cached = names;
    return cached == null ? new LakeFormationNames(settings, List.of()) : cached;
  }

  private LakeFormationImages images() {
    return new LakeFormationImages(account(), access().state(), names(), shares());
  }

  private CatalogAccess access() {
    CatalogAccess read = access;
    if (read == null) {
      read = read();
      access = read;
    }
    return read;
  }

  private CatalogAccess read() {
    Set<String> accounts = accounts();
    names = new LakeFormationNames(settings, accounts);
    List<DomainAccess> domains = new ArrayList<>();
    for (MirroredDomain domain : catalog.domains()) {
      if (domain.uncertainty().isEmpty()) {
        domains.add(read(domain));
      } else {
        domain.uncertainty().forEach(finding -> refuse(domain, finding));
      }
    }
    return CatalogAccess.of(
        account(), accounts, domains, catalog.session().runtime().clock().instant());
  }

  /** Retains a domain's objects in all accounts, with the objects by which recipients reach it. */
  private void refuse(MirroredDomain domain, Finding finding) {
    List<String> closedKeys = new ArrayList<>();
    closedKeys.add(LakeFormationKeys.closed(domain.database(), Optional.empty()));
    closedKeys.add(LakeFormationKeys.filters(domain.database()));
    closedKeys.add(LakeFormationKeys.tag(PolicySnapshot.DOMAIN, domain.entry().domain().name()));
    closedKeys.add(LakeFormationKeys.SETTINGS);
    closedKeys.add(LakeFormationKeys.LOCATIONS);
    closedKeys.add(LakeFormationKeys.link(domain.database()));
    closedKeys.add(LakeFormationKeys.link(DatabaseShare.linksOf(domain.database())));
    for (ShareType type : ShareType.values()) {
      closedKeys.add(LakeFormationKeys.share(type));
    }
    closedKeys.forEach(key -> uncertain.add(Refusal.ofContainer(key, finding)));
  }

  private DomainAccess read(MirroredDomain domain) {
    List<MajorTable> tables = new ArrayList<>();
    for (MirroredTable table : domain.tables()) {
      if (!GlueImages.isShown(table)) {
        continue;
      }
      String location = table.position().folder();
      locations.add(location.substring(0, location.lastIndexOf('/')));
      tables.add(
          new MajorTable(
              table.product().name(),
              table.version().major(),
              table.name().table(),
              location,
              table.product().openToMesh() ? table.version().openColumns() : List.of(),
              catalog.session().catalog().isSuspended(table.product(), table.version().major())));
    }
    return new DomainAccess(domain.entry().domain(), versions(domain), tables);
  }

  /** Of one product, the grants on others are not read: grants by tags are on its domain. */
  private List<PolicySnapshot> versions(MirroredDomain domain) {
    RightsDocuments rights = catalog.session().rights();
    Optional<ProductName> only = catalog.product();
    if (only.isEmpty()) {
      return rights.versionsOfDomain(domain.entry(), ACTION);
    }
    ProductEntry product = catalog.session().catalog().requireProduct(only.get(), ACTION);
    List<PolicySnapshot> versions = rights.versionsOfProduct(domain.entry(), product, ACTION);
    return versions.isEmpty() ? List.of(rights.withoutProducts(domain.entry())) : versions;
  }
}
