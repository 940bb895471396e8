package io.meshwork.internal.table;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.table.MeshTables.LinkedFiles;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Warehouse;
import java.io.UncheckedIOException;
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
import org.apache.iceberg.io.FileIO;

/**
 * The roots below which the domains of a mesh store their data. A domain without a place stores its
 * data below the root of the mesh, where the tables from before its first place remain. Places are
 * only added, so a root that was read once stays valid, and documents of domains are read again
 * only if a location is not below a known root. Thread-safe.
 */
public final class DataPlaces {
  /** The name of the file below the root of a place that names the mesh. */
  public static final String MARKER = "place.json";

  private static final String DATA = "/data";
  private static final String ARCHIVE = "/archive";

  private final Catalog catalog;
  private final String meshRoot;
  private final Map<String, List<String>> rootsOfDomains = new ConcurrentHashMap<>();

  /** A class that engines can serialize. */
  private final CopyOnWriteArraySet<String> places = new CopyOnWriteArraySet<>();

  /**
   * The places of a mesh.
   *
   * @param catalog finds domains and products
   * @param meshRoot the root of the mesh; a trailing slash is removed
   */
  public DataPlaces(Catalog catalog, String meshRoot) {
    this.catalog = catalog;
    this.meshRoot = withoutSlash(meshRoot);
    places.add(this.meshRoot);
  }

  /** The root of the mesh, without a trailing slash. */
  public String meshRoot() {
    return meshRoot;
  }

  /**
   * Requires that a root has the form of a place of a mesh.
   *
   * @param root the result of {@link #canonical}
   * @param meshRoot the root of the mesh
   * @throws InvalidRequestException otherwise
   */
  public static void requireForm(String parameter, String root, String meshRoot) {
    PlaceRootCheck.requireForm(parameter, root, meshRoot);
  }

  /** Returns true for the name of a folder in the root of a mesh, which no place can have. */
  public static boolean isReserved(String folder) {
    return PlaceRootCheck.RESERVED.contains(folder);
  }

  /**
   * Marks a root as a place of a mesh, before its registry has the place. Does nothing if the root
   * has the marker of the mesh already.
   *
   * @param parameter the parameter that has the root
   * @param store the store of the mesh
   * @param mesh the ID of the mesh
   * @param root the result of {@link #canonical}
   * @throws InvalidRequestException if it is not the root of a place, the place belongs to another
   *     mesh, or it contains data without a marker
   * @throws io.meshwork.error.BackendException if the marker cannot be written
   */
  public static void claim(String parameter, Warehouse.Ports store, String mesh, String root) {
    requireForm(parameter, root, withoutSlash(store.root()));
    new PlaceMarker(mesh, root).claim(parameter, store.files());
  }

  /**
   * Requires that no marker proves that the files below a root belong to another mesh, before they
   * are copied as files of this one.
   *
   * @param files the files of the mesh
   * @param mesh the ID of the mesh
   * @throws io.meshwork.error.BackendException PLACE_NOT_OWN if one does
   */
  public static void requireNotForeign(FileIO files, String mesh, String root) {
    List<PlaceEvidence> all = new ArrayList<>();
    all.add(PlaceEvidence.ofPlace(files, mesh, root));
    if (files instanceof LinkedFiles links) {
      all.add(PlaceEvidence.behindLinks(links, mesh, dataFolder(root) + "/_"));
      all.add(PlaceEvidence.behindLinks(links, mesh, archiveFolder(root) + "/_"));
    }
    all.stream()
        .filter(PlaceEvidence::isForeign)
        .findFirst()
        .ifPresent(
            evidence -> {
              throw evidence.failure(Verb.COPY, root, MARKER, mesh);
            });
  }

  /**
   * As {@link #requireNotForeign}; requires also that a place on a disk, which may not be mounted,
   * has its marker or any file.
   *
   * @param root not the root of the mesh
   * @throws io.meshwork.error.BackendException PLACE_NOT_OWN if it does not
   */
  public static void requireMounted(FileIO files, String mesh, String root) {
    requireNotForeign(files, mesh, root);
    if (files instanceof LinkedFiles && !containsFiles(files, root)) {
      requireMarker(files, mesh, root);
    }
  }

  private static boolean containsFiles(FileIO files, String root) {
    try {
      return PlaceMarker.containsFiles(files, dataFolder(root))
          || PlaceMarker.containsFiles(files, archiveFolder(root));
    } catch (UncheckedIOException e) {
      return false; // a link that leads nowhere
    }
  }

  /**
   * Requires the marker of a place in which a file is missing that the registry names.
   *
   * @param root not the root of the mesh
   * @throws io.meshwork.error.BackendException PLACE_NOT_OWN if it has none; retryable if it cannot
   *     be read
   */
  public static void requireMarker(FileIO files, String mesh, String root) {
    PlaceEvidence evidence = PlaceEvidence.ofPlace(files, mesh, root);
    if (!evidence.isAccepted()) {
      throw evidence.failure(Verb.COPY, root, MARKER, mesh);
    }
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
   * The roots below which a domain stores data, the newest first and the root of the mesh last;
   * each once. Reads the registry.
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
    return places;
  }

  /** Reads the roots of all domains of available catalogs. */
  void refresh() {
    catalog.availableDomains().forEach(this::cached);
  }

  private List<String> cached(DomainEntry domain) {
    Set<String> roots = new LinkedHashSet<>(domain.roots());
    roots.add(meshRoot);
    places.addAll(roots);
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
    return PlaceRootCheck.canonical(parameter, root);
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

  static String withoutSlash(String root) {
    return root.length() > 1 && root.endsWith("/") ? root.substring(0, root.length() - 1) : root;
  }
}
