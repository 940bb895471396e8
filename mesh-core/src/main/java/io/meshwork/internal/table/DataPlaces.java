package io.meshwork.internal.table;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.regex.Pattern;
import org.apache.iceberg.io.FileIO;

/**
 * The roots below which the domains of a mesh keep their data. A domain without a place of its data
 * keeps it below the root of the mesh, as do the tables that it created before its first place.
 * Places are only added, so a root that was read once stays valid, and documents of domains are
 * read again only if a location is not below a known root. Thread-safe.
 */
public final class DataPlaces {
  private static final String DATA = "/data";
  private static final String ARCHIVE = "/archive";

  private static final String S3 = "s3://";

  /** Before the comparable location of a file below the root of the mesh. */
  private static final String INSIDE = "mesh";

  /** Folders in the root of the mesh. */
  private static final List<String> RESERVED = List.of("data", "archive", "registry", "blobs");

  /** Without a dot, so that it is never the name of a file of the mesh. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

  /** Without a dot, as AWS recommends: the host name of such a bucket has no certificate. */
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9-]{1,61}[a-z0-9]");

  private final Catalog catalog;
  private final String meshRoot;
  private final Map<String, List<String>> rootsOfDomains = new ConcurrentHashMap<>();

  /** A class that engines can serialize. */
  private final CopyOnWriteArraySet<String> known = new CopyOnWriteArraySet<>();

  /**
   * The places of a mesh.
   *
   * @param catalog finds domains and products
   * @param meshRoot the root of the mesh; a trailing slash is removed
   */
  public DataPlaces(Catalog catalog, String meshRoot) {
    this.catalog = catalog;
    this.meshRoot = withoutSlash(meshRoot);
    known.add(this.meshRoot);
  }

  /** The root of the mesh, without a trailing slash. */
  public String meshRoot() {
    return meshRoot;
  }

  /** The folder with the folders of all tables below a root, without a trailing slash. */
  public static String dataFolder(String root) {
    return root + DATA;
  }

  /** The folder with the archived parts of logs below a root, without a trailing slash. */
  public static String archiveFolder(String root) {
    return root + ARCHIVE;
  }

  /**
   * The root of new tables of a product: the place that the product names, or the newest of its
   * domain. Reads the registry.
   */
  public String of(ProductName product) {
    return catalog
        .findProduct(product)
        .flatMap(ProductEntry::root)
        .orElseGet(() -> newest(product.domain()));
  }

  /** The root of new tables of a product, as {@link #of(ProductName)}. Reads nothing. */
  public String of(Optional<String> ofProduct, DomainEntry domain) {
    return ofProduct.orElseGet(() -> cached(domain).get(0));
  }

  /** The root of new tables and archives of a domain. Reads the registry. */
  public String newest(String domain) {
    return roots(domain).get(0);
  }

  /**
   * The roots below which a domain keeps data, the newest first and the root of the mesh last; each
   * once. Reads the registry.
   *
   * @param domain its name, also in storage form
   */
  public List<String> roots(String domain) {
    return catalog.findDomain(domain).map(this::cached).orElse(List.of(meshRoot));
  }

  /**
   * The storage names of domains by the root of their places. The root of the mesh is left out, as
   * are the domains of catalogs that are not available. Reads the registry.
   */
  public Map<String, Set<String>> domainsByRoot() {
    Map<String, Set<String>> domains = new TreeMap<>();
    for (DomainEntry domain : catalog.availableDomains()) {
      cached(domain);
      for (String root : domain.roots()) {
        domains
            .computeIfAbsent(root, absent -> new TreeSet<>())
            .add(NameGrammar.storage(domain.domain().name()));
      }
    }
    return domains;
  }

  /** True if a location is in the folder of tables below one of the domain's roots. */
  boolean holds(String domain, String location) {
    return isBelowData(List.of(meshRoot), location)
        || isBelowData(rootsOfDomains.getOrDefault(domain, List.of()), location)
        || isBelowData(roots(domain), location);
  }

  static boolean isBelowData(Collection<String> roots, String location) {
    return roots.stream().anyMatch(root -> RootedFileIO.isBelow(root + DATA, location));
  }

  /** All roots that were read so far. It grows; engines can serialize it. */
  Set<String> known() {
    return known;
  }

  /** Reads the roots of all domains of available catalogs. */
  void refresh() {
    catalog.availableDomains().forEach(this::cached);
  }

  private List<String> cached(DomainEntry domain) {
    Set<String> roots = new LinkedHashSet<>(domain.roots());
    roots.add(meshRoot);
    known.addAll(roots);
    List<String> newestFirst = List.copyOf(roots);
    rootsOfDomains.put(NameGrammar.storage(domain.domain().name()), newestFirst);
    return newestFirst;
  }

  /**
   * The spelling of a root as documents contain it.
   *
   * @param parameter the parameter that has it
   * @throws InvalidRequestException if a table below it would not have a canonical location
   */
  public static String canonical(String parameter, String root) {
    String canonical = withoutSlash(ArgumentChecks.text(parameter, root));
    if (!CanonicalLocation.isRoot(canonical)) {
      throw ArgumentChecks.refused(
          parameter,
          "is '" + root + "', which is not the location of a folder",
          "Use a location with plain names, such as s3://bucket or mesh:/folder.");
    }
    return canonical;
  }

  /**
   * Requires that a new root has the form of roots, so that roots as text are equal or apart, and
   * that no links lead from it to the folders of the mesh or of another place.
   *
   * @param root the result of {@link #canonical}
   * @throws InvalidRequestException otherwise
   */
  void requireUsable(String parameter, String root, RootedFileIO files) {
    requireForm(parameter, root);
    requireAddress(parameter, root, files);
    requireOutsideMesh(parameter, root, files);
    refresh();
    for (String other : known) {
      if (!other.equals(root) && !other.equals(meshRoot)) {
        requireApart(parameter, root, other, files);
      }
    }
  }

  private void requireForm(String parameter, String root) {
    String prefix = prefix();
    String name = root.startsWith(prefix) ? root.substring(prefix.length()) : "";
    if (!(prefix.equals(S3) ? BUCKET : NAME).matcher(name).matches()) {
      throw ArgumentChecks.refused(
          parameter,
          "is '" + root + "', and the root of a place is '" + prefix + "' and one name",
          prefix.equals(S3)
              ? "Use s3:// and the name of a bucket without dots, and no prefix."
              : "Use '"
                  + prefix
                  + "' and a name of at most 63 lower-case letters, digits, hyphens, and"
                  + " underscores.");
    }
    if (RESERVED.contains(name) || (meshRoot + "/").startsWith(root + "/")) {
      throw ArgumentChecks.refused(
          parameter,
          "is '" + root + "', which the mesh uses for its own files",
          "Use another name.");
    }
  }

  /** What roots of places begin with: they are in the folder of a mesh, or beside its root. */
  private String prefix() {
    if (meshRoot.startsWith(S3)) {
      return S3;
    }
    return meshRoot.endsWith(":")
        ? meshRoot + "/"
        : meshRoot.substring(0, meshRoot.lastIndexOf('/') + 1);
  }

  private static void requireAddress(String parameter, String root, FileIO files) {
    String folder = dataFolder(root);
    String address;
    try {
      address = files.newInputFile(folder).location();
    } catch (RuntimeException e) {
      throw ArgumentChecks.refused(
          parameter,
          "is '" + root + "', and the store of the mesh has no such location",
          "Use a location of the store; for a mesh in a folder, mesh:/ and the name of a folder in"
              + " it.");
    }
    if (!address.equals(folder)) {
      throw ArgumentChecks.refused(
          parameter,
          "is '" + root + "', which the store spells differently",
          "Use '" + address.substring(0, address.length() - DATA.length()) + "'.");
    }
  }

  private void requireOutsideMesh(String parameter, String root, RootedFileIO files) {
    String target = target(root, files);
    String home = target(meshRoot + "/.", files);
    boolean isLink = !target.equals(comparable(root));
    if (isLink && (target.startsWith(INSIDE) || isWithin(target, home) || isWithin(home, target))) {
      throw overlapping(parameter, root, meshRoot);
    }
    for (String reserved : RESERVED) {
      requireApart(parameter, root, meshRoot + "/" + reserved, files);
    }
  }

  private void requireApart(String parameter, String root, String other, RootedFileIO files) {
    String target = target(root, files);
    String otherTarget = target(other, files);
    if (isWithin(target, otherTarget) || isWithin(otherTarget, target)) {
      throw overlapping(parameter, root, other);
    }
  }

  /** True if two roots lead to the same folder. */
  boolean areSame(String root, String other, RootedFileIO files) {
    return target(root, files).equals(target(other, files));
  }

  private String target(String location, RootedFileIO files) {
    return comparable(files.target(location));
  }

  /** Differs for {@code mesh:/data} in the folder of the mesh and {@code /data} on a disk. */
  private String comparable(String location) {
    String comparable = CanonicalLocation.comparable(location);
    return location.startsWith(meshRoot + "/") ? INSIDE + comparable : comparable;
  }

  /** True for a comparable location in a folder, or the folder itself. */
  private static boolean isWithin(String location, String folder) {
    return (location + "/").startsWith(folder + "/");
  }

  private static InvalidRequestException overlapping(String parameter, String root, String other) {
    return ArgumentChecks.refused(
        parameter,
        "is '" + root + "', which leads to the same files as '" + other + "'",
        "Use a folder outside the mesh and outside other places.");
  }

  /** The location of a new table, if it is not below the root of the mesh. */
  Optional<String> elsewhere(String location) {
    return RootedFileIO.isBelow(meshRoot + DATA, location)
        ? Optional.empty()
        : Optional.of(location);
  }

  /** The folder of a table without a recorded location, without a trailing slash. */
  String atMeshRoot(String domain, String table) {
    return meshRoot + DATA + "/" + domain + "/" + table;
  }

  /** The folders that a table may have, in all places of its domain. Reads the registry. */
  List<String> folders(String domain, String table) {
    List<String> folders = new ArrayList<>();
    roots(domain).forEach(root -> folders.add(root + DATA + "/" + domain + "/" + table));
    return folders;
  }

  private static String withoutSlash(String root) {
    return root.length() > 1 && root.endsWith("/") ? root.substring(0, root.length() - 1) : root;
  }
}
