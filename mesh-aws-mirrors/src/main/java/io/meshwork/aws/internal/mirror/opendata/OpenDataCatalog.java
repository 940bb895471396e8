package io.meshwork.aws.internal.mirror.opendata;

import io.meshwork.aws.internal.MirrorSettings.OpenDataSettings;
import io.meshwork.aws.internal.ResourceNames;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.DomainEntry.DataPlace;
import io.meshwork.internal.catalog.DomainEntry.PlaceOwner;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.mirror.Mirror.Image;
import io.meshwork.internal.mirror.Mirror.ProductObjects;
import io.meshwork.internal.mirror.Mirror.Refusal;
import io.meshwork.internal.mirror.Mirror.WantedObjects;
import io.meshwork.internal.mirror.MirroredCatalog;
import io.meshwork.internal.mirror.MirroredCatalog.MirroredDomain;
import io.meshwork.internal.mirror.MirroredCatalog.MirroredTable;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.table.DataPlaces;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a catalog that all accounts of an organization read: files of products that are open
 * to the mesh, in domains that ask for it. A policy of a bucket knows files only. So a table is
 * opened only if no version of its contract has a column above INTERNAL: its files contain the rows
 * of earlier versions too. Reads the registry once. Used by one thread.
 */
public final class OpenDataCatalog {
  private static final String MIRROR = "opendata-";

  private final MirroredCatalog catalog;
  private final ResourceNames names;
  private final OpenDataSettings settings;
  private @Nullable List<Finding> unknown;

  public OpenDataCatalog(MirroredCatalog catalog, ResourceNames names, OpenDataSettings settings) {
    this.catalog = catalog;
    this.names = names;
    this.settings = settings;
  }

  /** Returns the name of the mirror of an account, which is part of its documents. */
  static String mirrorOf(String account) {
    return MIRROR + account;
  }

  /**
   * Returns the accounts with buckets of domains that ask for it, accounts where the mesh still has
   * a statement, and the account of the mesh if a domain does not exist.
   */
  public Set<String> accounts() {
    Set<String> accounts = new TreeSet<>(catalog.mirroredNames(MIRROR));
    for (MirroredDomain domain : domains()) {
      accounts.add(settings.account());
      for (DataPlace place : domain.entry().places()) {
        place.owner().map(PlaceOwner::account).ifPresent(accounts::add);
      }
    }
    if (!unknownDomains().isEmpty()) {
      accounts.add(settings.account());
    }
    accounts.removeIf(account -> !ResourceNames.isAccount(account));
    return accounts;
  }

  /** Returns the statements in the policies of the buckets of an account. */
  WantedObjects wanted(String account) {
    List<Image> images = new ArrayList<>();
    List<Refusal> refusals = new ArrayList<>();
    if (account.equals(settings.account())) {
      unknownDomains().forEach(finding -> refusals.add(Refusal.ofObject("unknown", finding)));
    }
    for (MirroredDomain domain : domains()) {
      Map<String, Set<String>> foldersOfBuckets = new TreeMap<>();
      for (MirroredTable table : domain.tables()) {
        String folder = table.position().folder();
        if (account.equals(accountOf(domain.entry(), folder)) && isOpen(table)) {
          Optional<Refusal> refusal = refusal(table);
          refusal.ifPresent(refusals::add);
          if (refusal.isEmpty()) {
            foldersOfBuckets
                .computeIfAbsent(bucketOf(folder), added -> new TreeSet<>())
                .add(names.location(folder));
          }
        }
      }
      foldersOfBuckets.forEach((bucket, folders) -> images.add(image(bucket, domain, folders)));
      buckets(domain.entry(), account)
          .forEach(bucket -> refuse(domain, OpenDataKey.of(bucket, domain.database()), refusals));
    }
    return new WantedObjects(images, refusals);
  }

  /** Returns the statements of the domain of the only product; empty if the catalog has all. */
  Optional<ProductObjects> ofProduct(String account) {
    if (catalog.product().isEmpty()) {
      return Optional.empty();
    }
    Set<String> keys = new TreeSet<>();
    for (MirroredDomain domain : domains()) {
      buckets(domain.entry(), account)
          .forEach(bucket -> keys.add(OpenDataKey.of(bucket, domain.database()).toString()));
    }
    return Optional.of(new ProductObjects(keys, Set.of()));
  }

