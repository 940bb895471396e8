package io.meshwork.internal.catalog;

import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.runtime.NearestName;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds domains, products and versions in the registry. Holds nothing; thread-safe. */
public final class Catalog {
  private final Ledger ledger;

  /** A catalog over a registry's documents. */
  public Catalog(Ledger ledger) {
    this.ledger = ledger;
  }

  /** The domain of this name, or of its twin in storage form. */
  public Optional<DomainEntry> findDomain(String name) {
    return ledger.read(Keys.domain(name)).map(DomainEntry::of);
  }

  /**
   * The domain of this name.
   *
   * @throws NotFoundException if there is none, naming the nearest and how to register one
   */
  public DomainEntry requireDomain(String name, String doing) {
    return findDomain(name)
        .filter(entry -> entry.domain().name().equals(name))
        .orElseThrow(
            () -> {
              Optional<String> nearest =
                  NearestName.to(
                      name, domains().stream().map(entry -> entry.domain().name()).toList());
              return new NotFoundException(
                  ErrorCode.NOT_FOUND,
                  "Cannot "
                      + doing
                      + ": there is no domain '"
                      + name
                      + "'."
                      + nearest.map(near -> " Did you mean '" + near + "'?").orElse("")
                      + " Register it with registerDomain(\""
                      + name
                      + "\").ownedBy(..).commit().",
                  nearest.orElse(null));
            });
  }

  /** All domains, by name. */
  public List<DomainEntry> domains() {
    return ledger.list(Keys.MESH, Keys.DOMAINS).stream().map(DomainEntry::of).toList();
  }

  /** The domain that an account acts for. */
  public Optional<AccountEntry> findAccount(String account) {
    return ledger.read(Keys.account(account)).map(AccountEntry::of);
  }

  /**
   * The partition of what a consuming domain writes about products of another: requests,
   * subscriptions, positions, use, and what it hands on.
   */
  public String consumerPartition(String consumer, String owner) {
    return Keys.partition(consumer);
  }

  /** The product of this name, or of its twin in storage form. */
  public Optional<ProductEntry> findProduct(ProductName name) {
    return ledger.read(Keys.product(name)).map(ProductEntry::of);
  }

  /**
   * The product of this name.
   *
   * @throws NotFoundException if there is none, naming the nearest
   */
  public ProductEntry requireProduct(ProductName name, String doing) {
    return findProduct(name)
        .filter(entry -> entry.name().equals(name))
        .orElseThrow(() -> unknownProduct(name, doing));
  }

  /** Contact of those who answer for a product: its own, else its domain's as it is now. */
  public String ownerOf(ProductEntry product, String doing) {
    return product
        .ownOwner()
        .orElseGet(() -> requireDomain(product.name().domain(), doing).domain().owner());
  }

  /** All products of the mesh, by domain and name. */
  public List<ProductEntry> products() {
    List<ProductEntry> products = new ArrayList<>();
    for (DomainEntry domain : domains()) {
      products.addAll(products(domain.domain().name()));
    }
    return products;
  }

  /** All products of a domain, by name. */
  public List<ProductEntry> products(String domain) {
    return ledger.list(Keys.partition(domain), Keys.PRODUCTS).stream()
        .map(ProductEntry::of)
        .toList();
  }

  /**
   * A live major of a product and its contract.
   *
   * @throws NotFoundException if the product has no such major, naming those it has
   */
  public VersionEntry requireVersion(ProductName name, int major, String doing) {
    Stored majorStored =
        ledger
            .read(Keys.major(name, major))
            .orElseThrow(
                () ->
                    new NotFoundException(
                        ErrorCode.NOT_FOUND,
                        "Cannot "
                            + doing
                            + ": "
                            + name
                            + " has no major version "
                            + major
                            + "; it has "
                            + majors(name)
                            + ". Name one of these.",
                        null));
    ContractVersion version =
        ContractVersion.parse(majorStored.json().path("contractVersion").asText());
    Stored contract =
        ledger
            .read(Keys.contract(name, version))
            .orElseThrow(
                () ->
                    new NotFoundException(
                        ErrorCode.NOT_FOUND,
                        "Cannot "
                            + doing
                            + ": the registry names contract "
                            + version
                            + " of "
                            + name
                            + " and does not hold it. Run doctor() on the mesh.",
                        null));
    return VersionEntry.of(majorStored, contract);
  }

  /** All contract versions that a major had or has, oldest first. */
  public NavigableMap<ContractVersion, Contract> contracts(ProductName name, int major) {
    NavigableMap<ContractVersion, Contract> contracts = new TreeMap<>();
    for (Stored stored : ledger.list(Keys.partition(name), "contract/" + major + ".")) {
      contracts.put(
          ContractVersion.parse(stored.json().path("version").asText()),
          Contract.fromJson(stored.json().path("contract").toString()));
    }
    return contracts;
  }

  /** The majors that a product has or had, ascending. */
  public List<Integer> majors(ProductName name) {
    TreeSet<Integer> majors = new TreeSet<>();
    for (Stored stored : ledger.list(Keys.partition(name), "major/")) {
      majors.add(stored.json().path("major").asInt());
    }
    return List.copyOf(majors);
  }

  /** The state of a major; empty if the product has none of this number. */
  public Optional<String> majorState(ProductName name, int major) {
    return ledger.read(Keys.major(name, major)).map(stored -> stored.json().path("state").asText());
  }

  /** The links in a consuming domain's catalog, by name. */
  public List<LinkEntry> links(String consumer) {
    return ledger.list(Keys.partition(consumer), Keys.LINKS).stream()
        .map(stored -> LinkEntry.of(consumer, stored))
        .toList();
  }

  /** The link of exactly this name in a consuming domain's catalog. */
  public Optional<LinkEntry> findLink(String consumer, LinkName name) {
    return ledger.read(Keys.link(consumer, name)).map(stored -> LinkEntry.of(consumer, stored));
  }

  /** True if some link in a domain's catalog stands for the product or for its whole domain. */
  public boolean linked(String consumer, ProductName product) {
    return links(consumer).stream()
        .anyMatch(
            link ->
                link.product()
                    .map(product::equals)
                    .orElseGet(() -> link.domain().equals(product.domain())));
  }

  /** The product that a misspelt name most likely means; empty if none is near. */
  public Optional<String> nearestProduct(ProductName name) {
    return NearestName.to(
        name.toString(), products().stream().map(entry -> entry.name().toString()).toList());
  }

  private NotFoundException unknownProduct(ProductName name, String doing) {
    Optional<String> nearest = nearestProduct(name);
    return new NotFoundException(
        ErrorCode.NOT_FOUND,
        "Cannot "
            + doing
            + ": there is no product "
            + name
            + "."
            + nearest
                .map(near -> " Did you mean '" + near + "'?")
                .orElse(" Define it with defineProduct(\"" + name + "\").contract(..).commit()."),
        nearest.orElse(null));
  }
}