  private Image image(String bucket, MirroredDomain domain, Set<String> folders) {
    String content = OpenDataStatement.content(domain.database(), settings.organization(), folders);
    return new Image(
        OpenDataKey.of(bucket, domain.database()).toString(),
        0,
        Optional.empty(),
        content,
        content,
        newestChange(domain),
        Optional.empty(),
        Optional.empty());
  }

  /** Returns when a product of a domain was opened or closed last, or a contract changed. */
  private static Optional<Instant> newestChange(MirroredDomain domain) {
    return domain.tables().stream()
        .flatMap(
            table ->
                Stream.of(
                    table.product().stored(),
                    table.version().majorStored(),
                    table.version().contractStored()))
        .flatMap(document -> IdGenerator.time(document.version()).stream())
        .max(Comparator.naturalOrder());
  }

  private boolean isOpen(MirroredTable table) {
    return table.product().openToMesh()
        && !table.version().openColumns().isEmpty()
        && !catalog.session().catalog().isSuspended(table.product(), table.version().major());
  }

  /** Returns why the files of a table are not opened although its product is open. */
  private Optional<Refusal> refusal(MirroredTable table) {
    boolean hasOthers =
        catalog
            .session()
            .catalog()
            .contracts(table.product().name(), table.version().major())
            .values()
            .stream()
            .anyMatch(OpenDataCatalog::hasColumnsAboveOpen);
    if (!hasOthers && table.version().isOpenWith(table.product())) {
      return Optional.empty();
    }
    return Optional.of(
        Refusal.ofObject(
            "withheld/" + table.name().namespace() + "/" + table.name().table(),
            new Finding(
                FindingCode.OPEN_FILES_WITHHELD,
                Severity.WARNING,
                table.product().name() + " v" + table.version().major(),
                "The product is open to the mesh, but a version of this contract has or had columns"
                    + " above INTERNAL, which its files contain. The policy of the bucket does not"
                    + " open them.",
                0,
                List.of(),
                "Let readers use Lake Formation, or publish the open columns as a new major version"
                    + " or another product.")));
  }

  private static boolean hasColumnsAboveOpen(Contract contract) {
    return VersionEntry.openColumns(contract).size() < contract.schema().getFields().size();
  }

  /** What is not known stays unchanged. */
  private static void refuse(MirroredDomain domain, OpenDataKey key, List<Refusal> refusals) {
    for (Finding finding : domain.uncertainty()) {
      refusals.add(Refusal.ofObject(key.toString(), finding));
    }
  }

  private Set<String> buckets(DomainEntry domain, String account) {
    Set<String> buckets = new TreeSet<>();
    for (String root : roots(domain)) {
      if (account.equals(accountOf(domain, root + "/"))) {
        buckets.add(bucketOf(root));
      }
    }
    return buckets;
  }

  private List<String> roots(DomainEntry domain) {
    List<String> roots = new ArrayList<>(domain.roots());
    roots.add(catalog.session().tables().places().meshRoot());
    return roots;
  }

  /** Returns the account of the bucket of a folder; empty if the store did not tell it. */
  private String accountOf(DomainEntry domain, String folder) {
    for (DataPlace place : domain.places()) {
      if (folder.startsWith(DataPlaces.dataFolder(place.root()) + "/")
          || folder.equals(place.root() + "/")) {
        return place.owner().map(PlaceOwner::account).orElse("");
      }
    }
    return settings.account();
  }

  private static String bucketOf(String location) {
    return location.substring("s3://".length()).split("/", 2)[0];
  }

  private List<Finding> unknownDomains() {
    List<Finding> cached = unknown;
    if (cached == null) {
      Set<String> others = new TreeSet<>();
      if (catalog.product().isEmpty()) {
        // With one product alone, a run of all mirrors reports them.
        others.addAll(settings.domains());
      }
      domains().forEach(domain -> others.remove(domain.entry().domain().name()));
      cached = UnknownDomains.of(catalog, others);
      unknown = cached;
    }
    return cached;
  }

  private List<MirroredDomain> domains() {
    return settings.domains().isEmpty()
        ? List.of()
        : catalog.domains().stream()
            .filter(domain -> settings.domains().contains(domain.entry().domain().name()))
            .toList();
  }
}
